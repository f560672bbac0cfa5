"""Who holds an office that copy names without its holder: "the ports minister said".

Each step takes an office that may be held by one person (``Office``) and gives its holder, or ``None``.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from stories.extraction.coreference.discourse import REACH, Discourse, Office, Resolution
from stories.extraction.people.attributes import FORMERLY
from stories.extraction.people.entity import Entity
from stories.extraction.people.office_matching import FIRST, RANKS, SAME_HEAD, SPOKESMEN, UNIQUE, fit
from stories.extraction.people.offices import head_of, is_political, party_of
from stories.extraction.people.persons import PEERS
from stories.extraction.text.letters import CAPITAL, capital

ON_RECORD = 0.85  # strength of an office whose holder only the public record tells
UNNAMED, SUBJECT_BEFORE, ALONE, ONLY_ONE, MAIN = 0.8, 0.8, 0.8, 0.75, 0.75
CALLED = 0.95  # strength of the one person called by an office, before anything is taken off
ALIKE = 0.15  # how much worse another's office may fit and still be meant
OPENING = 5  # characters of marks and article before an office that opens its sentence
TITLED = frozenset("president archbishop bishop cardinal governor mayor".split())
MEMBERS = frozenset("mp mep msp am peer backbencher politician".split())
PAST = frozenset("former outgoing retired".split())
HIGH = frozenset(
    "prime first chief home foreign labour tory conservative party liberal democrat lib dem "
    "opposition".split()
)
MEANWHILE = re.compile(r"\bmeanwhile\b", re.I)
MOST_PLACES = 12  # places of one office looked at


def unnamed_holder_just_heard(discourse: Discourse, office: Office) -> Resolution | None:
    """The speaker without a name of the last three sentences: "a spokesman said … the spokesman added"."""
    post, sentence = office.post, office.sentence
    since = [k for k in (1, 2, 3) if discourse.unnamed_speakers.get(sentence - k) == post.head]
    brief = len(post.parts) < 3 or "same" in post.parts or post.head in SPOKESMEN
    if brief and since and not discourse.spoke_since(sentence - since[0]):
        return Resolution("unnamed", None, UNNAMED, f"“{post.phrase}” is the unnamed person just mentioned")
    return None


def called_so(discourse: Discourse, office: Office) -> Resolution | None:
    """The person whom the text or the roster calls by the office; of several, the one named last."""
    layout, people, mentions = discourse.layout, discourse.people, discourse.mentions
    post, position = office.post, office.position
    fits: list[tuple[float, int, str]] = []
    heading = layout.headline and position < layout.paragraphs[0].end
    for entity in people.entities:
        if not post.modifiers and not heading and entity.spans and entity.spans[0].start > position:
            continue  # "the minister" is one whom the text has named already
        score, role = _best_fit(discourse, entity, office)
        if score > 0 and entity.spans:
            fits.append((score, entity.index, role))
    if not fits:
        return None
    fits.sort(key=lambda f: (-f[0], -mentions.last_before(f[1], position)))
    top = [f for f in fits if f[0] >= fits[0][0] - ALIKE]
    top.sort(key=lambda f: -mentions.last_before(f[1], position))
    score, index, role = top[0]
    strength = max(0.3, CALLED * score - 0.15 * (len(top) - 1))
    why = f"“{post.phrase}” → {people.entities[index].name}, called “{role}”"
    return Resolution("accepted", index, strength, why)


def _best_fit(discourse: Discourse, entity: Entity, office: Office) -> tuple[float, str]:
    """How well a person's printed offices fit, 0 to 1, and the office that does."""
    best, why = 0.0, ""
    roles = [role for _, role in entity.roles]
    if entity.known is not None:
        roles += discourse.people.held(entity.known)
    if entity.titles.keys() & PEERS:
        roles.append("peer")
    own_party = entity.party()
    for role in roles:
        score = fit(role, own_party, office.post)
        if score > best:
            best, why = score, role
    return best, why


def on_record(discourse: Discourse, office: Office) -> Resolution | None:
    """A high office nobody here is called by: its holder at the time the story is of, if named before."""
    found = discourse.office_holders.of(office.post)
    if found is None:
        return None
    entity = discourse.people.entities[found[0]]
    if entity.spans[0].start > office.position:
        return None
    why = f"“{office.post.phrase}” → {entity.name}, {found[1]} at the time"
    return Resolution("accepted", entity.index, ON_RECORD, why)


def former_holder_still_told_of(discourse: Discourse, office: Office) -> Resolution | None:
    """ "The former ports secretary" opening the sentence after one about somebody alone."""
    post = office.post
    if post.parts[0] != "the" or not post.modifiers & PAST:
        return None
    subject = _subject_before(discourse, office)
    if subject is None:
        return None
    low, high = discourse.layout.sentences[office.sentence - 1]
    entity = discourse.people.entities[subject]
    rivals = {discourse.people.at[start] for start in discourse.mentions.between(low, high)} - {subject}
    own = entity.party()
    if rivals or entity.journalist or (post.party is not None and own is not None and post.party != own):
        return None
    return _told_of_before(entity, post.phrase)


