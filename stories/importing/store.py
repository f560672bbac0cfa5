"""One text's rows: its story, the people it names, its claims and where they stand in it.

Called inside the transaction of one file. Nothing here decides what readers see; that is the desk's.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from taggit.models import Tag

from stories import anchors
from stories.extraction import Extraction, Person, Quotation
from stories.importing import receipts
from stories.importing.reader import Copy
from stories.importing.roster import Roster, is_whole, may_enter, people_on_record
from stories.models import Appearance, Article, Author, Claim, ImportRun, Politician
from stories.models.claims import ClaimQuerySet, wording_key
from stories.wordings import as_printed

__all__ = ["Filed", "Finish", "extraction_text", "file_story", "refile_story", "remove_unused", "unused"]

# What the desk does with a story as soon as it is filed: publish it, accept what is nearly certain. It gets
# the story, those appearances whose speaker is not in doubt, and the copy.
Finish = Callable[[Article, Sequence[Appearance], Copy], None]
# Fewer words from a source without a name may well be another's.
FEWEST_SHARED_WORDS = 5


@dataclass(slots=True)
class Filed:
    """What became of one text: its story, the appearances made, and the receipt for undoing it."""

    article: Article
    appearances: list[Appearance]
    people: int
    rated: int = 0
    receipt: dict[str, Any] = field(default_factory=dict)


def extraction_text(copy: Copy) -> tuple[str, int]:
    """What the extraction reads, headline first (a name may stand there in full), and the body's offset."""
    return f"{copy.headline}\n\n{copy.text}", len(copy.headline) + 2


def file_story(
    copy: Copy, extraction: Extraction, *, run: ImportRun, roster: Roster, finish: Finish | None = None
) -> Filed:
    """Make the story and everything in it."""
    article = Article(imported_in=run, created_by=run.by)
    return _write(article, copy, extraction, run, roster, finish, was=None)


def refile_story(
    article: Article,
    copy: Copy,
    extraction: Extraction,
    *,
    run: ImportRun,
    roster: Roster,
    finish: Finish | None = None,
) -> Filed:
    """Put a new text in the place of a draft nobody has touched; claims in both texts stay the same rows."""
    was = snapshot(article)
    before = set(article.appearances.values_list("claim_id", flat=True))
    article.appearances.all().delete()
    filed = _write(article, copy, extraction, run, roster, finish, was=was)
    remove_unused(Claim.objects.filter(pk__in=before, imported_in__isnull=False))
    return filed


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


def snapshot(article: Article) -> dict[str, Any]:
    """The story with its claims as plain values, from which `restore` can make them again."""
    appearances = article.appearances.select_related("claim").prefetch_related("claim__about")
    return {
        "story": {name: _plain(getattr(article, name)) for name in receipts.ARTICLE_FIELDS},
        "tags": sorted(tag.name for tag in article.tags.all()),
        "authors": sorted(author.name for author in article.authors.all()),
        "appearances": [
            {
                "claim": {
                    "pk": row.claim_id,
                    "about": [person.pk for person in row.claim.about.all()],
                    **{name: _plain(getattr(row.claim, name)) for name in CLAIM_VALUES},
                },
                **{name: getattr(row, name) for name in APPEARANCE_VALUES},
            }
            for row in appearances
        ],
    }


def restore(article: Article, was: dict[str, Any]) -> None:
    """Make the story again what `snapshot` saw."""
    article.appearances.all().delete()
    for name, value in was["story"].items():
        setattr(article, name, value)
    article.version += 1  # whoever has the other text open is told when they save
    article.save()
    article.tags.set(was["tags"])
    article.authors.set([_author(name)[0] for name in was["authors"]])
    for row in was["appearances"]:
        values = dict(row)
        made = dict(values.pop("claim"))
        pk, about = made.pop("pk"), made.pop("about")
        claim = Claim.objects.filter(pk=pk).first() or _same_claim(made)
        if claim is None:
            claim = Claim.objects.create(**made)
            claim.about.set(Politician.objects.filter(pk__in=about))
        Appearance.objects.create(claim=claim, article=article, **values)


def _same_claim(made: dict[str, Any]) -> Claim | None:
    if made["speaker_id"] is None:
        return None
    key = wording_key(made["wording"], made.get("stance", ""))
    return Claim.objects.filter(speaker_id=made["speaker_id"], wording_key=key).first()


