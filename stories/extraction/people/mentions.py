"""Finds mentions of people: runs of capitals that are no place, body, outlet or sentence opening."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from stories.extraction.people.offices import ASKED
from stories.extraction.people.offices_after_names import after_name, appointed, taken_over
from stories.extraction.people.offices_before_names import before_name
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITAL, CAPITALISED, MARK, UPPER
from stories.extraction.text.office_words import is_head
from stories.extraction.types import Span
from stories.extraction.words import per_lists, per_lists_memo, rows
from stories.extraction.words.lists import (
    auxiliaries,
    bodies,
    given_names,
    letters_after,
    not_names,
    outlets,
    parties,
    places,
    surnames_too,
    unfinished,
)

LETTERS = rf"[^\W\d_]*(?:(?:[-’'](?![sS]\b)(?=[^\W\d_])|{MARK})[^\W\d_]*)*"
W = CAPITAL + LETTERS
# "Bríd Ní hÓrda", "Ann d’Orde", "Karim al-Sayegh"
LED = r"(?:h(?=[AEIOUÁÉÍÓÚ])|[Dd]['’](?=[^\W\d_])|(?:al|el|ul|ash|as|ar|an|bin)-)"
LINK = (
    r"(?:de|da|di|do|das|del|della|van|von|vom|zu|zur|der|den|ter|ten|het|al|bin|bint|ben|ibn|la|le|ap|ab|ferch|"
    r"el|du|dos|uí|ní|nic|ó|mac)"
)
GLUED = rf"(?:{UPPER}\.){{2,}}"  # "P.V. Narasimha"
# A letter or title with the full stop that belongs to it, looked for backwards once a full stop is there.
DOTTED = "|".join(
    rf"(?<=\b{title}\.)"
    for title in f"{UPPER} Mr Mrs Ms Dr Sen Sens Rep Reps Gov Gen Rev Prof Col Lt Capt Sgt St Hon".split()
)
RUN = re.compile(
    rf"{CAPITAL}(?<![\w’'].)(?:\.(?:{UPPER}\.)+(?=[ ])|{LETTERS}(?:\.(?=[ ])(?:{DOTTED}))?)"
    rf"(?:[ \u00a0](?:{LINK}[ ]){{0,3}}(?:{GLUED}(?=[ ])|{LED}?{W}(?:\.(?:{DOTTED}|(?<=\b[JS]r\.)))?))*"
)
# What begins a surname of several words: for certain, and behind a title: "Ó Braonáin", "Mr Van Rossel".
SURE_PARTICLES = frozenset(LINK.strip("(?:)").split("|")) | frozenset("Ó Ní Nic Uí Ua".split())
PARTICLES = SURE_PARTICLES | frozenset(
    "De Di Da Du Van Von Der Den Ter Ten Le La El Al Ap Ab Mac Del Della Dos Bin Ibn".split()
)
OF_PLACE = re.compile(rf" of ({W})(?=\W)")
SUFFIXES = frozenset(("Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"))
SAME = 4  # letters of an all-capital word from which it is looked up as an ordinary one
PEERS = frozenset(("Lord", "Lady", "Baroness", "Earl", "Viscount", "Baron"))
TITLE_OFFICES = frozenset(
    "President Senator Sen. Sens. Rep. Reps. Representative Gov. Governor Congressman Congresswoman "
    "Chancellor Councillor Cllr Mayor Judge Justice Sheriff Bishop Archbishop Cardinal Professor".split()
)


# Of these, the ones that copy leaves out where it names their holder by surname alone.
POLITICAL_TITLES = TITLE_OFFICES - frozenset(
    "Judge Justice Sheriff Bishop Archbishop Cardinal Professor".split()
)

ALSO_WORDS = frozenset(
    "General Major Justice King Queen Prince Lord President Judge Mayor Chancellor Governor Senator Bishop "
    "Sister Father Baron Captain Colonel Cardinal Justices Representative Earl Princess Pope Sheriff".split()
)


@per_lists
def _party_words() -> frozenset[str]:
    """Words of parties' names that are no office and nobody's given name ("Congress president")."""
    found = {word for phrase in parties() for word in phrase.split() if phrase == word or word in bodies()}
    return frozenset(word for word in found if not (is_head(word) or word in given_names() or word.islower()))


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
    roles: tuple[str, ...]  # offices printed beside it; of "Labour's Ann Lee" the party
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
    if parts[first] in verbs_too():
        behind = first + 1 if last - first > 2 else None
    elif parts[first] in given_names():
        behind = None
    else:
        behind = next((k for k in range(first + 1, last - 1) if _named_behind(parts[:last], k)), None)
    if behind is None:
        return Reading(whole, None, "", False)
    return Reading(whole, _printed(parts, behind, last), parts[first].lower(), first == 0)


def _printed(parts: list[str], first: int, last: int) -> Printed | None:
    """Titles and name of the words ``first`` to ``last``; ``None`` when nothing beside them makes a name."""
    begin = sum(map(len, parts[:first])) + first
    known = titles()
    title: list[str] = []
    while first < last - 1 and parts[first] in known:
        title.append(parts[first])
        first += 1
    if last - first == 1 and (parts[first] in known if not title else _addressed(title[-1], parts[first])):
        return None
    name = tuple(parts[first:last])
    end = begin + len(" ".join([*title, *name]))
    while name and name[-1].endswith(".") and len(name[-1]) > 2 and name[-1] not in SUFFIXES:
        name = (*name[:-1], name[-1][:-1])
        end -= 1
    printed = " ".join(title)
    alone, held = _judge(name, printed)
    if not (held or (title and title[-1] in PEERS)):
        return None  # a peer's place, printed behind, may make a name of it yet
    behind = [word for word in parts[last:] if word in letters_after()]
    honour = next((word for word in behind if letters_after()[word]), behind[0] if behind else "")
    return Printed(tuple(title), printed, name, begin, end, honour, alone, held)


def _addressed(title: str, word: str) -> bool:
    """Whether a title and one word name an office alone: "Mr Speaker", "Lord Mayor"."""
    office = title in PEERS and is_head(word) and not _may_end(word)
    office = title in PEERS and is_head(word) and not _may_end(word)
    return title in ADDRESSED and (office or word in CHAIRS)


ADDRESSED = frozenset("Mr Mr. Madam Madame Ms Lord Lady".split())
CHAIRS = frozenset(
    "Speaker President Chairman Chairwoman Chair Mayor Provost Commissioner Minister Premier Chancellor "
    "Secretary Ambassador Justice Advocate Deputy".split()
)


def _cut(run: str) -> tuple[list[str], int, int]:
    """The words of a run, and the indexes (first, last + 1) of those that may be title and name."""
    parts = run.replace("\u00a0", " ").split(" ")
    first, last = 0, len(parts)
    known = titles()
    for i in range(last):
        first = max(first, _begins_at_least(parts, i, first))
    while first < last - 1 and _owns_name(parts[first], parts[first + 1]):
        first += 1
    while last > first and (_is_letters(parts, last - 1) or _no_name(parts[last - 1])):
        last -= 1
    for i in range(first + 1, last):
        if parts[i] in known and i + 1 < last and parts[i - 1] not in known:
            first = i
    return parts, _behind_itself(parts, first, last), last


def _is_letters(parts: list[str], k: int) -> bool:
    """Whether a word is letters after a name: known ones, or a party's behind words in small letters."""
    word = parts[k]
    if word in letters_after():
        return True
    return (
        k > 1
        and 1 < len(word) < SAME
        and word.isupper()
        and word not in SUFFIXES
        and not parts[k - 1].isupper()
    )


