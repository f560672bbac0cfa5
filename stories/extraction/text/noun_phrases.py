"""The noun phrase before or after a word of saying, found without a parser."""

from __future__ import annotations

import re

from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import capital
from stories.extraction.text.office_words import CALLED, HEADS_OF_FIELDS, heads
from stories.extraction.text.reporting_verbs import lexicon
from stories.extraction.types import Span
from stories.extraction.words.lists import auxiliaries, breaks, given_names, pronouns, role_words, speakers

RELATIVES = frozenset(("who", "which", "that"))
STOPPING = frozenset(",;:.!?()[]{}\"“”„«»—–-…/'’‘")
AFTER_STOPS = frozenset(
    "in on at after during before to from about with by this yesterday today monday tuesday "
    "wednesday thursday "
    "friday saturday sunday last earlier later when while as who which that speaking "
    "adding via outside inside of".split()
)
LEADING = frozenset(
    "but and meanwhile however yet so then for nor or now later earlier also only still even "
    "today yesterday".split()
)
PREPOSITIONS = frozenset(
    "according in on at during with from by after before amid despite at under following for".split()
)
TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday late early last this night morning afternoon "
    "evening week month year however today yesterday earlier later meanwhile too instead though".split()
)
DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tonight night morning "
    "afternoon evening week month year later earlier".split()
)
PLACING = frozenset("in at on to from after during before outside inside near of about with for".split())
HANGING = frozenset("of for to with by behind against from".split())
ARTICLES = frozenset("the a an his her their".split())
DETERMINERS = frozenset("the a an one another some his her their its several many two three".split())
FINITE = frozenset(
    "is was are were has have had will would can could does did do should may might must isn't wasn't".split()
)
NOUNS_IN_LY = frozenset("family ally assembly reply rally tally supply bully anomaly monopoly folly".split())
NO_NOUN = (
    PLACING
    | HANGING
    | ARTICLES
    | frozenset(
        "and or but as by than like unlike beside alongside over under around between including until".split()
    )
)
SELVES = frozenset("himself herself themselves itself first also".split())
REPORTED = frozenset("alleged reported said believed understood thought claimed rumoured".split())
YEAR = re.compile(r"[12]\d{3}")
LONGEST = 14
FARTHEST = 30


def adverb(word: str) -> bool:
    """Whether a lower-case word may stand between a subject and its verb."""
    return word in auxiliaries() or _in_ly(word)


def _in_ly(word: str) -> bool:
    return word.endswith("ly") and len(word) > 4 and word not in NOUNS_IN_LY


def initial(layout: Layout, stop: int) -> bool:
    """Whether token ``stop`` is the full stop of an initial inside a name ("Ann J. Lee")."""
    tokens = layout.tokens
    if tokens[stop] != "." or not 0 < stop < len(tokens) - 1:
        return False
    letter = tokens[stop - 1]
    return len(letter) == 1 and letter.isupper() and capital(tokens[stop + 1])


def _stops(layout: Layout, token: int) -> bool:
    """Whether a token is a mark that ends a phrase: none of an owner, an initial or a compound."""
    word = layout.lower[token]
    if word[0] not in STOPPING or word in ("'s", "’s") or initial(layout, token):
        return False
    return word != "-" or not _joins(layout, token)


def _joins(layout: Layout, hyphen: int) -> bool:
    """Whether a hyphen has no room on either side: "20-year-old"."""
    starts, ends = layout.starts, layout.ends
    inside = 0 < hyphen < len(starts) - 1
    return inside and ends[hyphen - 1] == starts[hyphen] and ends[hyphen] == starts[hyphen + 1]


def token_span(layout: Layout, first: int, last: int) -> Span:
    """Characters of tokens ``first`` to ``last`` inclusive."""
    return Span(layout.starts[first], layout.ends[last])


def shaped(layout: Layout, first: int, last: int) -> tuple[int, int]:
    """A stretch that names a speaker, with no more and no less than the phrase: it ends before a verb of its
    own or a relative clause, goes on over what it is the owner of ("the Tarrant" campaign), has no adverb at
    its end, and nothing of an adverbial that opens the sentence ("After the ruling Ann Tarrant")."""
    lower = layout.lower
    first = _behind_name(layout, _behind_adverbial(layout, first, last), last)
    for k in range(first + 1, last + 1):
        verb = (lower[k] in FINITE and not _named_so(layout, k)) or _said_by_name(layout, k)
        if verb or (lower[k] in RELATIVES and (k < last or last - first > 1)):
            last = k - 1
            break
    while last > first and (lower[last] in SELVES or _in_ly(layout.tokens[last])):
        last -= 1
    owner, k = capital(layout.tokens[last]), last + 1
    if owner and k < len(lower) and layout.tokens[k].islower() and speaks(lower[k]):
        last = k
    return first, last


