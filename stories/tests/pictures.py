"""Pictures to test with: the bytes of a file, in one colour or turned as a camera turns it."""

import io

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo

TURNED = 6  # EXIF: the picture's top is to its right, as cameras held upright write it
ORIENTATION = 0x0112
# What a camera writes, and nobody may be told.
CAMERA = "Secret camera of a source"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{CAMERA}</a></x:xmpmeta>'.encode()


def picture(width: int, height: int, form: str = "PNG", *, turned: bool = False) -> bytes:
    """A field of grey; a `turned` one says that it is to be shown with its sides exchanged."""
    exif = Image.Exif()
    if turned:
        exif[ORIENTATION] = TURNED
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#8fa3ad").save(file, form, exif=exif)
    return file.getvalue()


def from_a_camera(form: str = "JPEG", *, moving: bool = False) -> bytes:
    """A picture that says where, when and with what it was taken, in every way that its format has."""
    exif = Image.Exif()
    exif[Base.Model] = CAMERA
    exif[Base.ImageDescription] = CAMERA
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (51.0, 30.0, 0.0)
    options: dict[str, object] = {"exif": exif, "xmp": XMP, "comment": CAMERA.encode()}
    if form == "PNG":
        text = PngInfo()
        text.add_text("Author", CAMERA)
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options = {"exif": exif, "pnginfo": text}
    frames = [Image.new("RGB", (64, 40), colour) for colour in ("#8fa3ad", "#203040")]
    if moving:
        options |= {"save_all": True, "append_images": frames[1:], "duration": 200}
    file = io.BytesIO()
    frames[0].save(file, form, **options)  # type: ignore[arg-type]
    return file.getvalue()
