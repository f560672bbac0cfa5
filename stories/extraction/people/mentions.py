"""Mentions of people: runs of capitalised words told from places, bodies, papers and sentence openings."""

from __future__ import annotations

import re
from typing import NamedTuple

from stories.extraction.people.offices import ASKED, after_name, appointed, before_name, taken_over
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITAL, CAPITALISED, MARK, UPPER
from stories.extraction.text.office_words import heads
from stories.extraction.types import Span
from stories.extraction.words import per_lists, per_lists_memo, phrases, rows, table, words

LETTERS = rf"[^\W\d_]*(?:(?:[-’'](?![sS]\b)(?=[^\W\d_])|{MARK})[^\W\d_]*)*"
W = CAPITAL + LETTERS
LED = r"(?:h(?=[AEIOUÁÉÍÓÚ])|[Dd]['’](?=[^\W\d_]))"  # "Bríd Ní hÓrda", "Ann d’Orde"
LINK = r"(?:de|da|di|van|von|der|den|al|bin|ibn|la|le|ap|ab|el|du|dos)"
# A letter or title with the full stop that belongs to it, looked for backwards once a full stop is there.
DOTTED = "|".join(
    rf"(?<=\b{title}\.)"
    for title in f"{UPPER} Mr Mrs Ms Dr Sen Sens Rep Reps Gov Gen Rev Prof Col Lt Capt Sgt St Hon".split()
)
RUN = re.compile(
    rf"{CAPITAL}(?<![\w’'].){LETTERS}(?:\.(?=[ ])(?:{DOTTED}))?"
    rf"(?:[ \u00a0](?:{LINK}[ ]){{0,2}}{LED}?{W}(?:\.(?:(?<=\b{UPPER}\.)|(?<=\b[JS]r\.)))?)*"
)
OF_PLACE = re.compile(rf" of ({W})(?=\W)")
NOT_NAMES = words("notnames")
SURNAMES_TOO = words("surnames_too")
GIVEN = table("given_names")
SUFFIXES = frozenset(("Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"))
HONOURS = frozenset(("MP", "MSP", "MEP", "AM", "QC", "KC", "CBE", "OBE", "MBE"))
PEERS = frozenset(("Lord", "Lady", "Baroness", "Earl", "Viscount", "Baron"))
TITLE_OFFICES = frozenset(
    "President Senator Sen. Sens. Rep. Reps. Representative Gov. Governor Congressman Congresswoman "
    "Chancellor Councillor Cllr Mayor Judge Justice Sheriff Bishop Archbishop Cardinal Professor".split()
)


ALSO_WORDS = frozenset(
    "General Major Justice King Queen Prince Lord President Judge Mayor Chancellor Governor Senator Bishop "
    "Sister "
    "Father Baron Captain Colonel Cardinal Justices Representative Earl Princess Pope Sheriff".split()
)


@per_lists
def bodies() -> frozenset[str]:
    """Words of bodies, in whose names no person is."""
    return words("bodies")


@per_lists
def places() -> frozenset[str]:
    """Words of places."""
    return words("places")


@per_lists
def outlets() -> frozenset[str]:
    """Newspapers and broadcasters, as printed without their article."""
    return phrases("outlets")


@per_lists
def _party_words() -> frozenset[str]:
    return frozenset(word for phrase in table("parties") for word in phrase.split())


@per_lists
def titles() -> dict[str, tuple[str, bool]]:
    """Title to (gender or blank, whether a first name may follow alone)."""
    return {
        row[0]: (row[1] if len(row) > 1 else "", len(row) > 2 and row[2] == "1") for row in rows("titles")
    }


class Mention(NamedTuple):
    """One printed name. ``name`` is without title; ``role`` the office printed beside it."""

    span: Span
    title: str
    name: tuple[str, ...]
    roles: tuple[
        str, ...
    ]  # offices printed beside it; a party alone when it is the party's ("Labour's Ann Lee")
    evidence: str  # why it is taken for a person: title, given, role, pair, bare or weak
    honour: str


class Printed(NamedTuple):
    """Titles and a name as a run prints them, and from where to where in it, in characters."""

    titles: tuple[str, ...]
    title: str
    name: tuple[str, ...]
    begin: int
    end: int
    honour: str
    alone: str  # the evidence that it is a person's, no office beside it, or an empty string
    held: str  # the same with an office beside it


