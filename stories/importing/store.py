"""One text's rows: its story, the people it names, its claims and where they stand in it.

Called inside the transaction of one file. Nothing here decides what readers see; that is the desk's.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Q
from taggit.models import Tag

from stories.actions import adoption, locking, outlets, picture_library, undo
from stories.actions.errors import NotReady
from stories.extraction import Extraction, Person, Quotation
from stories.importing import receipts
from stories.importing.reader import Copy
from stories.importing.roster import Roster, is_whole, may_enter, people_on_record, speakers
from stories.models import Appearance, Article, Author, Claim, ImportedText, ImportRun, Politician
from stories.models.claims import ClaimQuerySet, wording_key
from stories.text import anchors
from stories.text.quotations import as_printed

__all__ = [
    "Filed",
    "Finish",
    "Found",
    "extraction_text",
    "file_story",
    "found_in",
    "refile_story",
    "remove_unused",
    "unused",
]

# What the desk does with a story as soon as it is filed: publish it, accept what is nearly certain. It gets
# the story, those appearances whose speaker is not in doubt, and the copy.
Finish = Callable[[Article, Sequence[Appearance], Copy], None]
# Fewer words from a source without a name may well be another's.
FEWEST_SHARED_WORDS = 5
# A claim's speaker, or else the label, and the key of its words.
Identity = tuple[int | None, str, str]


@dataclass(slots=True)
class Filed:
    """What became of one text: its story, the appearances made, and the receipt for undoing it."""

    article: Article
    appearances: list[Appearance]
    people: int
    rated: int = 0
    receipt: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A claim that the reading of a story makes out, with its appearance; neither is saved.

    The claim has its speaker's number, or else the label it would go under. `settled` says whether it is
    known who said it, `enters` is a politician without a record, `about` are people on record.
    """

    claim: Claim
    appearance: Appearance
    settled: bool
    enters: Person | None
    about: tuple[int, ...]


def found_in(article: Article, extraction: Extraction, roster: Roster) -> list[Found]:
    """Everything said in a story's text, in its order, as an import would file it. It only reads."""
    copy = Copy(article.headline, "", article.text, "", dateline=article.dateline)
    filing = _Filing(copy, extraction, ImportRun(), roster, None)
    return [filing.found(article, ready) for ready in filing._said()]


def extraction_text(copy: Copy) -> tuple[str, int]:
    """What the extraction reads, headline first (a name may stand there in full), and the body's offset."""
    return f"{copy.headline}\n\n{copy.text}", len(copy.headline) + 2


def file_story(
    copy: Copy, extraction: Extraction, *, run: ImportRun, roster: Roster, finish: Finish | None = None
) -> Filed:
    """Make the story and everything in it. Raises Clash: `locking.act` begins anew."""
    filing = _Filing(copy, extraction, run, roster, finish)
    filing.hold()
    return filing.write(Article(imported_in=run, created_by=run.by), undo.Watch())


def refile_story(  # noqa: PLR0913  (two stories and what the import knows)
    article: Article,
    copy: Copy,
    extraction: Extraction,
    *,
    text: ImportedText,
    run: ImportRun,
    roster: Roster,
    finish: Finish | None = None,
) -> Filed:
    """Put new words in the place of those of `text`, in a draft nobody has touched; claims in both stay the
    same rows. Raises Clash, also when it has been touched meanwhile: `locking.act` begins anew."""
    filing = _Filing(copy, extraction, run, roster, finish)
    text.article = article = filing.hold(article).story(article)
    if article.status != Article.Status.DRAFT or receipts.touched(text, receipts.beside(text)):
        raise locking.Clash
    claims = Claim.objects.filter(appearances__article=article).distinct()
    watch = undo.Watch(whole=[article, *claims])
    before = [claim.pk for claim in claims]
    article.appearances.all().delete()
    return filing.write(article, watch, replaced=before)


def unused(claims: ClaimQuerySet) -> ClaimQuerySet:
    """Those of `claims` on which nothing hangs but where they stand."""
    return claims.filter(
        evidence__isnull=True,
        corrections__isnull=True,
        contradictions_first__isnull=True,
        contradictions_second__isnull=True,
        rating="",
        reviewed_at__isnull=True,
    )


