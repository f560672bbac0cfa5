"""Static files under names that change with their bytes, and under their plain names until these are made."""

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """A file that `collectstatic` has not seen has its plain name, which the app itself answers: a page
    without the manifest is slower, where Django's own storage fails it."""

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name


def are_collected() -> bool:
    """Whether `collectstatic` had run when this process began; true of storages without a manifest."""
    return not isinstance(staticfiles_storage, ManifestFilesMixin) or bool(staticfiles_storage.hashed_files)