class Reading(NamedTuple):
    """What a run may name, wherever it stands, and what when its first word is no part of the name."""

    whole: Printed | None
    shorter: Printed | None
    doubtful: str  # that first word in lower case; blank when it is a part of the name for certain
    opens: bool  # the doubtful word is the first of the whole run


@per_lists_memo(ASKED)
def _read(run: str) -> Reading:
    """Everything about a run that does not hang on the text around it."""
    parts, first, last = _cut(run)
    if first >= last:
        return Reading(None, None, "", False)
    whole = _printed(parts, first, last)
    if last - first > 2 and parts[first] not in GIVEN and _named_behind(parts, first + 1):
        return Reading(whole, _printed(parts, first + 1, last), parts[first].lower(), first == 0)
    return Reading(whole, None, "", False)


def _printed(parts: list[str], first: int, last: int) -> Printed | None:
    """Titles and name of the words ``first`` to ``last``; ``None`` when nothing beside them makes a name."""
    begin = sum(map(len, parts[:first])) + first
    known = titles()
    title: list[str] = []
    while first < last - 1 and parts[first] in known:
        title.append(parts[first])
        first += 1
    if parts[first] in known and not title and last - first == 1:
        return None
    name = tuple(parts[first:last])
    end = begin + len(" ".join([*title, *name]))
    while name and name[-1].endswith(".") and len(name[-1]) > 2 and name[-1] not in SUFFIXES:
        name = (*name[:-1], name[-1][:-1])
        end -= 1
    printed = " ".join(title)
    alone, held = _judge(name, printed)
    if not (held or title and title[-1] in PEERS):
        return None  # a peer's place, printed behind, may make a name of it yet
    honour = parts[last] if last < len(parts) and parts[last] in HONOURS else ""
    return Printed(tuple(title), printed, name, begin, end, honour, alone, held)


def _cut(run: str) -> tuple[list[str], int, int]:
    """The words of a run, and the indexes (first, last + 1) of those that may be title and name."""
    parts = run.replace("\u00a0", " ").split(" ")
    first, last = 0, len(parts)
    known = titles()
    for i, word in enumerate(parts):
        follows = i + 1 < len(parts)
        if (
            word in NOT_NAMES
            and word not in GIVEN
            and word not in known
            and follows
            and (i == 0 or i == first)
            or word.lower().removeprefix("ex-") in heads()
            and word not in known
            and follows
            and word not in GIVEN
            or word in HONOURS
            and follows
        ):
            first = i + 1
        elif (
            i == first
            and i
            and parts[i - 1].lower() in WHERE
            and word not in GIVEN
            and _named_behind(parts, i + 1)
        ):
            first = i + 1  # "In Aldmoor Ann Lee"
        elif word == "New" and _named_behind(parts, i + 2):
            first = i + 2  # "New Yorker Ann Lee"
        elif word in bodies() and word not in GIVEN and _named_behind(parts, i + 1):
            first = i + 1  # "Harbour Committee Ann Lee": the end of an office
    while (
        first < last - 1
        and parts[first] not in GIVEN
        and (parts[first] in _party_words() or parts[first] in outlets() and parts[first + 1] in GIVEN)
    ):
        first += 1
    while last > first and (
        parts[last - 1] in HONOURS or parts[last - 1] in NOT_NAMES and parts[last - 1] not in SURNAMES_TOO
    ):
        last -= 1
    for i in range(first + 1, last):
        if parts[i] in known and i + 1 < last and parts[i - 1] not in known:
            first = i
    return parts, first, last


def _surname_too(word: str) -> bool:
    """Whether a word that is a body's, a place's or a newspaper's may be the surname of somebody named."""
    if (
        len(word) < 3
        or word.isupper()
        or word in _party_words()
        or word in NOT_NAMES
        and word not in SURNAMES_TOO
    ):
        return False
    return word in bodies() and word in SURNAMES_TOO or word in places() or word in outlets()


def _named_behind(parts: list[str], at: int) -> bool:
    """Whether a given name and a surname begin at index ``at`` of a run."""
    return at + 1 < len(parts) and parts[at] in GIVEN and parts[at + 1] not in bodies()