def remove_unused(claims: ClaimQuerySet) -> int:
    """Delete those of `claims` that stand in no story and on which nothing else hangs."""
    pks = list(unused(claims).filter(appearances__isnull=True).values_list("pk", flat=True))
    Claim.objects.filter(pk__in=pks).delete()
    return len(pks)


# Writing


def _tag(article: Article, names: Sequence[str]) -> list[Tag]:
    """Give the story its tags; those of them that were made for it."""
    wanted = Q(pk__in=[])
    for name in names:
        wanted |= Q(name__iexact=name)
    known = set(Tag.objects.filter(wanted).values_list("pk", flat=True)) if names else set()
    article.tags.set(names)
    return [tag for tag in article.tags.all() if tag.pk not in known]


def _illustrate(article: Article, copy: Copy) -> None:
    """Give the story the picture that stands in the copy's file, or none. A former one's file stays stored:
    taking the import back needs it."""
    picture = copy.picture
    article.lead_image = ContentFile(picture.data, "picture") if picture else ""  # type: ignore[assignment]
    article.lead_image_alt = picture.alt if picture else ""
    article.lead_image_caption = picture.caption if picture else ""
    article.lead_image_credit = picture.credit if picture else ""


def _credit(article: Article, names: Sequence[str]) -> list[Author]:
    """Give the story its authors; those of them that were made for it."""
    authors, made = [], []
    for name in names:
        author = Author.objects.filter(name__iexact=name).order_by("pk").first()
        if author is None:
            author = Author.objects.create(name=name)
            made.append(author)
        authors.append(author)
    article.authors.set(authors)
    return made


def _adopt(politician: Politician, claims: Sequence[Claim], run: ImportRun) -> None:
    """Give a politician the claims that this import filed under the bare name, which are locked.

    An earlier file named the person without saying what they are; which file comes first decides nothing.
    """
    if not claims:
        return
    watch = undo.Watch(whole=claims)
    adopted: dict[str, Claim] = {}
    for claim in claims:
        same = adopted.setdefault(claim.wording_key, claim)
        if same is not claim:
            claim.appearances.update(claim=same)
            claim.delete()
            continue
        claim.speaker, claim.speaker_label = politician, ""
        claim.save(update_fields=["speaker", "speaker_label"])
        if claim.state == Claim.State.ACCEPTED and not politician.confirmed:
            politician.confirmed = True
            politician.save(update_fields=["confirmed"])
    receipts.amend(run, watch.record())


def _whole_names(person: Person) -> set[str]:
    return {name for name in (person.name, *person.names) if is_whole(name)}


SPACE = re.compile(r"\s*")
# The "that" by which reported speech is joined to who said it is not among the words said.
JOINED = re.compile(r"\s*(?:that\s+)?")


@dataclass(frozen=True, slots=True)
class _Words:
    """A quotation's words where they stand in the story."""

    quotation: Quotation
    selectors: tuple[anchors.Selector, ...]
    wording: str


@dataclass(frozen=True, slots=True)
class _Said:
    """A quotation made ready: the claim it makes, and what it takes to find one like it."""

    quotation: Quotation
    selectors: tuple[anchors.Selector, ...]
    wording: str
    speaker: int | None
    label: str
    settled: bool  # whether it is known who said it: a politician, a named person, a source without a name

    @property
    def identity(self) -> Identity:
        return self.speaker, "" if self.speaker else self.label, self.key

    @property
    def key(self) -> str:
        return wording_key(self.wording, self.quotation.stance)

    @property
    def joins(self) -> bool:
        """Whether a claim on record in the same words is the same claim."""
        if self.speaker is not None:
            return True
        return self.settled and len(wording_words(self.wording)) >= FEWEST_SHARED_WORDS