def _begins_at_least(parts: list[str], i: int, first: int) -> int:
    """Where a name begins, by word ``i``, that would begin at ``first`` by the words before it."""
    word = parts[i]
    follows = i + 1 < len(parts)
    no_given = word not in given_names()
    if (
        follows
        and no_given
        and word not in titles()
        and (_opens_none(parts, i, first) or is_head(_bare(word)))
    ):
        return i + 1
    if word in letters_after() and any(other not in letters_after() for other in parts[i + 1 :]):
        return i + 1
    if i == first and i and parts[i - 1].lower() in WHERE and no_given and _named_behind(parts, i + 1):
        return i + 1  # "In Aldmoor Ann Lee"
    if word == "New" and _named_behind(parts, i + 2):
        return i + 2  # "New Yorker Ann Lee"
    if _of_body(word) and no_given and _named_behind(parts, i + 1):
        return i + 1  # "Harbour Committee Ann Lee": the end of an office
    return first


def _opens_none(parts: list[str], i: int, first: int) -> bool:
    """Whether a word that a name would begin with begins none: "Today Ann Lee", "BULLISH Ann Lee"."""
    word = parts[i]
    return i in (0, first) and (_ordinary(word) in not_names() or _shouted(word, parts[i + 1]))


def _shouted(word: str, following: str) -> bool:
    """Whether a word in capitals before one that is not is an acronym or stress, and no initials ("JK")."""
    if not word.isupper() or following.isupper() or "." in word:
        return False
    if following in given_names() or following in titles():
        return len(word) > 2 or word in SHORT_ACRONYMS
    return word in SHORT_ACRONYMS or word.capitalize() in titles() or word in parties() or word in outlets()


