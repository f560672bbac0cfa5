"""Whether an edit changed who says the words, or what they do with them, while the words themselves stand."""

import re
from collections.abc import Sequence

from stories.extraction import extract
from stories.extraction.people.mentions import RUN
from stories.extraction.stance.stance import sense_of
from stories.extraction.text.letters import CAPITAL, capital
from stories.extraction.types import Kind
from stories.extraction.words import using, words
from stories.word_lists import newsroom_lists

Span = tuple[int, int]

_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|(?<!\w)‘[^’\n]*’(?!\w)")
_OWN = "\x00"  # stands for the claim's words
_SENTENCE_END = re.compile(rf"(?<=[.!?…؟۔।։])\s+(?=[\"“‘\x00\x01]?(?:{CAPITAL}|[\x00\x01]))")
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_DENIES = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|neither|nor|without|hardly|den(?:y|ies|ied|ying)|denials?"
    r"|disput\w+|disown\w*|reject\w*|refus\w+|refut\w+|retract\w*|false(?:ly)?|wrongly|untrue)\b|n['’]t\b",
    re.IGNORECASE,
)
# "said Ada Lowther, quoting Bram Corran", up to the comma, or past it: "quoting the mayor, Bram Corran"
_PASSES_ON = re.compile(
    r"\b(?i:(quoting|paraphrasing|reciting|reading (?:out|aloud|from))|citing|repeating|echoing)\b"
    rf"([^,.;:–—\x00\x01]*(?:,\s+(?={CAPITAL})[^,.;:–—\x00\x01]*)?)"
)
_NAME_OR_WORD = re.compile(rf"(?P<name>{RUN.pattern})|\w+")
# "repeating what she told Bram Corran" passes on nothing of his; "repeating what Bram Corran said" does.
_OF_OTHERS = frozenset("what that which who by of from".split())
_NOT_OF_OTHERS = frozenset(
    "he she they i we to in at on with for against about before after near during while as through".split()
)
# "Had Ada Lowther said “…”? No."; with the question mark within the quotation marks, too: "Did she say, “…?”"
_QUESTION_MARK = re.compile(r"[?？؟՞](?!\w)")
_INVERTED = re.compile(
    r"^[^\w\x00]*(?i:(?:and|but|so|or|when|where|why|how)\s+)?(?i:had|has|have|did|does|was|were|would|could|should)\s"
    r"[^,;:\x00]{0,300}(?:\b(?:say|said|tell|told)\b[^,;:\x00]{0,300},|:)?\s*\x00"
)
_WHETHER = re.compile(r"\b(?i:whether|if)\b([^,;:\x00]{0,300})\x00")
_PRONOUNS = frozenset({"he", "she", "they", "i", "we"})
_TITLES = frozenset(
    "Mr Mrs Ms Miss Dr Sir Dame Lord Lady Baroness Baron Viscount Earl Rev Reverend Prof Professor Cllr "
    "Councillor Minister Secretary President Mayor Chancellor Senator Governor The".split()
)


def turned(
    old_text: str,
    old_spans: Sequence[Span],
    text: str,
    spans: Sequence[Span],
    names: Sequence[str],
    kind: Kind = "direct",
) -> bool:
    """Whether the sentence of a claim's words lost the source it printed, gained a denial, became a question,
    or says that the source did something else with them: asked or quoted, and not said.

    The words stood at `old_spans` of `old_text` and stand at `spans` of `text`. `names` are what the source
    is called, the fullest first and the one in print last. Where the sentence prints no source, the paragraph
    is asked, then the one before it.
    """
    old, new = _scopes(old_text, old_spans), _scopes(text, spans)
    if old == new:
        return False
    if _gained_denial(old[0], new[0]) or _lost_source(old, new, names):
        return True
    if _passed_on(old[0], new[0], names) or (_asked(new, names) and not _asked(old, names)):
        return True
    was, now = _Reading(old_text, old_spans, names), _Reading(text, spans, names)
    stances = was.stance(kind), now.stance(kind)
    return (all(stances) and stances[0] != stances[1]) or (was.names_source() and now.names_another())


