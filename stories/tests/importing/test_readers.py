"""Every format gives the same story; what is none is refused by its name; nothing unfolds too far."""

import cProfile
import io
import json
import random
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from stories.actions.imports import jobs
from stories.importing import readers
from stories.importing.reader import Copy, ReadError, read
from stories.importing.readers import html_page, word
from stories.models import Appearance, Article, Politician
from stories.tests.factories import UserFactory
from stories.tests.importing import formats
from stories.tests.importing.conftest import Import
from stories.tests.importing.formats import (
    BLOCKS,
    BYLINE,
    HEADLINE,
    ONE_STORY,
    PARAGRAPHS,
    TEXT,
    docx,
    drawing,
    mail,
    page,
    paragraph,
)

FERRY = "The ferry left at nine, and it was full of people who wanted to see the wall from the sea."


def of(data: bytes | str | EmailMessage, suffix: str = "") -> Copy:
    if isinstance(data, EmailMessage):
        data = data.as_bytes()
    return read(data.encode() if isinstance(data, str) else data, suffix=suffix)


# The one story


@pytest.mark.parametrize("name", ONE_STORY)
@pytest.mark.parametrize("named", [True, False])
def test_one_story_is_the_same_copy_in_every_format_and_under_any_name(name: str, named: bool) -> None:
    copy = read(ONE_STORY[name], suffix=Path(name).suffix if named else ".txt")
    assert (copy.headline, copy.byline) == (HEADLINE, (BYLINE,))
    assert copy.text == TEXT
    assert copy.moment == datetime(2031, 3, 4, 9, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_one_story_gives_the_same_claims_and_people_in_every_format(
    import_seeds: Import, tmp_path: Path
) -> None:
    seen = {}
    for name, data in ONE_STORY.items():
        (tmp_path / name).write_bytes(data)
        report = import_seeds(tmp_path / name)
        assert report["exit"] == 0, report["printed"]
        article = Article.objects.get(pk=report["files"][0]["article"])
        rows = Appearance.objects.filter(article=article).order_by("start")
        seen[name] = (
            article.dateline,
            [author.name for author in article.authors.all()],
            [(row.start, row.exact, row.kind, row.claim.stance, str(row.claim.speaker)) for row in rows],
            sorted(Politician.objects.values_list("name", flat=True)),
        )
        import_seeds(undo=report["run"])
        assert not Article.objects.exists()
    assert len(seen["story.txt"][2]) >= 3
    for name, rows in seen.items():
        assert rows == seen["story.txt"], name


@pytest.mark.django_db
def test_a_dry_run_shows_the_headline_of_every_format_and_makes_nothing(
    import_seeds: Import, tmp_path: Path
) -> None:
    for name, data in ONE_STORY.items():
        (tmp_path / name).write_bytes(data + b"\n" * (name == "story.md"))
    report = import_seeds(tmp_path, dry_run=True)
    assert {entry["headline"] for entry in report["files"] if entry["outcome"] == "created"} == {HEADLINE}
    assert report["created"] == len(ONE_STORY)
    assert report["printed"].count(f"“{HEADLINE}”") == len(ONE_STORY)
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_a_changed_document_updates_its_draft(import_seeds: Import, tmp_path: Path) -> None:
    place = tmp_path / "story.docx"
    place.write_bytes(ONE_STORY["story.docx"])
    import_seeds(place)
    place.write_bytes(docx(paragraph(HEADLINE), *map(paragraph, PARAGRAPHS[:2])))
    assert import_seeds(place)["kept"] == 1
    assert import_seeds(place, update=True)["updated"] == 1
    assert Article.objects.get().text == "\n\n".join(PARAGRAPHS[:2])


@pytest.mark.django_db
def test_the_upload_page_takes_every_format_and_names_what_it_does_not(
    settings: object, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    by = UserFactory(is_superuser=True)
    files = [SimpleUploadedFile(name, data) for name, data in ONE_STORY.items() if name != "story.md"]
    files.append(SimpleUploadedFile("minutes.pdf", b"%PDF-1.4"))
    upload = jobs.keep(files=files, by=by, options={})
    entries = jobs.try_out(job=upload, by=by).entries
    assert [entry.outcome for entry in entries] == ["created"] * (len(files) - 1) + ["failed"]
    assert entries[-1].message.startswith("It is a PDF (.pdf); the import reads .txt, .md, .docx")


# Word


def test_only_what_a_reader_of_the_document_sees_is_read() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t> Harrow</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> Quite.</w:t></w:r>'
    struck = "".join(
        f"<w:r><w:rPr><w:{mark}/></w:rPr><w:t> Harrow</w:t></w:r>" for mark in ("strike", "dstrike")
    )
    deleted = '<w:del w:id="1" w:author="x"><w:r><w:delText> Harrow</w:delText></w:r></w:del>'
    added = '<w:ins w:id="2" w:author="x"><w:r><w:t> Really.</w:t></w:r></w:ins>'
    copy = of(
        docx(paragraph("The ferry"), paragraph("It left.", inside=hidden + shown + struck + deleted + added))
    )
    assert copy.text == "It left. Quite. Really."


def test_a_documents_furniture_is_left_out() -> None:
    copy = of(
        docx(
            paragraph("PRESS RELEASE"),
            paragraph("The ferry sails", "Title"),
            paragraph("At last.", "Subtitle"),
            paragraph("It left."),
            paragraph("“At last.”", "Quote"),
            paragraph("ENDS"),
        )  # fmt: skip
    )
    assert (copy.headline, copy.standfirst) == ("The ferry sails", "At last.")
    assert copy.body == "<p>It left.</p><blockquote><p>“At last.”</p></blockquote>"
    assert "“PRESS RELEASE” is no headline and left out." in copy.remarks


def test_a_line_broken_within_a_paragraph_of_a_document_is_mended() -> None:
    broken = "<w:r><w:br/><w:t>said Ada Lowther.</w:t></w:r>"
    assert (
        of(docx(paragraph("The ferry"), paragraph("“It left,”", inside=broken))).text
        == "“It left,” said Ada Lowther."
    )


@pytest.mark.django_db
def test_a_documents_picture_stays_with_its_caption(
    import_seeds: Import, tmp_path: Path, settings: object
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    document = docx(
        paragraph("The ferry sails"), paragraph("", inside=drawing("A ferry at sea")),
        paragraph("The ferry on Tuesday", "caption"), paragraph("It left."),
        paragraph("", inside=drawing("Another")),
    )  # fmt: skip
    (tmp_path / "a.docx").write_bytes(document)
    assert import_seeds(tmp_path / "a.docx", dry_run=True)["created"] == 1
    assert not (tmp_path / "media").exists()
    report = import_seeds(tmp_path / "a.docx")
    article = Article.objects.get()
    assert (article.lead_image_alt, article.lead_image_caption) == ("A ferry at sea", "The ferry on Tuesday")
    with article.lead_image.open() as file:
        assert file.read(4) == b"\x89PNG"
    assert article.text == "It left."
    assert "1 more picture left out" in report["files"][0]["message"]
    (tmp_path / "a.docx").write_bytes(docx(paragraph("The ferry sails"), paragraph("It left early.")))
    assert import_seeds(tmp_path / "a.docx", update=True)["updated"] == 1
    article.refresh_from_db()
    assert (article.lead_image.name, article.lead_image_alt, article.lead_image_caption) == ("", "", "")


def test_a_picture_that_nothing_describes_or_that_is_none_is_left_out() -> None:
    copy = of(docx(paragraph("The ferry"), paragraph("It left.", inside=drawing(""))))
    assert copy.picture is None
    assert "nothing says what it shows" in copy.remarks[0]
    broken = docx(
        paragraph("The ferry"), paragraph("It left.", inside=drawing("A ferry")), word__media__image1__png=b""
    )
    assert of(broken.replace(formats.picture()[:4], b"\x89PNX")).text == "It left."


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (docx(paragraph("A"), big__xml=b"<a>" + b" " * word.LARGEST_XML + b"</a>"), "unfolds into far more"),
        (docx(paragraph("A"), big__bin=b"\0" * word.LARGEST_WHOLE), "unfolds into far more"),
        (docx(paragraph("A"), **{f"n{n}": b"" for n in range(word.MOST_FILES)}), "unfolds into far more"),
        (docx(paragraph("A"), head='<!DOCTYPE x [<!ENTITY a "b">]>'), "entities"),
        (docx(paragraph("A"))[:400], "damaged or locked"),
        (
            docx("<w:tbl><w:tr><w:tc>" * 3_000 + paragraph("A") + "</w:tc></w:tr></w:tbl>" * 3_000),
            "within each other",
        ),
        (docx(), "no words"),
        (docx("<w:p>"), "cannot be read"),
    ],
    ids=["large part", "large whole", "many files", "entities", "cut off", "nested", "empty", "broken"],
)
def test_a_document_that_is_a_trap_or_broken_is_refused(data: bytes, why: str) -> None:
    assert len(data) < 5_000_000
    with pytest.raises(ReadError, match=why):
        of(data, ".docx")


# Web pages


def test_what_stands_around_a_story_on_a_page_is_left_out() -> None:
    between = (
        "<div class='ad'>Buy boats</div><p><a href='/x'>Read more: the ferry in pictures</a></p>"
        "<figure><img src='x.jpg'><figcaption>The wall on Tuesday</figcaption></figure>"
        "<div class='newsletter-signup'><p>Get our newsletter and never miss a story.</p></div>"
    )
    head, tail = "".join(BLOCKS.partition("</p>")[:2]), BLOCKS.partition("</p>")[2]
    copy = of(
        page(
            head + between + tail,
            around="<section class='comments'><p>First! I was at the wall today.</p></section>",
        )
    )
    assert (copy.headline, copy.text, copy.byline) == (HEADLINE, TEXT, (BYLINE,))
    assert "The page’s pictures are left out: they stand in other files." in copy.remarks


def test_a_story_in_several_parts_with_notices_between_is_whole() -> None:
    parts = "".join(
        f"<div class='part'><p>{words}</p></div><div class='promo'>Subscribe</div>" for words in PARAGRAPHS
    )
    assert of(page(parts)).text == TEXT


def test_a_page_of_one_short_paragraph_is_read() -> None:
    assert of("<!DOCTYPE html>\n<h1>The ferry</h1><p>It left.</p>").text == "It left."


def test_a_page_without_paragraphs_is_read_by_its_breaks() -> None:
    html = f"<html><body><h1>{HEADLINE}</h1><div id='story'>{'<br><br>'.join(PARAGRAPHS)}</div></body></html>"
    assert of(html).text == TEXT


def test_a_pages_encoding_is_the_one_that_it_names() -> None:
    head = "<html><head><meta charset='iso-8859-15'></head>"
    html = f"{head}<body><h1>{HEADLINE}</h1><p>It costs €5. {FERRY}</p></body></html>"
    assert of(html.encode("iso8859-15")).text == f"It costs €5. {FERRY}"


def test_a_page_says_in_metadata_what_the_story_is() -> None:
    head = (
        '<link rel="canonical" href="https://post.example/wall">'
        '<meta property="og:site_name" content="Eastmere Post">'
        '<meta name="keywords" content="harbour, council"><meta name="date" content="some day">'
    )
    copy = of(page(BLOCKS, head=head))
    assert (copy.source, copy.url, copy.tags) == (
        "Eastmere Post",
        "https://post.example/wall",
        ("harbour", "council"),
    )
    assert copy.dateline is None
    assert any("some day" in remark for remark in copy.remarks)


def test_a_part_of_a_page_is_a_story_too() -> None:
    copy = of(f"<!-- wp:paragraph --><p>{HEADLINE}</p><!-- /wp:paragraph --><p>{FERRY}</p>")
    assert (copy.headline, copy.text) == (HEADLINE, FERRY)


def test_a_deeply_nested_page_is_read_and_one_without_a_story_refused() -> None:
    deep = "<div>" * 50_000 + f"<p>{FERRY}</p>" + "</div>" * 50_000
    assert of(f"<html><body><h1>{HEADLINE}</h1>{deep}</body></html>").text == FERRY
    with pytest.raises(ReadError, match="no story in it"):
        of("<html><body><h1>Only this</h1></body></html>")


def test_nothing_on_a_page_is_fetched_or_run() -> None:
    copy = of(
        page(f"<script>alert(1)</script><p onclick='x()'>{FERRY}</p><iframe src='//x.example'></iframe>")
    )
    assert copy.body == f"<p>{FERRY}</p>"


def test_a_page_of_many_paragraphs_in_many_elements_costs_in_step_with_its_length() -> None:
    """Twice the page is not four times the work, counted in calls."""

    def calls(many: int) -> int:
        profile = cProfile.Profile()
        profile.runcall(html_page.story_of, page("<div>" * 100 + f"<p>{FERRY}</p>" * many))
        return sum(entry.callcount for entry in profile.getstats())

    assert calls(800) < calls(400) * 2.5


# E-mail

NOTES = "Notes to editors:\n\n1. The wall was built in 1902.\n\nContact: Jo Field, 01632 960 123\n"
RELEASE = f"{TEXT}\n\nENDS\n\n{NOTES}"


def test_a_release_is_read_without_its_notes_signature_and_small_print() -> None:
    letters = f"PRESS RELEASE\n\nFOR IMMEDIATE RELEASE\n\n{RELEASE}\n-- \nJo Field\nPress officer\n"
    copy = of(mail(letters, subject=f"Fwd: PRESS RELEASE: {HEADLINE}"))
    assert (copy.headline, copy.text, copy.byline) == (HEADLINE, TEXT, ())
    assert "Set aside: a signature, what stands after the end mark." in copy.remarks
    assert "Who sent the e-mail is left out." in copy.remarks
    under = f"{TEXT}\n\nMedia contact: Jo Field\n\nThis email and any attachments are confidential.\n"
    assert of(mail(under)).text == TEXT


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 3 Mar 2031 at 10:00, Desk <desk@post.example> wrote:\n> Where is it?\n> Now!\n",
        "-----Original Message-----\nFrom: Desk\nSent: Monday\n\nWhere is it?\n",
        "From: Desk\nSent: Monday\nTo: Mina\nSubject: Where\n\nWhere is it?\n",
        "> Where is it?\n",
    ],
)
def test_quoted_mails_are_set_aside(quoted: str) -> None:
    assert of(mail(f"{TEXT}\n\n{quoted}")).text == TEXT


