"""Uploaded pictures: rewritten without metadata when they come in, and made in the sizes that pages ask for.

A camera writes into its files where, when and by whom a picture was taken; that can name a source. So no
upload is kept as it came (`cleaned`), and no file is handed out that holds such notes (`clean_in_place`).

Sizes are made when first asked for and kept beside the uploads. They are few and fixed, so that nobody can
fill a disk with them.

Uploads are in Django's default storage, which may be a bucket on another machine: files are known by their
names there, and none of them has a path.
"""

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.files import ImageFieldFile
from django.utils.encoding import filepath_to_uri
from PIL import Image, ImageOps, ImageSequence

FOLDER = "sized"
ENDING = ".webp"
QUALITY = 80
LARGEST = 60_000_000  # pixels
LARGEST_FILE = 20 * 1024 * 1024  # bytes
TURNED = {5, 6, 7, 8}  # EXIF orientations that exchange width and height
ORIENTATION = 0x0112
# Others, and pictures that move, stand as they were uploaded.
FORMATS = ("JPEG", "PNG", "WEBP")
TWO_IN_ONE = "MPO"  # a JPEG, and a second picture that only some cameras know what to do with
# What an upload may be, and the ending of the file it is kept in.
ENDINGS = {"JPEG": ".jpg", TWO_IN_ONE: ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif"}
UPLOADED = ("JPEG", "PNG", "WEBP", "GIF")
# What the file needs to look and move as it did; everything else in it is metadata. (Pillow's names.)
LOOKS = ("icc_profile", "transparency", "duration", "loop", "background", "disposal", "gamma")
# Where Pillow puts metadata: EXIF with the GPS position, XMP, IPTC (in Photoshop's block), comments.
NOTES = ("exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment", "mp")


@dataclass(frozen=True, slots=True)
class Size:
    """So many pixels wide at most; cut to a shape (width, height) when it has one.

    It is cut about a point so far down, from 0 to 1: faces are in the upper part of a portrait.
    """

    width: int
    shape: tuple[int, int] | None = None
    down: float = 0.5

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
SIZES["face"] = Size(192, (1, 1), 0.25)  # twice as wide as pages show it
SIZES["card"] = Size(320, (4, 3))
SIZES |= {f"lead-{width}": Size(width, (3, 2)) for width in WIDTHS}

Focus = tuple[float, float]  # what matters most in a picture: so far across and down, from 0 to 1


class NoPicture(Exception):
    """The upload is no picture that can be kept; the message says why, in a sentence."""


def read(file: IO[bytes]) -> Image.Image:
    """The picture in an upload, by what it holds and not by its name. Raises NoPicture."""
    file.seek(0, os.SEEK_END)
    if file.tell() > LARGEST_FILE:
        raise NoPicture(f"The picture is larger than {LARGEST_FILE // 1024**2} megabytes.")
    file.seek(0)
    try:
        image = Image.open(file, formats=UPLOADED)
        if image.width * image.height > LARGEST:
            raise NoPicture(f"The picture has more than {LARGEST // 10**6} million pixels; make it smaller.")
        image.load()
    except Image.DecompressionBombError as error:
        raise NoPicture(f"The picture has more than {LARGEST // 10**6} million pixels.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise NoPicture("A picture is a JPEG, PNG, WebP or GIF file; this one cannot be read.") from error
    return image


def cleaned(file: IO[bytes]) -> tuple[bytes, str]:
    """The picture written anew, upright and without metadata, and the ending that its format has.

    No EXIF, GPS, XMP, IPTC or comment is left; the colour profile is kept. Raises NoPicture.
    """
    image = read(file)
    form = "JPEG" if image.format == TWO_IN_ONE else str(image.format)
    moves = getattr(image, "is_animated", False) and image.format != TWO_IN_ONE
    frames = [_bare(frame) for frame in ImageSequence.Iterator(image)] if moves else [_bare(image)]
    looks = frames[0].info
    options: dict[str, Any] = {"quality": 95} if form in ("JPEG", "WEBP") else {}
    if moves:
        times = [frame.info.get("duration", 0) for frame in frames]
        options |= {"save_all": True, "append_images": frames[1:], "duration": times}
    out = io.BytesIO()
    frames[0].save(out, form, **{name: looks[name] for name in LOOKS if name in looks} | options)
    return out.getvalue(), ENDINGS[form]


def _bare(image: Image.Image) -> Image.Image:
    """One picture turned as it is to be shown, with nothing beside its pixels but what they look like."""
    upright = ImageOps.exif_transpose(image.copy())
    upright.info = {name: value for name, value in image.info.items() if name in LOOKS}
    return upright


def has_metadata(image: Image.Image) -> bool:
    """Tell whether a picture carries notes: EXIF, XMP, IPTC, comments or a second picture."""
    return (
        any(name in image.info for name in NOTES)
        or bool(image.getexif())
        or bool(getattr(image, "text", None))
        or image.format == TWO_IN_ONE
    )


def changed(name: str) -> datetime | None:
    """When a stored file was last written; None if there is no such file."""
    try:
        return default_storage.get_modified_time(name)
    except (OSError, ValueError, SuspiciousFileOperation):
        return None


def stored_files(folder: str = "") -> Iterator[str]:
    """The names of all stored files, uploads and sizes, in order of the alphabet within their folder."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    inside = f"{folder}/" if folder else ""
    yield from (f"{inside}{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from stored_files(f"{inside}{name}")


def clean_in_place(name: str) -> bool:
    """Take the metadata out of a stored file, whoever put it there; whether there was any.

    A file that is no picture stays as it is. It is exchanged in one step, under its own name.
    """
    written = changed(name)
    return written is not None and _clean_in_place(name, written)


@lru_cache(maxsize=4096)
def _clean_in_place(name: str, written: datetime) -> bool:
    try:
        with default_storage.open(name) as file:
            with Image.open(file, formats=UPLOADED) as image:
                if not has_metadata(image):
                    return False
            content, _ = cleaned(file)
    except (NoPicture, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    put(content, name)
    return True


class Unsizable(Exception):
    """There is no such picture, or it cannot be made smaller."""


def measured(picture: ImageFieldFile) -> tuple[int, int] | None:
    """Width and height in pixels as a browser shows it; None for what no smaller version is made of."""
    try:
        return _measured(str(picture.name))
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


@lru_cache(maxsize=8192)  # by name alone: what a name stands for is never replaced by another picture
def _measured(name: str) -> tuple[int, int] | None:
    with default_storage.open(name) as file, Image.open(file, formats=FORMATS) as image:
        moves = getattr(image, "is_animated", False) and image.format != TWO_IN_ONE
        if moves or image.width * image.height > LARGEST:
            return None
        across, down = image.size
        return (down, across) if image.getexif().get(ORIENTATION) in TURNED else (across, down)


def url_of(name: str) -> str:
    """The address of a stored file on this site, which knows who may see it; wherever the file is kept."""
    return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"


def address(picture: ImageFieldFile, size: str) -> str:
    """Return the address of an upload in one of `SIZES`."""
    return f"{settings.MEDIA_URL}{FOLDER}/{size}/{picture.url.removeprefix(settings.MEDIA_URL)}{ENDING}"


def smaller(picture: ImageFieldFile, width: int) -> Iterator[tuple[str, int]]:
    """The addresses of a picture's smaller versions, when it is so wide, each with its own width."""
    for narrower in WIDTHS:
        if narrower < width:
            yield address(picture, str(narrower)), narrower


def nowhere(name: str) -> Focus | None:
    """No focal point is known of the upload of this name."""
    return None


def cropped(picture: ImageFieldFile, own: tuple[int, int], crop: str) -> Iterator[tuple[str, int]]:
    """The addresses of a picture's versions of one shape, such as "lead", each with its own width.

    `own` is the picture's width and height. None of a picture that is smaller than the smallest of them.
    """
    for width in WIDTHS:
        if SIZES[f"{crop}-{width}"].of(*own)[0] == width:
            yield address(picture, f"{crop}-{width}"), width


def make(size: str, name: str, focus_of: Callable[[str], Focus | None] = nowhere) -> str:
    """The stored name of an upload in one of `SIZES`, made now if it is not there. Raises Unsizable.

    One with a shape is cut about the focal point that `focus_of` tells for the upload's name.
    """
    made = f"{FOLDER}/{size}/{name}{ENDING}"
    if size not in SIZES or name.startswith(f"{FOLDER}/") or (uploaded := changed(name)) is None:
        raise Unsizable
    before = changed(made)
    if before is None or before < uploaded:
        smaller = io.BytesIO()
        focus = focus_of(name) if SIZES[size].shape else None
        _resized(name, SIZES[size], focus).save(smaller, "WEBP", quality=QUALITY, exif=b"")
        put(smaller.getvalue(), made)
    return made


def forget_crops(name: str) -> None:
    """Delete the sizes of an upload that have a shape: they are made anew, about another focal point."""
    for size, one in SIZES.items():
        if one.shape:
            default_storage.delete(f"{FOLDER}/{size}/{name}{ENDING}")


def centring(own: tuple[int, int], wanted: tuple[int, int], focus: Focus) -> Focus:
    """Return which part is cut off on the left and above, of what has to go: 0 nothing of it, 1 all of it.

    `own` and `wanted` are width and height; the focal point comes as near to the middle as can be.
    """
    scale = max(wanted[0] / own[0], wanted[1] / own[1])
    parts = []
    for side in (0, 1):
        shown = wanted[side] / scale  # pixels of the picture's own
        over = own[side] - shown
        start = min(max(focus[side] * own[side] - shown / 2, 0.0), over)
        parts.append(start / over if over > 0 else 0.5)
    return parts[0], parts[1]


def _resized(name: str, size: Size, focus: Focus | None) -> Image.Image:
    try:
        with default_storage.open(name) as file, Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > LARGEST:
                raise Unsizable
            image.draft("RGB", (size.width * 2, size.width * 2))
            upright = ImageOps.exif_transpose(image)
            upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
            wanted = size.of(*upright.size)
            centre = centring(upright.size, wanted, focus) if focus else (0.5, size.down)
            return ImageOps.fit(upright, wanted, centering=centre)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Unsizable from error


def put(content: bytes, name: str) -> None:
    """Store a file under just this name, so that nobody is handed one that is half written."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:  # other storages show a file when it is there as a whole
        default_storage.delete(name)
        stored = default_storage.save(name, ContentFile(content))
        if stored != name:  # somebody else was quicker
            default_storage.delete(stored)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)
