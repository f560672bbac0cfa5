"""Whom "he" and "she" stand for: the steps that look for an antecedent, sentence by sentence backwards.

Strengths are set by hand: what a step is right about more often gets more. A pronoun is an inference, so it
stays below 0.9 nearly always, from where one name in a hundred may be wrong.
"""

from __future__ import annotations

from bisect import bisect_left

from stories.extraction.coreference.discourse import NOBODY_FITS, Antecedent, Discourse, Lookback, Pronoun
from stories.extraction.coreference.mention_index import may_be
from stories.extraction.coreference.sentence_openings import closes_sentence, main_clause, opens_with_topic
from stories.extraction.text.layout import Layout

SUBJECT = 0.95  # strength of the subject of an earlier sentence before anything is taken off
CARRIED = 0.75  # strength of a pronoun that may mean the subject or somebody named behind it
UNNAMED, LAST_SPEAKER, OPENED_CLAUSE, ONE_OF_SEVERAL, MAIN_PERSON = 0.8, 0.8, 0.9, 0.5, 0.62
NO_GENDER = 0.15  # taken off when nothing tells the person's gender
LAST_SPEAKERS = 6  # speakers looked at for the last of a gender
FEW_SENTENCES = 5
FEWEST_MENTIONS = 3  # of whom a story is mainly about; nobody else has half as many


def subject_of_opened_clause(discourse: Discourse, query: Pronoun) -> Antecedent | None:
    """In an opening clause, the subject of the main clause: "While he waited, Ann Lee's aide …"."""
    begin, end = discourse.layout.sentences[query.sentence]
    main = main_clause(discourse.layout, begin, end)
    if begin < query.position < main and query.sentence < len(discourse.subjects):
        subject = discourse.subjects[query.sentence]
        if subject is not None and may_be(discourse.people.entities[subject], query.gender):
            return Antecedent(subject, OPENED_CLAUSE, "subject of the clause it opens")
    return None


def unnamed_speaker(discourse: Discourse, query: Lookback) -> Antecedent | None:
    """The speaker without a name of one of the two sentences before."""
    if query.pronoun.unnamed and query.back in (1, 2) and query.sentence in discourse.unnamed_speakers:
        return Antecedent(None, UNNAMED, "the one without a name who spoke before")
    return None


def last_speaker(discourse: Discourse, query: Lookback) -> Antecedent | None:
    """Who of that gender spoke last, once the sentence before has nobody to offer."""
    if query.back != 2:
        return None
    sentence = query.pronoun.sentence
    for spoke, person in reversed(discourse.speakers[-LAST_SPEAKERS:]):
        near = sentence - FEW_SENTENCES <= spoke < sentence
        if near and may_be(discourse.people.entities[person], query.pronoun.gender):
            return Antecedent(person, LAST_SPEAKER, "the last to speak before")
    return None


def subject_of_sentence(discourse: Discourse, query: Lookback) -> Antecedent | None:
    """The person an earlier sentence is about, the less sure the farther back and the more rivals."""
    if not query.back or query.sentence >= len(discourse.subjects):
        return None
    subject = discourse.subjects[query.sentence]
    if subject is None:
        return None
    mentions, gender = discourse.mentions, query.pronoun.gender
    entity = discourse.people.entities[subject]
    sure = entity.gender == gender
    spoke = bool(discourse.speakers) and discourse.speakers[-1] == (query.sentence, subject)
    if not may_be(entity, gender):
        return None
    if not (spoke or sure) and _somebody_surer(discourse, query.pronoun.sentence, gender):
        return None
    rivals = mentions.others(query.low, query.high, gender, subject)
    if rivals and not spoke and mentions.opens_jointly(query.low, query.high, subject):
        return Antecedent(subject, ONE_OF_SEVERAL, "one of two who are the subject together")
    if rivals and not spoke and _one_of_several(discourse, query, subject):
        return Antecedent(subject, ONE_OF_SEVERAL, "one of several named in the sentence before")
    strength = (
        SUBJECT
        - 0.05 * query.back
        - 0.06 * min(2, len(rivals))
        - 0.05 * query.apart
        - (0 if sure else NO_GENDER)
    )
    where = "the sentence before" if query.back == 1 else "an earlier sentence"
    return Antecedent(
        subject, min(strength, discourse.certainty.get(query.sentence, 1.0)), f"subject of {where}"
    )


