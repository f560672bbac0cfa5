"""Phrases that name a speaker: no verb of their own, the noun a name owns, no adverb at the end."""

import pytest

from stories.extraction.text.layout import Layout
from stories.extraction.text.noun_phrases import before, shaped


@pytest.mark.parametrize(
    ("text", "stretch", "phrase"),
    [
        ("The Tarrant campaign denied it.", "The Tarrant", "The Tarrant campaign"),
        ("A Wessex official who was not named denied it.", "A Wessex", "A Wessex official"),
        ("Bob Quill denied it.", "Bob Quill", "Bob Quill"),
        ("Bob Quill gently denied it.", "Bob Quill gently", "Bob Quill"),
        ("Bob Quill himself denied it.", "Bob Quill himself", "Bob Quill"),
        (
            "A harbour lawsuit was filed in May, alleging it.",
            "A harbour lawsuit was filed",
            "A harbour lawsuit",
        ),
        ("A clerk who denied it left.", "A clerk who", "A clerk"),
        ("Everybody who denied it left.", "who", "who"),
        ("Will Quill denied it.", "Will Quill", "Will Quill"),
        ("The family of Ann Tarrant denied it.", "The family", "The family"),
        ("After the ruling Ann Tarrant denied it.", "the ruling Ann Tarrant", "Ann Tarrant"),
        ("After the aide Ann Tarrant denied it.", "the aide Ann Tarrant", "the aide Ann Tarrant"),
    ],
)
def test_a_stretch_is_cut_to_the_phrase_that_speaks(text, stretch, phrase):
    layout = Layout(text)
    start = text.index(stretch)
    first, last = layout.token_from(start), layout.token_from(start + len(stretch) - 1)
    first, last = shaped(layout, first, last)
    assert text[layout.starts[first] : layout.ends[last]] == phrase


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("The family said it was over.", "The family"),
        ("His closest ally said it was over.", "His closest ally"),
        ("Bob Quill plainly said it was over.", "Bob Quill"),
        ("The clerk has often said it was over.", "The clerk"),
        ("The clerk meanwhile said it was over.", "The clerk"),
        ("She too said it was over.", "She"),
        ("On Monday Ann Tarrant said it was over.", "Ann Tarrant"),
        ("In Stane Ann Tarrant said it was over.", "Ann Tarrant"),
        ("Speaking in Stane Ms Tarrant said it was over.", "Ms Tarrant"),
        ("Leading members of Stane said it was over.", "Leading members of Stane"),
        ("In Stane a spokesman for Ann Tarrant said it was over.", "a spokesman for Ann Tarrant"),
        ("In Stane aides to Ms Tarrant said it was over.", "aides to Ms Tarrant"),
        (
            "In Stane a spokesman for the harbours minister Ann Tarrant said it was over.",
            "a spokesman for the harbours minister Ann Tarrant",
        ),
        ("It was a rate of progress Ms Tarrant said was slow.", "Ms Tarrant"),
        ("One of the unions meeting Ms Tarrant said it was over.", "One of the unions meeting Ms Tarrant"),
        ("The campaigner Ms Tarrant said it was over.", "The campaigner Ms Tarrant"),
    ],
)
def test_the_subject_of_a_word_of_saying_is_found_past_adverbs(text, subject):
    layout = Layout(text)
    cue = layout.lower.index("said")
    first, last = before(layout, cue, 0)
    assert text[layout.starts[first] : layout.ends[last]] == subject
