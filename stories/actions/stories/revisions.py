"""A story as it was: every kept state of it, what two of them differ in, and putting one back whole."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, QuerySet
from django.utils import timezone
from reversion.errors import RevertError
from reversion.models import Version
from taggit.models import Tag, TaggedItem

from stories.actions import history, locking, outlets, picture_library, reanchoring, undo
from stories.actions.errors import NotAllowed, NotReady, Stale
from stories.actions.permissions import require
from stories.actions.reanchoring import ASIDE
from stories.actions.stories import quotation_guard
from stories.actions.stories.quotation_guard import QuotationsHeld, Reason
from stories.actions.stories.story_permissions import PUBLISH, refusal
from stories.models import Act, Appearance, Article, Author, Claim, Politician
from stories.models.slugs import is_free
from stories.text import richtext
from stories.text.diff import Change, changes
from stories.text.moments import moment

# What an editor writes, and what a restored version brings back. Where the story stands (its status, its
# times, its address) is no part of it: putting old words back neither publishes nor withdraws.
WRITTEN = (
    "headline",
    "standfirst",
    "body",
    "lead_image",
    "lead_image_alt",
    "lead_image_caption",
    "lead_image_credit",
    "dateline",
    "source",
    "source_url",
    "embargo_note",
    "related",
    "search_title",
    "search_description",
)
STANDING = ("slug", "status", "published_at", "withdrawn_reason")


@dataclass(frozen=True, slots=True)
class StoryRevision:
    """One kept state of a story: the revision's number, when, who (None: the operator), and what was done.

    `pending`: it is of the changes that were not published.
    """

    revision: int
    at: datetime
    by: User | None
    comment: str
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A story at one time. `appearances` and `claims` map ids to what their columns held."""

    written: Mapping[str, Any]
    authors: Mapping[int, str]
    tags: tuple[str, ...]
    appearances: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    claims: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body as plain text."""
        return richtext.to_text(self.written["body"])

    @property
    def compared(self) -> str:
        """What is compared of the body: its text, with its pictures told in words."""
        return richtext.described(self.written["body"])


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that differs in two states of a story, and how."""

    label: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is other in the second snapshot: the fields, the text word by word, names put in and taken out."""

    fields: tuple[FieldDifference, ...] = ()
    text: tuple[Change, ...] = ()
    only_setting: bool = False  # same words: bold, links or headings are other
    authors: tuple[Change, ...] = ()
    tags: tuple[Change, ...] = ()
    claims: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.text or self.only_setting or self.authors or self.tags or self.claims)


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed: what it was (None: not known), is saved as, and would become."""

    name: str
    was: Any
    theirs: Any
    mine: Any

    @property
    def label(self) -> str:
        """The name of the field, as the form shows it."""
        return label(self.name)


def of_story(*, article: Article, most: int = 200) -> list[StoryRevision]:
    """The story's kept states, newest first, in one query."""
    versions = Version.objects.get_for_object(article).select_related("revision__user")[:most]
    return [
        StoryRevision(v.revision_id, v.revision.date_created, v.revision.user, v.revision.comment)
        for v in versions
    ]


def as_of(*, article: Article, revision: int) -> Snapshot:
    """The story as the revision holds it. Raises NotReady when there is none, or it cannot be read."""
    versions = list(Version.objects.filter(revision=revision).order_by("pk"))
    try:
        rows = [(version._model, _columns_of(version)) for version in versions]
    except RevertError as error:
        raise NotReady("That version was kept by an older release and can no longer be read.") from error
    own = next((held for model, held in rows if model is Article and held["id"] == article.pk), None)
    if own is None:
        raise NotReady("There is no such version of this story.")
    story_type = ContentType.objects.get_for_model(Article).pk
    tag_ids = [
        held["tag_id"]
        for model, held in rows
        if model is TaggedItem
        and held["content_type_id"] == story_type
        and str(held["object_id"]) == str(article.pk)
    ]
    return Snapshot(
        written={name: own[name] for name in (*WRITTEN, *STANDING, "version")},
        authors=_authors(own.get("authors") or ()),
        tags=tuple(Tag.objects.filter(pk__in=tag_ids).order_by("name").values_list("name", flat=True)),
        appearances={
            held["id"]: held
            for model, held in rows
            if model is Appearance and held["article_id"] == article.pk
        },
        claims={held["id"]: held for model, held in rows if model is Claim},
    )


