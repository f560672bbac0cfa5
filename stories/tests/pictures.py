"""Pictures to test with: the bytes of a file, in one colour or turned as a camera turns it."""

import io

from PIL import Image

TURNED = 6  # EXIF: the picture's top is to its right, as cameras held upright write it
ORIENTATION = 0x0112


def picture(width: int, height: int, form: str = "PNG", *, turned: bool = False) -> bytes:
    """A field of grey; a `turned` one says that it is to be shown with its sides exchanged."""
    exif = Image.Exif()
    if turned:
        exif[ORIENTATION] = TURNED
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#8fa3ad").save(file, form, exif=exif)
    return file.getvalue()
