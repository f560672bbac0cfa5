"""anchors: an anchor ends on its own words, at the place they went to, or says that it does not know."""

import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from stories.text.anchors import CONTEXT, Found, Selector, find, make

STORY = (
    "The minister for bridges said the plan was “very, very late” and asked for patience.\n\n"
    "Her deputy, Ola Brandt, told the Harbour Post that it was “very late” but not lost. "
    "“We shall build it,” she said.\n\n"
    "“We shall build it,” the minister repeated in the evening, after the vote had gone against her."
)


def anchor(text: str, words: str, nth: int = 0) -> Selector:
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return make(text, at, at + len(words))


def where(found: Found, text: str) -> tuple[str, str | None]:
    return found.state, None if found.start is None else text[found.start : found.end]


# Known cases


def test_a_selector_holds_the_words_and_what_stands_around_them() -> None:
    selector = anchor(STORY, "We shall build it", 1)
    assert selector.exact == STORY[selector.start : selector.end] == "We shall build it"
    assert selector.prefix == STORY[selector.start - CONTEXT : selector.start]
    assert STORY[selector.end :].startswith(selector.suffix)
    assert make("abc", 0, 3) == Selector("abc", "", "", 0, 3)


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (1, 1), (2, 1), (0, 4)])
def test_nothing_cannot_be_selected(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="selects nothing"):
        make("abc", start, end)


@pytest.mark.parametrize("old", [STORY, None])
def test_the_same_text_keeps_every_anchor(old: str | None) -> None:
    for match in re.finditer(r"\w+", STORY):
        selector = make(STORY, *match.span())
        assert find(STORY, selector, old_text=old) == Found("kept", *match.span())


@pytest.mark.parametrize("nth", [0, 1])
def test_words_said_twice_move_with_their_own_paragraph(nth: int) -> None:
    first, second, third = STORY.split("\n\n")
    new = "\n\n".join([third, first, second])
    words = "We shall build it"
    found = find(new, anchor(STORY, words, nth), old_text=STORY)
    expected = anchor(new, words, 1 - nth)
    assert found == Found("moved", expected.start, expected.end)


def test_the_other_place_is_no_substitute_when_the_words_are_deleted() -> None:
    _, second, third = STORY.split("\n\n")
    without = STORY.replace("\n\n" + third, "")
    found = find(without, anchor(STORY, "We shall build it", 1), old_text=STORY)
    assert found.state == "lost"
    other = anchor(without, "We shall build it")
    assert found.candidates == ((other.start, other.end),)


def test_a_passage_pasted_twice_side_by_side_is_ambiguous() -> None:
    third = STORY.split("\n\n")[2]
    new = STORY + "\n\n" + third
    found = find(new, anchor(STORY, "We shall build it", 1), old_text=STORY)
    assert (found.state, found.start) == ("ambiguous", None)
    assert {new[start:end] for start, end in found.candidates} == {"We shall build it"}
    assert len(found.candidates) == 3


def test_which_of_several_repetitions_is_new_is_ambiguous_even_when_the_end_was_edited_too() -> None:
    passage = "The quay was late by four weeks."
    old = f"An opening.\n\n{passage}\n\n{passage}"
    new = f"{old}\n\n{passage}\n\nThe"
    assert find(new, anchor(old, passage, 1), old_text=old).state == "ambiguous"


def test_a_copy_pasted_far_away_leaves_the_anchor_where_it_was() -> None:
    first = STORY.split("\n\n")[0]
    selector = anchor(STORY, "very, very late")
    assert find(STORY + "\n\n" + first, selector, old_text=STORY).state == "kept"
    found = find("An opening line.\n\n" + STORY + "\n\n" + first, selector, old_text=STORY)
    assert found == Found("moved", selector.start + 18, selector.end + 18)


def test_rewriting_one_side_of_the_words_moves_the_anchor() -> None:
    new = STORY.replace(
        "Her deputy, Ola Brandt, told the Harbour Post that it was", "Ola Brandt, her deputy, found it"
    )
    found = find(new, anchor(STORY, "very late", 1), old_text=STORY)
    assert where(found, new) == ("moved", "very late")
    assert found.start == new.index("“very late”") + 1