class _Filing:
    """One text on its way: what it needs of the newsroom is locked with `hold`, then it is written."""

    def __init__(
        self, copy: Copy, extraction: Extraction, run: ImportRun, roster: Roster, finish: Finish | None
    ) -> None:
        self.copy, self.extraction, self.run = copy, extraction, run
        self.roster, self.finish = roster, finish
        self.speakers = speakers(extraction)
        # For each found person the politician it is: one on record, one now entered, or None.
        self.people = {number: self._politician(person) for number, person in enumerate(extraction.people)}
        _, offset = extraction_text(copy)
        self.words = [found for q in extraction.quotations if (found := self._words(q, offset)) is not None]
        self.held = locking.Held({}, {}, {})

    def found(self, article: Article, ready: "_Said") -> Found:
        """What the words make, unsaved."""
        claim = self._claim(ready)
        q = ready.quotation
        person = self.extraction.people[q.person] if q.status == "accepted" and q.person is not None else None
        new = (
            person is not None and ready.speaker is None and ready.settled and may_enter(person, speaks=True)
        )
        about = [pk for number in q.about if (pk := self.people.get(number)) is not None]
        appearance = self._appearance(article, ready, claim)
        return Found(claim, appearance, ready.settled, person if new else None, tuple(about))

    def hold(self, article: Article | None = None) -> locking.Held:
        """Lock the story that is written over, the people on record and the claims that are said again."""
        people = [Politician(pk=pk) for pk in self.people.values() if pk is not None]
        claims = [Claim(pk=pk) for pk in self._known()]
        try:
            self.held = locking.hold(stories=[article] if article else (), people=people, claims=claims)
        except NotReady as gone:
            raise locking.Clash from gone
        for number, pk in self.people.items():
            self.people[number] = None if pk is None else self.held.person(pk).pk
        return self.held

    def _politician(self, person: Person) -> int | None:
        matches = self.roster.matches(person)
        return matches[0] if len(matches) == 1 else None

    def _known(self) -> set[int]:
        """The claims that this text says again, and those under the bare names of who is to be entered."""
        said = {ready.identity for ready in self._said() if ready.joins}
        new = [
            person
            for number, person in enumerate(self.extraction.people)
            if self.people[number] is None and self._may_enter(number)
        ]
        alike = Q(wording_key__in={key for _, _, key in said})
        found = Claim.objects.filter(alike).values_list("pk", "speaker", "speaker_label", "wording_key")
        known = {pk for pk, speaker, name, key in found if (speaker, "" if speaker else name, key) in said}
        if new:
            own = Q(pk__in=[])
            for person in new:
                own |= Q(speaker_label__iexact=person.name)
            bare = Claim.objects.filter(own, imported_in=self.run, speaker=None)
            known.update(bare.values_list("pk", flat=True))
            names = {name for person in new for name in _whole_names(person)}
            known.update(adoption.under_the_names(names).values_list("pk", flat=True))
        return known

    def write(self, article: Article, watch: undo.Watch, *, replaced: Sequence[int] | None = None) -> Filed:
        """Write it all; `replaced` are the claims of the text that was there before."""
        copy, anew = self.copy, replaced is not None
        if self.finish is not None:
            watch.also(alone=[person for person in self.held.people.values() if not person.confirmed])
        article.headline, article.standfirst = copy.headline, copy.standfirst
        article.body = copy.body  # type: ignore[assignment]
        article.dateline, article.source, article.source_url = copy.dateline, copy.source, copy.url
        _illustrate(article, copy)
        picture_library.take_in(article=article, by=self.run.by)
        article.version += anew  # whoever has the old text open is told when they save
        article.save()
        if copy.tags or anew:
            watch.add(alone=_tag(article, copy.tags))
        if copy.byline or anew:
            watch.add(alone=_credit(article, copy.byline))
        self._enter(watch)
        said = self._said()
        claims = self._claims(said, watch)
        appearances, settled = self._appearances(article, said, claims)
        rated = sum(bool(row.claim.rating) for row in appearances)
        if self.finish is not None:
            known = undo.Watch(alone=[claim for claim in self._own() if claim.pk is not None])
            self.finish(article, settled, copy)
            receipts.amend(self.run, known.record())
        if replaced:
            remove_unused(Claim.objects.filter(pk__in=replaced, imported_in__isnull=False))
        watch.add(whole=[article])
        people = {pk for pk in self.people.values() if pk is not None}
        return Filed(article, appearances, len(people), rated, receipts.keep(watch, article))

    def _enter(self, watch: undo.Watch) -> None:
        """Enter whom the desk does not know yet; what was filed under the bare name is theirs."""
        for number, person in enumerate(self.extraction.people):
            if self.people[number] is not None:
                continue
            self.people[number] = self._politician(person)  # it may have been entered under another number
            if self.roster.matches(person) or not self._may_enter(number):
                continue
            politician, party = self.roster.enter(person, self.run)
            watch.add(alone=[politician, party])
            self.people[number] = politician.pk
            _adopt(politician, self._under(politician.name), self.run)
            earlier = self._filed_earlier(person)
            watch.also(alone=earlier)
            given = adoption.give(person=politician, claims=earlier)
            receipts.follow({claim.pk for claim in given})

    def _may_enter(self, number: int) -> bool:
        return may_enter(self.extraction.people[number], speaks=number in self.speakers)

    def _filed_earlier(self, person: Person) -> list[Claim]:
        """The locked claims that other imports filed under a whole name of the person's."""
        others = [claim.pk for claim in self.held.claims.values() if claim.imported_in_id != self.run.pk]
        names = _whole_names(person)
        found = adoption.under_the_names(names).filter(pk__in=others).order_by("pk") if others else ()
        return [self.held.claims[claim.pk] for claim in found]

    def _own(self) -> list[Claim]:
        """The locked claims that this import has made."""
        return [claim for claim in self.held.claims.values() if claim.imported_in_id == self.run.pk]

    def _under(self, name: str) -> list[Claim]:
        """What this import filed under a bare name, and nobody has decided about."""
        return [
            claim
            for claim in self._own()
            if claim.speaker_id is None
            and claim.speaker_label.casefold() == name.casefold()
            and claim.reviewed_at is None
            and claim.state != Claim.State.REJECTED
        ]

    def _appearances(
        self, article: Article, said: Sequence[_Said], claims: Sequence[Claim]
    ) -> tuple[list[Appearance], list[Appearance]]:
        """Every appearance, made; and those of them whose speaker is settled."""
        rows: list[Appearance] = []
        settled: list[Appearance] = []
        taken = set()
        for ready, claim in zip(said, claims, strict=True):
            place = claim.pk, ready.selectors[0].start
            if place not in taken:
                taken.add(place)
                rows.append(self._appearance(article, ready, claim))
                if ready.settled:
                    settled.append(rows[-1])
        outlets.file(row.outlet for row in rows)
        return Appearance.objects.bulk_create(rows), settled

    def _words(self, quotation: Quotation, offset: int) -> _Words | None:
        text = self.copy.text
        selectors = []
        for start, end in quotation.content:
            start, end = start - offset, end - offset
            if leading := (SPACE if quotation.kind == "direct" else JOINED).match(text, max(0, start), end):
                start = leading.end()
            while start < end and text[end - 1 : end].isspace():
                end -= 1
            if not 0 <= start < end <= len(text):
                return None  # it stands in the headline
            selectors.append(anchors.make(text, start, end))
        wording = as_printed(selectors)
        return _Words(quotation, tuple(selectors), wording) if wording_words(wording) else None

    def _said(self) -> list[_Said]:
        """Whose the words are, by who is on record and entered by now."""
        ready = []
        for words in self.words:
            speaker, label, settled = self._speaker(words.quotation)
            ready.append(
                _Said(words.quotation, words.selectors, words.wording, speaker, label[:200], settled)
            )
        return ready

    def _speaker(self, quotation: Quotation) -> tuple[int | None, str, bool]:
        """The politician who said it or else the label the words go under, and whether that is settled."""
        printed = " ".join((quotation.source_text or "").split())
        if quotation.status == "accepted" and quotation.person is not None:
            politician = self.people[quotation.person]
            person = self.extraction.people[quotation.person]
            if politician is not None:
                return politician, "", True
            if self.roster.matches(person) or not is_whole(person.name) or person.ambiguous:
                return None, printed or person.name, False
            return None, person.name, True
        if quotation.status == "accepted":
            return None, quotation.speaker or printed, bool(quotation.speaker)
        return None, printed, quotation.status == "unnamed" and bool(printed)

    def _claims(self, said: Sequence[_Said], watch: undo.Watch) -> list[Claim]:
        """A claim for each: one on record with the same speaker and words, or a new one."""
        known: dict[Identity, Claim] = {}
        for claim in sorted(self.held.claims.values(), key=lambda claim: -(claim.pk or 0)):
            if claim.pk is not None:  # it was not joined to another
                label = "" if claim.speaker_id else claim.speaker_label
                known[claim.speaker_id, label, claim.wording_key] = claim
        new: dict[int, Claim] = {}
        claims: list[Claim] = []
        for number, ready in enumerate(said):
            known_one = known.get(ready.identity) if ready.joins else None
            claim = known_one or self._claim(ready)
            if known_one is None:
                new[number] = claim
                if ready.joins:
                    known[ready.identity] = claim
            claims.append(claim)
        Claim.objects.bulk_create(new.values())
        watch.add(alone=new.values())
        watch.add(alone=self._about({new[number].pk: said[number] for number in new}))
        return claims

    def _claim(self, ready: _Said) -> Claim:
        return Claim(
            speaker_id=ready.speaker,
            speaker_label=ready.label,
            wording=ready.wording,
            kind=ready.quotation.kind,
            stance=ready.quotation.stance,
            verb=ready.quotation.verb[:120],
            said_on=self.copy.dateline,
            imported_in=self.run,
        )

    def _about(self, claims: dict[int, _Said]) -> list[Any]:
        link = Claim.about.through
        pairs = {
            (claim, person)
            for claim, ready in claims.items()
            for number in ready.quotation.about
            if (person := self.people.get(number)) is not None
        }
        return link.objects.bulk_create(
            [link(claim_id=claim, politician_id=person) for claim, person in sorted(pairs)]
        )

    def _appearance(self, article: Article, ready: _Said, claim: Claim) -> Appearance:
        first, *others = ready.selectors
        q = ready.quotation
        person = self.extraction.people[q.person] if q.person is not None else None
        return Appearance(
            claim=claim,
            article=article,
            exact=first.exact,
            prefix=first.prefix,
            suffix=first.suffix,
            start=first.start,
            end=first.end,
            further=[other.as_dict() for other in others],
            attribution=" ".join((q.source_text or "").split())[:300],
            speaker_role=(q.speaker_role or (person.role if person else None) or "")[:200],
            speaker_party=(q.speaker_party or (person.party if person else None) or "")[:120],
            verb=q.verb[:120],
            quoted_from=(q.quoted_from or "")[:120],
            outlet=(q.addressee or "")[:150],
            kind=q.kind,
            confidence=min(1.0, max(0.0, q.confidence)),
            rule=q.rule[:60],
            reasons=list(q.reasons),
            candidates=self._candidates(ready),
            found_by=Appearance.FoundBy.MACHINE,
            imported_in=self.run,
        )

    def _candidates(self, ready: _Said) -> list[dict[str, Any]]:
        """Who else it might be; for a bare surname everybody on record who bears it."""
        q = ready.quotation
        rows: list[dict[str, Any]] = []
        for candidate in q.candidates:
            pk = self.people.get(candidate.person) if candidate.person is not None else None
            rows.append(
                {
                    "name": candidate.name,
                    "politician": pk,
                    "score": round(candidate.score, 4),
                    "reasons": list(candidate.reasons),
                }
            )
        listed = {row["politician"] for row in rows} | {ready.speaker}
        if ready.speaker is None and q.person is not None and q.status in {"accepted", "ambiguous"}:
            person = self.extraction.people[q.person]
            bearers = self.roster.matches(person) or self.roster.bearing(person.name)
            for pk, politician in sorted(people_on_record(bearers).items()):
                if pk not in listed:
                    reason = f"on record, and bears the name {person.name}"
                    rows.append(
                        {"name": politician.name, "politician": pk, "score": 0.0, "reasons": [reason]}
                    )
        return rows


def wording_words(wording: str) -> list[str]:
    """Return the words of a wording that have a letter or a digit in them."""
    return [word for word in wording.split() if any(character.isalnum() for character in word)]