def _said_by_name(layout: Layout, token: int) -> bool:
    """Whether a token is a word of saying in the past behind a name: "Ann Tarrant derided Tory" claims."""
    word = lexicon().get(layout.lower[token])
    past = word is not None and word.form == "ed" and layout.tokens[token].islower()
    return past and token > 0 and capital(layout.tokens[token - 1])


def speaks(word: str) -> bool:
    """Whether a lower-case noun behind a name is the one who speaks: an office, a body, a paper."""
    return word in heads() or word in speakers()


def _of_office(word: str) -> bool:
    """Whether a lower-case word before a name may be what its bearer is."""
    return speaks(word) or word in role_words()


def before(layout: Layout, cue: int, low: int) -> tuple[int, int] | None:
    """Tokens (first, last) of the subject standing before token ``cue``; ``low`` bounds it in characters."""
    starts, lower = layout.starts, layout.lower
    j = _before_adverbs(layout, cue - 1, low)
    if j > 1 and lower[j] == "to" and lower[j - 1] in REPORTED:
        j = _before_adverbs(layout, j - 2, low)  # "Ann Lee is alleged to have told"
    if j < 0 or starts[j] < low:
        return None
    tail = j
    while tail > 0 and starts[tail - 1] >= low and j - tail < 4 and lower[tail] in TIMES:
        tail -= 1
    if tail < j and lower[tail] == "on" and tail > 0:
        tail -= 1
    if tail >= 0 and starts[tail] >= low and layout.tokens[tail][0].isalnum():
        j = tail
    if j < 0 or starts[j] < low:
        return None
    if lower[j] in RELATIVES:
        return (j, j)
    if lower[j] in (",", ")", "—", "–", "-"):
        return _before_insertion(layout, j, low)
    return phrase_ending(layout, j, low)


def _before_adverbs(layout: Layout, token: int, low: int) -> int:
    """The last token up to ``token`` that may not stand between a subject and its verb."""
    while token >= 0 and layout.starts[token] >= low:
        if token > 1 and YEAR.fullmatch(layout.lower[token]) and layout.lower[token - 1] == "in":
            token -= 2  # "Ann Lee had in 1997 complained"
            continue
        if not adverb(layout.lower[token]) or _named_so(layout, token):
            break
        token -= 1
    return token


def _named_so(layout: Layout, token: int) -> bool:
    """Whether a word that helps verbs is a name: a capital with a word before it ("While Will says")."""
    return capital(layout.tokens[token]) and token > 0 and layout.tokens[token - 1][0].isalnum()


def _before_insertion(layout: Layout, comma: int, low: int) -> tuple[int, int] | None:
    """The subject before an apposition or relative clause that ends at token ``comma``."""
    starts, lower = layout.starts, layout.lower
    opener = {",": ",", ")": "(", "—": "—", "–": "–", "-": "-"}[lower[comma]]
    k = comma - 1
    while k >= 0 and starts[k] >= low and comma - k < FARTHEST:
        if lower[k] == opener:
            return phrase_ending(layout, k - 1, low) if k and starts[k - 1] >= low else None
        k -= 1
    return None


def phrase_ending(layout: Layout, last: int, low: int) -> tuple[int, int] | None:
    """The noun phrase whose last token is ``last``."""
    lower = layout.lower
    if lower[last] in pronouns():
        return (last, last)
    if not layout.tokens[last][0].isalnum():
        if lower[last] == "," and last:
            return _before_insertion(layout, last, low)
        return None
    first = _reach_back(layout, last, low)
    while first < last and lower[first] in LEADING:
        first += 1
    if lower[first] in LEADING:
        return None
    first = _behind_adverbial(layout, first, last, low)
    return (_behind_name(layout, _own_clause(layout, first, last), last), last)


def _reach_back(layout: Layout, last: int, low: int) -> int:
    """The first token of those up to ``last`` between which nothing ends a phrase."""
    starts, lower, tokens = layout.starts, layout.lower, layout.tokens
    breaking, personal, helping = breaks(), pronouns(), auxiliaries()
    first = k = last
    while k >= 0 and starts[k] >= low and last - k < LONGEST:
        word = lower[k]
        if _stops(layout, k) or word in breaking:
            break
        if k < last and (word in personal or _said_by_name(layout, k)):
            break
        if k < last and word in helping and word not in ("both", "all") and not _named_so(layout, k):
            break
        if (
            word == "and"
            and not (capital(tokens[k - 1]) and capital(tokens[k + 1]))
            and not (k and lower[k - 1] in heads() and lower[last] in heads())
        ):
            break
        first = k
        if word in DETERMINERS and k and lower[k - 1] in DAYS and starts[k - 1] >= low:
            break  # "on Tuesday the chancellor"
        k -= 1
    return first


