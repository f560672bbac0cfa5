"""Plain copy that came through a PDF or a mailer: its pages, parted words, quoting and end marks are mended.

What is changed by a guess, or left out, is told in a remark.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from stories.importing.faulty import shortened

__all__ = ["is_end_mark", "mend"]

PAGE = "\x0c"  # the end of a page, as PDF viewers and word processors copy it

# Pages

_NUMBER = re.compile(r"\d{1,4}")
_PAGE_NUMBER = re.compile(
    r"[-–—\[(|• ]*(?:(?:page|p\.?|pg\.?) ?)?(\d{1,4})(?: ?(?:of|/) ?\d{1,4})?[-–—\])|• ]*", re.I
)
_LONGEST_HEADER = 100  # characters
_DEEPEST_HEADER = 3  # lines at the head and the foot of a page
_STOP = re.compile(r"""[.!?:…]["'”’»)\]]*$""")


def _without_pages(text: str) -> tuple[str, list[str]]:
    """The text without its pages' headers, footers and numbers; a sentence goes on over a page's end."""
    pages = [page.strip("\n").split("\n") for page in text.split(PAGE)]
    furniture = _at_the_edges(pages) if len(pages) > 1 else [_by_their_numbers(pages[0])]
    first = next((number for number, line in enumerate(pages[0]) if line.strip()), 0)
    if not _PAGE_NUMBER.fullmatch(pages[0][first].strip()):
        furniture[0].discard(first)  # what stands over every page may be the headline
    gone, kept = [], []
    for page, lost in zip(pages, furniture, strict=True):
        gone += [page[number].strip() for number in sorted(lost)]
        kept.append([line for number, line in enumerate(page) if number not in lost])
    if len(pages) == 1 and not gone:
        return text, []
    whole = _joined(kept) if len(pages) > 1 else _closed_up(pages[0], furniture[0])
    return "\n".join(whole), [_remark(gone)] if gone else []


def _remark(gone: Sequence[str]) -> str:
    lines = "1 line" if len(gone) == 1 else f"{len(gone)} lines"
    example = max(gone, key=len)
    return f"{lines} of page headers and numbers left out, such as “{shortened(example)}”."


def _folded(line: str) -> str:
    """A line as its like on another page: figures do not count."""
    return _NUMBER.sub("#", " ".join(line.split())).casefold()


