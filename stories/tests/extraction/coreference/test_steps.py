"""Each step of coreference by itself: what it answers, what it leaves to the next, and what it changes."""

import copy
from typing import NamedTuple

import pytest

from stories.extraction.coreference.discourse import Lookback, Office, Phrase, Pronoun, Steps
from stories.extraction.coreference.resolver import Resolver
from stories.extraction.coreference.steps import STEPS
from stories.extraction.people.office_matching import asked
from stories.extraction.people.persons import People
from stories.extraction.text.layout import Layout
from stories.tests.extraction.casefiles import load_all

NOBODY = "nobody"  # an answer that names no person
LEFT = None  # no answer: left to the next step


class Row(NamedTuple):
    """A text in which ``[…]`` marks what is asked, and whom a step of a list means by it."""

    question: str
    step: str
    text: str
    person: str | None
    back: int = 0  # sentences, of a pronoun
    spoke: str = ""  # the phrase whose quotation was settled before


LEE = "Ann Tarrant came back. "
ROWS = [
    Row("words", "spoke_already", LEE + "“No,” [she] said.", "Ann Tarrant", spoke="she"),
    Row("words", "spoke_already", LEE + "[She] came late.", LEFT),
    Row("words", "personal_pronoun", LEE + "“No,” [she] said.", "Ann Tarrant"),
    Row("words", "personal_pronoun", LEE + "[Her] answer was: “No.”", "Ann Tarrant"),
    Row("words", "personal_pronoun", LEE + "[Her] boat sank.", LEFT),
    Row("words", "personal_pronoun", LEE + "“No,” [he] said.", NOBODY),
    Row(
        "words",
        "it_of_a_statement",
        "Ann Tarrant’s statement said: “No.” [It] added: “Never.”",
        "Ann Tarrant",
        spoke="Ann Tarrant’s statement",
    ),
    Row("words", "it_of_a_statement", "The boat sank. [It] added: “Never.”", NOBODY),
    Row("words", "it_of_a_statement", LEE + "[She] left.", LEFT),
    Row("words", "first_or_second_person", LEE + "[We] asked.", NOBODY),
    Row("words", "first_or_second_person", LEE + "[They] asked.", LEFT),
    Row("words", "other_pronoun", LEE + "[They] asked.", NOBODY),
    Row("words", "other_pronoun", LEE + "[Pilots] asked.", LEFT),
    Row("words", "relative_pronoun", "Ann Tarrant [who] said “No” left.", "Ann Tarrant"),
    Row("words", "relative_pronoun", "Ann Tarrant [they] said.", LEFT),
    Row("names", "part_of_a_name", "Mr [Tarrant] said no.", "Mr Tarrant"),
    Row("names", "part_of_a_name", "[Mr Tarrant] said no.", LEFT),
    Row("names", "named_inside", "[Harbours minister Ann Tarrant] said no.", "Ann Tarrant"),
    Row("names", "named_inside", "[An aide to Ann Tarrant] said no.", LEFT),
    Row("names", "named_inside", "[Ann Tarrant and Bram Ottley] said no.", NOBODY),
    Row("names", "author_of_statement", "[Ann Tarrant’s statement] said: “No.”", "Ann Tarrant"),
    Row("names", "author_of_statement", "[Ann Tarrant’s boat] said: “No.”", LEFT),
    Row("names", "named_before", "Ann Tarrant, [head of the pilots] said no.", "Ann Tarrant"),
    Row("names", "named_before", "Ann Tarrant and [head of the pilots] said no.", LEFT),
    Row("names", "named_behind_comma", "[The ports minister], Ann Tarrant, said no.", "Ann Tarrant"),
    Row("names", "named_behind_comma", "[The ports minister] Ann Tarrant, said no.", LEFT),
    Row("phrases", "owner_of_words", "In [Ann Tarrant’s] “final” offer.", "Ann Tarrant"),
    Row("phrases", "owner_of_words", "In [the harbour’s] “final” offer.", NOBODY),
    Row("phrases", "owner_of_words", "[Ann Tarrant] said no.", LEFT),
    Row(
        "phrases",
        "holder_of_office",
        "Ports minister Ann Tarrant left. [The minister] said no.",
        "Ann Tarrant",
    ),
    Row("phrases", "holder_of_office", "Ports minister Ann Tarrant left. [A minister] said no.", LEFT),
    Row("phrases", "nobody_who_speaks", "[The boat] said no.", NOBODY),
    Row("phrases", "nobody_who_speaks", "[The union] said no.", LEFT),
    Row("phrases", "without_a_name", "[One pilot] said no.", NOBODY),
    Row(
        "offices",
        "unnamed_holder_just_heard",
        "A spokesman said: “We are ready to sail.” [The spokesman] added: “No.”",
        NOBODY,
        spoke="A spokesman",
    ),
    Row("offices", "unnamed_holder_just_heard", "Ann Tarrant left. [The spokesman] added: “No.”", LEFT),
    Row("offices", "called_so", "Ports minister Ann Tarrant left. [The minister] said no.", "Ann Tarrant"),
    Row("offices", "called_so", "Ann Tarrant left. [The minister] said no.", LEFT),
    Row("offices", "on_record", "Tony Blair and Gordon Brown met. [The chancellor] said no.", "Gordon Brown"),
    Row("offices", "on_record", "Ann Tarrant and Bram Ottley met. [The chancellor] said no.", LEFT),
    Row(
        "offices",
        "former_holder_still_told_of",
        "Ann Tarrant has left. [The former ports secretary] said no.",
        "Ann Tarrant",
    ),
    Row(
        "offices", "former_holder_still_told_of", "Ann Tarrant has left. [The ports secretary] said no.", LEFT
    ),
    Row(
        "offices",
        "member_told_of_before",
        "Ann Tarrant has left. [The Norbury East MP] said no.",
        "Ann Tarrant",
    ),
    Row("offices", "member_told_of_before", "Mayor Ann Tarrant left. [The Norbury East MP] said no.", LEFT),
    Row(
        "offices",
        "only_one_without_office",
        "Ann Tarrant left. It rained. [The Norbury East MP] said no.",
        "Ann Tarrant",
    ),
    Row(
        "offices",
        "only_one_without_office",
        "Ann Tarrant met Mr Ottley. [The Norbury East MP] said no.",
        LEFT,
    ),
    Row(
        "offices",
        "main_person",
        "Tarrant row grows\n\nAnn Tarrant left. Ms Tarrant came back. [The prime minister] said no.",
        "Ann Tarrant",
    ),
    Row("offices", "main_person", "Ann Tarrant left. It rained. [The prime minister] said no.", LEFT),
    Row("offices", "alone_so_far", "Ann Tarrant left. [The ports secretary] said no.", "Ann Tarrant"),
    Row("offices", "alone_so_far", "Ann Tarrant met Mr Ottley. [The ports secretary] said no.", LEFT),
    Row(
        "before_lookback", "subject_of_opened_clause", "While [she] waited, Ann Tarrant sang.", "Ann Tarrant"
    ),
    Row("before_lookback", "subject_of_opened_clause", LEE + "Then [she] sang.", LEFT),
    Row(
        "lookback",
        "unnamed_speaker",
        "A spokesman said: “We are ready.” “No,” [he] added.",
        NOBODY,
        1,
        "A spokesman",
    ),
    Row(
        "lookback",
        "unnamed_speaker",
        "Bram Ottley said: “We are ready.” “No,” [he] added.",
        LEFT,
        1,
        "Bram Ottley",
    ),
    Row(
        "lookback",
        "last_speaker",
        "Ann Tarrant said: “Yes.” It rained. It blew. [She] left.",
        "Ann Tarrant",
        2,
        "Ann Tarrant",
    ),
    Row(
        "lookback",
        "last_speaker",
        "Ann Tarrant said: “Yes.” It rained. It blew. [She] left.",
        LEFT,
        1,
        "Ann Tarrant",
    ),
    Row("lookback", "subject_of_sentence", LEE + "[She] left.", "Ann Tarrant", 1),
    Row("lookback", "subject_of_sentence", LEE + "[He] left.", LEFT, 1),
    Row("lookback", "named_in_sentence", "Boats met Ann Tarrant before [she] left.", "Ann Tarrant", 0),
    Row("lookback", "named_in_sentence", "Commenting on Ann Tarrant’s case, [she] left.", LEFT, 0),
    Row("after_lookback", "main_person", LEE + LEE + LEE + "[She] left.", "Ann Tarrant"),
    Row("after_lookback", "main_person", LEE + "[She] left.", LEFT),
]


