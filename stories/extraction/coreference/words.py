"""Whom a single word means as a speaker: "he", "she", "his", "it", "we", "who"."""

from __future__ import annotations

from stories.extraction.coreference.discourse import Discourse, Phrase, Resolution
from stories.extraction.coreference.ownership import owns_words
from stories.extraction.text.noun_phrases import phrase_ending
from stories.extraction.words.lists import pronouns

OWNERS = {"his": "he", "her": "she"}
DOUBT = 0.3  # strength of a source that may be nobody
UNSURE = 0.55  # below this a pronoun is left for an editor
IT = 0.8  # strength of the writer whose statement is only an "it"


def spoke_already(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """The pronoun at this very place, whose quotation was settled before."""
    return discourse.pronouns.get(phrase.start)


def personal_pronoun(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """ "He" or "she", or "his" and "her" of what somebody said: the antecedent, or left open if unsure."""
    word, printed = discourse.layout.lower[phrase.first], f"“{phrase.text}”"
    if word not in ("he", "she") and not (word in OWNERS and owns_words(discourse.layout, phrase.first)):
        return None
    found = discourse.antecedent(OWNERS.get(word, word), phrase.sentence, phrase.start)
    if found is None:
        return Resolution("unknown", None, 0.0, f"{printed}: nobody fits")
    if found.person is None:
        return Resolution("unknown", None, DOUBT, f"{printed} is {found.why}")
    if found.strength < UNSURE:
        return Resolution("ambiguous", found.person, found.strength, f"{printed} fits more than one person")
    name = discourse.people.entities[found.person].name
    return Resolution("accepted", found.person, found.strength, f"{printed} → {name}: {found.why}")


def it_of_a_statement(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """ "It": the writer of the statement that the sentence before quotes, else nobody."""
    if discourse.layout.lower[phrase.first] != "it":
        return None
    author = discourse.writers.get(phrase.sentence - 1)
    if author is None:
        return Resolution("unknown", None, DOUBT, "“it” names nobody")
    discourse.writers[phrase.sentence] = author
    return Resolution("accepted", author, IT, f"“it” → what {discourse.people.entities[author].name} wrote")


def first_or_second_person(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """ "I", "we", "you": the paper itself or somebody inside the words."""
    if discourse.layout.lower[phrase.first] not in ("i", "we", "you"):
        return None
    return Resolution("unknown", None, 0.0, "the writer or a speaker inside the words")


def other_pronoun(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """ "They", "others" and the like name nobody."""
    if discourse.layout.lower[phrase.first] not in pronouns():
        return None
    return Resolution("unknown", None, DOUBT, f"“{phrase.text}” names nobody")


def relative_pronoun(discourse: Discourse, phrase: Phrase) -> Resolution | None:
    """ "Who" and "which": whom the phrase right before them means."""
    layout = discourse.layout
    word = layout.lower[phrase.first]
    if word not in ("who", "which", "that") or not phrase.first:
        return None
    antecedent = phrase_ending(layout, phrase.first - 1, layout.sentences[phrase.sentence].start)
    if antecedent is not None and antecedent[1] < phrase.first:
        inner = discourse.source(*antecedent)
        return inner._replace(reason=f"“{word}” → {inner.reason}")
    return Resolution("unknown", None, 0.0, f"“{word}” without antecedent")
