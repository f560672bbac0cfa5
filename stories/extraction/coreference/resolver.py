"""From a printed source to a person: names, pronouns, offices, relative pronouns; or nobody by name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from stories.extraction.people.office_holders import Holders, Named
from stories.extraction.people.office_matching import (
    FIRST,
    RANKS,
    SAME_HEAD,
    SPOKESMEN,
    UNIQUE,
    VAGUE,
    Asked,
    asked,
    fit,
)
from stories.extraction.people.offices import ARTICLES, ASKED, WORD, head_of, is_political, party_of
from stories.extraction.people.persons import FORMERLY, PEERS, Being, People
from stories.extraction.text.layout import OPENERS, Layout
from stories.extraction.text.letters import CAPITAL, CAPITALISED, MARKS, capital
from stories.extraction.text.noun_phrases import PRONOUNS, phrase_ending
from stories.extraction.text.office_words import ROLE_WORDS, heads
from stories.extraction.types import Span, Status
from stories.extraction.words import either, words

# A pronoun is an inference: it stays below 0.9, from where one name in a hundred may be wrong.
PRONOUN = 0.95


class Resolution(NamedTuple):
    """Whom a printed source means. ``person`` indexes the persons of the text."""

    status: Status
    person: int | None
    strength: float
    reason: str


AGENT = re.compile(r"\bby (?:(?:the|a|an|his|her|its|their) )?(?:[a-z][\w’'-]* ){0,4}\Z")
REACH_OF_BY = 60  # characters


class Resolver:
    """Answers who a source is. Sentence subjects are settled once, in reading order, for the pronouns."""

    def __init__(self, layout: Layout, people: People) -> None:
        self.layout = layout
        self.people = people
        self._starts = sorted(self.people.at)
        self.subjects: list[int | None] = []
        self._offices: dict[str, int | None] = {}
        self._holders: Holders | None = None  # of high offices, made when first asked for
        self._high = self._high_offices()
        self._nameless: dict[int, str] = {}  # sentences whose speaker is somebody without a name
        self._heard: list[tuple[int, int]] = []  # sentence and speaker, in reading order
        self._written: dict[int, int] = {}  # sentences that quote what somebody wrote, and who
        self._settled: dict[int, Resolution] = {}  # pronouns that spoke already, by place
        self._named: dict[tuple[int, int], Resolution | None] = {}  # phrases, by first and last token
        self._sure: dict[int, float] = {}  # sentences whose subject is no name, and how sure it is
        self._opened: set[int] = (
            set()
        )  # sentences whose subject is an office or a pronoun at their very beginning
        self._settle()
        self._name_offices()
        self._offices.clear()  # asked again now that the sentences' subjects are known

    # -- reading order ----------------------------------------------------------------------------

    def _settle(self) -> None:
        """For every sentence the person it is about: its first name, office or pronoun outside marks."""
        layout = self.layout
        pronoun_at = [
            (layout.starts[i], word) for i, word in enumerate(layout.lower) if word in SUBJECT_PRONOUNS
        ]
        k = 0
        for index, (low, high) in enumerate(layout.sentences):
            subject: int | None = None
            position = high
            low = self._main_clause(low, high)
            for start in self._starts[bisect_left(self._starts, low) : bisect_left(self._starts, high)]:
                if (
                    layout.passage_at(start) is None
                    and not self._possessive(start)
                    and not self._agent(start)
                ):
                    subject, position = self.people.at[start], start
                    break
            opening = OPENING_OFFICE.match(layout.text, low, min(high, position))
            office = opening.group("office") if opening is not None else None
            holder = self._holder(office, low, index) if office is not None else None
            if holder is not None:
                subject, position = holder, low
                self._opened.add(index)
            elif office is not None and (subject is None or position > low + 4):
                head = head_of(office)
                if head in UNIQUE or head in SPOKESMEN:
                    self._nameless[index] = head  # about a holder whom the text does not name
            while k < len(pronoun_at) and pronoun_at[k][0] < low:
                k += 1
            j = k
            while j < len(pronoun_at) and pronoun_at[j][0] < position:
                if layout.passage_at(pronoun_at[j][0]) is None:
                    antecedent = self._pronoun(pronoun_at[j][1], index, pronoun_at[j][0])
                    if antecedent is not None and antecedent[0] >= 0:
                        subject = antecedent[0]
                        self._sure[index] = antecedent[1]
                        if pronoun_at[j][0] < low + 3:
                            self._opened.add(index)
                        break
                j += 1
            self.subjects.append(subject)

    def _high_offices(self) -> dict[str, int]:
        """The high offices the text speaks of without a name, and where last."""
        opening = self.layout.text[:REACH]
        if not any(office in opening for office in ("prime minister", "secretary", "chancellor")):
            return {}
        return {match.group().lower(): match.start() for match in HIGH_OFFICE.finditer(opening)}

    def _name_offices(self) -> None:
        """Ask once for every high office the text speaks of, so that its holder is known as one."""
        for phrase, position in sorted(self._high.items(), key=lambda pair: pair[1]):
            self._office(phrase, position, self.layout.sentence_at(position))

    def _may_hold_another(self, phrase: str) -> bool:
        """Whether the text speaks of a second high office of which it is not known who holds it."""
        posts = {high.removeprefix("the ") for high in self._high} - {phrase.lower().removeprefix("the ")}
        if not posts:
            return False
        roles = [role.lower() for being in self.people.beings for _, role in being.roles + being.meant]
        return any(
            not any(role.endswith(post) and RANKS.isdisjoint(role.split()) for role in roles)
            for post in posts
        )

    def _beside_point(self, low: int, position: int) -> bool:
        """Whether a sentence opens with what its subject speaks of: "Commenting on Mr Lee's case, he"."""
        return TOPIC.match(self.layout.text, low, position) is not None and self.layout.follows(position, ",")

    def _closes(self, low: int, position: int) -> bool:
        """Whether the pronoun only closes a reported sentence: "Ann Lee's plan was mad, he said.".

        Not so where marks part it from an opening of its own: "John Roe said: “…,” he said.".
        """
        layout = self.layout
        i = layout.token_from(position)
        if not i or layout.lower[i - 1] not in COMMAS or i + 2 >= len(layout.lower):
            return False
        passage = layout.passage_at(layout.starts[i - 1])
        if passage is not None and layout.text[low : passage.outer_start].rstrip().endswith(":"):
            return False
        return layout.lower[i + 1] in SAYING and layout.lower[i + 2] in ".,;"

    def _right_behind_a_name(self, position: int) -> bool:
        """Whether nothing parts a pronoun from a name: beside Mr Lee in "Standing beside Mr Lee he"."""
        k = bisect_left(self._starts, position) - 1
        return k >= 0 and self.people.ends[self._starts[k]] == position - 1

    def _main_clause(self, low: int, high: int) -> int:
        """Where the main clause begins: after an opening like "Asked whether he would …,"."""
        fronted = FRONTED.match(self.layout.text, low, high)
        if fronted is None:
            return low
        comma = self.layout.text.find(", ", fronted.end(), min(high, low + 160))
        while comma >= 0 and self.layout.passage_at(comma) is not None:
            comma = self.layout.text.find(", ", comma + 1, min(high, low + 160))
        if comma < 0:
            return low
        return comma + 2 if SUBJECT_AHEAD.match(self.layout.text, comma + 2, high) else low

    def heard(self, position: int, person: int) -> None:
        """Somebody speaks at ``position``: the sentence is about them, and they were heard last."""
        layout = self.layout
        sentence = layout.sentence_at(position)
        token = layout.token_from(position)
        if layout.lower[token] in ("he", "she"):
            found = self.source(token, token)
            if found.person != person:
                found = Resolution("accepted", person, 0.8, f"“{layout.tokens[token]}” has just spoken")
            self._settled.setdefault(position, found)
            self._sure[sentence] = self._settled[position].strength
        else:
            self._sure.pop(sentence, None)
        self.subjects[sentence] = person
        self._heard.append((sentence, person))

    def heard_nameless(self, first: int, last: int) -> None:
        """Somebody without a name speaks ("a spokesman said"): the next "he" is that one."""
        phrase = self.layout.text[self.layout.starts[first] : self.layout.ends[last]]
        head = head_of(phrase)
        if head is not None and not head.endswith("s") and first != last:
            self._nameless[self.layout.sentence_at(self.layout.starts[first])] = head

    def _possessive(self, start: int) -> bool:
        end = self.people.ends.get(start)
        if end is None:
            return False
        follows = self.layout.text[end : end + 2]
        return follows in ("'s", "’s") or follows in ("' ", "’ ") and self.layout.text[end - 1] == "s"

    def _agent(self, start: int) -> bool:
        """Whether somebody is named behind "by": "cuts proposed by the MP Ann Lee" is about cuts."""
        return AGENT.search(self.layout.text, max(0, start - REACH_OF_BY), start) is not None

    def _holder(self, office: str, position: int, sentence: int) -> int | None:
        """The holder of a definite office opening a sentence ("The Labour leader …")."""
        found = self._office(office, position, sentence)
        return found.person if found is not None else None

    # -- questions --------------------------------------------------------------------------------

    def speaker(self, first: int, last: int, words: Sequence[Span]) -> Resolution:
        """Whom the tokens ``first`` to ``last`` mean as the speaker of ``words``.

        Hardly anybody calls themselves by their name: where the words name whom he or she seems to be, it is
        the subject of the sentence in which both were named before, and left open when there is none.
        """
        found = self.source(first, last)
        word = self.layout.lower[first]
        if first != last or word not in SUBJECT_PRONOUNS or found.status != "accepted":
            return found
        whole = [start for span in words for start in self._between(*span) if self._whole(start)]
        named = frozenset(self.people.at[start] for start in whole)
        if found.person is None or found.person not in named:
            return found
        other = self._subject_beside(found.person, named, first)
        if other is not None:
            why = f"“{self.layout.tokens[first]}” → {self.people.beings[other].name}: "
            return Resolution("accepted", other, 0.85, why + "the words name the other one")
        return found._replace(strength=0.8 * found.strength, reason=f"{found.reason}; the words name them")

    def _subject_beside(self, person: int, named: frozenset[int], pronoun: int) -> int | None:
        """Who opens the sentence before a pronoun in which ``person`` is named behind."""
        layout, at = self.layout, self.people.at
        gender = "m" if layout.lower[pronoun] == "he" else "f"
        here = layout.sentence_at(layout.starts[pronoun])
        for sentence in range(here, max(-1, here - 4), -1):
            low, high = layout.sentences[sentence]
            starts = [
                s
                for s in self._between(low, min(high, layout.starts[pronoun]))
                if layout.passage_at(s) is None
            ]
            if not starts:
                continue
            first = at[starts[0]]
            fits = first not in named and self.people.beings[first].gender == gender
            subject = fits and not self._possessive(starts[0]) and not self._agent(starts[0])
            return first if subject and person in {at[start] for start in starts} else None
        return None

    def _whole(self, start: int) -> bool:
        """Whether a name is printed with a title or given name: "a Lee poster" may be Mr Lee’s own words."""
        return " " in self.layout.text[start : self.people.ends[start]]

    def _between(self, low: int, high: int) -> list[int]:
        """Where names begin in ``low:high``."""
        return self._starts[bisect_left(self._starts, low) : bisect_left(self._starts, high)]

    def source(self, first: int, last: int) -> Resolution:
        """Whom the tokens ``first`` to ``last`` mean as a speaker."""
        layout = self.layout
        position = layout.starts[first]
        word = layout.lower[first]
        if first == last:
            if position in self._settled:
                return self._settled[position]
            if word in ("he", "she") or word in OWNERS and self._owns_words(first):
                asked = OWNERS.get(word, word)
                found = self._pronoun(asked, layout.sentence_at(position), position)
                if found is not None and found[0] < 0:
                    return Resolution("unknown", None, DOUBT, f"“{layout.tokens[first]}” is {found[2]}")
                if found is not None and found[1] < UNSURE:
                    return Resolution(
                        "ambiguous", found[0], found[1], f"“{layout.tokens[first]}” fits more than one person"
                    )
                if found is None:
                    return Resolution("unknown", None, 0.0, f"“{layout.tokens[first]}”: nobody fits")
                return Resolution(
                    "accepted",
                    found[0],
                    found[1],
                    f"“{layout.tokens[first]}” → {self.people.beings[found[0]].name}: {found[2]}",
                )
            if word == "it":
                return self._it(layout.sentence_at(position))
            if word in ("i", "we", "you"):
                return Resolution("unknown", None, 0.0, "the writer or a speaker inside the words")
            if word in PRONOUNS:
                return Resolution("unknown", None, DOUBT, f"“{layout.tokens[first]}” names nobody")
            if word in ("who", "which", "that") and first:
                antecedent = phrase_ending(
                    layout, first - 1, layout.sentences[layout.sentence_at(position)].start
                )
                if antecedent is not None and antecedent[1] < first:
                    inner = self.source(*antecedent)
                    return inner._replace(reason=f"“{word}” → {inner.reason}")
                return Resolution("unknown", None, 0.0, f"“{word}” without antecedent")
        return self._phrase(first, last)

    def _it(self, sentence: int) -> Resolution:
        """Whom "it" means: the writer of the statement that the sentence before quotes, else nobody."""
        author = self._written.get(sentence - 1)
        if author is None:
            return Resolution("unknown", None, DOUBT, "“it” names nobody")
        self._written[sentence] = author
        return Resolution("accepted", author, IT, f"“it” → what {self.people.beings[author].name} wrote")

    def _owns_words(self, token: int) -> bool:
        """Whether what "his" or "her" owns is said or written: "his message to the minister was: “…”"."""
        behind = self.layout.text[self.layout.ends[token] : self.layout.ends[token] + REACH_OF_OWNER]
        return OWNS_WORDS.match(behind) is not None

    def _phrase(self, first: int, last: int) -> Resolution:
        """Whom a phrase means: one named in it or beside it, the holder of an office, or nobody known."""
        if (first, last) not in self._named:
            self._named[first, last] = self._names(first, last)
        named = self._named[first, last]
        if named is not None:
            return named
        layout = self.layout
        text = layout.text[layout.starts[first] : layout.ends[last]]
        if last > first and layout.lower[last] in OWNING:
            return self._owner_of_words(first, last - 1, text)
        if layout.lower[first] not in VAGUE:
            found = self._office(text, layout.starts[first], layout.sentence_at(layout.starts[first]))
            if found is not None and not self._means_another(first, last, text, found.person):
                return found
        if not _somebody(text):
            return Resolution("unknown", None, DOUBT, f"“{text}” is nobody who speaks")
        if layout.lower[first] in VAGUE:
            return Resolution("unnamed", None, 0.9, f"“{text}” is not named")
        return Resolution("unnamed", None, 0.7, f"“{text}” is no person named here")

    def _means_another(self, first: int, last: int, text: str, holder: int | None) -> bool:
        """Whether the office of a phrase has words of its own beside it that do not name its known holder.

        Whoever is meant by "nina orde, the ports minister", "ports minister nina orde" and "the ports
        minister, nina orde," it is nobody else who holds such an office.
        """
        begin = self.layout.starts[first]
        office = SET_OFF.split(text)[0]
        after = NAME_SET_OFF.match(self.layout.text, begin + len(office))
        end = max(self.layout.ends[last], after.end() if after is not None else 0)
        if any(self.people.at[start] == holder for start in self._between(begin, end)):
            return False
        if head_of(office) is None and NAMED_BESIDE.match(text) is not None:
            return True
        tail = _behind_head(office)
        if tail and not HANGS_ON.intersection(tail) and not SMALL_WORDS.intersection(tail):
            return True
        return after is not None and _may_name(after.group("name").split())

    def _owner_of_words(self, first: int, last: int, text: str) -> Resolution:
        """Whose "warning" or "statement" leads to the words, the phrase being the owner with its "'s"."""
        layout = self.layout
        ends = layout.ends[last]
        own = next((s for s in layout.starts[first : last + 1] if self.people.ends.get(s) == ends), None)
        nobody = Resolution("unknown", None, DOUBT, f"“{text}” is nobody who speaks")
        if own is None:
            found = self._phrase(first, last)
            return nobody if found.person is None else found
        if own in self.people.shared or _belongs(layout.text[layout.starts[first] : own]):
            return nobody
        index = self.people.at[own]
        return Resolution("accepted", index, WRITTEN, f"“{text}”: {self.people.beings[index].name}’s own")

    def _names(self, first: int, last: int) -> Resolution | None:
        """Whom a phrase means by the names in it and beside it, whoever has spoken so far."""
        layout = self.layout
        text = layout.text[layout.starts[first] : layout.ends[last]]
        inside = [i for i in range(first, last + 1) if layout.starts[i] in self.people.at]
        if not inside:
            within = self._within(layout.starts[first], layout.ends[last])
            if within is not None:
                return Resolution("accepted", within, 1.0, f"named: “{text}”")
        named = [i for i in inside if not self._possessive(layout.starts[i])]
        for i in named:
            lead = text[: layout.starts[i] - layout.starts[first]]
            index = self.people.at[layout.starts[i]]
            being = self.people.beings[index]
            if _belongs(lead) and not self._called(being, layout.starts[i], lead):
                break
            opener = self._told_of(layout.starts[i]) if first == i or not lead.strip() else None
            if opener is not None and opener != index:
                return Resolution(
                    "accepted", opener, 0.85, f"{self.people.beings[opener].name}, of whom “{text}” is told"
                )
            others = {self.people.at[layout.starts[j]] for j in named} - {index}
            if others and " and " in text:
                return Resolution("unnamed", None, 0.6, "several speakers")
            if layout.starts[i] in self.people.shared:
                return Resolution("ambiguous", index, 0.5, f"“{text}” fits more than one person")
            if layout.starts[i] in self.people.inferred:
                return Resolution("accepted", index, INFERRED, f"“{text}” must be {being.name}")
            return Resolution("accepted", index, 1.0, f"named: “{text}”")
        author = self._author(inside, last)
        if author is not None:
            name = self.people.beings[author].name
            self._written[layout.sentence_at(layout.starts[first])] = author
            return Resolution("accepted", author, WRITTEN, f"“{text}” is {name}’s own")
        owner = self._set_before(first)
        if owner is not None and head_of(text) is not None:
            return Resolution("accepted", owner, 0.9, f"{self.people.beings[owner].name}, “{text}”")
        apposed = self._apposed(last)
        if apposed is not None and head_of(text) is not None:
            return Resolution("accepted", apposed, 0.95, f"“{text}”, {self.people.beings[apposed].name}")
        return None

    def _author(self, inside: Sequence[int], last: int) -> int | None:
        """Whose statement or letter a phrase ending with token ``last`` is: "Mr Lee's statement said"."""
        layout = self.layout
        if (
            not inside
            or layout.lower[last] not in OWN_WORDS
            or not self._possessive(layout.starts[inside[-1]])
        ):
            return None
        start = layout.starts[inside[-1]]
        between = layout.text[self.people.ends[start] : layout.starts[last]]
        return self.people.at[start] if len(between.split()) <= BETWEEN and "," not in between else None

    def _told_of(self, start: int) -> int | None:
        """Who opens the sentence when the name at ``start`` is only part of what is told of them.

        "Ann Lee, aide to the minister, John Roe, said" and "Ann Lee, who was sacked by John Roe, said".
        """
        layout = self.layout
        if layout.text[self.people.ends[start] : self.people.ends[start] + 1] != ",":
            return None
        low = layout.sentences[layout.sentence_at(start)].start
        k = bisect_left(self._starts, low)
        if self._starts[k] > low + 30 or self._starts[k] >= start:
            return None
        between = layout.text[self.people.ends[self._starts[k]] : start]
        return self.people.at[self._starts[k]] if ASIDE.fullmatch(between) is not None else None

    def _set_before(self, first: int) -> int | None:
        """The person named right before an office without article ("Ann Lee, head of Roe said")."""
        layout = self.layout
        if first < 2 or layout.lower[first - 1] != "," or layout.lower[first] in ARTICLES:
            return None
        k = bisect_left(self._starts, layout.starts[first]) - 1
        if k < 0 or self.people.ends[self._starts[k]] != layout.ends[first - 2]:
            return None
        return self.people.at[self._starts[k]]

    def _within(self, start: int, end: int) -> int | None:
        """The person whose printed name holds the stretch ("Lee" of "Mr Lee")."""
        k = bisect_left(self._starts, start + 1) - 1
        if k < 0 or self.people.ends[self._starts[k]] < end:
            return None
        return self.people.at[self._starts[k]]

    def _called(self, being: Being, start: int, lead: str) -> bool:
        """Whether the words before a name are its own office ("spokeswoman for women Ann Lee")."""
        lead = lead.strip()
        own = [role for at, role in being.roles if at == start and lead.endswith(role)]
        rest = lead.removesuffix(max(own, key=len, default=""))
        another = SOMEBODY_ELSE.match(rest) is not None or not rest.endswith("and ") and _belongs(rest)
        return bool(own) and not another

    def _apposed(self, last: int) -> int | None:
        """The person named after a comma that follows the office ending at token ``last``."""
        layout = self.layout
        if last + 2 < len(layout.tokens) and layout.lower[last + 1] == ",":
            return self.people.at.get(layout.starts[last + 2])
        return None

    def _pronoun(
        self, word: str, sentence: int, position: int, nameless: bool = True
    ) -> tuple[int, float, str] | None:
        """(person, strength, why) for he or she at ``position``: the subject before, then other names."""
        gender = "m" if word == "he" else "f"
        beings, layout = self.people.beings, self.layout
        paragraph = layout.paragraph_at(position)
        begin, end = layout.sentences[sentence]
        main = self._main_clause(begin, end)
        if begin < position < main and sentence < len(self.subjects):
            subject = self.subjects[sentence]
            if subject is not None and _may_be(beings[subject], gender):
                return subject, 0.9, "subject of the clause it opens"
        for back in range(0, 7):
            k = sentence - back
            if k < 0:
                break
            apart = paragraph - layout.paragraph_at(layout.sentences[k].start)
            if apart > 2:
                break
            low, high = layout.sentences[k]
            if nameless and back in (1, 2) and k in self._nameless:
                return -1, 0.8, "the one without a name who spoke before"
            if back == 2:
                last = self._last_heard(sentence, gender)
                if last is not None:
                    return last, 0.8, "the last to speak before"
            if back and k < len(self.subjects):
                subject = self.subjects[k]
                spoke = bool(self._heard) and self._heard[-1] == (k, subject)
                if (
                    subject is not None
                    and _may_be(beings[subject], gender)
                    and (spoke or beings[subject].gender == gender or not self._surer(sentence, gender))
                ):
                    rivals = self._others(low, high, gender, subject)
                    joint = bool(rivals) and self._joint(low, high, subject)
                    sure = beings[subject].gender == gender
                    if joint and not spoke:
                        return subject, 0.5, "one of two who are the subject together"
                    if (
                        rivals
                        and back < 4
                        and not spoke
                        and apart == 0
                        and k not in self._opened
                        and not self._alone_before(low, high, subject)
                    ):
                        return subject, 0.5, "one of several named in the sentence before"
                    strength = (
                        PRONOUN
                        - 0.05 * back
                        - 0.06 * min(2, len(rivals))
                        - 0.05 * apart
                        - (0 if sure else 0.15)
                    )
                    return (
                        subject,
                        min(strength, self._sure.get(k, 1.0)),
                        "subject of " + ("the sentence before" if back == 1 else "an earlier sentence"),
                    )
            if back == 0 and (self._beside_point(low, position) or self._closes(low, position)):
                continue
            if back == 0 and self._right_behind_a_name(position):
                continue
            others = self._others(low, min(high, position), gender, None)
            certain = [i for i in others if beings[i].gender == gender]
            others = certain or ([] if others and self._surer(sentence, gender) else others)
            if others and back == 0:
                earlier = self._earlier(word, low, position, others[0])
                if earlier is not None:
                    return self._pronoun(word, sentence, earlier, nameless)
                ahead = self._ahead_of(word, low, position)
                same = self._pronoun(word, sentence, ahead, nameless) if ahead is not None else None
                if same is not None and same[0] not in (-1, others[0]):
                    return same[0], min(same[1], CARRIED), "the one of whom the sentence told already"
            if others:
                sure = beings[others[0]].gender == gender
                strength = (
                    (0.9 if back == 0 else 0.8)
                    - 0.05 * back
                    - 0.1 * (len(others) - 1)
                    - (0 if sure else 0.15)
                )
                return (
                    others[0],
                    max(0.2, strength),
                    "named before in the same sentence" if back == 0 else "named shortly before",
                )
        return self._mainly(gender, position)

    def _earlier(self, word: str, low: int, position: int, owner: int) -> int | None:
        """Where the same pronoun stood before whoever is only named as an owner behind it.

        "While he liked Mr Lee's plan, he said" is about one man, and he is not Mr Lee.
        """
        layout = self.layout
        named = [start for start in self._starts[bisect_left(self._starts, low) :] if start < position]
        named = [start for start in named if self.people.at[start] == owner]
        if not named or not all(self._possessive(start) for start in named):
            return None
        i = layout.token_from(low)
        while layout.starts[i] < named[0]:
            if layout.lower[i] == word and layout.passage_at(layout.starts[i]) is None:
                return layout.starts[i]
            i += 1
        return None

    def _ahead_of(self, word: str, low: int, position: int) -> int | None:
        """Where the same pronoun opens a sentence that names somebody only behind it.

        "He told them how Mr Lee had left, and he said" goes on about the first, most likely.
        """
        layout = self.layout
        k = bisect_left(self._starts, low)
        named = self._starts[k] if k < len(self._starts) else position
        for i in range(layout.token_from(low), layout.token_from(min(named, position))):
            if layout.lower[i] == word and layout.passage_at(layout.starts[i]) is None:
                return layout.starts[i]
        return None

    def _mainly(self, gender: str, position: int) -> tuple[int, float, str] | None:
        """The one person of a gender a story has been about so far, when the others are only mentioned."""
        counted = sorted(
            (
                (bisect_left(being.spans, (position, 0)), being.index)
                for being in self.people.beings
                if being.gender == gender
            ),
            reverse=True,
        )[:2]
        if not counted or counted[0][0] < 3 or len(counted) > 1 and counted[0][0] < 2 * counted[1][0]:
            return None
        return counted[0][1], 0.62, "whom the story is mainly about"

    def _surer(self, sentence: int, gender: str) -> bool:
        """Whether somebody certainly of that gender is named in the few sentences before."""
        low = self.layout.sentences[max(0, sentence - 5)].start
        high = self.layout.sentences[sentence].start
        return any(
            self.people.beings[self.people.at[start]].gender == gender
            for start in self._starts[bisect_left(self._starts, low) : bisect_left(self._starts, high)]
            if self.layout.passage_at(start) is None
        )

    def _alone_before(self, low: int, high: int, subject: int) -> bool:
        """Whether the sentence's subject is named at its very beginning, and alone."""
        k = bisect_left(self._starts, low)
        if k >= len(self._starts) or self._starts[k] >= min(high, low + 90):
            return False
        if self.people.at[self._starts[k]] != subject:
            return False
        if k + 1 < len(self._starts) and self._starts[k + 1] < high:
            between = self.layout.text[self.people.ends[self._starts[k]] : self._starts[k + 1]]
            return not (len(between) < 60 and between.endswith(" and "))
        return True

    def _joint(self, low: int, high: int, subject: int) -> bool:
        """Whether a sentence begins with two people joined by "and"."""
        k = bisect_left(self._starts, low)
        if (
            k + 1 >= len(self._starts)
            or self._starts[k + 1] >= high
            or self.people.at[self._starts[k]] != subject
        ):
            return False
        return (
            JOINED.fullmatch(self.layout.text, self.people.ends[self._starts[k]], self._starts[k + 1])
            is not None
        )

    def _last_heard(self, sentence: int, gender: str) -> int | None:
        """Who of that gender was heard last, in the few sentences before."""
        for heard, person in reversed(self._heard[-6:]):
            if sentence - 5 <= heard < sentence and _may_be(self.people.beings[person], gender):
                return person
        return None

    def _others(self, low: int, high: int, gender: str, but: int | None) -> list[int]:
        """Persons of that gender named outside marks, in order; possessives last, and nobody behind "by"."""
        plain: list[int] = []
        owners: list[int] = []
        for start in self._starts[bisect_left(self._starts, low) : bisect_left(self._starts, high)]:
            index = self.people.at[start]
            if index == but or index in plain or not _may_be(self.people.beings[index], gender):
                continue
            if self.layout.passage_at(start) is None and not self._agent(start):
                (owners if self._possessive(start) else plain).append(index)
        return plain + [i for i in owners if i not in plain]

    def office(self, phrase: str, position: int) -> int | None:
        """The holder of an office named inside somebody's words, when it is certain enough."""
        found = self._office(phrase, position, self.layout.sentence_at(position))
        return found.person if found is not None and found.strength >= 0.7 else None

    def owner(self, word: str, position: int, speaker: int | None) -> int | None:
        """Whom his, her, he or she inside reported words means, when that is not the speaker."""
        gender = "m" if word in ("his", "he", "him") else "f"
        if speaker is not None and _may_be(self.people.beings[speaker], gender):
            return None
        found = self._pronoun(
            "he" if gender == "m" else "she", self.layout.sentence_at(position), position, nameless=False
        )
        return found[0] if found is not None and found[0] >= 0 else None

    # -- offices ----------------------------------------------------------------------------------

    def _office(self, phrase: str, position: int, sentence: int) -> Resolution | None:
        """The holder of a definite office; ``None`` when the phrase is none or nobody fits."""
        post = asked(phrase)
        if post is None:
            return None
        phrase, head, parts, modifiers, party = post
        since = [k for k in (1, 2, 3) if self._nameless.get(sentence - k) == head]
        brief = len(parts) < 3 or "same" in parts or head in SPOKESMEN
        if brief and since and not self._heard_since(sentence - since[0]):
            return Resolution("unnamed", None, 0.8, f"“{phrase}” is the one without a name just heard")
        fits: list[tuple[float, int, str]] = []
        heading = self.layout.headline and position < self.layout.paragraphs[0].end
        for being in self.people.beings:
            if not modifiers and not heading and being.spans and being.spans[0].start > position:
                continue  # "the minister" is one whom the text has named already
            score, role = self._holds(being, post)
            if score > 0 and being.spans:
                fits.append((score, being.index, role))
        if fits:
            fits.sort(key=lambda f: (-f[0], -self._last_before(f[1], position)))
            top = [f for f in fits if f[0] >= fits[0][0] - 0.15]
            top.sort(key=lambda f: -self._last_before(f[1], position))
            score, index, role = top[0]
            strength = 0.95 * score - 0.15 * (len(top) - 1)
            return Resolution(
                "accepted",
                index,
                max(0.3, strength),
                f"“{phrase}” → {self.people.beings[index].name}, called “{role}”",
            )
        recorded = self._on_record(post, position)
        if recorded is not None:
            return recorded
        past = parts[0] == "the" and modifiers & PAST
        still = self._still_told_of(phrase, party, position, sentence) if past else None
        if still is not None:
            return still
        if head in MEMBERS and modifiers:
            return self._just_before(phrase, head, parts[0], position, sentence) or (
                self._only_one(phrase, position) if head == "mp" else None
            )
        return self._salient(phrase, head, modifiers, party, position, sentence) or self._alone_so_far(
            phrase, head, parts[0], position, sentence
        )

    def _alone_so_far(
        self, phrase: str, head: str, article: str, position: int, sentence: int
    ) -> Resolution | None:
        """ "The ports secretary" opening a sentence: the one person named so far, of no known office."""
        layout = self.layout
        opens = position - layout.sentences[sentence].start <= 5
        high = FIRST.intersection(phrase.lower().split())
        if article != "the" or not opens or high:
            return None
        named = [being for being in self.people.beings if being.spans and being.spans[0].start < position]
        if len(named) != 1 or named[0].journalist or not self._may_be_called(named[0], head):
            return None
        named[0].meant.append((position, phrase.removeprefix("The ").removeprefix("the ")))
        return Resolution(
            "accepted", named[0].index, 0.8, f"“{phrase}” → {named[0].name}, the only one named so far"
        )

    def _may_be_called(self, being: Being, head: str) -> bool:
        """Whether nothing printed of somebody speaks against an office; what speaks for it is its head."""
        roles = [role for _, role in being.roles]
        if head in TITLED:
            return any(head_of(role) == head for role in roles)
        if head == "leader":
            return all(FORMERLY.match(role) for role in roles)
        return head in MEMBERS | {"minister", "secretary"} and not any(is_political(role) for role in roles)

    def _heard_since(self, sentence: int) -> bool:
        """Whether somebody with a name has spoken since a sentence."""
        return bool(self._heard) and self._heard[-1][0] > sentence

    def _holds(self, being: Being, post: Asked) -> tuple[float, str]:
        """How well a person's printed offices fit, 0 to 1, and the office that does."""
        best, why = 0.0, ""
        roles = [role for _, role in being.roles]
        if being.known is not None:
            roles += self.people.held(being.known)
        if being.titles.keys() & PEERS:
            roles.append("peer")
        own_party = being.party()
        for role in roles:
            score = fit(role, own_party, post)
            if score > best:
                best, why = score, role
        return best, why

    def _on_record(self, post: Asked, position: int) -> Resolution | None:
        """A high office nobody here is called by: its holder at the time the story is of, if named before."""
        if self._holders is None:
            named = {b.index: _named(b) for b in self.people.beings if b.spans and not b.journalist}
            self._holders = Holders(named, self._high, self.people.written)
        found = self._holders.of(post)
        if found is None or self.people.beings[found[0]].spans[0].start > position:
            return None
        name = self.people.beings[found[0]].name
        return Resolution(
            "accepted", found[0], ON_RECORD, f"“{post.phrase}” → {name}, {found[1]} at the time"
        )

    def _last_before(self, index: int, position: int) -> int:
        spans = self.people.beings[index].spans
        k = bisect_left(spans, (position, 0))
        return spans[k - 1].start if k else -spans[0].start

    def _salient(
        self,
        phrase: str,
        head: str,
        modifiers: frozenset[str],
        party: str | None,
        position: int,
        sentence: int,
    ) -> Resolution | None:
        """A high office nobody is called by: the story's main person, unless known as something else."""
        if head not in UNIQUE or (modifiers and not modifiers - {"new"} <= HIGH | _party_words(phrase)):
            return None
        if phrase.lower() in self._offices:
            person = self._offices[phrase.lower()]
            return None if person is None else self._meant(phrase, person)
        places = [
            m.start()
            for m in re.finditer(
                r"\b" + re.escape(phrase) + r"\b(?! (?-i:" + CAPITAL + "))", self.layout.text[:REACH], re.I
            )
        ][:12]
        best: list[tuple[float, int, float]] = []
        for being in self.people.beings:
            if not being.spans or being.journalist:
                continue
            if any(head_of(role) is not None for _, role in being.roles):
                continue
            if any(_post(role) != _post(phrase) for _, role in being.meant):
                continue
            own = being.party()
            if party is not None and own is not None and party != own:
                continue
            tie = self._tie(being, places)
            best.append((self._prominence(being) + tie, being.index, tie))
        best.sort(key=lambda found: (-found[0], found[1]))
        sure = bool(best) and best[0][0] >= (3 if len(best) == 1 else 5)
        if sure and len(self.people.beings[best[0][1]].spans) == 1:
            sure = best[0][2] > 0  # named once, and nothing else tells of the office
        if sure and len(best) > 1:
            tie = best[0][2]
            tied = tie > 0 or tie == 0 and not self._may_hold_another(phrase)
            sure = tied and best[1][0] <= 0.6 * best[0][0]
        self._offices[phrase.lower()] = best[0][1] if sure else None
        if not sure:
            return None
        self.people.beings[best[0][1]].meant.append(
            (position, phrase.removeprefix("The ").removeprefix("the "))
        )
        return self._meant(phrase, best[0][1])

    def _just_before(
        self, phrase: str, head: str, article: str, position: int, sentence: int
    ) -> Resolution | None:
        """ "The Norbury East MP" opening the sentence after one about somebody nothing else is known of."""
        subject = self._subject_before(position, sentence) if article == "the" else None
        if subject is None:
            return None
        being = self.people.beings[subject]
        held = [head_of(role) for _, role in being.roles if is_political(role)]
        if being.journalist or any(other != "mp" and other not in SAME_HEAD["mp"] for other in held):
            return None
        if any(head_of(role) == head or FIRST.intersection(role.lower().split()) for _, role in being.roles):
            return None  # a member for somewhere else, or one who is never called a member
        being.meant.append((position, phrase.removeprefix("The ").removeprefix("the ")))
        return Resolution(
            "accepted", subject, 0.8, f"“{phrase}” → {being.name}, of whom the sentence before tells"
        )

    def _subject_before(self, position: int, sentence: int) -> int | None:
        """Whom the sentence before is about, when an office at ``position`` opens its sentence near by."""
        layout = self.layout
        if not sentence or position - layout.sentences[sentence].start > 5:
            return None
        apart = layout.paragraph_at(position) - layout.paragraph_at(layout.sentences[sentence - 1].start)
        return self.subjects[sentence - 1] if sentence <= len(self.subjects) and apart <= 1 else None

    def _still_told_of(
        self, phrase: str, party: str | None, position: int, sentence: int
    ) -> Resolution | None:
        """ "The former ports secretary" opening the sentence after one about somebody alone."""
        subject = self._subject_before(position, sentence)
        if subject is None:
            return None
        low, high = self.layout.sentences[sentence - 1]
        being = self.people.beings[subject]
        rivals = {self.people.at[start] for start in self._between(low, high)} - {subject}
        own = being.party()
        if rivals or being.journalist or party is not None and own is not None and party != own:
            return None
        return Resolution(
            "accepted", subject, 0.8, f"“{phrase}” → {being.name}, of whom the sentence before tells"
        )

    def _only_one(self, phrase: str, position: int) -> Resolution | None:
        """A member for a place nobody is called by: the one person named before without an office."""
        free = [
            being
            for being in self.people.beings
            if being.spans and being.spans[0].start < position and not being.roles and not being.journalist
        ]
        if len(free) != 1:
            return None
        return Resolution(
            "accepted", free[0].index, 0.75, f"“{phrase}” → {free[0].name}, of whom no other office is told"
        )

    def _meant(self, phrase: str, person: int) -> Resolution:
        return Resolution(
            "accepted",
            person,
            0.75,
            f"“{phrase}” → {self.people.beings[person].name}, whom the story is mainly about",
        )

    def _prominence(self, being: Being) -> float:
        """How much a story is about somebody."""
        weight = float(min(8, len(being.spans)))
        first = self.layout.paragraph_at(being.spans[0].start)
        weight += 4.0 if first == 0 and self.layout.headline else 0.0
        return weight + (2.0 if first <= 1 else 0.0)

    def _tie(self, being: Being, places: list[int]) -> float:
        """How well an office printed at ``places`` without a name reads as somebody.

        An office that opens a sentence after one about them speaks for it, unless it tells of somebody else
        ("The chancellor meanwhile"); their name in the same sentence speaks against it.
        """
        layout = self.layout
        weight = 0.0
        for place in places:
            sentence = layout.sentence_at(place)
            low, high = layout.sentences[sentence]
            k = bisect_left(being.spans, (low, 0))
            if k < len(being.spans) and being.spans[k].start < high:
                weight -= 3.0
            elif (
                sentence
                and place - low < 8
                and MEANWHILE.search(layout.text, low, min(high, low + 60)) is None
            ):
                before = layout.sentences[sentence - 1]
                if self.subjects[sentence - 1 : sentence] != [being.index] or self._joint(
                    *before, being.index
                ):
                    continue
                weight += 3.0
                j = bisect_left(self._starts, place) - 1
                if (
                    j >= 0
                    and self.people.at[self._starts[j]] == being.index
                    and place - self._starts[j] < 250
                ):
                    weight += 3.0
        return weight