def _ordinary(word: str) -> str:
    """A word in capitals as lists print it: "FOR" is "For"."""
    return word.capitalize() if len(word) > 1 and word.isupper() else word


def _of_body(word: str) -> bool:
    return word in bodies() or (len(word) >= SAME and _ordinary(word) in bodies())


def _bare(word: str) -> str:
    """A word of office without what says that it is held no more: "ex-minister"."""
    return word[3:] if word[:3].lower() == "ex-" else word


def _behind_itself(parts: list[str], first: int, last: int) -> int:
    """Where a name printed twice in one run, by a picture or a link, stands the second time."""
    for k in range(first + 2, last - 1):
        if parts[k] == parts[first] and parts[first + 1] in parts[k + 1 : last]:
            return k
    return first


SHORT_ACRONYMS = frozenset("PM FM CM EU UK US NI UN PC DC DG TV IT MP".split())


@per_lists
def verbs_too() -> frozenset[str]:
    """Given names that open a question or an order as well: "Will Ann Lee go?"."""
    return frozenset(word for word in VERBS_TOO if word in given_names())


VERBS_TOO = frozenset("Will May Mark Grant Rob Bill Sue Pat Chase Hope Drew Skip Chuck Rich Don".split())


def _owns_name(word: str, following: str) -> bool:
    """Whether a word before a name is the party or outlet of whoever bears it: "Labour Ann Lee"."""
    if word in given_names():
        return False
    return word in _party_words() or (word in outlets() and following in given_names())


def _no_name(word: str) -> bool:
    """Whether a word is never part of a name, not even as its last."""
    return _ordinary(word) in not_names() and _ordinary(word) not in surnames_too()


def _surname_too(word: str) -> bool:
    """Whether a word that is a body's, a place's or a newspaper's may be the surname of somebody named."""
    if (
        len(word) < 3
        or word.isupper()
        or word in _party_words()
        or (word in not_names() and word not in surnames_too())
    ):
        return False
    return (word in bodies() and word in surnames_too()) or word in places() or word in outlets()


def _may_end(word: str) -> bool:
    """Whether a word of bodies is a surname as well."""
    return _ordinary(word) in surnames_too()


def _named_behind(parts: list[str], at: int) -> bool:
    """Whether a given name and a surname begin at index ``at`` of a run."""
    return at + 1 < len(parts) and parts[at] in given_names() and parts[at + 1] not in bodies()


def _judge(name: tuple[str, ...], title: str) -> tuple[str, str]:
    """The evidence that ``name`` is a person's, without and with an office beside it, or blanks."""
    if title:
        evidence = _evidence_of_title(name, title)
        return evidence, evidence
    if len(name) == 1:
        evidence = _evidence_of_word(name[0])
        return evidence, evidence
    return _evidence_of_words(name)


def _evidence_of_title(name: tuple[str, ...], title: str) -> str:
    """The evidence that a name behind a title is a person's: "General" may begin a body's name."""
    if len(name) > 1 or name[0] in surnames_too() or title.split()[-1] not in ALSO_WORDS:
        return "title"
    return "" if name[0] in bodies() or name[0] in not_names() else "title"


def _evidence_of_word(word: str) -> str:
    """The evidence that a word without title is somebody's name."""
    if _surname_too(word):
        return "weak"
    if word in outlets() or (1 < len(word) < SAME and word.isupper()):
        return ""
    word = _ordinary(word)
    other = word in not_names() or word in bodies() or word in places() or word in _party_words()
    return "" if other else "bare"