def _at_the_edges(pages: Sequence[Sequence[str]]) -> list[set[int]]:
    """For each page its number, and the lines at its edges that other pages have there too."""
    edges = [_edges(page) for page in pages]
    edges[0][0][:1] = []  # the headline
    often: Counter[str] = Counter()
    for page, (head, foot) in zip(pages, edges, strict=True):
        often.update({_folded(page[number]) for number in (*head, *foot)})
    enough = max(2, len(pages) // 3)

    def furniture(page: Sequence[str], numbers: Sequence[int]) -> Iterator[int]:
        for number in numbers:
            line = page[number]
            again = often[_folded(line)] >= enough and not _ends_a_sentence(line)
            if not again and not _PAGE_NUMBER.fullmatch(line.strip()):
                return
            yield number

    return [
        {*furniture(page, head), *furniture(page, foot)}
        for page, (head, foot) in zip(pages, edges, strict=True)
    ]


def _edges(page: Sequence[str]) -> tuple[list[int], list[int]]:
    """The numbers of a page's first lines, and of its last ones from the foot up, that are short."""
    filled = [number for number, line in enumerate(page) if line.strip()]
    head, foot = filled[:_DEEPEST_HEADER], filled[: -_DEEPEST_HEADER - 1 : -1]
    return _short(page, head), _short(page, foot)


def _short(page: Sequence[str], numbers: Sequence[int]) -> list[int]:
    return [number for number in numbers if len(page[number].strip()) <= _LONGEST_HEADER]


def _ends_a_sentence(line: str) -> bool:
    return bool(_STOP.search(line.strip())) and len(line.split()) > 3


def _by_their_numbers(lines: Sequence[str]) -> set[int]:
    """Lines that are alike but for a number that grows by one, and what stands beside each of them alike.

    Viewers that copy no page ends leave nothing else to tell a header by: a line that only stands there
    often may be a speaker's name.
    """
    alike: dict[str, list[int]] = {}
    places: dict[str, list[int]] = {}  # of each line, however it is spaced
    for number, line in enumerate(lines):
        places.setdefault(" ".join(line.split()), []).append(number)
        bare = line.strip()
        if bare and len(bare) <= _LONGEST_HEADER and _NUMBER.search(bare) and not _ends_a_sentence(bare):
            alike.setdefault(_folded(bare), []).append(number)
    gone: set[int] = set()
    for fold, numbers in alike.items():
        bare_number = bool(_PAGE_NUMBER.fullmatch(lines[numbers[0]].strip()))
        if len(numbers) >= (2 if bare_number and fold != "#" else 3) and _count_up(lines, numbers):
            gone.update(numbers)
            if bare_number:
                gone.update(_beside(lines, numbers, places))
    return gone


def _count_up(lines: Sequence[str], numbers: Sequence[int]) -> bool:
    """Whether one of the lines' numbers is one more from each to the next."""
    rows = [[int(found) for found in _NUMBER.findall(lines[number])] for number in numbers]
    if len({len(row) for row in rows}) != 1:
        return False
    columns = zip(*rows, strict=True)
    return any(all(b - a == 1 for a, b in itertools.pairwise(column)) for column in columns)


def _beside(lines: Sequence[str], numbers: Sequence[int], places: Mapping[str, list[int]]) -> set[int]:
    """The lines just before or after each page number that are the same every time."""
    found: set[int] = set()
    for step in (-1, 1):
        near = [place for number in numbers if (place := _next_filled(lines, number, step)) is not None]
        often = Counter(" ".join(lines[place].split()) for place in near)
        same, many = often.most_common(1)[0] if often else ("", 0)
        if many >= max(2, len(numbers) - 1) and not _ends_a_sentence(same):
            everywhere = places[same]
            found.update(everywhere if len(everywhere) <= len(numbers) else set(near) & set(everywhere))
    return found


def _next_filled(lines: Sequence[str], number: int, step: int) -> int | None:
    others = range(number + step, len(lines) if step > 0 else -1, step)
    return next((place for place in others if lines[place].strip()), None)


def _joined(pages: Sequence[Sequence[str]]) -> list[str]:
    """Pages as one text: a paragraph goes on where a page stopped in mid-sentence."""
    lines: list[str] = []
    for page in pages:
        words = list(page)
        while words and not words[0].strip():
            words.pop(0)
        while lines and not lines[-1].strip():
            lines.pop()
        if lines and words and not _goes_over(lines[-1], words[0]):
            lines.append("")
        lines += words
    return lines


def _closed_up(lines: Sequence[str], gone: set[int]) -> list[str]:
    """The lines without those that are gone, nor the empty ones around them where a sentence goes on."""
    kept: list[str] = []
    cut = False
    for number, line in enumerate(lines):
        if number in gone:
            cut = True
        elif line.strip() or not cut:
            if cut and line.strip():
                kept = _joined([kept, [line]])
            else:
                kept.append(line)
            cut = cut and not line.strip()
    return kept


def _goes_over(last: str, first: str) -> bool:
    first = first.strip()
    return not _STOP.search(last.strip()) and (first[:1].islower() or last.rstrip().endswith(("-", ",", ";")))


# Words parted at a line's end

_PARTED = re.compile(
    r"(?<![\w-])(?P<first>(?:\w+-)*[^\W\d_]{2,})-[ \t]*\n[ \t]*(?P<second>[^\W\d_]+)(?P<more>-\w)?"
)
# With these a hyphen at a line's end is the word's own.
_BEFORE = frozenset(
    "all anti by co cross eight ex far fifth five four ground half hard high ill inter left long low "
    "mid mini multi near nine non north old one over part post pre pro quasi re right second self "
    "semi seven short six so south sub ten third thirty three twenty two ultra under vice well world "
    "year".split()
)
_BEHIND = frozenset(
    "age based bench benchers called caused class controlled day driven edged elect election "
    "elections end faced fire free friendly funded general hand handed held hour in kind known law "
    "led level like line long made maker making mile minded minister minute month off old on out over "
    "owned paid party past point pound powered profile profit range reaching related run scale "
    "serving shot side sized speaking speed standing state step style term time timers to up wide "
    "wing wingers with woman word working year".split()
)


def _with_whole_words(text: str) -> tuple[str, list[str]]:
    """The text with words that a line's end parts put together; a compound keeps its hyphen."""
    if not _PARTED.search(text):
        return text, []
    words = {word.casefold() for word in re.findall(r"\w+(?:-\w+)*", _PARTED.sub(" ", text))}
    guessed: list[str] = []

    def together(found: re.Match[str]) -> str:
        first, second, more = found["first"], found["second"], found["more"] or ""
        whole, compound = f"{first}{second}", f"{first}-{second}"
        if more or whole.casefold() not in words:
            if more or _keeps_hyphen(first, second, words):
                return compound + more
            guessed.append(whole)
        return whole

    text = _PARTED.sub(together, text)
    if not guessed:
        return text, []
    few = ", ".join(dict.fromkeys(guessed[:5])) + (" and others" if len(guessed) > 5 else "")
    return text, [f"Words that were parted at a line’s end are put together: {few}."]


def _keeps_hyphen(first: str, second: str, words: set[str]) -> bool:
    one, two = first.casefold(), second.casefold()
    if not second[0].islower() or "-" in first or f"{one}-{two}" in words or two in _BEHIND:
        return True
    if first[0].isupper():  # the half of a name, or the beginning of a sentence
        return one in _BEFORE and two in words
    return one in _BEFORE or (one in words and two in words)


# Marks of mailers and typists

_QUOTING = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)
_RULE = re.compile(r"(?:[*#~=_•·–—-]\s*){2,}")
_MARKDOWN_RULE = re.compile(r"(?:#\s*){2,}")  # others underline a heading, or are a rule already
_AROUND = "-–—*#~=_()[]<>"
_ENDS = frozenset(
    {"end", "ends", "mfl", "mf", "more", "more follows", "30", "end of release", "end of statement"}
)


def is_end_mark(line: str, *, markdown: bool = False) -> bool:
    """Whether a line only marks the end of a text, of a take or of a part: "ENDS", "mfl", "# # #"."""
    bare = line.strip()
    if (_MARKDOWN_RULE if markdown else _RULE).fullmatch(bare):
        return True
    word = bare.strip(f"{_AROUND}. \t").casefold()
    if word not in _ENDS:
        return False
    # A word on a line of its own may be a subheading: capitals or marks around it say that it is none.
    marked = bare.strip(". \t") != bare.strip(f"{_AROUND}. \t")
    return word in {"mfl", "mf", "ends", "more follows"} or marked or (bare.isupper() and word != "30")


def mend(text: str, *, markdown: bool) -> tuple[str, list[str]]:
    """The text under the front matter, mended, and remarks about what was guessed or left out."""
    text, remarks = _without_pages(text)
    text = text.replace(PAGE, "\n\n")
    if not markdown:
        text = _QUOTING.sub("", text)
    lines = ["" if is_end_mark(line, markdown=markdown) else line for line in text.split("\n")]
    text, joined = _with_whole_words("\n".join(lines))
    return text, [*remarks, *joined]
