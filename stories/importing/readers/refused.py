"""What the import does not read: recognised by what a file holds, or else by the ending of its name."""

import io
import zipfile
import zlib

__all__ = ["DAMAGED", "by_content", "by_suffix"]

# What the standard library raises for a zip archive that is cut off, altered or locked.
DAMAGED = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, ValueError)

_BEGINS = {
    b"%PDF-": "a PDF",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"II*\x00": "a picture (TIFF)",
    b"MM\x00*": "a picture (TIFF)",
    b"8BPS": "a picture (Photoshop)",
    b"ID3": "a recording",
    b"OggS": "a recording",
    b"fLaC": "a recording",
    b"\x1aE\xdf\xa3": "a film",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"BZh": "a compressed file (bzip2)",
    b"\xfd7zXZ": "a compressed file (xz)",
    b"7z\xbc\xaf": "an archive (7z)",
    b"Rar!": "an archive (RAR)",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
    b"\x00\x00\x01\x00": "a picture (icon)",
}
_SUFFIXES = {
    "a PDF": "pdf",
    "an old Word document": "doc dot",
    "a Word document with macros": "docm dotm",
    "a template for Word documents": "dotx",
    "an RTF document": "rtf",
    "an OpenDocument text": "odt fodt ott",
    "a document of another word processor": "pages wpd wps abw lwp sxw",
    "a spreadsheet": "xls xlsx xlsm ods csv tsv numbers",
    "a presentation": "ppt pptx odp key",
    "a book": "epub mobi azw3",
    "an Outlook message": "msg oft",
    "a web archive": "mht mhtml webarchive",
    "a mailbox": "mbox pst",
    "a picture": "png jpg jpeg gif webp tif tiff bmp heic heif avif svg psd ico raw eps",
    "a recording": "mp3 m4a wav ogg opus flac aac wma",
    "a film": "mp4 mov avi mkv webm mpg mpeg m4v wmv",
    "an archive": "zip tar gz tgz bz2 xz 7z rar",
    "a file of subtitles": "vtt srt ass",
    "LaTeX": "tex latex",
    "a database": "db sqlite sqlite3 mdb",
    "a program": "exe dll so bin js py sh",
}
_BY_SUFFIX = {f".{suffix}": kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
# What a zip archive is, by a file in it.
_IN_ZIP = {
    "word/vbaProject.bin": "a Word document with macros",
    "xl/workbook.xml": "a spreadsheet",
    "ppt/presentation.xml": "a presentation",
    "META-INF/container.xml": "a book (EPUB)",
    "Index/Document.iwa": "a Pages document",
}
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "an OpenDocument text (.odt)",
    b"application/vnd.oasis.opendocument.spreadsheet": "a spreadsheet",
    b"application/vnd.oasis.opendocument.presentation": "a presentation",
    b"application/epub+zip": "a book (EPUB)",
}


def by_suffix(suffix: str) -> str:
    """What a file of this ending (".pdf") is, "" for one that is not known."""
    return _BY_SUFFIX.get(suffix.lower(), "")


def by_content(data: bytes) -> str:
    """What a file is that is no text, or ""."""
    for begins, kind in _BEGINS.items():
        if data.startswith(begins):
            return kind
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _old_office(data)
    if data.startswith(b"PK\x03\x04"):
        return _in_zip(data)
    if data.startswith(b"RIFF") and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return {b"WEBP": "a picture (WebP)", b"WAVE": "a recording"}.get(data[8:12], "a film")
    if data[4:8] == b"ftyp":
        return "a picture (HEIC)" if data[8:11] in (b"hei", b"mif", b"avi") else "a film"
    return "an archive (tar)" if data[257:262] == b"ustar" else ""


def _old_office(data: bytes) -> str:
    names = {
        "__substg1.0_": "an Outlook message (.msg)",
        "EncryptedPackage": "an Office document with a password",
        "WordDocument": "an old Word document (.doc)",
        "Workbook": "a spreadsheet",
    }
    return next(
        (kind for name, kind in names.items() if name.encode("utf-16-le") in data), "an old Office document"
    )


def _in_zip(data: bytes) -> str:
    """What a zip archive is; "" for a Word document, which is one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:100].strip() if "mimetype" in names else b""
    except DAMAGED:
        return "a zip archive that is damaged or locked"
    if kind in _OPEN_DOCUMENT:
        return _OPEN_DOCUMENT[kind]
    if found := next((what for name, what in _IN_ZIP.items() if name in names), ""):
        return found
    return (
        ""
        if "[Content_Types].xml" in names and any(n.startswith("word/") for n in names)
        else "a zip archive"
    )