def contradicted(text: str, spans: Sequence[Span], names: Sequence[str], kind: Kind, stance: str) -> bool:
    """Whether the sentence around the words at `spans` asks, denies, or gives them to another source.

    `names` as for :func:`turned`; `stance` is the claim's, one of `Claim.Stance`, or "" for said.
    """
    stance = stance or "said"
    scopes = _scopes(text, spans)
    if _asked(scopes, names) or (stance == "said" and _DENIES.search(scopes[0])):
        return True
    reading = _Reading(text, spans, names)
    return reading.names_another() or reading.stance(kind) not in ("", stance)


class _Reading:
    """The paragraph of the words, as the reader of copy takes it."""

    def __init__(self, text: str, spans: Sequence[Span], names: Sequence[str]) -> None:
        start = text.rfind("\n\n", 0, spans[0][0])
        start, end = start + 2 if start >= 0 else 0, text.find("\n\n", spans[-1][1])
        self.text = text[start : end if end >= 0 else len(text)]
        self.spans = [(one - start, other - start) for one, other in spans]
        self.names = names
        first, last = self.spans[0][0], self.spans[-1][1]
        self.found = next(
            (
                quotation
                for quotation in extract(self.text, lists=newsroom_lists()).quotations
                if quotation.content[0].start < last and quotation.content[-1].end > first
            ),
            None,
        )

    def stance(self, kind: Kind) -> str:
        """What the source does with the words; "" when that is not plain."""
        printed = next((name for name in reversed(self.names) if name and name in self.text), "")
        if not printed and self.found is not None:
            printed = self.found.source_text or ""
        with using(newsroom_lists()):
            return sense_of(self.text, self.spans, kind, printed).stance

    def names_source(self) -> bool:
        """Whether the words are given to the source by name."""
        if self.found is None or self.found.status != "accepted":
            return False
        said_by = _words(f"{self.found.speaker} {self.found.source_text}")
        is_called_so = any(word in said_by for name in self.names for word in _called(name))
        return is_called_so and not self._names_a_relative()

    def _names_a_relative(self) -> bool:
        """Whether the full name in print has the source's family name and another first name."""
        speaker = (self.found.speaker or "") if self.found else ""
        printed = set(_called(speaker))
        own = [called for called in map(_called, self.names) if len(called) > 1 and called[-1] in printed]
        return bool(own) and all(
            _first_name(speaker, called[-1]) != "" and not printed.intersection(called[:-1]) for called in own
        )

    def names_another(self) -> bool:
        """Whether they are given to somebody or something else."""
        if self.found is None:
            return False
        if self.found.status == "unnamed":  # "a spokesman for Ada Lowther"; a bare "Lowther" may be, too
            called = {word for name in self.names for word in _called(name)}
            return not _words(self.found.source_text or "") <= called | _TITLES
        return self.found.status == "accepted" and not self.names_source()


def _called(name: str) -> list[str]:
    """The words of a name, without titles."""
    return [word for word in _WORD.findall(name) if capital(word) and word not in _TITLES]


def _gained_denial(old: str, new: str) -> bool:
    return len(_DENIES.findall(new)) > len(_DENIES.findall(old))


def _passed_on(old: str, new: str, names: Sequence[str]) -> bool:
    """Whether the source came to pass on the words of somebody else: "quoting Bram Corran"."""
    known = {word for name in _passed_on_from(old, names) for word in name}
    return any(not name & known for name in _passed_on_from(new, names))


def _passed_on_from(sentence: str, names: Sequence[str]) -> list[set[str]]:
    """The names of those whose words the source passes on; of bodies and papers, where it must be words."""
    own = {word for name in names for word in _called(name)}
    things = words("bodies") | words("places")
    found = []
    for must_be_words, behind in _PASSES_ON.findall(sentence):
        theirs = True
        for match in _NAME_OR_WORD.finditer(behind):
            name = _words(match["name"] or "") - _TITLES - words("notnames")
            if name & own or match.group().lower() in _NOT_OF_OTHERS:
                theirs = False
            elif match.group().lower() in _OF_OTHERS:
                theirs = True
            elif name and theirs and (must_be_words or not name & things):
                found.append(name)
    return found