def _judge(name: tuple[str, ...], title: str) -> tuple[str, str]:
    """The evidence that ``name`` is a person's, without and with an office beside it, or blanks."""
    if not title and len(name) == 1 and _surname_too(name[0]):
        return "weak", "weak"
    if title:
        thing = (
            len(name) == 1 and (name[0] in bodies() or name[0] in NOT_NAMES) and name[0] not in SURNAMES_TOO
        )
        evidence = "" if thing and title.split()[-1] in ALSO_WORDS else "title"
        return evidence, evidence
    if " ".join(name) in outlets():
        return "", ""
    if name[0] == "St" and len(name) == 2:
        return "", ""
    given = name[0] in GIVEN or (len(name[0]) <= 2 and len(name) > 1)
    rest = name[1:]
    if len(name) == 1:
        if len(name[0]) > 1 and name[0].isupper():
            return "", ""
        if name[0] in NOT_NAMES or name[0] in bodies() or name[0] in places() or name[0] in _party_words():
            return "", ""
        return "bare", "bare"
    if any((word in bodies() or word in _party_words()) and word not in SURNAMES_TOO for word in rest):
        return "", ""
    if given and not (name[0] in places() and rest[-1] in SURNAMES_TOO):
        return "given", "given"
    if (
        name[0] in bodies()
        or name[0] in NOT_NAMES
        or name[0] in _party_words()
        or any(w in SURNAMES_TOO for w in name[:1])
    ):
        return "", ""
    return "" if rest[-1] in places() or name[0] in places() else "pair", "role"


def mentions(layout: Layout) -> list[Mention]:
    """Every run of capitals that could name a person, in reading order; ``bare`` ones still need proof."""
    out: list[Mention] = []
    text = layout.text
    free = 0  # where the name found last ends
    for match in RUN.finditer(text):
        reading = _read(match.group())
        if (reading.whole is None and reading.shorter is None) or match.start() < free:
            continue
        found = _mention(layout, match.start(), reading)
        if found is not None:
            out.append(found)
            free = found.span.end
    return out


def _mention(layout: Layout, start: int, reading: Reading) -> Mention | None:
    text = layout.text
    printed = reading.shorter if _led_up_to(layout, start, reading) else reading.whole
    if printed is None:
        return None
    titled, title, name, begin, end, honour, alone, held = printed
    begin, end = start + begin, start + end
    if titled and titled[-1] in PEERS:
        seat = OF_PLACE.match(text, end)
        if seat:
            name = (*name, "of", seat.group(1))
            end = seat.end(1)
            alone = held = "title"
    low, high = layout.paragraphs[layout.paragraph_at(begin)]
    definite = text[max(low, begin - 4) : begin].lower() == "the "
    if honour and not title and definite:
        return None  # "the Norbury East MP" is an office, not a name
    if (not title or titled[-1] in ALSO_WORDS) and NOT_SOMEBODY.match(text, end):
        return None
    if alone in ("bare", "weak") and definite:
        return None
    if alone == "bare" and _in_portfolio(text[max(low, begin - 60) : begin]):
        return None
    place = alone == "bare" and _behind_where(text, begin)
    roles = () if place else _roles(text, begin, end, low, high)
    if not roles and titled and titled[0] in TITLE_OFFICES:
        seat = OF_PLACE.match(text, end)
        roles = (f"{titled[0]} of {seat.group(1)}" if seat else titled[0],)
    if not roles and honour:
        roles = (honour,)
    if not roles:
        roles = _owners(text[max(low, begin - 40) : begin])
    evidence = held if roles else alone
    if evidence == "pair" and SOMEBODY.match(text, end):
        evidence = "role"
    if definite and evidence == "pair":
        return None
    if evidence in ("pair", "role") and not title and (HEADED.match(text, end) or _plain_words(layout, name)):
        return None
    if evidence == "given" and name[-1] in STREETS and name[0] not in TOWNS_FIRST:
        return None
    if not evidence:
        return None
    if (
        evidence == "bare"
        and not roles
        and begin
        and len(name) == 1
        and name[0].lower() in COMMON
        and _opens(layout, begin)
    ):
        return None
    return Mention(Span(begin, end), title, name, roles, evidence, honour)