def _columns_of(version: Version) -> Mapping[str, Any]:
    """A kept row's columns. Versions name fields as they were named when they were kept: `Appearance.outlet`
    was `told` in release 1.0, and reversion leaves out what the model does not have. Raises RevertError."""
    columns: Mapping[str, Any] = version.field_dict
    if version._model is Appearance and '"told": ' in version.serialized_data:
        (row,) = json.loads(version.serialized_data)
        return {**columns, "outlet": row["fields"].get("told", columns["outlet"])}
    return columns


def as_it_is(*, article: Article) -> Snapshot:
    """The story as the database has it now."""
    row = Article.objects.get(pk=article.pk)
    appearances = list(row.appearances.select_related("claim"))
    return Snapshot(
        written={name: getattr(row, name) for name in (*WRITTEN, *STANDING, "version")},
        authors=_authors(row.authors.values_list("pk", flat=True)),
        tags=tuple(row.tags.order_by("name").values_list("name", flat=True)),
        appearances={
            a.pk: {f.attname: getattr(a, f.attname) for f in a._meta.concrete_fields} for a in appearances
        },
        claims={
            a.claim_id: {f.attname: getattr(a.claim, f.attname) for f in a.claim._meta.concrete_fields}
            for a in appearances
        },
    )


def difference(old: Snapshot, new: Snapshot) -> Difference:
    """What `new` has that `old` has not, and the other way round."""
    fields = [
        FieldDifference(title, tuple(changes(before, after)))
        for name in (*WRITTEN, *STANDING)
        if name != "body"
        for title in [label(name)]
        if (before := in_words(name, old.written[name])) != (after := in_words(name, new.written[name]))
    ]
    same_words = old.compared == new.compared
    return Difference(
        fields=tuple(fields),
        text=() if same_words else tuple(changes(old.compared, new.compared)),
        only_setting=same_words and old.written["body"] != new.written["body"],
        authors=_names(old.authors.values(), new.authors.values()),
        tags=_names(old.tags, new.tags),
        claims=_names(_claims(old), _claims(new)),
    )


def mark_of(article: Article) -> str:
    """What tells the written state of a story from every other: its version and a digest of its words.

    The form carries it, so that a save knows what the person began from, even when something changed the
    story past the desk. A story that holds its pending words has the mark of these.
    """
    number = f"{article.version}.{article.pending.row.number}" if article.pending else article.version
    return mark_in(number, {name: getattr(article, name) for name in WRITTEN})


def mark_in(version: int | str, written: Mapping[str, Any]) -> str:
    """The mark of that version with those words; of a pending one `version` has the number of its saves."""
    words = "\x1f".join(str(written[name] if written[name] is not None else "") for name in WRITTEN)
    return f"{version}-{hashlib.sha256(words.encode()).hexdigest()[:16]}"


@locking.act
def restore(
    *,
    article: Article,
    revision: int,
    by: User | None,
    opened: str | None = None,
    reasons: Mapping[int, Reason] | None = None,
) -> Article:
    """Put the words, picture, authors, tags and claims of the revision back, as a new step of the history.

    The story's claims become those it had then, each on the words it had; one deleted since is made again.
    A claim's verdict and review stay as they are: they were not this story's. `opened` is `mark_of` the
    story that the person was asked over, `reasons` (by the appearance's id) why words of quotations change.
    Returns the story, freshly read. Raises NotAllowed, NotReady, Stale, QuotationsHeld.
    """
    then = as_of(article=article, revision=revision)
    comment = comment_on(revision)
    with history.recorded(by=by, comment=comment):
        claims = Claim.objects.filter(pk__in=list(then.claims))
        row = locking.hold(stories=[article], claims=claims).story(article)
        if why := refusal(article=row, by=by):
            raise NotAllowed(why)
        if opened is not None and mark_of(row) != opened:
            raise Stale("Somebody saved this story since it was shown.")
        held = quotation_guard.held_by(article=row, text=then.text)
        if missing := quotation_guard.without_reason(held, reasons):
            raise QuotationsHeld(missing)
        quotation_guard.keep_reasons(article=row, held=held, reasons=reasons or {}, by=by)
        gone = set(then.claims) - set(claims.values_list("pk", flat=True))
        watch = undo.Watch(whole=[row])
        for name in WRITTEN:
            setattr(row, name, then.written[name])
        picture_library.keep_in(article=row, by=by)
        row.version += 1
        if row.is_public:
            row.updated_at = timezone.now()
        row.save(update_fields=[*WRITTEN, "version", "updated_at"])
        _put_back_names_and_claims(row, then)
        watch.add(alone=Claim.objects.filter(pk__in=gone))
        Act.objects.create(
            verb=Act.Verb.STORY_RESTORED, what=comment, subject=row.pk, changes=watch.record(), by=by
        )
    return row