def marked(row):
    """The text without its brackets, and where the bracketed words begin and end."""
    low, high = row.text.index("["), row.text.index("]") - 1
    return row.text.replace("[", "").replace("]", ""), low, high


def resolver_of(row, steps=STEPS):
    """A resolver that has settled the sentences of a row's text and has heard its first speaker, if any."""
    text, _, _ = marked(row)
    layout = Layout(text)
    resolver = Resolver(layout, People(layout, ()), steps)
    if row.spoke:
        low = text.index(row.spoke)
        first, last = layout.token_from(low), layout.token_from(low + len(row.spoke) - 1)
        found = resolver.source(first, last)
        if found.person is not None:
            resolver.note_speaker(low, found.person)
        else:
            resolver.note_unnamed_speaker(first, last)
    # Settling the sentences has asked for the offices already: what that decided would answer for the step.
    resolver.discourse.main_offices.clear()
    for entity in resolver.people.entities:
        entity.meant.clear()
    return resolver


def query_of(row, resolver):
    """What a row asks, as its step is asked it."""
    _, low, high = marked(row)
    discourse, layout = resolver.discourse, resolver.layout
    sentence = layout.sentence_at(low)
    text = layout.text[low:high]
    if row.question == "offices":
        return Office(asked(text), low, sentence)
    if row.question in ("words", "names", "phrases"):
        return Phrase(layout.token_from(low), layout.token_from(high - 1), text, low, sentence)
    word = text.lower()

    def again(elsewhere):
        return discourse.antecedent(word, sentence, elsewhere)

    pronoun = Pronoun(word, "m" if word == "he" else "f", sentence, low, True, again)
    if row.question != "lookback":
        return pronoun
    back = sentence - row.back
    begin, end = layout.sentences[back]
    apart = layout.paragraph_at(low) - layout.paragraph_at(begin)
    return Lookback(pronoun, row.back, apart, back, begin, end)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.step}-{row.person}")
