"""One story in every format that the import reads, and documents to try a reader with. All made up."""

import io
import json
import zipfile
from email.message import EmailMessage
from html import escape

from PIL import Image

HEADLINE = "Council argues over the harbour wall"
BYLINE = "Mina Tallis"
DATE = "2031-03-04T09:30:00+00:00"
PARAGRAPHS = (
    "“The wall will hold for another winter,” said Ada Lowther, the Labour MP for Eastmere, on Tuesday.",
    "Bram Corran, the Conservative leader of the council, told the Eastmere Post that the repairs would cost "
    "£5 million and that nobody had asked the people of the café quarter.",
    "Ms Lowther said: “He has not read the report. It is on his desk.”",
    "The council meets again on Friday, when its engineers are to show what the sea has done.",
)
TEXT = "\n\n".join(PARAGRAPHS)
MATTER = f"---\ntitle: {HEADLINE}\ndate: {DATE}\nbyline: {BYLINE}\n---\n"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "PNG")
    return out.getvalue()


# Word

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def paragraph(text: str, style: str = "", inside: str = "") -> str:
    """A paragraph of a Word document; `inside` is XML behind its words."""
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{look}<w:r><w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>{inside}</w:p>'


def drawing(about: str) -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{escape(about)}"/>'
        '<a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="rId9"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></w:r>"
    )


def docx(*paragraphs: str, head: str = "", **parts: bytes) -> bytes:
    """A Word document of paragraphs (XML); `parts` are other files in it, "." written as "__"."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/></w:style>'
        for name in ("Title", "Subtitle", "caption", "Quote")
    )
    files = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId9" '
        f'Type="{OFFICE}/image" Target="media/image1.png"/><Relationship Id="rId2" Type="{OFFICE}/styles" '
        'Target="styles.xml"/></Relationships>',
        "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
        "word/document.xml": f"{head}<w:document {NAMESPACES}><w:body>"
        f"{''.join(paragraphs)}</w:body></w:document>",
        "word/media/image1.png": picture(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for name, data in parts.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


# E-mail


def mail(text: str, subject: str = HEADLINE, html: str = "", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Press Office <press@council.example>"
    message["To"] = "desk@post.example"
    message["Subject"] = subject
    message["Date"] = headers.pop("Date", "Tue, 04 Mar 2031 09:30:00 +0000")
    message["Message-ID"] = "<1@council.example>"
    for name, value in headers.items():
        message[name] = value
    message.set_content(text, cte="quoted-printable")
    if html:
        message.add_alternative(html, subtype="html")
    return message


# A web page, as sites print them

MENU = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in ("Home", "Politics", "Sport", "Weather"))


def page(paragraphs: str, *, head: str = "", around: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{HEADLINE} | Eastmere Post</title>{head}"
        "</head><body>"
        f"<header><nav><ul>{MENU}</ul></nav></header><main><article><h1>{HEADLINE}</h1>"
        f"<div class='byline'>By <a rel='author' href='/mina'>{BYLINE}</a></div>"
        "<div class='share'>Share this story</div>"
        f"<div class='article-body'>{paragraphs}</div></article>{around}</main>"
        "<aside class='related'><h2>Most read</h2><p>Ferry timetable changes from Monday, the company "
        "that runs the boats has said in a letter to passengers.</p></aside>"
        "<footer><p>© Eastmere Post 2031. All rights reserved. Registered at the harbour of Eastmere.</p>"
        "</footer></body></html>"
    )


LINKED_DATA = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Eastmere Post"},
            {
                "@type": "NewsArticle",
                "headline": HEADLINE,
                "datePublished": DATE,
                "author": [{"@type": "Person", "name": BYLINE}],
                "publisher": {"@type": "Organization", "name": "Eastmere Post"},
            },
        ],
    }
)


def nitf(content: str, *, head: str = "", over: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{over}<nitf><head><title>{HEADLINE}</title><docdata '
        f'management-status="usable"><date.issue norm="20310304T093000Z"/>{head}</docdata></head><body>'
        f"<body.head><hedline><hl1>{HEADLINE}</hl1></hedline><byline>By <person>{BYLINE}</person>"
        f"<byttl>Politics editor</byttl></byline></body.head><body.content>{content}</body.content>"
        "</body></nitf>"
    )


BLOCKS = "".join(f"<p>{escape(words, quote=False)}</p>" for words in PARAGRAPHS)
ONE_STORY: dict[str, bytes] = {
    "story.txt": f"{MATTER}{TEXT}\n".encode(),
    "story.md": f"{MATTER}{TEXT}\n".encode(),
    "old.txt": f"{MATTER}{TEXT}\n".encode("cp1252"),
    "lines.txt": f"{HEADLINE}\n\nBy {BYLINE}\n4 March 2031, 9.30am\n\n{TEXT}\n".encode(),
    "story.docx": docx(
        paragraph(HEADLINE, "Title"), paragraph(f"By {BYLINE}"), paragraph("4 March 2031, 9.30am"),
        *map(paragraph, PARAGRAPHS),
    ),
    "typed.docx": docx(
        paragraph(f"Title: {HEADLINE}"), paragraph(f"Byline: {BYLINE}"), paragraph(f"Date: {DATE}"),
        *map(paragraph, PARAGRAPHS),
    ),
    "story.html": page(BLOCKS, head=f'<script type="application/ld+json">{LINKED_DATA}</script>').encode(),
    "meta.html": page(
        BLOCKS,
        head=f'<meta property="article:published_time" content="{DATE}">'
        f'<meta name="author" content="{BYLINE}">',
    ).encode(),
    "story.eml": mail(f"By {BYLINE}\n\n{TEXT}\n").as_bytes(),
    "page.eml": mail("See the page.", html=f"<html><p>By {BYLINE}</p>{BLOCKS}</html>").as_bytes(),
    "nitf.xml": nitf(BLOCKS).encode(),
    "ninjs1.json": json.dumps(
        {"uri": "urn:x:1", "type": "text", "pubstatus": "usable", "headline": HEADLINE,
         "byline": f"By {BYLINE}", "firstcreated": DATE, "body_html": BLOCKS}
    ).encode(),
    "ninjs2.json": json.dumps(
        {"uri": "urn:x:1", "type": "text", "headlines": [{"role": "main", "value": HEADLINE}], "by": BYLINE,
         "contentCreated": DATE, "bodies": [{"role": "main", "contentType": "text/plain", "value": TEXT}]}
    ).encode(),
}  # fmt: skip