CLAIM_VALUES = (
    *("speaker_id", "speaker_label", "wording", "kind", "stance", "verb", "said_on", "state"),
    "imported_in_id",
)
APPEARANCE_VALUES = (
    *("exact", "prefix", "suffix", "start", "end", "further", "state", "attribution", "speaker_role"),
    *(
        "speaker_party",
        "verb",
        "quoted_from",
        "told",
        "kind",
        "confidence",
        "rule",
        "reasons",
        "candidates",
        "found_by",
    ),
    "imported_in_id",
)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


# Writing


def _write(
    article: Article,
    copy: Copy,
    extraction: Extraction,
    run: ImportRun,
    roster: Roster,
    finish: Finish | None,
    was: dict[str, Any] | None,
) -> Filed:
    made: dict[str, list[int]] = {"parties": [], "tags": [], "authors": []}
    article.headline, article.standfirst = copy.headline, copy.standfirst
    article.body = copy.body  # type: ignore[assignment]
    article.dateline, article.source, article.source_url = copy.dateline, copy.source, copy.url
    article.version += was is not None  # whoever has the old text open is told when they save
    article.save()
    if copy.tags or was is not None:
        _tag(article, copy.tags, made["tags"])
    if copy.byline or was is not None:
        _credit(article, copy.byline, made["authors"])
    people = _people(extraction.people, run, roster, made["parties"])
    filing = _Filing(article, copy, extraction, people, run, roster)
    appearances, settled = filing.appearances()
    rated = sum(bool(row.claim.rating) for row in appearances)
    if finish is not None:
        finish(article, settled, copy)
    entered = {pk for pk in people.values() if pk is not None}
    receipt = _receipt(article, run, entered, made, was)
    return Filed(article, appearances, len(entered), rated, receipt)


def _receipt(
    article: Article, run: ImportRun, people: set[int], made: dict[str, list[int]], was: dict[str, Any] | None
) -> dict[str, Any]:
    fresh = Article.objects.get(pk=article.pk)
    own = fresh.appearances.filter(claim__imported_in=run).values_list("claim_id", flat=True)
    persons = Politician.objects.filter(pk__in=people, imported_in=run)
    return {
        "left": receipts.article_state(fresh),
        "claims": {
            str(claim.pk): receipts.fingerprint(receipts.claim_state(claim))
            for claim in receipts.with_state(set(own))
        },
        "people": {str(person.pk): receipts.fingerprint(receipts.person_state(person)) for person in persons},
        "made": made,
        "was": was,
    }


def _tag(article: Article, names: Sequence[str], made: list[int]) -> None:
    wanted = Q(pk__in=[])
    for name in names:
        wanted |= Q(name__iexact=name)
    known = set(Tag.objects.filter(wanted).values_list("pk", flat=True)) if names else set()
    article.tags.set(names)
    made += sorted(tag.pk for tag in article.tags.all() if tag.pk not in known)


def _credit(article: Article, names: Sequence[str], made: list[int]) -> None:
    authors = []
    for name in names:
        author, new = _author(name)
        authors.append(author)
        if new:
            made.append(author.pk)
    article.authors.set(authors)


def _author(name: str) -> tuple[Author, bool]:
    author = Author.objects.filter(name__iexact=name).order_by("pk").first()
    return (author, False) if author else (Author.objects.create(name=name), True)


def _people(
    found: Sequence[Person], run: ImportRun, roster: Roster, parties: list[int]
) -> dict[int, int | None]:
    """For each found person the politician it is: one on record, one now entered, or None."""
    people: dict[int, int | None] = {}
    for number, person in enumerate(found):
        matches = roster.matches(person)
        people[number] = matches[0] if len(matches) == 1 else None
        if not matches and may_enter(person):
            politician, party = roster.enter(person, run)
            _adopt(politician, run)
            people[number] = politician.pk
            if party is not None:
                parties.append(party.pk)
    return people


def _adopt(politician: Politician, run: ImportRun) -> None:
    """Give a politician the claims that this import filed under the bare name.

    An earlier file named the person without saying what they are; which file comes first decides nothing.
    """
    under_name = Claim.objects.filter(
        imported_in=run, speaker=None, speaker_label__iexact=politician.name, reviewed_at=None
    )
    for claim in under_name.exclude(state=Claim.State.REJECTED).order_by("pk"):
        same = Claim.objects.filter(speaker=politician, wording_key=claim.wording_key).first()
        if same is not None:
            claim.appearances.update(claim=same)
            claim.delete()
            continue
        claim.speaker, claim.speaker_label = politician, ""
        claim.save(update_fields=["speaker", "speaker_label"])
        if claim.state == Claim.State.ACCEPTED and not politician.confirmed:
            politician.confirmed = True
            politician.save(update_fields=["confirmed"])
    for claim in receipts.with_state(politician.claims.values_list("pk", flat=True)):
        left = receipts.fingerprint(receipts.claim_state(claim))
        for article in claim.appearances.values_list("article", flat=True).distinct():
            receipts.amend("claims", claim.pk, left, run=run.pk, article=article)