def member_told_of_before(discourse: Discourse, office: Office) -> Resolution | None:
    """ "The Norbury East MP" opening the sentence after one about somebody nothing else is known of."""
    post = office.post
    if not _is_member(office) or post.parts[0] != "the":
        return None
    subject = _subject_before(discourse, office)
    if subject is None:
        return None
    entity = discourse.people.entities[subject]
    roles = [role for _, role in entity.roles]
    held = [head_of(role) for role in roles if is_political(role)]
    if entity.journalist or any(other != "mp" and other not in SAME_HEAD["mp"] for other in held):
        return None
    if any(head_of(role) == post.head or FIRST.intersection(role.lower().split()) for role in roles):
        return None  # a member for somewhere else, or one who is never called a member
    discourse.is_meant(subject, office.position, post.phrase)
    return _told_of_before(entity, post.phrase)


def only_one_without_office(discourse: Discourse, office: Office) -> Resolution | None:
    """A member for a place nobody is called by: the one person named before without an office."""
    if not _is_member(office) or office.post.head != "mp":
        return None
    free = [
        entity
        for entity in discourse.people.entities
        if entity.spans
        and entity.spans[0].start < office.position
        and not entity.roles
        and not entity.journalist
    ]
    if len(free) != 1:
        return None
    why = f"“{office.post.phrase}” → {free[0].name}, of whom no other office is told"
    return Resolution("accepted", free[0].index, ONLY_ONE, why)


def main_person(discourse: Discourse, office: Office) -> Resolution | None:
    """A high office nobody is called by: the story's main person, unless known as something else.

    Decided once for each printing of an office, at its first place.
    """
    post = office.post
    if _is_member(office) or post.head not in UNIQUE:
        return None
    if post.modifiers and not post.modifiers - {"new"} <= HIGH | _party_words(post.phrase):
        return None
    key = post.phrase.lower()
    if key not in discourse.main_offices:
        person = _main_person(discourse, office)
        if person is not None and _named_behind(discourse, office, person):
            person = None
        discourse.main_offices[key] = person
        if person is not None:
            discourse.is_meant(person, office.position, post.phrase)
    person = discourse.main_offices[key]
    if person is None:
        return None
    why = f"“{post.phrase}” → {discourse.people.entities[person].name}, whom the story is mainly about"
    return Resolution("accepted", person, MAIN, why)


def _main_person(discourse: Discourse, office: Office) -> int | None:
    """Whom a story is so much about that a high office must be theirs; ``None`` when that is not sure."""
    phrase, party = office.post.phrase, office.post.party
    places = _places(discourse, phrase)
    best: list[tuple[float, int, float]] = []
    for entity in discourse.people.entities:
        if not entity.spans or entity.journalist:
            continue
        if any(head_of(role) is not None for _, role in entity.roles):
            continue
        if any(_post(role) != _post(phrase) for _, role in entity.meant):
            continue
        own = entity.party()
        if party is not None and own is not None and party != own:
            continue
        tie = _tie(discourse, entity, places)
        best.append((_prominence(discourse, entity) + tie, entity.index, tie))
    best.sort(key=lambda found: (-found[0], found[1]))
    if not best or best[0][0] < (3 if len(best) == 1 else 5):
        return None
    weight, index, tie = best[0]
    if len(discourse.people.entities[index].spans) == 1 and tie <= 0:
        return None  # named once, and nothing else tells of the office
    if len(best) > 1:
        tied = tie > 0 or (tie == 0 and not _another_office_open(discourse, phrase))
        if not tied or best[1][0] > 0.6 * weight:
            return None
    return index


def _places(discourse: Discourse, phrase: str) -> list[int]:
    """Where an office is printed without a name behind it, in the reach of the text looked at."""
    pattern = r"\b" + re.escape(phrase) + r"\b(?! (?-i:" + CAPITAL + "))"
    return [m.start() for m in re.finditer(pattern, discourse.layout.text[:REACH], re.I)][:MOST_PLACES]


def _another_office_open(discourse: Discourse, phrase: str) -> bool:
    """Whether the text speaks of a second high office of which it is not known who holds it."""
    asked_for = phrase.lower().removeprefix("the ")
    others = {high.removeprefix("the ") for high in discourse.high_offices} - {asked_for}
    if not others:
        return False
    roles = [role.lower() for entity in discourse.people.entities for _, role in entity.roles + entity.meant]
    return any(
        not any(role.endswith(other) and RANKS.isdisjoint(role.split()) for role in roles) for other in others
    )