def _behind_name(layout: Layout, first: int, last: int) -> int:
    """Where an office with its article begins behind a name: "according to Ann Lee the minister said"."""
    if layout.lower[last] not in heads():
        return first
    for k in range(last - 1, first, -1):
        if layout.lower[k] in ("the", "a", "an") and capital(layout.tokens[k - 1]):
            return k
    return first


def _behind_adverbial(layout: Layout, first: int, last: int, low: int = 0) -> int:
    """Where a phrase begins behind an adverbial that opens it, its first word left out or not."""
    if _adverbial(layout, first, last):
        return _after_adverbial(layout, first, last)
    return _behind_opener(layout, first, last) if first and layout.starts[first - 1] >= low else first


def _adverbial(layout: Layout, first: int, last: int) -> bool:
    """Whether an adverbial without comma opens a phrase: "In Roe Ann Lee", "Speaking in Roe Ann Lee"."""
    word = layout.lower[first]
    participle = word.endswith("ing") and capital(layout.tokens[first]) and first < last
    return word in PREPOSITIONS or (participle and layout.lower[first + 1] in PLACING)


def _behind_opener(layout: Layout, first: int, last: int) -> int:
    """Where the subject begins when only the word that opens the adverbial was left out of the phrase."""
    if not first or not capital(layout.tokens[first - 1]) or not _adverbial(layout, first - 1, last):
        return first
    name = _after_adverbial(layout, first - 1, last)
    return name if name > first and not _of_office(layout.lower[name - 1]) else first


def _after_adverbial(layout: Layout, first: int, last: int) -> int:
    """Where the subject behind an opening adverbial begins: a name, or the noun that a name hangs on
    ("In Roe a spokesman for Ann Lee")."""
    tokens, lower = layout.tokens, layout.lower
    if not capital(tokens[last]):
        return next((k for k in range(last, first, -1) if lower[k] in DETERMINERS), last)
    begin = last
    while begin > first + 1 and _in_name(layout, begin - 1) and tokens[begin] not in CALLED:
        begin -= 1
    if lower[begin - 1] in PLACING:  # "in Roe Ann Lee"
        begin = next((k for k in range(begin, last) if tokens[k] in given_names()), begin)
    office = begin
    while office > first + 1 and _of_office(lower[office - 1]):
        office -= 1
    if (
        office > first + 1
        and lower[office] in HEADS_OF_FIELDS
        and lower[office - 1] not in HANGING | ARTICLES
    ):
        office -= 1  # "the harbours minister"
    if office > first + 1 and lower[office - 1] in ARTICLES:
        office -= 1
    if office > first + 2 and lower[office - 1] in HANGING:
        return _noun_owned(layout, first + 1, office - 2)
    return begin - 1 if begin > first + 1 and lower[begin - 1] in ARTICLES else begin


def _in_name(layout: Layout, token: int) -> bool:
    """Whether a token belongs to the name behind it: a capital that is no day, or the owner's "'s"."""
    word = layout.lower[token]
    return word in ("'s", "’s") or (capital(layout.tokens[token]) and word not in DAYS)


def _noun_owned(layout: Layout, low: int, noun: int) -> int:
    """Where the phrase of a noun with a name hanging on it begins: at its article, else at the noun."""
    for k in range(noun, max(low, noun - 4) - 1, -1):
        if layout.lower[k] in DETERMINERS:
            return k
    return noun


def _own_clause(layout: Layout, first: int, last: int) -> int:
    """Where the subject of a clause without "who" or "that" begins: "a rate of progress Ms Lee called"."""
    for k in range(last - 1, first, -1):
        if not capital(layout.tokens[k]):
            return first
        if layout.tokens[k] in CALLED:
            word = layout.lower[k - 1]
            noun = layout.tokens[k - 1].islower() and word.isalpha() and not word.endswith(("ing", "ed"))
            return k if noun and word not in NO_NOUN and not _of_office(word) else first
    return first


def after(layout: Layout, cue: int, high: int) -> tuple[int, int] | None:
    """Tokens (first, last) of the subject standing after token ``cue`` ("said Ann Lee, the …")."""
    starts, lower, tokens = layout.starts, layout.lower, layout.tokens
    j = cue + 1
    n = len(tokens)
    while j < n and starts[j] < high and adverb(lower[j]) and not capital(tokens[j]):
        j += 1
    if j >= n or starts[j] >= high or not tokens[j][0].isalnum():
        return None
    if lower[j] in pronouns():
        return (j, j)
    if lower[j] in AFTER_STOPS:
        return None
    breaking, personal, helping = breaks(), pronouns(), auxiliaries()
    k = j
    while k + 1 < n and starts[k + 1] < high and k - j < LONGEST:
        word = lower[k + 1]
        if _stops(layout, k + 1):
            break
        if word in AFTER_STOPS and word != "of":
            break
        if word in breaking or word in personal or word in helping:
            break
        k += 1
    while k > j and lower[k] in ("of", "for", "and", "the"):
        k -= 1
    return (j, k)
