"""What makes two texts the same words, for each that asks."""

from pathlib import Path

import pytest

import stories
from stories.models.claims import wording_key
from stories.models.topics import fold as topic_fold
from stories.text import normalise
from stories.text.anchors import Selector


@pytest.mark.parametrize(
    ("wording", "stance", "key"),
    [
        (
            "The wall’s “holding” – for now",
            "",
            "773e58cbd0b487fcbe5fc19b4ebb981767902dae8c10076c5a889511017832b3",
        ),
        (
            "the walls holding, for NOW",
            "",
            "773e58cbd0b487fcbe5fc19b4ebb981767902dae8c10076c5a889511017832b3",
        ),
        ("Straße_eins  2.5 %", "", "8ae614f3f6ee161d0d43e62196d297301aa93f90ff30d81862a107450eae2f56"),
        ("We won't pay.", "denied", "a0e3304ee74391921b442367a24ee44b1bd5b1c73be796b398b8aeccff1c6952"),
        ("Ça va… ʼtis Ⅷ", "", "f9238410da329c1134dfe7c33eea99c596fa5f159c52fc1f03012cbb3a7cb201"),
    ],
)
def test_the_keys_that_databases_hold_stay_as_they_are(wording: str, stance: str, key: str) -> None:
    assert wording_key(wording, stance) == key


@pytest.mark.parametrize(
    ("name", "topic", "person", "likeness", "searched"),
    [
        ("Climate-Change", "climate change", "climate-change", "climate change", "climate-change"),
        ("Côte d’Azur", "cote d'azur", "cote d'azur", "cote d azur", "cote d’azur"),
        ("Żółć – Łódź", "zołc łodz", "zołc – łodz", "zolc lodz", "zołc – łodz"),
        ("ﬁscal_policy", "fiscal policy", "fiscal_policy", "fiscal policy", "ﬁscal_policy"),
        ("—", "—", "—", "", "—"),
        ("Prof. J.R. Müller, MP", "prof. j.r. muller, mp", "j r muller", "prof j r muller mp", None),
    ],
)
def test_names_are_compared_by_what_each_use_needs(
    name: str, topic: str, person: str, likeness: str, searched: str | None
) -> None:
    assert topic_fold(name) == topic
    assert normalise.name_key(name) == person
    assert normalise.likeness_key(name) == likeness
    assert searched is None or normalise.search_key(name) == searched


@pytest.mark.parametrize(
    ("name", "key"),
    [("the BBC’s “Today”", "bbcs today"), ("The Café-Post", "cafe post"), ("THE", "the"), ("—", "")],
)
def test_the_keys_of_outlets_stay_as_they_are_for_databases_hold_them(name: str, key: str) -> None:
    assert normalise.outlet_key(name) == key


def test_plain_marks_stand_where_the_others_stood() -> None:
    text = "„So‟ — ‹no›\xa0way′s …"
    assert normalise.plain_marks(text) == "\"So\" - 'no' way's …"
    assert len(normalise.plain_marks(text)) == len(text)
    assert all(len(mark) == len(plain) == 1 for mark, plain in normalise.PLAIN_MARKS.items())


def test_every_mark_that_is_alike_is_alike_in_anchors_too() -> None:
    for mark, plain in normalise.PLAIN_MARKS.items():
        assert normalise.folded(f"a{mark}b").text == normalise.folded(f"a{plain}b").text, repr(mark)


def test_the_editor_has_the_same_table() -> None:
    script = Path(stories.__file__).parent / "static/stories/admin/plain-marks.js"
    assert script.read_text(encoding="utf-8") == normalise.as_javascript(), (
        "python -m stories.text.normalise > stories/static/stories/admin/plain-marks.js"
    )


def test_a_selector_comes_back_from_its_json() -> None:
    selector = Selector("the wall", "says ", " holds", 5, 13)
    assert selector.as_dict() == {
        "exact": "the wall", "prefix": "says ", "suffix": " holds", "start": 5, "end": 13,
    }  # fmt: skip
    assert Selector(**selector.as_dict()) == selector
