"""The pending version of a story: what is saved of it and not published, laid over what readers see now.

Readers' words may change under it (a version is restored, topics are merged): each field then meets them as
two people's words meet, from what readers saw when it was saved.
"""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models.fields.files import FieldFile
from reversion.models import Version
from taggit.models import Tag

from stories.actions.stories import revisions
from stories.actions.stories.quotation_guard import Reason
from stories.actions.stories.revisions import WRITTEN, Clash, Difference, Snapshot, StoryRevision
from stories.models import Article, Author, FormerSlug, PendingVersion
from stories.text import diff, richtext
from stories.text.addresses import address_of
from stories.text.settling import names_settled

NAMES = ("authors", "tags")
FIELDS = (*WRITTEN, "slug", *NAMES)


@dataclass(frozen=True, slots=True)
class Pending:
    """The changes to a story that wait: the stored row, and what each changed field is to hold, as the row
    keeps it. `clashes` are the places that readers' version has changed in since; there it has the pending
    words, and they are not published before somebody has saved them again."""

    row: PendingVersion
    values: Mapping[str, Any]
    clashes: tuple[Clash, ...] = ()

    def names(self, of: str) -> list[Any] | None:
        """The authors' numbers or the topics as they are to be; None where they stay as readers see them."""
        found: list[Any] | None = self.values.get(of)
        return found

    def reasons(self) -> dict[int, tuple[Reason, str]]:
        """By appearance, the reason that was given, and the words that it was given for."""
        return {
            int(pk): (Reason(one["why"], stays=one["stays"]), one["new"])
            for pk, one in self.row.reasons.items()
        }


def show(article: Article) -> Article:
    """Put the pending words into `article`, in memory; `article.pending` is then a `Pending`.

    `text` stays what readers have: the claims stand in that. Nothing happens to a story without changes.
    """
    row = PendingVersion.objects.select_related("by").filter(pk=article.pk).first()
    if row is None:
        return article
    values, clashes = _met(row.fields, row.base, plain(article, row.fields))
    article.pending = Pending(row, values, tuple(clashes))
    for name, value in values.items():
        if name not in NAMES:
            setattr(article, name, value_of(name, value))
    return article


def in_whole(article: Article) -> Article:
    """The story in memory as it is to be printed, with its pending words, `text`, authors and topics."""
    show(article)
    if article.pending:
        article.text = richtext.to_text(article.body)
        values = article.pending.values
        names = plain(article, NAMES) | {name: values[name] for name in NAMES if name in values}
        known = {tag.name: tag for tag in Tag.objects.filter(name__in=names["tags"])}
        article.writers = list(Author.objects.filter(pk__in=names["authors"]))
        article.topics = [known.get(name) or Tag(name=name, slug=address_of(name)) for name in names["tags"]]
    return article


def shown(article: Article) -> Article:
    """A copy of `article` (as the database has it) with its pending words."""
    return show(copy(article))


def plain(article: Article, names: Iterable[str]) -> dict[str, Any]:
    """What the named fields of `article` hold, as a pending version keeps it."""
    found: dict[str, Any] = {}
    for name in names:
        if name == "authors":
            found[name] = sorted(article.authors.values_list("pk", flat=True))
        elif name == "tags":
            found[name] = sorted(article.tags.names())
        else:
            found[name] = _plain(getattr(article, name))
    return found


def as_worked_on(*, article: Article) -> Snapshot:
    """The story as the desk works on it: with its pending words."""
    now = revisions.as_it_is(article=article)
    row = PendingVersion.objects.filter(pk=article.pk).first()
    return _laid_over(now, row.fields, row.base) if row else now


def steps(*, article: Article, most: int = 200) -> list[StoryRevision]:
    """What was done with changes to the story before they were published, newest first, in one query."""
    rows = Version.objects.get_for_object_reference(PendingVersion, article.pk)
    return [
        StoryRevision(
            row.revision_id, row.revision.date_created, row.revision.user, row.revision.comment, pending=True
        )
        for row in rows.select_related("revision__user")[:most]
    ]