def _evidence_of_words(name: tuple[str, ...]) -> tuple[str, str]:
    """The evidence that several words are a name, without and with an office beside them."""
    first, *rest = name
    if " ".join(name) in outlets() or " ".join(name) in parties() or (first == "St" and len(name) == 2):
        return "", ""
    if any((_of_body(word) or word in _party_words()) and not _may_end(word) for word in rest):
        return "", ""
    if len(first) > 2 and first.isupper() and "." not in first and not rest[-1].isupper():
        return "", ""  # "UBS Wealth"
    if any(_ordinary(word) in not_names() and word.isupper() and len(word) > 1 for word in rest):
        return "", ""  # "OF THE COUNCIL"
    if (first in given_names() or len(first) <= 2) and not (first in places() and rest[-1] in surnames_too()):
        return "given", "given"
    if (
        _of_body(first)
        or _ordinary(first) in not_names()
        or first in _party_words()
        or first in surnames_too()
    ):
        return "", ""
    return "" if rest[-1] in places() or first in places() else "pair", "role"


def mentions(layout: Layout) -> list[Mention]:
    """Every run of capitals that could name a person, in reading order; ``bare`` ones still need proof."""
    out: list[Mention] = []
    text = layout.text
    free = 0  # where the name found last ends
    runs = [(match.start(), _read(match.group())) for match in RUN.finditer(text)]
    clear = {
        reading.whole.name
        for _, reading in runs
        if reading.whole is not None and not reading.doubtful and len(reading.whole.name) > 1
    }
    for start, reading in runs:
        if (reading.whole is None and reading.shorter is None) or start < free or layout.is_aside(start):
            continue
        found = _mention(layout, start, reading, clear)
        if found is not None:
            out.append(found)
            free = found.span.end
    return out


def _mention(
    layout: Layout, start: int, reading: Reading, clear: Collection[tuple[str, ...]]
) -> Mention | None:
    """The mention of a person in the run at ``start``, if the text around it speaks for one.

    ``clear`` are the names that other runs of the text print with nothing before them.
    """
    printed = reading.shorter if _led_up_to(layout, start, reading, clear) else reading.whole
    if printed is None:
        return None
    text = layout.text
    if printed.titles and printed.titles[-1] in PEERS:
        printed = _with_seat(text, start, printed)
    span = Span(start + printed.begin, start + printed.end)
    paragraph = layout.paragraphs[layout.paragraph_at(span.start)]
    definite = text[max(paragraph.start, span.start - 4) : span.start].lower() == "the "
    if definite and ((printed.honour and not printed.title) or printed.alone in ("bare", "weak")):
        return None  # "the Norbury East MP" is an office, not a name
    if printed.honour and not printed.title and INDEFINITE.search(text, paragraph.start, span.start):
        return None  # nor is "a Norbury MP"
    if _of_thing(text, printed, span, paragraph):
        return None
    roles = _printed_roles(text, printed, span, paragraph)
    evidence = printed.held if roles else printed.alone
    if evidence == "pair" and SOMEBODY.match(text, span.end):
        evidence = "role"
    if not evidence or (definite and evidence == "pair") or _of_words(layout, printed, span, evidence):
        return None
    if evidence == "bare" and not roles and _opens_with_word(layout, printed.name, span.start):
        return None
    return Mention(span, printed.title, printed.name, roles, evidence, printed.honour)


INDEFINITE = re.compile(r"\b(?:[Aa]n?|[Oo]ne|[Aa]nother|[Ss]ome|[Ss]everal|[Nn]o|[Ee]very|[Tt]wo|[Aa]ny) \Z")


def _with_seat(text: str, start: int, printed: Printed) -> Printed:
    """A peer's name with the place printed behind it: "Lady Lee of Norbury"."""
    seat = OF_PLACE.match(text, start + printed.end)
    if seat is None:
        return printed
    name = (*printed.name, "of", seat.group(1))
    return printed._replace(name=name, end=seat.end(1) - start, alone="title", held="title")