SUBJECT_PRONOUNS = frozenset(("he", "she"))
OWNERS = {"his": "he", "her": "she"}
# What somebody said or wrote themselves: "his answer was: “…”", "Mr Lee's statement said".
OWN_WORDS = frozenset(
    "message advice answer answers reply response verdict warning words comment comments remark remarks "
    "statement letter e-mail email memo memorandum note article column diary tweet post blog speech view "
    "views assessment description conclusion claim call plea promise appeal question motto slogan".split()
)
REACH_OF_OWNER = 60  # characters
OWNS_WORDS = re.compile(rf" (?:[\w’'-]+ ){{0,2}}?(?:{either(OWN_WORDS)})\b")
OWNING = ("'s", "’s")
TITLED = frozenset("president archbishop bishop cardinal governor mayor".split())
MEMBERS = frozenset("mp mep msp am peer backbencher politician".split())
DOUBT = 0.3  # strength of a source that may be nobody
ON_RECORD = 0.85  # strength of an office whose holder only the public record tells
WRITTEN = 0.9  # strength of the owner of a statement, who may have had it written
IT = 0.8  # strength of the writer whose statement is only an "it"
BETWEEN = 4  # words from a name to what its bearer wrote: "’s open letter"
INFERRED = 0.9  # strength of a peer who is told to be somebody by surname and sex alone
CARRIED = 0.75  # strength of a pronoun that may mean the subject or somebody named behind it
UNSURE = 0.55  # below this a pronoun is left for an editor
REACH = 20_000  # characters in which an office is followed
HIGH_OFFICE = re.compile(
    r"[Tt](?<!\w.)he (?:prime minister|(?:home|foreign|health|education|defence) secretary|chancellor)\b"
    rf"(?! {CAPITAL}|['’]s? (?:official )?spokes)"
)
MEANWHILE = re.compile(r"\bmeanwhile\b", re.I)
PAST = frozenset("former outgoing retired".split())
FRONTED_BY = (
    "Asked Speaking Describing Writing Responding Despite After Before When While As Although Though If "
    "Following During With By In On At Challenged Pressed Questioned Addressing Appearing Announcing "
    "Launching Referring Earlier Later Meanwhile But Instead Commenting Talking"
)
FRONTED = re.compile(rf"(?:(?:And|But|So|Yet|Then),? )?(?:{either(FRONTED_BY.split(), any_case=True)})\b")
ASIDE = re.compile(
    r", (?:[^,.;:\"“]{3,60} (?:to|for) (?:the|his|her) [^,.;:\"“]{3,60}, "
    r"|(?:[^,.;:\"“]{3,60}, )?who [^.;:\"“]{3,200}?(?:, | (?:by|with|to|of) )(?:[a-z]+ ){0,5}(?:[a-z]+, )?)"
)
JOINED = re.compile(r"(?:, [^,.;:\"“]{1,90},)? and (?:the |his |her )?(?:[a-z]+ ){0,4}")
COMMAS = frozenset((",", '"', "”", "’", "'"))
SAYING = frozenset("said says added argued insisted claimed warned wrote told explained continued".split())
TOPIC = re.compile(
    r"(?:Asked|Pressed|Quizzed|Questioned|Challenged|Commenting|Responding|Reacting|Replying|Referring|Turning|"
    r"Describing|Speaking (?:about|of)|Writing (?:about|of)|On|Of|As for) "
)
SUBJECT_AHEAD = re.compile(rf"(?:he|she|the|Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady|Baroness|{CAPITALISED}+)\b")
HIGH = frozenset(
    "prime first chief home foreign labour tory conservative party liberal democrat lib dem "
    "opposition".split()
)
OFFICE = (
    rf"(?P<office>[Tt][Hh][Ee] (?:[\w’'-]+ ){{0,3}}?(?:{either(heads(), any_case=True)}))\b(?! [Oo][Ff]\b)"
)
OFFICE_INSIDE = re.compile(OFFICE)
OPENING_OFFICE = re.compile(r"[\"“]?" + OFFICE)
BELONGS = re.compile(
    r"\b(?:(?:of|for|to|with|by|from|in|at|on|about|behind|against)\s+(?:the\s+|then\s+|former\s+)?(?:[\w’'-]+\s+){0,3}"
    r"|(?!outgoing|incoming|acting)\w{2,}ing\s+)$"
)
# "a spokesman for European Commissioner Ann Lee", however long her office is
SOMEBODY_ELSE = re.compile(
    r"(?:an?|one|another|some|several|two|many)\s+[^,]*\b(?:of|for|to|from|with|by|behind|in|at)\s+[^,]*$",
    re.I,
)