def difference(
    article: Article, *, authors: Collection[int] | None, tags: Iterable[str] | None
) -> Difference:
    """What `article` holds (in memory) against what readers have; `authors` and `tags` None are as theirs."""
    now = replace(revisions.as_it_is(article=article), appearances={}, claims={})
    then = replace(
        now,
        written={**now.written, **{name: getattr(article, name) for name in (*WRITTEN, "slug")}},
        authors=now.authors if authors is None else _authors(authors),
        tags=now.tags if tags is None else tuple(sorted(tags)),
    )
    return revisions.difference(now, then)


def state_marked(article: Article, mark: str) -> Snapshot | None:
    """The kept state with that mark (`revisions.mark_of`), pending or not; None when there is none."""
    version, _, number = mark.partition("-")[0].partition(".")
    for then in _kept(article, version):
        if not number:
            if revisions.mark_in(version, then.written) == mark:
                return then
            continue
        rows = Version.objects.get_for_object_reference(PendingVersion, article.pk)
        for row in rows.filter(serialized_data__contains=f'"number": {number},')[:20]:
            held = row.field_dict
            state = _laid_over(then, held["fields"], held["base"])
            if revisions.mark_in(f"{version}.{number}", state.written) == mark:
                return state
    return None


def _kept(article: Article, version: str) -> Iterable[Snapshot]:
    """The kept states of readers' version with that number."""
    rows = Version.objects.get_for_object(article)
    for row in rows.filter(serialized_data__contains=f'"version": {version},')[:20]:
        if str(row.field_dict["version"]) == version:
            yield revisions.as_of(article=article, revision=row.revision_id)


def _laid_over(now: Snapshot, fields: Mapping[str, Any], base: Mapping[str, Any]) -> Snapshot:
    there = {name: _plain(now.written.get(name)) for name in fields if name not in NAMES}
    there |= {"authors": sorted(now.authors), "tags": sorted(now.tags)}
    values, _ = _met(fields, base, there)
    written = {name: value_of(name, value) for name, value in values.items() if name not in NAMES}
    return replace(
        now,
        written={**now.written, **written},
        authors=_authors(values["authors"]) if "authors" in values else now.authors,
        tags=tuple(values.get("tags", now.tags)),
    )


def _met(
    fields: Mapping[str, Any], base: Mapping[str, Any], now: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Clash]]:
    """The pending `fields`, typed over `base`, with what readers have `now`; and where both were changed."""
    values, clashes = dict(fields), []
    for name, mine in fields.items():
        was, theirs = base.get(name), now[name]
        if name in NAMES:
            settled = names_settled(was, mine, theirs)
            values[name] = sorted(settled if name == "authors" else _present_names(settled))
        elif theirs in (was, mine):
            continue
        elif mine == was:
            values[name] = theirs
        elif name == "body":
            passages = diff.merge(was, mine, theirs)
            values[name] = richtext.sanitise(
                "".join(passage.mine if passage.kind == "clash" else passage.text for passage in passages)
            )
            clashes += [
                Clash(name, None, richtext.described(passage.theirs), richtext.described(passage.mine))
                for passage in passages
                if passage.kind == "clash"
            ]
        else:
            clashes.append(Clash(name, was, theirs, mine))
    return values, clashes


def _present_names(names: Iterable[str]) -> set[str]:
    """The topics' names, and for one that was merged or renamed since that of the topic it is now."""
    wanted = list(names)
    known = set(Tag.objects.filter(name__in=wanted).values_list("name", flat=True))
    found = set(known)
    for name in set(wanted) - known:
        former = FormerSlug.objects.filter(kind="tag", slug=address_of(name)).first()
        now = Tag.objects.filter(pk=former.object_id).first() if former else None
        found.add(now.name if now else name)
    return found


def _authors(numbers: Iterable[int]) -> dict[int, str]:
    return dict(Author.objects.filter(pk__in=list(numbers)).values_list("pk", "name"))


def _plain(value: Any) -> Any:
    if isinstance(value, FieldFile):
        return value.name or ""
    return value.isoformat() if isinstance(value, date) else value


def value_of(name: str, value: Any) -> Any:
    """The value of a column as a story in memory holds it."""
    return date.fromisoformat(value) if name == "dateline" and value else value
