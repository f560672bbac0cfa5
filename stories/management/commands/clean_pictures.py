"""Remove metadata (EXIF with GPS, XMP, IPTC) from every stored picture."""

from typing import Any

from django.core.management.base import BaseCommand

from stories.actions.stories import pending_images


class Command(BaseCommand):
    help = "Rewrite every stored picture that holds EXIF, GPS, XMP or IPTC data without it. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        cleaned, files = pending_images.clean_all()
        self.stdout.write(f"{cleaned} of {files} files held metadata and were rewritten.")
