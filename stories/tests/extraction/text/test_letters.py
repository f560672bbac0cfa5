"""Names in every alphabet are their bearers', and never fall to somebody else who holds the same office."""

import re
from unicodedata import category, normalize

import pytest

from stories.extraction import extract
from stories.extraction.text.letters import CAPITAL, MARK, UPPER, capital

STORY = """Harbour row goes on

"Nobody was asked," said Zoë Ní Orde, the shadow harbour minister.

"The port will cost the town 47 million pounds," {}.
"""
PLACES = (
    "{}, the shadow harbour minister, told the Eastmere Post",
    "the shadow harbour minister, {}, told the Eastmere Post",
    "said {}, the shadow harbour minister",
    "said the shadow harbour minister, {}",
    "shadow harbour minister {} said",
    "said shadow harbour minister {}",
    "{} – the shadow harbour minister – said",
    "{}, who is the shadow harbour minister, said",
)
NAMES = (
    "Łucja Żórawska",
    "Šárka Ődönová",
    "Ölöf Þórsdóttir",
    normalize("NFD", "Žofie Šulcová"),
    "Ждан Вербенко",
    "Ӓнна Ӧрд",
    "Ελένη Δαφνίδη",
    "Արամ Օրդյան",
    "ʻAkahi Nāone",
    "Ǆemal Ǆakić",
    "Bríd Ní hÓrda",
    "Ann d’Orde",
    "أمير الوردي",
    "דנה ורדי",
    "ნინო ორდაძე",
    "नवीन वर्मान",
    "김 바다",
    "林海港",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", PLACES)
def test_a_name_of_any_alphabet_beside_an_office_is_the_speaker(place, name):
    said = extract(STORY.format(place.format(name))).quotations[-1]
    assert (said.speaker, said.status) == (name, "accepted")


@pytest.mark.parametrize(
    "name", ["nina tarrant", "n. tarrant", "nina van der tarrant", "@ninatarrant", "nina@tarrant.example"]
)
@pytest.mark.parametrize("place", PLACES)
def test_words_beside_an_office_that_are_no_known_name_are_a_label_and_never_its_other_holder(place, name):
    for said in extract(STORY.format(place.format(name))).quotations[1:]:
        assert said.speaker != "Zoë Ní Orde"


@pytest.mark.parametrize(
    "place",
    [
        "the shadow harbour minister told the Eastmere Post",
        "the shadow harbour minister, however, told the Eastmere Post",
        "the shadow harbour minister, speaking on Monday, told the Eastmere Post",
        "the shadow harbour minister, visibly angry, told the Eastmere Post",
        "said the shadow harbour minister later",
    ],
)
def test_an_office_with_no_name_beside_it_is_still_its_holders(place):
    assert extract(STORY.format(place)).quotations[-1].speaker == "Zoë Ní Orde"


@pytest.mark.parametrize(
    "text",
    [
        "The word 港 means harbour. “We are ready,” said a sailor.",
        "They waited for the Порт Восток ferry. “We are ready,” said a sailor.",
        "On Κυριακή the boats left. “We are ready,” said a sailor.",
    ],
)
def test_words_of_another_alphabet_where_no_name_stands_are_nobody(text):
    assert extract(text).people == ()


def test_the_classes_of_letters_hold_what_unicode_calls_capitals_and_marks():
    for code in [*range(0x2000), *range(0xA000, 0xB000), 0x10400, 0x1E900]:
        letter = chr(code)
        assert bool(re.fullmatch(UPPER, letter)) == (category(letter) in ("Lu", "Lt")), hex(code)
        assert bool(re.fullmatch(MARK, letter)) == (category(letter) in ("Mn", "Mc")), hex(code)
        assert bool(re.fullmatch(CAPITAL, letter)) == capital(letter) or letter.isupper(), hex(code)


def test_no_sign_of_latin_copy_begins_a_name():
    assert not [letter for letter in "abzßÿªºſƻǀʔ’'-1«»“”§×÷" if re.fullmatch(CAPITAL, letter)]


def test_a_sentence_may_begin_with_a_letter_of_any_alphabet():
    found = extract(
        "“We are ready,” said Ann Tarrant. Éva Orde said: “We are not.” Ждан Вербенко said: “I am.”"
    )
    assert [said.speaker for said in found.quotations] == ["Ann Tarrant", "Éva Orde", "Ждан Вербенко"]