def test_a_forwarded_release_is_the_story() -> None:
    text = (
        "For tomorrow?\n\n---------- Forwarded message ---------\nFrom: Press <press@council.example>\n"
        f"Date: Tue, 4 Mar 2031\nSubject: The wall\nTo: desk@post.example\n\n{RELEASE}"
    )
    copy = of(mail(text, subject=f"Fwd: {HEADLINE}"))
    assert (copy.headline, copy.text) == (HEADLINE, TEXT)


def test_an_attached_story_is_the_story_of_a_mail_that_says_little_more() -> None:
    message = mail("Please find our release attached.\n")
    message.add_attachment(
        docx(paragraph(HEADLINE), *map(paragraph, PARAGRAPHS)), maintype="application",
        subtype="octet-stream", filename="wall.docx",
    )  # fmt: skip
    copy = of(message)
    assert (copy.headline, copy.text) == (HEADLINE, TEXT)
    assert copy.moment == datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
    assert any("wall.docx" in remark for remark in copy.remarks)


def test_attachments_of_a_mail_with_a_story_are_named_and_its_picture_is_kept() -> None:
    message = mail(RELEASE)
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="wall.pdf")
    message.add_attachment(formats.picture(), maintype="image", subtype="png", filename="wall.png")
    message.get_payload()[-1]["Content-Description"] = "The wall at high tide"  # type: ignore[union-attr,call-overload,index]
    copy = of(message)
    assert copy.text == TEXT
    assert "Attached, and left out: wall.pdf." in copy.remarks
    assert copy.picture is not None
    assert copy.picture.alt == "The wall at high tide"


