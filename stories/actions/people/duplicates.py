"""Records that may be one person, and topics that may be one: suggested, never decided."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from django.core.cache import cache
from rapidfuzz import fuzz
from taggit.models import Tag

from stories.models import DistinctPair, OtherName, Politician
from stories.models.topics import fold as fold_topic
from stories.text.normalise import likeness_key

NEAR = 88  # per cent: a slip of the pen, not another name
PEOPLE, TOPICS = "desk.lookalikes", "desk.lookalikes.topics"  # where their numbers are remembered
REMEMBERED = 300  # seconds
CROWD = 40  # people of one family name compared with each other at most


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records' numbers, the older first, and why they look alike."""

    first: int
    second: int
    why: str


def people() -> list[Pair]:
    """Pairs of current records that may be one person, without those said to be two. Three queries."""
    names = _names()
    apart = set(DistinctPair.objects.values_list("first", "second"))
    found: dict[tuple[int, int], str] = {}
    for group in _groups(names):
        for one, two in combinations(sorted(group)[:CROWD], 2):
            if (one, two) not in apart and (one, two) not in found and (why := _why(names[one], names[two])):
                found[one, two] = why
    return [Pair(one, two, why) for (one, two), why in sorted(found.items())]


def number() -> int:
    """How many pairs `people` has. Comparing everybody takes a moment: done anew every few minutes."""
    return _remembered(PEOPLE, people)


def forget_number() -> None:
    """Two became one, or one two: count anew."""
    cache.delete(PEOPLE)


def topics() -> list[tuple[Tag, Tag]]:
    """Pairs of tags whose names differ in little: a plural, a hyphen, a slip of the pen. One query."""
    groups: dict[str, list[Tag]] = defaultdict(list)
    for tag in Tag.objects.order_by("name"):
        groups["".join(part.removesuffix("s") for part in fold_topic(tag.name).split())].append(tag)
    pairs = [pair for tags in groups.values() for pair in combinations(tags, 2)]
    keys = sorted(key for key in groups if len(key) > 5)
    for one, two in pairwise(keys):
        if fuzz.ratio(one, two) >= 93:
            pairs.append((groups[one][0], groups[two][0]))
    return pairs


def number_of_topics() -> int:
    """How many pairs `topics` has; counted anew every few minutes, as those of people are."""
    return _remembered(TOPICS, topics)


def forget_number_of_topics() -> None:
    """A topic was merged or renamed: count anew."""
    cache.delete(TOPICS)


def _remembered(key: str, find: Callable[[], Sequence[object]]) -> int:
    known: int | None = cache.get(key)
    if known is None:
        known = len(find())
        cache.set(key, known, REMEMBERED)
    return known


def _names() -> dict[int, list[str]]:
    """Every name of every current record, folded; the record's own comes first."""
    names = {
        pk: [likeness_key(name)]
        for pk, name in Politician.objects.current().order_by().values_list("pk", "name")
    }
    for pk, name in OtherName.objects.order_by().values_list("politician", "name"):
        if pk in names:
            names[pk].append(likeness_key(name))
    return names


def _groups(names: dict[int, list[str]]) -> Iterator[set[int]]:
    """Records that share a family name, or a beginning of one (so that a slip of the pen is found too)."""
    groups: dict[str, set[int]] = defaultdict(set)
    for pk, known in names.items():
        for name in known:
            family = name.rpartition(" ")[2]
            groups[family].add(pk)
            groups[f"{name[:1]} {family[:3]}"].add(pk)
    return (group for group in groups.values() if len(group) > 1)


def _why(one: list[str], two: list[str]) -> str:
    if set(one) & set(two):
        return "the same name"
    for first in one:
        for second in two:
            given, _, family = first.rpartition(" ")
            other_given, _, other_family = second.rpartition(" ")
            if family == other_family and given and other_given and _fits(given, other_given):
                return "the same family name, and the given name fits"
            if (
                min(len(first), len(second)) > 6
                and fuzz.ratio(first, second) >= NEAR
                and given[:1] == other_given[:1]
            ):
                return "nearly the same name"
    return ""


def _fits(one: str, two: str) -> bool:
    """An initial and a name that begins with it, or a short form that begins the long one."""
    short, long = sorted((one.split()[0], two.split()[0]), key=len)
    return long.startswith(short)