def test_few_words_rewritten_around_on_both_sides_are_asked_about() -> None:
    new = STORY.replace("told the Harbour Post that it was “very late” but", "found it “very late”, though")
    found = find(new, anchor(STORY, "very late", 1), old_text=STORY)
    assert found.state == "ambiguous"
    assert new.index("“very late”") + 1 in {start for start, _ in found.candidates}


@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        ("He said “it's late” today.", "it's late", "He said 'it’s late' today."),
        (
            "He said it was late -- very late... today.",
            "late -- very late...",
            "He said it was late – very late… today.",
        ),
        ("A long  wait, he said.", "long  wait", "A long wait, he said."),
        ("The words ran on and on.", "words ran on", "The words\n\nran on and on."),
        ("A caf\u00e9 in Brno.", "caf\u00e9 in", "A cafe\u0301 in Brno."),
        ("So co\u00adoperate now.", "cooperate", "So cooperate now."),
    ],
)
def test_marks_typed_anew_move_the_anchor_to_the_new_marks(before: str, words: str, after: str) -> None:
    if words not in before:
        words, before, after = "co\u00adoperate", before, after
    found = find(after, anchor(before, words), old_text=before)
    assert found.state == "moved"
    new = after[found.start : found.end]
    assert new != words
    assert re.findall(r"\w", new.replace("\u0301", "")) == re.findall(r"\w", words.replace("\u00e9", "e"))


@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        ("She said no to it.", "no", "She said nothing to it."),
        ("She said no to it.", "no", "She said yes to it."),
        ("It cost 2 million in all.", "2 million", "It cost 1.2 million in all."),
        ("It cost 2 million in all.", "2 million", "It cost £2 million in all."),
        ("It cost £2 million.", "2 million", "It cost $2 million."),
        ("He backed Labour today.", "Labour", "He backed Labour's rival today."),
        ("He is a Labour man.", "Labour", "He is an anti-Labour man."),
        ("We will run.", "We will run", "We will rerun."),
        ("We will run", "We will run", "We will runoff"),
        ("I do agree.", "I do", "I don't agree."),
        ("A cafe there.", "cafe", "A cafe\u0301 there."),
    ],
)
def test_words_with_a_letter_more_or_less_are_other_words(before: str, words: str, after: str) -> None:
    assert find(after, anchor(before, words), old_text=before).state == "lost"
    assert find(after, anchor(before, words)).state == "lost"


def test_without_the_old_text_the_selectors_own_context_decides() -> None:
    words = "We shall build it"
    new = "One more line.\n\n" + STORY
    for nth in (0, 1):
        expected = anchor(new, words, nth)
        assert find(new, anchor(STORY, words, nth)) == Found("moved", expected.start, expected.end)
    twice = "We shall build it. We shall build it."
    assert find(twice, Selector(words, "Nothing of the kind: ", " and so on", 200, 217)).state == "ambiguous"


def test_a_few_words_found_once_in_other_surroundings_are_not_taken() -> None:
    old = "The bridge was very late, and the town knew. Nothing came of it in the end."
    new = "Nothing came of it in the end. Trains in the north are often very late."
    found = find(new, anchor(old, "very late"), old_text=old)
    assert found.state == "ambiguous"
    assert [new[start:end] for start, end in found.candidates] == ["very late"]


def test_a_selector_that_does_not_fit_the_old_text_is_judged_without_it() -> None:
    assert find(STORY, anchor(STORY, "very late", 1), old_text="Something else.").state == "kept"