def test_a_step_answers_what_is_its_own_and_leaves_the_rest(row):
    resolver = resolver_of(row)
    (step,) = [step for step in getattr(STEPS, row.question) if step.name == row.step]
    found = step.ask(resolver.discourse, query_of(row, resolver))
    if row.person is LEFT:
        assert found is None
    elif row.person == NOBODY:
        assert found is not None
        assert found.person is None
    else:
        assert found is not None
        assert resolver.people.entities[found.person].name == row.person


def test_every_step_has_a_row_it_answers_and_says_why_it_stands_where_it_does():
    listed = {(question, step.name) for question, steps in STEPS._asdict().items() for step in steps}
    assert {(row.question, row.step) for row in ROWS if row.person is not LEFT} == listed
    assert all(step.why for steps in STEPS for step in steps)


STATE = (
    "subjects",
    "certainty",
    "opened",
    "unnamed_speakers",
    "speakers",
    "writers",
    "pronouns",
    "main_offices",
)


def state_of(discourse):
    """Everything of a discourse that a step may change, by name; what only saves work is left out."""
    found = {name: copy.copy(getattr(discourse, name)) for name in STATE}
    return found | {"meant": [list(entity.meant) for entity in discourse.people.entities]}


class Watch:
    """Wraps steps so that each is held to what it declares, the changes of steps it asks in turn aside."""

    def __init__(self):
        self.before = []
        self.undeclared = set()

    def __call__(self, step):
        def ask(discourse, query):
            self.before.append(state_of(discourse))
            found = step.ask(discourse, query)
            before, after = self.before.pop(), state_of(discourse)
            self.undeclared |= {
                f"{step.name}: {name}"
                for name in after
                if after[name] != before[name] and name not in step.writes
            }
            if self.before:
                self.before[-1] = after  # what this step changed is not its asker's doing
            return found

        return step._replace(ask=ask)


def test_no_step_changes_more_of_the_discourse_than_it_declares():
    watch = Watch()
    steps = Steps(*([watch(step) for step in steps] for steps in STEPS))
    for row in ROWS:
        resolver = resolver_of(row, steps)
        text, low, high = marked(row)
        resolver.source(resolver.layout.token_from(low), resolver.layout.token_from(high - 1))
    for case in load_all():
        layout = Layout(case.text)
        resolver = Resolver(layout, People(layout, ()), steps)
        for start in [*resolver.people.starts]:
            resolver.source(layout.token_from(start), layout.token_from(start))
    assert watch.undeclared == set()


def test_a_list_of_steps_can_be_exchanged():
    (row,) = [row for row in ROWS if row.step == "called_so" and row.person]
    text, low, high = marked(row)
    for steps, person in ((STEPS, "Ann Tarrant"), (STEPS._replace(offices=()), None)):
        resolver = resolver_of(row, steps)
        found = resolver.source(resolver.layout.token_from(low), resolver.layout.token_from(high - 1))
        assert (None if found.person is None else resolver.people.entities[found.person].name) == person