def comment_on(revision: int) -> str:
    """What the history says of putting that version back."""
    at = Version.objects.filter(revision=revision).values_list("revision__date_created", flat=True)[0]
    return f"Restored as it was on {moment(timezone.localtime(at))}."


def restored_last(*, article: Article) -> Act | None:
    """The last putting back of the story, if it was not taken back and readers do not see the story."""
    if article.is_public:
        return None
    acts = Act.objects.filter(verb=Act.Verb.STORY_RESTORED, subject=article.pk, undone_at=None)
    return acts.select_related("by").first()


@locking.act
def take_back(*, act: Act, by: User | None) -> Article:
    """Take a :func:`restore` back: the words, names, tags and claims that it changed are as before it.

    What somebody else did to the story's other columns, tags and claims since stays. Raises NotAllowed,
    NotReady (readers see the story, the words were changed since, or quotations accepted since would be).
    """
    with history.recorded(by=by, comment="A restored version was undone."):
        story = Article.objects.filter(pk=act.subject).first() or Article(pk=act.subject)
        row = locking.hold(stories=[story]).story(story)
        if why := refusal(article=row, by=by):
            raise NotAllowed(why)
        if row.is_public:
            raise NotReady("Readers see this story by now. Restore the version before, and publish it.")
        done = undo.held(act)
        record = undo.check(done.changes)
        if done.undone_at is not None or not undo.stands(record, Article):
            raise NotReady(
                "The story was changed since. Compare its versions, and restore the one that you want."
            )
        body = record["changed"].get("stories.article", {}).get(str(row.pk), {}).get("body")
        if body and quotation_guard.held_by(article=row, text=richtext.to_text(body[0])):
            raise NotReady("Words inside accepted quotations would be changed. Restore the version instead.")
        stayed = undo.take_back(record, since=done.made_at)
        undo.close(done, stayed=stayed, act=act)
    return Article.objects.get(pk=row.pk)


def deleted() -> QuerySet[Version]:
    """The last kept version of each story that has been deleted, the latest first."""
    versions: QuerySet[Version] = Version.objects.get_deleted(Article)
    return versions.select_related("revision__user").order_by("-pk")


@locking.act
def bring_back(*, version: int, by: User | None) -> Article:
    """A deleted story again, under its number: its writer's draft, with words, authors, tags and claims.

    `version` is one of `deleted()`. A claim’s verdict and review stay as they are.
    Raises NotAllowed, NotReady.
    """
    require(by, PUBLISH, "bring a story back")
    with history.recorded(by=by, comment="Brought back after it was deleted."):
        gone = deleted().filter(pk=version).first()
        if gone is None:
            raise NotReady("There is no such deleted story.")
        began = User.objects.filter(pk=gone.field_dict.get("created_by_id")).first()
        row = Article(pk=int(gone.object_id), created_by=began or by)
        then = as_of(article=row, revision=gone.revision_id)
        locking.hold(claims=Claim.objects.filter(pk__in=list(then.claims)))
        for name in (*WRITTEN, "slug"):
            setattr(row, name, then.written[name])
        if not is_free(Article, row.slug, pk=row.pk):
            row.slug = ""  # another story has its address by now: one is made
        picture_library.keep_in(article=row, by=by)
        row.version = then.written["version"] + 1
        row.save(force_insert=True)
        _put_back_names_and_claims(row, then)
    return row