ADA = "Ada Lowther said: “we will hold the wall until spring”."
BOB = "Bob Marsh said: “we will hold the wall until spring”."
SHE = "“We will hold the wall until spring,” she said."
BETWEEN = "The council talked about other things for an hour."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([ADA, BETWEEN], [ADA.replace("spring", "summer"), BETWEEN, BOB]),
        ([ADA, BETWEEN], [ADA.replace("spring", "summer"), BOB, BETWEEN]),
        ([ADA, BETWEEN], [BOB, ADA.replace("spring", "summer"), BETWEEN]),
        ([ADA, BETWEEN], ["Ada Lowther told us: “we will hold the wall until summer”.", BETWEEN, BOB]),
        ([ADA, BETWEEN], ["Ada Lowther said: “no comment”.", BETWEEN, BOB]),
        ([ADA, BETWEEN], ["Ada Lowther said nothing.", BETWEEN, BOB]),
        ([ADA, BETWEEN], [BETWEEN, BOB]),
        ([BETWEEN, ADA, BETWEEN], [BETWEEN, ADA.replace("spring", "summer"), BETWEEN, ADA]),
        ([BETWEEN, SHE, BETWEEN], [BETWEEN, SHE.replace("spring", "summer"), BETWEEN, SHE]),
    ],
)
def test_words_altered_where_they_stood_are_not_found_elsewhere(old: list[str], new: list[str]) -> None:
    before, after = "\n\n".join(old), "\n\n".join(new)
    words = "e will hold the wall until spring"
    at = before.index(words) - 1
    found = find(after, make(before, at, at + len(words) + 1), old_text=before)
    assert found.state in ("ambiguous", "lost")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([ADA, BETWEEN, "They left."], [BETWEEN, "They left.", ADA]),
        ([ADA, BETWEEN], ["On Monday " + ADA.replace("said", "told them"), BETWEEN]),
        (
            [BETWEEN, ADA, "It was late."],
            [BETWEEN, "And she said: “we will hold the wall until spring”.", "It was late."],
        ),
    ],
)
def test_words_that_moved_with_their_sentence_are_followed(old: list[str], new: list[str]) -> None:
    before, after = "\n\n".join(old), "\n\n".join(new)
    words = "we will hold the wall until spring"
    assert where(find(after, anchor(before, words), old_text=before), after) == ("moved", words)


@pytest.mark.parametrize(
    ("said", "now"),
    [
        ("the harbour wall is safe", "The harbour wall is safe"),
        ("the harbour wall is safe", "the Harbour Wall, is safe"),
        ("the harbour wall is safe", "[the] harbour wall is safe"),
        ("the harbour wall is safe", "the harbour wall (is) safe"),
        ("the harbour wall, she knew, is safe", "the harbour wall she knew is safe"),
        ("the harbour wall is safe.", "the harbour wall is safe,"),
    ],
)
def test_other_capitals_commas_and_brackets_are_the_same_words(said: str, now: str) -> None:
    old = f"It rained.\n\nTove Hollin said: “{said}” then.\n\nThey left."
    new = f"It snowed.\n\nTove Hollin said: “{now}” then.\n\nThey left."
    state, words = where(find(new, anchor(old, said), old_text=old), new)
    assert (state, (words or "").rstrip(",")) == ("moved", now.rstrip(","))


@pytest.mark.parametrize(
    ("said", "now"),
    [
        ("1.5 million", "15 million"),
        ("we're late", "were late"),
        ("re-sign it", "resign it"),
        ("Go now", "Go not"),
    ],
)
def test_marks_that_make_other_words_are_no_mere_marks(said: str, now: str) -> None:
    old, new = (f"Tove Hollin said: “{words}” then. They left." for words in (said, now))
    assert find(new, anchor(old, said), old_text=old).state == "lost"


# Thousands of edits, against an oracle that follows every character


@dataclass
class Copy:
    """A text whose every character knows which character it is, and which it was copied from."""

    characters: str
    ids: list[int]
    origins: list[int]

    def cut(self, start: int, end: int) -> "Copy":
        return Copy(self.characters[start:end], self.ids[start:end], self.origins[start:end])

    def put(self, at: int, other: "Copy") -> "Copy":
        return Copy(
            self.characters[:at] + other.characters + self.characters[at:],
            self.ids[:at] + other.ids + self.ids[at:],
            self.origins[:at] + other.origins + self.origins[at:],
        )

    def without(self, start: int, end: int) -> "Copy":
        return Copy(
            self.characters[:start] + self.characters[end:],
            self.ids[:start] + self.ids[end:],
            self.origins[:start] + self.origins[end:],
        )