def _asked(scopes: tuple[str, str, str], names: Sequence[str]) -> bool:
    """Whether the sentence that gives the words to their source asks if it said them."""
    sentence, paragraph, before = scopes
    # “… in winter.” Who will pay? The full stop within the marks ended the sentence.
    own = re.split(rf"(?<=\x00)\s+(?={CAPITAL})", sentence)
    for sentences in (own, _SENTENCE_END.split(paragraph), _SENTENCE_END.split(before)):
        called = [one for one in sentences if _prints(one, names)]
        if sentences is own and not called:
            called = [one for one in own if _PRONOUNS & {word.lower() for word in _words(one)}]
        if called:
            return all(_is_question(one, names) for one in called)
    return False


def _is_question(sentence: str, names: Sequence[str]) -> bool:
    outside = re.sub(r"\([^)]*\)|“[^”]*$", "", sentence)
    whether = _WHETHER.search(outside)
    return bool(
        _QUESTION_MARK.search(outside)
        or _INVERTED.search(outside)
        or (whether is not None and _prints(whether[1], names))
    )


def _prints(text: str, names: Sequence[str]) -> bool:
    """Whether the text has a name, or a part of one."""
    return any((name and name in text) or not _words(text).isdisjoint(_called(name)) for name in names)


def _lost_source(old: tuple[str, ...], new: tuple[str, ...], names: Sequence[str]) -> bool:
    every = [_called(name) for name in names]
    # What stood in the paragraph may have become the paragraph before: one was made two.
    for was, now in zip(old, (new[0], " ".join(new), " ".join(new)), strict=True):
        for called in every:
            printed = [word for word in called if word in _words(was)]
            if printed:
                family = printed[-1]
                if family in _WORD.findall(was) and family not in _WORD.findall(now):
                    return True  # gone, or only whose somebody or something is
                known = {"", *called, _first_name(was, family)}
                return family not in _words(now) or _first_name(now, family) not in known
        if was is old[0] and _lost_pronoun(was, now, {word for called in every for word in called}):
            return True
    plain = next((name for name in names if name and name in old[0]), None)
    return plain is not None and plain not in new[0]


def _lost_pronoun(old: str, new: str, called: set[str]) -> bool:
    """Whether "she said" became something else, and not the name of who she is."""
    was = {word.lower() for word in _words(old)} & _PRONOUNS
    now = _words(new)
    return bool(was) and not was & {word.lower() for word in now} and not now & called


def _first_name(text: str, family: str) -> str:
    """The name before a family name; "" where none stands there but a title, or once stands alone."""
    found = ""
    for before in re.findall(rf"(\w+)\s+{re.escape(family)}\b", text):
        if not capital(before) or before in _TITLES:
            return ""
        found = before
    return found


def _words(text: str) -> set[str]:
    """The words of a text; "Ada’s" has "Ada", too."""
    found = set(_WORD.findall(text))
    return found | {re.split("['’]", word)[0] for word in found}


def _scopes(text: str, spans: Sequence[Span]) -> tuple[str, str, str]:
    """The sentence around the words, their paragraph, and the one before; without what is quoted."""
    start, end = spans[0][0], spans[-1][1]
    first = text.rfind("\n\n", 0, start)
    last = text.find("\n\n", end)
    inside, at = "", first + 2 if first >= 0 else 0
    for one, other in spans:
        inside += text[at:one] + _OWN
        at = other
    inside += text[at : last if last >= 0 else len(text)]
    paragraph = _QUOTED.sub(lambda quoted: _OWN if _OWN in quoted.group() else "\x01", inside)
    sentences = _SENTENCE_END.split(paragraph)
    own = [number for number, sentence in enumerate(sentences) if _OWN in sentence]
    sentence = " ".join(sentences[own[0] : own[-1] + 1])
    before = text[text.rfind("\n\n", 0, first) + 2 : first] if first > 0 else ""
    return sentence, paragraph, _QUOTED.sub("\x01", before)