def _of_thing(text: str, printed: Printed, span: Span, paragraph: Span) -> bool:
    """Whether the words around a name show that it is a thing's: "Lee Street station"."""
    if (not printed.title or printed.titles[-1] in ALSO_WORDS) and NOT_SOMEBODY.match(text, span.end):
        return True
    before = text[max(paragraph.start, span.start - 60) : span.start]
    return printed.alone == "bare" and _in_portfolio(before)


def _printed_roles(text: str, printed: Printed, span: Span, paragraph: Span) -> tuple[str, ...]:
    """The offices printed with a name: beside it, else in its title, its letters, or as its owner."""
    place = printed.alone == "bare" and _behind_where(text, span.start)
    roles = () if place else _roles(text, span, paragraph)
    if roles:
        return roles
    titled = printed.titles
    if titled and titled[0] in TITLE_OFFICES:
        seat = OF_PLACE.match(text, span.end)
        return (f"{titled[0]} of {seat.group(1)}" if seat else titled[0],)
    return (printed.honour,) if printed.honour else _owners(text[max(0, span.start - 40) : span.start])


def _of_words(layout: Layout, printed: Printed, span: Span, evidence: str) -> bool:
    """Whether the words that make a name are those of a thing: a body with a chairman, a street."""
    name = printed.name
    if evidence in ("pair", "role") and not printed.title:
        return HEADED.match(layout.text, span.end) is not None or _plain_words(layout, name)
    return evidence == "given" and name[-1] in STREETS and name[0] not in TOWNS_FIRST


def _opens_with_word(layout: Layout, name: tuple[str, ...], start: int) -> bool:
    """Whether a sentence, but not the text, opens with a common word that only therefore has a capital."""
    if not start or len(name) > 1:
        return False
    word = name[0].lower()
    return (word in unfinished() or word in auxiliaries()) and _opens(layout, start)


def _led_up_to(layout: Layout, start: int, reading: Reading, clear: Collection[tuple[str, ...]]) -> bool:
    """Whether a run's doubtful first words are no part of the name, as the text around it shows.

    "… for ports and Harbours Ann Lee"; "in Aldmoor Ann Lee"; "Pastor Ann Lee" where pastors are spoken of;
    "Will Ann Lee go?" where Ann Lee is named elsewhere, or the sentence asks.
    """
    if not reading.doubtful or reading.shorter is None:
        return False
    known = reading.shorter.name in clear
    if reading.doubtful.capitalize() in verbs_too():
        sentence = layout.sentences[layout.sentence_at(start)]
        asks = layout.text[sentence.start : sentence.end].rstrip("\"”’' ").endswith("?")
        passage = layout.passage_at(start)
        opens = _opens(layout, start) or (passage is not None and start - passage.start < SAME)
        return opens and (known or asks or passage_asks(layout, start))
    if known or (reading.doubtful.endswith("ly") and _opens(layout, start)):
        return True
    joined = layout.text.endswith((" and ", " & "), max(0, start - 5), start)
    return (
        reading.opens and (joined or _behind_where(layout.text, start))
    ) or reading.doubtful in layout.plain


def passage_asks(layout: Layout, start: int) -> bool:
    """Whether the marked words that begin with the name at ``start`` ask something."""
    passage = layout.passage_at(start)
    return passage is not None and "?" in layout.text[start : passage.outer_end]


def _behind_where(text: str, start: int) -> bool:
    """Whether a word of place stands before a name: what is "in Aldmoor" is nobody."""
    left = text[max(0, start - 9) : start]
    return left.endswith(" ") and not WHERE.isdisjoint(left.lower().split()[-1:])


def _roles(text: str, name: Span, paragraph: Span) -> tuple[str, ...]:
    """The offices printed beside a name."""
    start, end = name
    before = before_name(text, start, paragraph.start)
    found = [before[0]] if before else []
    high = paragraph.end
    behind = after_name(text, end, high), appointed(text, start, end, high), taken_over(text, end, high)
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


@per_lists
def _owned_by_party() -> re.Pattern[str]:
    """A party as the owner before a name: "Labour's"."""
    return re.compile(
        r"\b(" + "|".join(sorted(map(re.escape, parties()), key=len, reverse=True)) + r")(?:'|’)s?\s+$"
    )


def _opens(layout: Layout, position: int) -> bool:
    return layout.sentences[layout.sentence_at(position)].start == position