class Editor:
    """Makes random stories of few words, so that everything is said twice, and edits them at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.next_id = 0
        letters = "abcdeilmnorstu"
        count = self.random.choice([12, 40, 400])
        self.words = [
            "".join(self.random.choices(letters, k=self.random.randint(2, 7))) for _ in range(count)
        ]

    def new(self, text: str, origins: list[int] | None = None) -> Copy:
        ids = list(range(self.next_id, self.next_id + len(text)))
        self.next_id += len(text)
        return Copy(text, ids, ids if origins is None else origins)

    def sentence(self) -> str:
        words = self.random.choices(self.words, k=self.random.randint(3, 14))
        if self.random.random() < 0.5:
            at = self.random.randrange(len(words))
            words[at] = f'"{words[at]}'
            words[-1] += '"'
        return " ".join(words).capitalize() + "."

    def story(self) -> Copy:
        paragraphs = [
            " ".join(self.sentence() for _ in range(self.random.randint(1, 3)))
            for _ in range(self.random.randint(2, 6))
        ]
        if self.random.random() < 0.3:
            paragraphs.append(self.random.choice(paragraphs))
        return self.new("\n\n".join(paragraphs))

    def span(self, text: str, longest: int) -> tuple[int, int]:
        """Some words of the text."""
        words = [match.span() for match in re.finditer(r"\S+", text)]
        first = self.random.randrange(len(words))
        last = min(len(words) - 1, first + self.random.randrange(longest))
        return words[first][0], words[last][1]

    def edit(self, copy: Copy, words: str, ids: list[int], origins: list[int]) -> Copy:
        """`copy` after one act; `words` are an anchor's, which may be typed elsewhere."""
        text = copy.characters
        if not text.strip():
            return self.story()
        act = self.random.choice(
            ["insert", "insert", "delete", "delete", "move", "move words", "double", "double beside"]
            + ["double paragraph", "marks", "quote", "lookalike", "break", "letter", "replace"]
        )
        start, end = self.span(text, 12)
        place = self.span(text, 1)[0]
        if act == "insert":
            return copy.put(place, self.new(" ".join(self.random.choices(self.words, k=3)) + " "))
        if act == "delete":
            return copy.without(start, min(len(text), end + 1))
        if act == "replace":
            return copy.without(start, end).put(start, self.new(self.random.choice(self.words)))
        if act == "move words":
            moved, rest = copy.cut(start, end), copy.without(start, end)
            return rest.put(min(place, len(rest.characters)), moved)
        if act in {"move", "double paragraph"}:
            return self.paragraph(copy, keep=act == "double paragraph")
        if act in {"double", "double beside"}:
            at = start if act == "double beside" else place
            return copy.put(at, self.new(" ")).put(at, self.new(text[start:end], copy.origins[start:end]))
        if act == "marks":
            table = self.random.choice([{'"': "”", "'": "’"}, {"”": '"'}, {'"': "'"}])
            text = "".join(table.get(character, character) for character in text)
            return Copy(text, copy.ids, copy.origins)
        if act == "quote":
            return copy.put(end, self.new("”")).put(start, self.new("“"))
        if act == "lookalike":
            # Not inside the anchor: "a b" turned into "a [a b] b" is as well "[a] a b [b]".
            inside = place > 0 and copy.ids[place - 1] in ids and copy.ids[place] in ids
            if inside:
                return copy
            # Nobody types a long passage again: it was pasted.
            pasted = self.new(words, origins if len(words) >= 24 else None)
            return copy.put(place, self.new(" ")).put(place, pasted)
        if act == "break":
            space = text.find(" ", place)
            return copy if space < 0 else copy.without(space, space + 1).put(space, self.new("\n\n"))
        return copy.put(self.random.randint(start, end), self.new(self.random.choice("sx'")))

    def paragraph(self, copy: Copy, keep: bool) -> Copy:
        """Move a paragraph to another place, or put a copy of it there."""
        spans = [match.span() for match in re.finditer(r"[^\n]+(\n\n|$)", copy.characters)]
        start, end = self.random.choice(spans)
        passage = copy.cut(start, end)
        if not passage.characters.endswith("\n\n"):
            passage = passage.put(len(passage.characters), self.new("\n\n"))
        rest = copy
        if keep:
            passage = self.new(passage.characters, passage.origins)
        else:
            rest = copy.without(start, end)
        places = [0] + [match.end() for match in re.finditer(r"\n\n", rest.characters)]
        return rest.put(self.random.choice(places), passage)