def _prominence(discourse: Discourse, entity: Entity) -> float:
    """How much a story is about somebody, in points."""
    weight = float(min(8, len(entity.spans)))
    first = discourse.layout.paragraph_at(entity.spans[0].start)
    weight += 4.0 if first == 0 and discourse.layout.headline else 0.0
    return weight + (2.0 if first <= 1 else 0.0)


def _tie(discourse: Discourse, entity: Entity, places: list[int]) -> float:
    """How well an office printed at ``places`` without a name reads as somebody, in points.

    An office that opens a sentence after one about them speaks for it, unless it tells of somebody else
    ("The chancellor meanwhile"); their name in the same sentence speaks against it.
    """
    layout, mentions = discourse.layout, discourse.mentions
    weight = 0.0
    for place in places:
        sentence = layout.sentence_at(place)
        low, high = layout.sentences[sentence]
        k = bisect_left(entity.spans, (low, 0))
        if k < len(entity.spans) and entity.spans[k].start < high:
            weight -= 3.0
        elif sentence and place - low < 8 and MEANWHILE.search(layout.text, low, min(high, low + 60)) is None:
            about_them = discourse.subjects[sentence - 1 : sentence] == [entity.index]
            if not about_them or mentions.opens_jointly(*layout.sentences[sentence - 1], entity.index):
                continue
            weight += 3.0
            j = bisect_left(mentions.starts, place) - 1
            if (
                j >= 0
                and discourse.people.at[mentions.starts[j]] == entity.index
                and place - mentions.starts[j] < 250
            ):
                weight += 3.0
    return weight


def alone_so_far(discourse: Discourse, office: Office) -> Resolution | None:
    """ "The ports secretary" opening a sentence: the one person named so far, of no known office."""
    post, position = office.post, office.position
    opens = position - discourse.layout.sentences[office.sentence].start <= OPENING
    high = FIRST.intersection(post.phrase.lower().split())
    if _is_member(office) or post.parts[0] != "the" or not opens or high:
        return None
    named = [
        entity for entity in discourse.people.entities if entity.spans and entity.spans[0].start < position
    ]
    if len(named) != 1 or named[0].journalist or not _may_be_called(named[0], post.head):
        return None
    if _named_behind(discourse, office, named[0].index):
        return None
    discourse.is_meant(named[0].index, position, post.phrase)
    why = f"“{post.phrase}” → {named[0].name}, the only one named so far"
    return Resolution("accepted", named[0].index, ALONE, why)


def _may_be_called(entity: Entity, head: str) -> bool:
    """Whether nothing printed of somebody speaks against an office; what speaks for it is its head."""
    roles = [role for _, role in entity.roles]
    if head in TITLED:
        return any(head_of(role) == head for role in roles)
    if head == "leader":
        return all(FORMERLY.match(role) for role in roles)
    return head in MEMBERS | {"minister", "secretary"} and not any(is_political(role) for role in roles)


def _is_member(office: Office) -> bool:
    """Whether an office is a member's of somewhere or some party: "the Norbury East MP"."""
    return office.post.head in MEMBERS and bool(office.post.modifiers)


def _subject_before(discourse: Discourse, office: Office) -> int | None:
    """Whom the sentence before is about, when an office opens its sentence near by."""
    layout, position, sentence = discourse.layout, office.position, office.sentence
    if not sentence or position - layout.sentences[sentence].start > OPENING:
        return None
    apart = layout.paragraph_at(position) - layout.paragraph_at(layout.sentences[sentence - 1].start)
    return discourse.subjects[sentence - 1] if sentence <= len(discourse.subjects) and apart <= 1 else None


def _told_of_before(entity: Entity, phrase: str) -> Resolution:
    why = f"“{phrase}” → {entity.name}, of whom the sentence before tells"
    return Resolution("accepted", entity.index, SUBJECT_BEFORE, why)


def _named_behind(discourse: Discourse, office: Office, person: int) -> bool:
    return spoken_of_behind(discourse, office.position + len(office.post.phrase), person)


def _post(phrase: str) -> str | None:
    """The head of an office, a prime minister's being a premier's."""
    return "premier" if "prime minister" in phrase.lower() else head_of(phrase)


def _party_words(phrase: str) -> set[str]:
    return {word.lower() for word in phrase.split() if capital(word)} if party_of(phrase) else set()


def spoken_of_behind(discourse: Discourse, end: int, holder: int) -> bool:
    """Whether the clause goes on about the holder by name: "the leader accused Yard" is not said of Yard."""
    layout = discourse.layout
    clause = OWN_CLAUSE.match(layout.text, end, layout.sentences[layout.sentence_at(end - 1)].end)
    if clause is None:
        return False
    return any(
        discourse.people.at[start] == holder for start in discourse.mentions.between(end, clause.end())
    )


OWN_CLAUSE = re.compile(r"[^,;:.!?\"“”‘(]*")