def test_an_embargo_on_a_mail_keeps_it_a_draft() -> None:
    assert of(mail(f"EMBARGOED until 9 am\n\n{TEXT}\n")).held == "EMBARGOED until 9 am"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"From: a@x.example\nMessage-ID: <1>\nSubject: A wall\n\n", "no text in it"),
        (
            b"From: a@x.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
            "no text in it",
        ),
        (
            b"From: a@x.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
            + b"--x\nContent-Type: text/html\n\n<p>A</p>\n" * 300,
            "more than 200 parts",
        ),
    ],
)
def test_a_mail_without_a_story_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ReadError, match=why):
        of(data)


# Agencies


def test_an_agencys_entities_pictures_and_heads_are_read() -> None:
    content = (
        "<media media-type='image'><media-reference source='x.jpg'/>"
        f"<media-caption>The wall</media-caption></media><block><p>It&nbsp;cost &pound;5&mdash;{FERRY}</p>"
        "<hl2>Later</hl2><bq><block><p>“It is.”</p></block></bq></block>"
    )
    head = '<key-list><keyword key="harbour"/></key-list>'
    copy = of(formats.nitf(content, head=head, over='<!DOCTYPE nitf SYSTEM "nitf.dtd">'))
    assert copy.body == (
        f"<p>It&nbsp;cost £5—{FERRY}</p><h3>Later</h3><blockquote><p>“It is.”</p></blockquote>"
    )
    assert copy.tags == ("harbour",)
    assert "1 picture left out: they stand in other files." in copy.remarks