def _led_up_to(layout: Layout, start: int, reading: Reading) -> bool:
    """Whether a run's doubtful first word is no part of the name, as the text around it shows.

    "… for ports and Harbours Ann Lee"; "in Aldmoor Ann Lee"; "Pastor Ann Lee" where pastors are spoken of.
    """
    if not reading.doubtful:
        return False
    joined = layout.text.endswith((" and ", " & "), max(0, start - 5), start)
    return reading.opens and (joined or _behind_where(layout.text, start)) or reading.doubtful in layout.plain


def _behind_where(text: str, start: int) -> bool:
    """Whether a word of place stands before a name: what is "in Aldmoor" is nobody."""
    left = text[max(0, start - 9) : start]
    return left.endswith(" ") and not WHERE.isdisjoint(left.lower().split()[-1:])


def _roles(text: str, begin: int, end: int, low: int, high: int) -> tuple[str, ...]:
    """The offices printed beside the name ``begin:end`` in the paragraph ``low:high``."""
    before = before_name(text, begin, low)
    found = [before[0]] if before else []
    behind = after_name(text, end, high), appointed(text, begin, end, high), taken_over(text, end, high)
    found += [role for role in behind if role]
    return tuple(dict.fromkeys(found)) if found else ()


def _owners(left: str) -> tuple[str, ...]:
    """The party of "Labour's Ann Lee", from the words before the name."""
    if not left.rstrip().endswith(("s", "'", "’")):
        return ()
    owner = _owned_by_party().search(left)
    return (owner.group(1),) if owner is not None else ()


def _in_portfolio(left: str) -> bool:
    """Whether a word goes on with an office before it: "Minister for Rivers, Locks and Weirs"."""
    return (" for " in left or " of " in left) and PORTFOLIO_SO_FAR.search(left) is not None


def _plain_words(layout: Layout, name: tuple[str, ...]) -> bool:
    """Whether a name nobody is known by is made of the story's own words: "Save Our Harbour", "harbour"."""
    plain = sum(word.lower() in layout.plain for word in name)
    return plain > 0 and (len(name) > 2 or name[0].lower() in layout.plain)


# What has a chairman is a body: "Halt Quay Expansion chairman Ann Lee".
HEADED = re.compile(
    r" (?:co-|vice[- ]|deputy )?(?:chairman|chairwoman|chair|chief executive|chief|director|president|"
    r"treasurer|founder|general secretary|secretary|convener|boss|leader|spokesman|spokeswoman|spokesperson|"
    r"campaigner|member|official)\b"
)
PORTFOLIO_SO_FAR = re.compile(
    rf"(?:[Ss]ecretary|[Mm]inister|[Ss]tate) (?:for|of) (?:the )?(?:{CAPITALISED}+,? ){{0,4}}(?:and )?$"
)
NOT_SOMEBODY = re.compile(
    r" (?:station|road|airport|hospital|university|college|school|council|museum|prison|stadium|street|"
    r"seat|constituency|by-election|byelection|borough|county|district|area|region|bill|act|agreement|report|inquiry)\b"
)
SOMEBODY = re.compile(
    r", (?:aged )?\d\d,|, who(?:se)? "
    r"|, (?:a|an|the|one|another) (?:[\w’'-]+ ){0,3}?(?:woman|man|mother|father|boy|girl)\b"
)
WHERE = frozenset("in at near from outside".split())
STREETS = frozenset("Street Road Avenue Square Park Bridge Hall Castle Palace Bay".split())
TOWNS_FIRST: frozenset[str] = frozenset(
    ("Stephen", "Simon", "Lester", "Roy", "Peter", "Barbara", "Tony", "Sarah")
)
COMMON = words("unfinished") | words("auxiliaries")


@per_lists
def _owned_by_party() -> re.Pattern[str]:
    """A party as the owner before a name: "Labour's"."""
    return re.compile(
        r"\b(" + "|".join(sorted(map(re.escape, table("parties")), key=len, reverse=True)) + r")(?:'|’)s?\s+$"
    )


def _opens(layout: Layout, position: int) -> bool:
    return layout.sentences[layout.sentence_at(position)].start == position