def letters(text: str, ids: list[int], start: int, end: int) -> list[int]:
    return [ids[at] for at in range(start, end) if text[at].isalnum()]


def plain(words: str) -> str:
    return re.sub(r"\s+", " ", re.sub('[“”‘’"]', "'", words))


@pytest.mark.parametrize("acts", [1, 3])
@pytest.mark.parametrize("part", range(4))
def test_an_anchor_ends_on_its_own_words_or_is_reported(part: int, acts: int) -> None:
    """`acts` edits a save, five saves a story, 600 stories: wherever the anchor ends, they are its letters.

    Some things no text tells: whether a passage changed places with its double between the same neighbours;
    whether a passage was moved or copied and the first spoilt; whether words stayed or were typed again
    beside the neighbours they had. There, and nowhere else, an anchor may end on such a copy of itself.
    """
    tally: Counter[str] = Counter()
    for seed in range(part * 600, part * 600 + 600):
        editor = Editor(seed)
        copy = editor.story()
        start, end = editor.span(copy.characters, 9)
        own = letters(copy.characters, copy.ids, start, end)
        for _ in range(5):
            selector = make(copy.characters, start, end)
            origins = letters(copy.characters, copy.origins, start, end)
            new = copy
            for _ in range(acts):
                new = editor.edit(new, selector.exact, copy.ids[start:end], copy.origins[start:end])
            found = find(new.characters, selector, old_text=copy.characters)
            intact = _intact(copy, new, start, end)
            tally[f"{found.state}, {'intact' if intact else 'touched'}"] += 1
            if found.start is None or found.end is None:
                assert found.state in {"ambiguous", "lost"}
                assert bool(found.candidates) >= (found.state == "ambiguous")
                break
            assert plain(new.characters[found.start : found.end]) == plain(selector.exact), seed
            ended = letters(new.characters, new.ids, found.start, found.end)
            # "a b" turned into "a b b": whether the last "b" is new or the one before it, no text tells.
            slid = any(one == other for one, other in zip(ended, own, strict=True))
            if ended != own and not slid:
                copied = letters(new.characters, new.origins, found.start, found.end)
                pasted = sum(map(int.__eq__, copied, origins)) > len(own) / 2 and (acts > 1 or not intact)
                now = make(new.characters, found.start, found.end)
                same = _same_neighbours(now, selector, both=intact and acts == 1)
                assert pasted or same, (seed, selector, found, copy.characters, new.characters)
                break
            own = ended
            copy, start, end = new, found.start, found.end
    untouched = sum(count for name, count in tally.items() if name.endswith("intact"))
    held = tally["kept, intact"] + tally["moved, intact"]
    assert held > (0.9 if acts == 1 else 0.8) * untouched, tally


def _same_neighbours(one: Selector, other: Selector, both: bool) -> bool:
    before = plain(one.prefix)[-16:] == plain(other.prefix)[-16:]
    after = plain(one.suffix).rstrip()[:16] == plain(other.suffix).rstrip()[:16]
    return before and after if both else before or after


def _intact(old: Copy, new: Copy, start: int, end: int) -> bool:
    """Whether the anchor's characters still stand together, unchanged."""
    if old.ids[start] not in new.ids:
        return False
    at = new.ids.index(old.ids[start])
    return (
        new.ids[at : at + end - start] == old.ids[start:end]
        and new.characters[at : at + end - start] == old.characters[start:end]
    )


# Work


def calls(work: Callable[[], object]) -> int:
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", ["aaaa", "the same words ", '"', "a b ", "naïve café “x” ", "1.2.3,4-5'6"])
def test_work_grows_with_the_length_and_no_faster(unit: str) -> None:
    def work(times: int) -> int:
        old = "Start. " + unit * times + " Our very own words here. " + unit * times
        new = unit + " " + unit * times + " Our very own words here, too. " + unit * times + "End."
        selectors = [anchor(old, "Our very own words"), anchor(old, unit * 3), anchor(old, unit, times // 2)]
        return calls(lambda: [find(new, selector, old_text=old) for selector in selectors])

    assert work(2000) < 2.3 * work(1000) + 200
