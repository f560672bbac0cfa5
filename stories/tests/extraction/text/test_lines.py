"""Furniture of a page is nobody's; lines that name their speaker are that one's."""

import pytest

from stories.extraction import extract


def said(text):
    return [
        (quotation.speaker, " ".join(text[start:end] for start, end in quotation.content))
        for quotation in extract(text).quotations
    ]


@pytest.mark.parametrize(
    "credit",
    [
        "Photograph: Neil Orde",
        "Picture: Neil Orde",
        "Pic: Neil Orde/PA",
        "Image: Neil Orde/Press Association.",
        "Neil Orde/Getty Images",
        "REUTERS/Neil Orde",
        "(Neil Orde/Reuters)",
        "[Neil Orde/AFP]",
        "By Neil Orde",
    ],
)
def test_whoever_took_the_picture_or_wrote_the_story_neither_speaks_nor_is_named(credit):
    text = f"Bram Garrow spoke in Aldmoor. {credit}\n\nHe said the wall was “lost”."
    assert [person.name for person in extract(text).people] == ["Bram Garrow"]
    assert said(text) == [("Bram Garrow", "the wall was “lost”")]


@pytest.mark.parametrize("bullet", ["-", "–", "•", "*"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_each_line_of_a_list_is_its_own_speakers(bullet, gap):
    text = f'{bullet} Ann Tarrant, Labour: "The plan is dead."{gap}{bullet} Neil Orde, Tory: "It is alive."'
    assert said(text) == [("Ann Tarrant", "The plan is dead."), ("Neil Orde", "It is alive.")]


@pytest.mark.parametrize(
    "text",
    [
        "ANN TARRANT: There is money.\n\nBRAM GARROW: There is none.",
        "Ann Tarrant: There is money.\n\nBram Garrow: There is none.",
        "[00:01:02] Ann Tarrant: There is money.\n\n[00:01:09] Bram Garrow: There is none.",
        "<v Ann Tarrant>There is money.\n\n<v Bram Garrow>There is none.",
    ],
)
def test_a_transcript_gives_each_line_to_its_label(text):
    assert [(name.title(), words) for name, words in said(text)] == [
        ("Ann Tarrant", "There is money."),
        ("Bram Garrow", "There is none."),
    ]


def test_a_surname_is_label_enough_once_the_name_is_known_and_a_turn_goes_on_over_paragraphs():
    text = (
        "ANN TARRANT: There is money.\n\nBRAM GARROW: There is none.\n\nTARRANT: I said there is.\n\n"
        "He said “no” before.\n\nJOURNALIST: Will you resign?"
    )
    assert said(text)[2:] == [
        ("ANN TARRANT", "I said there is. He said “no” before."),
        (None, "Will you resign?"),
    ]


def test_a_heading_in_capitals_with_a_colon_is_nobodys_turn():
    text = "NEW HARBOUR PLANS: The wall is old.\n\nOLD HARBOUR PLANS: The wall is new.\n\nNobody came."
    assert not any(quotation.rule == "turn" for quotation in extract(text).quotations)


def test_a_speech_stands_under_its_members_name():
    text = "Harbour Wall\n\nAnn Tarrant (Aldmoor North, Lab)\n\nThere is money, and that was said before."
    assert said(text) == [("Ann Tarrant", "There is money, and that was said before.")]


@pytest.mark.parametrize("words", ["The wall is safe. https://t.co/x", "“The wall is safe.”"])
@pytest.mark.parametrize("day", ["April 17, 2031", "17 April 2031"])
def test_a_post_is_of_whoever_is_named_behind_it(words, day):
    assert said(f"{words} — Ann Tarrant (@tarrant) {day}") == [("Ann Tarrant", "The wall is safe.")]


def test_a_horizontal_bar_signs_as_a_dash_does():
    assert said("“The wall is safe.” ― Ann Tarrant") == [("Ann Tarrant", "The wall is safe.")]


@pytest.mark.parametrize(
    "line",
    [
        "READ MORE: Neil Orde responds to the harbour plans",
        "RELATED: Neil Orde says that the harbour is lost",
        "Neil Orde says that the harbour is lost Read more",
        "Notes to editors:\n\n1. The wall was built in 1811, Neil Orde said.",
    ],
)
def test_links_and_notes_to_editors_claim_nothing(line):
    text = f"Harbour wall is safe\n\nAnn Tarrant said: “Nobody will lose out.”\n\n{line}"
    assert said(text) == [("Ann Tarrant", "Nobody will lose out.")]
    assert [person.name for person in extract(text).people] == ["Ann Tarrant"]
