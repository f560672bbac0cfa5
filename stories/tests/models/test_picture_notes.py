"""What an agency wrote into a file is read from wherever the file has it, and nothing else is."""

import io

import pytest

from stories.models.picture_notes import Notes, read
from stories.tests.pictures import CAMERA, from_a_camera, from_an_agency, picture

ALL = {
    "caption": "The wall at Eastmere, “unsafe” since March",
    "byline": "Zoë Marsh",
    "credit": "Harbour Press",
    "rights": "© Harbour Press 2031",
}


def notes(content: bytes) -> Notes:
    return read(io.BytesIO(content))


@pytest.mark.parametrize("utf8", [True, False])
def test_the_older_record_is_read_in_either_of_its_alphabets(utf8: bool) -> None:
    found = notes(from_an_agency(**ALL, utf8=utf8))
    assert found == Notes("", ALL["caption"], "Zoë Marsh / Harbour Press", ALL["rights"])


def test_xmp_is_read_with_its_alternative_text_and_terms() -> None:
    def alt(name: str, text: str) -> str:
        return f"<{name}><rdf:Alt><rdf:li xml:lang='x-default'>{text}</rdf:li></rdf:Alt></{name}>"

    xmp = (
        alt("dc:description", "The wall at Eastmere")
        + alt("dc:rights", "Harbour Press")
        + alt("xmpRights:UsageTerms", "Web only")
        + alt("Iptc4xmpCore:AltTextAccessibility", "A cracked wall by the sea")
        + "<dc:creator><rdf:Seq><rdf:li>Zoë Marsh</rdf:li><rdf:li>Ann Lowther</rdf:li></rdf:Seq></dc:creator>"
        + "<photoshop:Credit>Harbour Press</photoshop:Credit>"
    )
    assert notes(from_an_agency(xmp=xmp)) == Notes(
        "A cracked wall by the sea",
        "The wall at Eastmere",
        "Zoë Marsh, Ann Lowther / Harbour Press",
        "Harbour Press; Web only",
    )


def test_what_the_record_says_goes_before_what_the_camera_says() -> None:
    assert notes(from_an_agency(caption="A wall")).caption == "A wall"
    assert notes(from_a_camera()) == Notes(caption=CAMERA)


def test_a_file_that_says_nothing_or_nonsense_leaves_everything_empty() -> None:
    assert notes(picture(10, 10)) == Notes()
    assert notes(from_an_agency(caption="A wall").replace(b"\x1c\x02", b"\x1c\xff")) == Notes()
    assert notes(from_an_agency(xmp="<unclosed>")) == Notes()


def test_what_is_too_long_is_cut_and_lines_become_one() -> None:
    found = notes(from_an_agency(caption="word " * 200, credit="one\ntwo"))
    assert len(found.caption) == 300
    assert found.caption.endswith("…")
    assert found.credit == "one two"