SET_OFF = re.compile(r"\s*[,(–—]\s*")
ARTICLE = f"(?:{either(ARTICLES, any_case=True)}) "
NAMED_BESIDE = re.compile(rf"(?!{ARTICLE})[^,(–—]+ ?[,(–—] ?(?:{ARTICLE})?\w")
NAME_SET_OFF = re.compile(
    rf", (?P<name>[\w{MARKS}’'.-]+(?: [\w{MARKS}’'.-]+){{1,3}}|\w*@[\w@.-]+)(?=[,.;])"  # or an account's
)
TELLING = ("ly", "ing", "ed", "’s", "'s")
SMALL_WORDS = words("unfinished") | words("auxiliaries") | words("breaks") | ROLE_WORDS
HANGS_ON = frozenset(
    "of for at in from to with on by and or who that which he she his her their the a an".split()
)


def _may_name(name: list[str]) -> bool:
    """Whether words set off behind an office may be a name, in small letters too: none tells of anything."""
    small = [word for word in name if word.islower()]
    telling = any(word in SMALL_WORDS or word in heads() or word.endswith(TELLING) for word in small)
    return name[0] not in OPENERS and not telling and not any(word[0].isdigit() for word in name)


def _behind_head(phrase: str) -> list[str]:
    """The words, in lower case, behind the last head of an office in a phrase."""
    said = WORD.findall(phrase.lower())
    k = next((k for k in range(len(said) - 1, -1, -1) if said[k] in heads()), len(said))
    return said[k + 1 :]


