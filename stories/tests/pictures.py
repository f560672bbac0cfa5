"""Pictures to test with: the bytes of a file, in one colour or turned as a camera turns it."""

import io
import struct

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


def from_an_agency(
    *,
    caption: str = "",
    byline: str = "",
    credit: str = "",
    rights: str = "",
    xmp: str = "",
    utf8: bool = True,
) -> bytes:
    """A JPEG with an agency's notes in IPTC's record, and `xmp`, the properties of an XMP description."""
    codec = "utf-8" if utf8 else "cp1252"
    said = {80: byline, 110: credit, 116: rights, 120: caption}
    record = b"".join(_dataset(2, key, text.encode(codec)) for key, text in said.items() if text)
    if utf8:
        record = _dataset(1, 90, b"\x1b%G") + record
    padded = record + b"\0" * (len(record) % 2)
    block = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + padded
    file = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (51.0, 30.0, 0.0)
    options = {"xmp": XMP_AROUND.format(xmp).encode()} if xmp else {}
    Image.new("RGB", (64, 40), "#8fa3ad").save(file, "JPEG", exif=exif, **options)  # type: ignore[arg-type]
    plain = file.getvalue()
    return plain[:2] + b"\xff\xed" + struct.pack(">H", len(block) + 2) + block + plain[2:]


XMP_AROUND = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
 xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">{}</rdf:Description></rdf:RDF></x:xmpmeta>"""


def _dataset(record: int, key: int, value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, key, len(value)) + value


def halves(width: int = 1600, height: int = 400) -> bytes:
    """A wide picture, red on its left half and blue on its right."""
    image = Image.new("RGB", (width, height), "#c02020")
    image.paste("#2020c0", (width // 2, 0, width, height))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
