"""Static files under names that contain a hash of their content; plain names before `collectstatic`."""

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no type hints
    """Storage that uses the plain name of a file that `collectstatic` has not collected.

    Django's storage raises ValueError for it, and the page fails.
    """

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name


def are_collected() -> bool:
    """Return whether `collectstatic` had run when this process started; True without a manifest storage."""
    return not isinstance(staticfiles_storage, ManifestFilesMixin) or bool(staticfiles_storage.hashed_files)