@pytest.mark.parametrize(
    ("data", "held"),
    [
        (formats.nitf(BLOCKS).replace('"usable"', '"embargoed"'), "management-status: embargoed"),
        (
            formats.nitf(BLOCKS, head='<date.release norm="21000101T000000Z"/>'),
            "date.release: 21000101T000000Z",
        ),
        (
            json.dumps({"type": "text", "headline": "A", "body_text": TEXT, "pubstatus": "withheld"}),
            "pubstatus: withheld",
        ),
        (
            json.dumps({"type": "text", "headline": "A", "body_text": TEXT, "embargoed": "2031-03-05"}),
            "embargoed: 2031-03-05",
        ),
    ],
)
def test_what_an_agency_holds_back_stays_a_draft(data: str, held: str) -> None:
    assert of(data).held == held


def test_many_comments_over_a_file_take_no_longer_than_they_are() -> None:
    for data in ("<!---->" * 600 + "x", "<?a?>" * 800 + "!"):
        with pytest.raises(ReadError):
            of(data)


def test_a_document_altered_anywhere_is_read_or_refused() -> None:
    pick = random.Random(1)
    for _ in range(60):
        data = bytearray(ONE_STORY["story.docx"])
        data[pick.randrange(len(data))] ^= 1 + pick.randrange(255)
        with suppress(ReadError):
            read(bytes(data), suffix=".docx")