SPACE = re.compile(r"\s*")
# The "that" by which reported speech is joined to who said it is not among the words said.
JOINED = re.compile(r"\s*(?:that\s+)?")


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
    def identity(self) -> tuple[int | None, str, str]:
        key = wording_key(self.wording, self.quotation.stance)
        return self.speaker, "" if self.speaker else self.label, key


@dataclass(slots=True)
class _Filing:
    """The claims of one story."""

    article: Article
    copy: Copy
    extraction: Extraction
    people: dict[int, int | None]
    run: ImportRun
    roster: Roster

    def appearances(self) -> tuple[list[Appearance], list[Appearance]]:
        """Every appearance, made; and those of them whose speaker is settled."""
        _, offset = extraction_text(self.copy)
        said = [ready for q in self.extraction.quotations if (ready := self._ready(q, offset)) is not None]
        claims = self._claims(said)
        rows: list[Appearance] = []
        settled: list[Appearance] = []
        taken = set()
        for ready, claim in zip(said, claims, strict=True):
            place = claim.pk, ready.selectors[0].start
            if place not in taken:
                taken.add(place)
                rows.append(self._appearance(ready, claim))
                if ready.settled:
                    settled.append(rows[-1])
        return Appearance.objects.bulk_create(rows), settled

    def _ready(self, quotation: Quotation, offset: int) -> _Said | None:
        text = self.article.text
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
        if not wording_words(wording):
            return None
        speaker, label, settled = self._speaker(quotation)
        return _Said(quotation, tuple(selectors), wording, speaker, label[:200], settled)

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

    def _claims(self, said: Sequence[_Said]) -> list[Claim]:
        """A claim for each: one on record with the same speaker and words, or a new one."""
        keys = {ready.identity[2] for ready in said}
        known: dict[tuple[int | None, str, str], Claim] = {}
        for claim in Claim.objects.filter(wording_key__in=keys).order_by("-pk"):
            label = "" if claim.speaker_id else claim.speaker_label
            known[claim.speaker_id, label, claim.wording_key] = claim
        new: dict[int, Claim] = {}
        claims: list[Claim] = []
        for number, ready in enumerate(said):
            known_one = known.get(ready.identity) if self._joins(ready) else None
            claim = known_one or self._claim(ready)
            if known_one is None:
                new[number] = claim
                if self._joins(ready):
                    known[ready.identity] = claim
            claims.append(claim)
        Claim.objects.bulk_create(new.values())
        self._about({new[number].pk: said[number] for number in new})
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

    def _joins(self, ready: _Said) -> bool:
        if ready.speaker is not None:
            return True
        return ready.settled and len(wording_words(ready.wording)) >= FEWEST_SHARED_WORDS

    def _about(self, claims: dict[int, _Said]) -> None:
        link = Claim.about.through
        pairs = {
            (claim, person)
            for claim, ready in claims.items()
            for number in ready.quotation.about
            if (person := self.people.get(number)) is not None
        }
        link.objects.bulk_create(
            [link(claim_id=claim, politician_id=person) for claim, person in sorted(pairs)]
        )

    def _appearance(self, ready: _Said, claim: Claim) -> Appearance:
        first, *others = ready.selectors
        q = ready.quotation
        person = self.extraction.people[q.person] if q.person is not None else None
        return Appearance(
            claim=claim,
            article=self.article,
            exact=first.exact,
            prefix=first.prefix,
            suffix=first.suffix,
            start=first.start,
            end=first.end,
            further=[
                {"exact": o.exact, "prefix": o.prefix, "suffix": o.suffix, "start": o.start, "end": o.end}
                for o in others
            ],
            attribution=" ".join((q.source_text or "").split())[:300],
            speaker_role=(q.speaker_role or (person.role if person else None) or "")[:200],
            speaker_party=(q.speaker_party or (person.party if person else None) or "")[:120],
            verb=q.verb[:120],
            quoted_from=(q.quoted_from or "")[:120],
            told=(q.told or "")[:150],
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
    return [word for word in wording.split() if any(character.isalnum() for character in word)]