def _put_back_names_and_claims(row: Article, then: Snapshot) -> None:
    row.authors.set(Author.objects.filter(pk__in=list(then.authors)))
    row.tags.set(then.tags)
    _put_back_claims(row, then)
    # Whatever the kept state said of its places: nothing stands on other words than its own.
    reanchoring.reanchor(article=row, old_text=row.text)


def _put_back_claims(row: Article, then: Snapshot) -> None:
    row.appearances.exclude(pk__in=list(then.appearances)).delete()
    # The places change hands: until all are settled nobody stands on one (`appearance_once`).
    row.appearances.update(start=ASIDE + 2 * F("pk"), end=ASIDE + 2 * F("pk") + 1)
    standing = dict(row.appearances.values_list("pk", "claim_id"))
    outlets.file(held.get("outlet", "") for held in then.appearances.values())
    taken: set[tuple[int, int]] = set()
    for pk, held in sorted(then.appearances.items()):
        # One that was merged or given to somebody else meanwhile stays with the claim it belongs to now.
        claim = standing.get(pk) or _claim_for(held["claim_id"], then.claims.get(held["claim_id"]))
        if claim is None or (claim, held["start"]) in taken:
            row.appearances.filter(pk=pk).delete()
            continue
        taken.add((claim, held["start"]))
        Appearance(**{**_storable(Appearance, held), "id": pk, "claim_id": claim}).save()


def _claim_for(pk: int, held: Mapping[str, Any] | None) -> int | None:
    """The claim of that number; or the same words by the same person; or the claim made again."""
    if held is None or Claim.objects.filter(pk=pk).exists():
        return pk if Claim.objects.filter(pk=pk).exists() else None
    values = _storable(Claim, held)
    if values["speaker_id"] and not Politician.objects.filter(pk=values["speaker_id"]).exists():
        values["speaker_id"] = None
        values["speaker_label"] = values["speaker_label"] or "Unknown speaker"
    if values["speaker_id"]:
        same = Claim.objects.filter(speaker=values["speaker_id"], wording_key=values["wording_key"]).first()
        if same is not None:
            return int(same.pk)
    Claim(**values).save()
    return pk


def _storable(model: type[Appearance] | type[Claim], held: Mapping[str, Any]) -> dict[str, Any]:
    """The held columns that the model has; what points to a row that has gone points nowhere."""
    values = {f.attname: held[f.attname] for f in model._meta.concrete_fields if f.attname in held}
    for f in model._meta.concrete_fields:
        related = f.related_model
        if f.null and related is not None and values.get(f.attname) is not None and f.name != "speaker":
            manager: Any = related._base_manager  # type: ignore[union-attr]
            if not manager.filter(pk=values[f.attname]).exists():
                values[f.attname] = None
    return values


DELETED_AUTHOR = "an author deleted since"


def _authors(ids: Iterable[Any]) -> dict[int, str]:
    wanted = [int(pk) for pk in ids]
    known = dict(Author.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return {pk: known.get(pk, DELETED_AUTHOR) for pk in wanted}


def _claims(snapshot: Snapshot) -> list[str]:
    return [f"“{held['exact']}”" for held in snapshot.appearances.values()]


def _names(old: Iterable[str], new: Iterable[str]) -> tuple[Change, ...]:
    before, after = list(old), list(new)
    gone = [Change("removed", name) for name in before if name not in after]
    return (*gone, *(Change("added", name) for name in after if name not in before))


def label(name: str) -> str:
    """A column's name as the desk reads it."""
    column: Any = Article._meta.get_field(name)
    return str(column.verbose_name).capitalize()


def in_words(name: str, value: object) -> str:
    """A column's value as the desk reads it."""
    if name == "related" and value:
        numbers = [int(number) for number in str(value).split() if number.isdecimal()]
        names = Article.objects.in_bulk(numbers, field_name="pk")
        return "; ".join(f"“{names[number]}”" for number in numbers if number in names)
    if isinstance(value, datetime):
        return moment(timezone.localtime(value))
    return "" if value is None else str(value)