BOMB = '<!DOCTYPE nitf [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 50 + '">]>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (formats.nitf("<p>&b;</p>", over=BOMB), "entities"),
        (
            formats.nitf("<p>&e;</p>", over='<!DOCTYPE nitf [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
            "entities",
        ),
        (formats.nitf("<block>" * 20_000 + "A" + "</block>" * 20_000), "within each other"),
        (formats.nitf("<p>A"), "Line 2: the XML is broken"),
        ("<nitf><body/></nitf>", "no text"),
        (
            "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'/>",
            "is NewsML-G2; of XML the import reads NITF",
        ),
        ("<?xml version='1.0'?><rss><channel/></rss>", "is a feed"),
        ("<?xml version='1.0'?><other/>", "is XML"),
        ('{"headline": "A"}', "is JSON, and no ninjs|is JSON"),
        ('{"uri": "x", "type": "picture"}', "no story but a picture"),
        ('{"uri": "x", "type": "text"}', "no text in it"),
        ('{"body_text": "A", "headline": ' + "[" * 200_000, "JSON"),
    ],
)
def test_what_an_agency_sends_and_is_no_story_is_refused(data: str, why: str) -> None:
    with pytest.raises(ReadError, match=why):
        of(data, ".json" if data.startswith("{") else "")


# What is not read


def zipped(*names: str, **contents: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, contents.get(name, b""))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"{\\rtf1 A}", "an RTF document"),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "an old Word document"),
        (b"\xd0\xcf\x11\xe0" + "__substg1.0_".encode("utf-16-le"), "an Outlook message"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "an Office document with a password"),
        (zipped("mimetype", mimetype=b"application/vnd.oasis.opendocument.text"), "an OpenDocument text"),
        (zipped("xl/workbook.xml"), "a spreadsheet"),
        (zipped("Index/Document.iwa"), "a Pages document"),
        (zipped("a.txt"), "a zip archive"),
        (formats.picture(), "a picture"),
        (b"RIFF\0\0\0\0WEBP", "a picture"),
        (b"\0\0\0\x18ftypheic", "a picture"),
        (b"\0\0\0\x18ftypmp42", "a film"),
        (b"ID3\x03", "a recording"),
        (b"Rar!\x1a", "an archive"),
        (b"\0" * 257 + b"ustar", "an archive"),
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".docx", ""])
def test_what_is_not_read_is_refused_by_what_it_is_and_not_by_its_name(
    data: bytes, kind: str, suffix: str
) -> None:
    with pytest.raises(ReadError, match=f"^The file is {kind}.*; the import reads .txt, .md, .docx"):
        read(data, suffix=suffix)


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [(".pdf", "a PDF"), (".DOC", "an old Word document"), (".rtf", "an RTF"), (".odt", "an OpenDocument"),
     (".zip", "an archive"), (".jpg", "a picture"), (".msg", "an Outlook message"), (".xyz", "a file")],
)  # fmt: skip
def test_the_name_of_a_file_that_is_not_read_says_what_it_is(suffix: str, kind: str) -> None:
    assert readers.unread(suffix).startswith(f"It is {kind}")


def test_every_format_says_what_it_is_and_no_two_share_an_ending() -> None:
    endings = [suffix for form in readers.FORMATS for suffix in form.suffixes]
    assert len(endings) == len(set(endings))
    for form in readers.FORMATS:
        assert any(suffix in readers.IN_WORDS for suffix in form.suffixes), form.name


def test_the_page_reader_alone_needs_no_database() -> None:
    headline, body, facts = html_page.story_of(page(BLOCKS))
    assert headline == HEADLINE
    assert body.count("<p>") == len(PARAGRAPHS)
    assert facts["byline"] == [BYLINE]
