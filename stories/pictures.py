"""Uploaded pictures in the sizes that pages ask for: made when first asked for, and kept beside the uploads.

A size's address says what it is, and its file lies where the address says, in the media folder: a web
server in front finds it there the next time. Sizes are few and fixed, so that nobody can fill a disk with
them, and hold no camera's notes on where and by whom a picture was taken.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db.models.fields.files import ImageFieldFile
from django.utils._os import safe_join
from PIL import Image, ImageOps

FOLDER = "sized"
ENDING = ".webp"
QUALITY = 80
LARGEST = 60_000_000  # pixels: what is larger is shown as it was uploaded
TURNED = {5, 6, 7, 8}  # EXIF orientations that exchange width and height
ORIENTATION = 0x0112
# Others, and pictures that move, stand as they were uploaded.
FORMATS = ("JPEG", "PNG", "WEBP")
TWO_IN_ONE = "MPO"  # a JPEG, and a second picture that only some cameras know what to do with


@dataclass(frozen=True, slots=True)
class Size:
    """So many pixels wide at most; cut to a shape (width, height) about its middle when it has one."""

    width: int
    shape: tuple[int, int] | None = None

    def of(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of a picture of that size made from one so large; never larger than it."""
        across, down = self.shape or (width, height)
        widest = min(self.width, width, height * across // down)
        return widest, max(1, round(widest * down / across))


WIDTHS = (320, 640, 960, 1440, 1920)
SHAPES = {"square": (1, 1), "four-three": (4, 3), "sixteen-nine": (16, 9)}
SIZES = {str(width): Size(width) for width in WIDTHS} | {
    name: Size(1200, shape) for name, shape in SHAPES.items()
}


class Unsizable(Exception):
    """There is no such picture, or it cannot be made smaller."""


def measured(picture: ImageFieldFile) -> tuple[int, int] | None:
    """Width and height in pixels as a browser shows it; None for what no smaller version is made of."""
    try:
        return _measured(picture.path, os.stat(picture.path).st_mtime_ns)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


@lru_cache(maxsize=1024)
def _measured(path: str, changed: int) -> tuple[int, int] | None:
    with Image.open(path, formats=FORMATS) as image:
        moves = getattr(image, "is_animated", False) and image.format != TWO_IN_ONE
        if moves or image.width * image.height > LARGEST:
            return None
        across, down = image.size
        return (down, across) if image.getexif().get(ORIENTATION) in TURNED else (across, down)


def address(picture: ImageFieldFile, size: str) -> str:
    return f"{settings.MEDIA_URL}{FOLDER}/{size}/{picture.url.removeprefix(settings.MEDIA_URL)}{ENDING}"


def smaller(picture: ImageFieldFile, width: int) -> Iterator[tuple[str, int]]:
    """The addresses of a picture's smaller versions, when it is so wide, each with its own width."""
    for narrower in WIDTHS:
        if narrower < width:
            yield address(picture, str(narrower)), narrower


def make(size: str, name: str) -> Path:
    """The file of an upload (its name in the media folder) in one of `SIZES`, made now if it is not there.

    Raises Unsizable.
    """
    try:
        source = Path(safe_join(settings.MEDIA_ROOT, name))
        made = Path(safe_join(settings.MEDIA_ROOT, FOLDER, size, name + ENDING))
    except (SuspiciousFileOperation, ValueError) as error:
        raise Unsizable from error
    if size not in SIZES or name.startswith(f"{FOLDER}/") or not source.is_file():
        raise Unsizable
    if not made.is_file() or made.stat().st_mtime < source.stat().st_mtime:
        _write(_resized(source, SIZES[size]), made)
    return made


def _resized(source: Path, size: Size) -> Image.Image:
    try:
        with Image.open(source, formats=FORMATS) as image:
            if image.width * image.height > LARGEST:
                raise Unsizable
            image.draft("RGB", (size.width * 2, size.width * 2))
            upright = ImageOps.exif_transpose(image)
            upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
            return ImageOps.fit(upright, size.of(*upright.size))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Unsizable from error


def _write(image: Image.Image, made: Path) -> None:
    """In one step, so that nobody is handed a file that is half written."""
    made.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=made.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            image.save(file, "WEBP", quality=QUALITY, exif=b"")
        os.chmod(unfinished, 0o644)
        os.replace(unfinished, made)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)
