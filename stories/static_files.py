"""Static files under names that contain a hash of their content; plain names before `collectstatic`."""

from pathlib import Path
from typing import Any

import rcssmin
import rjsmin
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

MINIFIED = {".css": rcssmin.cssmin, ".js": rjsmin.jsmin}


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no type hints
    """Storage that minifies the app's style sheets and scripts.

    A file that is not collected yet has its plain name: Django's storage raises ValueError for it.
    """

    def _save(self, name: str, content: "File[Any]") -> str:
        # Called for the file's own name and for the one with its hash, in which Django has read the content.
        minify = MINIFIED.get(Path(name).suffix) if name.startswith("stories/") else None
        if minify:
            content.seek(0)
            content = ContentFile(minify(content.read().decode()).encode())
        return str(super()._save(name, content))

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name


def are_collected() -> bool:
    """Return whether `collectstatic` had run when this process started; True without a manifest storage."""
    return not isinstance(staticfiles_storage, ManifestFilesMixin) or bool(staticfiles_storage.hashed_files)
