"""Describes the features of the ranker in words that an editor understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Features that tell of one thing count together.
GROUPS = {
    "place": (
        "side,stops",
        "side,gap",
        "side,stops,kind",
        "mark,side",
        "lead,side",
        "paragraph",
        "colon",
        "nearer",
        "nearer,kind",
    ),
    "kind": ("kind", "kind,unit", "long", "first", "last", "form", "form,side", "form,p", "verb"),
    "picks": ("picks", "picks,unit", "picks,p", "picks,rule"),
    "tagger": (
        *("p", "p,side,stops", "p,unit", "path,p"),
        *("order", "order,side", "top", "edges", "edge,left", "edge,right", "weakest", "weakest,kind"),
    ),
    "cue": ("cue", "cue,side", "cue,word", "saying", "saying,left", "saying,right"),
    "voice": ("passive",),
    "neighbours": (
        *("before", "after", "after,side", "by", "rank"),
        *("path", "path,kind", "then", "shape", "shape,side", "cut"),
    ),
    "turn": ("same", "turn", "turn,side", "turn,alone", "mentions", "says"),
    "opens": ("opens",),
    "inside": ("inside",),
    "own": ("own", "own,side"),
    "person": ("person", "person,unit"),
    "claimed": ("claimed", "claimed,side", "claimed,kind"),
}
GROUP = {family: group for group, families in GROUPS.items() for family in families}
PICKS = {
    "rt": "the rules and the tagger both point to it",
    "r-": "the rules point to it",
    "-t": "the tagger points to it",
}
NO_PICK = "neither the rules nor the tagger point to it"
TAGGER = {
    "0": "the tagger gives it next to no chance of being a source",
    "1": "the tagger gives it a small chance of being a source",
    "2": "the tagger gives it less than an even chance",
    "3": "the tagger gives it more than an even chance",
    "4": "the tagger is nearly sure that it is a source",
    "5": "the tagger is all but certain that it is a source",
}
SENTENCES = {"1": "a sentence", "2": "two sentences", "3": "three sentences or more"}


def group_of(feature: str) -> str:
    """The one thing a feature tells of; "other" for those that have no words."""
    return GROUP.get(feature.split(" ", 1)[0], "other")


def describe(group: str, features: Sequence[str], *, favour: bool) -> str:
    """What a group of features says for a candidate, or against it; "" when there is nothing to say.

    A group that can only be good, or only bad, is left out where its weight would show it as the other.
    """
    seen = {family: rest.split(" ") for family, _, rest in (name.partition(" ") for name in features)}
    say = SAY.get(group)
    words, tone = say(seen) if say is not None else NOTHING
    return words if tone == 0 or (tone > 0) == favour else ""


Seen = Mapping[str, Sequence[str]]
Said = tuple[str, int]  # words, and 1 when they can only be good, -1 when only bad, 0 when either
NOTHING: Said = ("", 0)


def _place(seen: Seen) -> Said:
    side, stops = (*seen.get("side,stops", ("", "")), "")[:2]
    if side == "in":
        return "stands inside the words themselves", -1
    if side == "between":
        return "stands between the two parts of the words", 1
    if side not in ("before", "after"):
        return NOTHING
    if stops in SENTENCES:
        return f"stands {SENTENCES[stops]} {side} the words", 0
    gap = seen.get("side,gap", ("", ""))[-1]
    near = "right " if gap == "0" else "just " if gap == "1" else ""
    return f"stands {near}{side} the words, in the same sentence", 0


def _kind(seen: Seen) -> Said:
    kind = seen.get("kind", ("",))[0]
    if kind == "name":
        return "is a name", 1
    if kind == "phrase":
        return "is a phrase and no name", -1
    return (f"is only “{kind}”", -1) if kind else NOTHING


def _picks(seen: Seen) -> Said:
    picks = seen.get("picks", ("---",))[0]
    said = [PICKS[picks[:2]]] if picks[:2] in PICKS else []
    said += ["the words before these are theirs"] if picks[2:] == "c" else []
    return (", and ".join(said), 1) if said else (NO_PICK, -1)


def _tagger(seen: Seen) -> Said:
    bucket = seen.get("p", ("",))[0]
    return TAGGER.get(bucket, ""), 1 if bucket in ("3", "4", "5") else -1


def _cue(seen: Seen) -> Said:
    side, gap = (*seen.get("cue", ("-", "-")), "-")[:2]
    word = seen.get("cue,word", ("-", "-"))[-1]
    if side not in ("<", ">") or not word[:1].isalpha():
        return "no reporting verb is near it", -1
    near = "right " if gap == "0" else ""
    return f"“{word}” stands {near}{'after' if side == '>' else 'before'} it", 0


def _voice(seen: Seen) -> Said:
    if seen.get("passive", ("-",))[0] in ("no", "-"):
        return NOTHING
    return "the verb is in the passive: it may be spoken of and not speaking", -1


def _neighbours(seen: Seen) -> Said:
    before, after = seen.get("before", ("^",))[0], seen.get("after", ("$",))[0]
    sides = [f"after “{before}”"] if before[:1].isalnum() else []
    sides += [f"before “{after}”"] if after[:1].isalnum() else []
    return (f"stands {' and '.join(sides)}", 0) if sides else NOTHING


def _turn(seen: Seen) -> Said:
    return {
        "it": ("the words before these are theirs", 0),
        "name": ("the words before these are of the same name", 0),
        "no": ("the words before these are somebody else’s", 0),
    }.get(seen.get("same", ("-",))[0], NOTHING)


def _opens(seen: Seen) -> Said:
    opens = seen.get("opens", ("",))[0] == "yes"
    return ("opens its sentence", 1) if opens else ("does not open its sentence", -1)


def _inside(seen: Seen) -> Said:
    return ("stands between quotation marks", -1) if seen.get("inside", ("",))[0] == "True" else NOTHING


def _own(seen: Seen) -> Said:
    return ("is spoken of in these very words", 0) if seen.get("own", ("",))[0] == "1" else NOTHING


def _person(seen: Seen) -> Said:
    spoken = {"i": "the speaker says “I”", "we": "the speaker says “we”"}
    return spoken.get(seen.get("person", ("",))[0], "the speaker says neither “I” nor “we”"), 0


def _claimed(seen: Seen) -> Said:
    claimed = seen.get("claimed", ("",))[0]
    if claimed in ("-", "", "="):
        return NOTHING
    if "=" in claimed:
        return "is taken for who said these words, and others too", 0
    return "is taken for who said other words", -1


SAY = {
    "place": _place,
    "kind": _kind,
    "picks": _picks,
    "tagger": _tagger,
    "cue": _cue,
    "voice": _voice,
    "neighbours": _neighbours,
    "turn": _turn,
    "opens": _opens,
    "inside": _inside,
    "own": _own,
    "person": _person,
    "claimed": _claimed,
}