def _one_of_several(discourse: Discourse, query: Lookback, subject: int) -> bool:
    """Whether a sentence near by, in the same paragraph, does not set its subject off from others named."""
    return (
        query.back < 4
        and query.apart == 0
        and query.sentence not in discourse.opened
        and not discourse.mentions.opens_alone(query.low, query.high, subject)
    )


def _somebody_surer(discourse: Discourse, sentence: int, gender: str) -> bool:
    """Whether somebody certainly of a gender is named in the few sentences before."""
    layout, people = discourse.layout, discourse.people
    low = layout.sentences[max(0, sentence - FEW_SENTENCES)].start
    high = layout.sentences[sentence].start
    return any(
        people.entities[people.at[start]].gender == gender
        for start in discourse.mentions.between(low, high)
        if layout.passage_at(start) is None
    )


def named_in_sentence(discourse: Discourse, query: Lookback) -> Antecedent | None:
    """Somebody named in the sentence, before the pronoun in its own."""
    layout, entities = discourse.layout, discourse.people.entities
    _, gender, sentence, position, *_ = query.pronoun
    own = query.back == 0
    if own and (
        opens_with_topic(layout, query.low, position) or closes_sentence(layout, query.low, position)
    ):
        return None
    if own and discourse.mentions.is_right_behind_name(position):
        return None
    others = discourse.mentions.others(query.low, min(query.high, position), gender, None)
    certain = [i for i in others if entities[i].gender == gender]
    others = certain or ([] if others and _somebody_surer(discourse, sentence, gender) else others)
    if not others:
        return None
    if own:
        same = _same_word_before(discourse, query, others[0])
        if same is not None:
            return same
    strength = (
        (0.9 if own else 0.8)
        - 0.05 * query.back
        - 0.1 * (len(others) - 1)
        - (0 if entities[others[0]].gender == gender else NO_GENDER)
    )
    why = "named before in the same sentence" if own else "named shortly before"
    return Antecedent(others[0], max(0.2, strength), why)


def _same_word_before(discourse: Discourse, query: Lookback, named: int) -> Antecedent | None:
    """Whom the same pronoun before meant, when it stands ahead of whoever the sentence names."""
    word, position, again = query.pronoun.word, query.pronoun.position, query.pronoun.again
    earlier = _before_owner(discourse, word, query.low, position, named)
    if earlier is not None:
        return again(earlier) or NOBODY_FITS
    ahead = _before_any_name(discourse, word, query.low, position)
    same = again(ahead) if ahead is not None else None
    if same is not None and same.person not in (None, named):
        return Antecedent(
            same.person, min(same.strength, CARRIED), "the one of whom the sentence told already"
        )
    return None


def _before_owner(discourse: Discourse, word: str, low: int, position: int, owner: int) -> int | None:
    """Where the same pronoun stood before whoever is only named as an owner behind it.

    "While he liked Mr Lee's plan, he said" is about one man, and he is not Mr Lee.
    """
    layout, mentions = discourse.layout, discourse.mentions
    named = [start for start in mentions.between(low, position) if discourse.people.at[start] == owner]
    if not named or not all(mentions.is_possessive(start) for start in named):
        return None
    return _word_between(layout, word, low, named[0])


def _before_any_name(discourse: Discourse, word: str, low: int, position: int) -> int | None:
    """Where the same pronoun opens a sentence that names somebody only behind it.

    "He told them how Mr Lee had left, and he said" goes on about the first, most likely.
    """
    starts = discourse.mentions.starts
    k = bisect_left(starts, low)
    named = starts[k] if k < len(starts) else position
    return _word_between(discourse.layout, word, low, min(named, position))


def main_person(discourse: Discourse, query: Pronoun) -> Antecedent | None:
    """The one person of a gender a story has been about so far, when the others are only mentioned."""
    counted = sorted(
        (
            (bisect_left(entity.spans, (query.position, 0)), entity.index)
            for entity in discourse.people.entities
            if entity.gender == query.gender
        ),
        reverse=True,
    )[:2]
    if not counted or counted[0][0] < FEWEST_MENTIONS:
        return None
    if len(counted) > 1 and counted[0][0] < 2 * counted[1][0]:
        return None
    return Antecedent(counted[0][1], MAIN_PERSON, "whom the story is mainly about")


def _word_between(layout: Layout, word: str, low: int, high: int) -> int | None:
    """Where a word first stands outside marks in ``low:high``."""
    for i in range(layout.token_from(low), layout.token_from(high)):
        if layout.lower[i] == word and layout.passage_at(layout.starts[i]) is None:
            return layout.starts[i]
    return None