def _belongs(lead: str) -> bool:
    """Whether a name is what a noun before it hangs on: "an aide to Ann Lee", "unions meeting Mr Lee"."""
    if not lead or lead.rstrip().endswith(("'s", "’s")) and capital(lead) and head_of(lead) is None:
        return False  # "Ports for All's Ann Lee" is of that body
    hangs = BELONGS.search(lead)
    return hangs is not None and hangs.start() > 0 or SOMEBODY_ELSE.match(lead) is not None


def _post(phrase: str) -> str | None:
    """The head of an office, a prime minister's being a premier's."""
    return "premier" if "prime minister" in phrase.lower() else head_of(phrase)


def _party_words(phrase: str) -> set[str]:
    return {word.lower() for word in phrase.split() if capital(word)} if party_of(phrase) else set()


TAIL = re.compile(r"\b(?:of|for|at|in|from|to|with|on|who|that)\b")
NOBODY = frozenset("the a an his her its their there this that these those and but or as so when to".split())


@lru_cache(ASKED)
def _somebody(text: str) -> bool:
    """Whether a phrase is headed by people or a body: an office or job, singular or plural, or a capital."""
    parts = WORD.findall(text)
    if not parts or len(parts) == 1 and parts[0].lower() in NOBODY:
        return False
    if head_of(text) is not None or capital(parts[-1]):
        return True
    front = TAIL.split(text, maxsplit=1)[0].split()
    return any(word.lower().removesuffix("s") in heads() or word.lower() in PEOPLE for word in front[-2:])


PEOPLE = frozenset(
    "people men women police ministers critics parents residents voters families doctors teachers nurses "
    "lawyers government opposition party council committee company group union charity campaign department "
    "office ministry commission board trust report letter statement study survey poll book newspaper paper "
    "magazine article".split()
)


def _named(being: Being) -> Named:
    roles = [role for _, role in being.roles]
    past = [role[over.end() :] for role in roles if (over := FORMERLY.match(role)) is not None]
    return Named(being.first, being.last, [role for role in roles if not FORMERLY.match(role)], past)


def _may_be(being: Being, gender: str) -> bool:
    return being.gender in ("", gender)
