"""Stories and claims tagged, many at once; topics kept tidy: two made one, one given a better name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import reversion
from django.contrib.auth.models import User
from django.db import transaction
from taggit.models import Tag, TaggedItem

from stories.actions import history, locking, undo
from stories.actions.claims import review
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.people import duplicates
from stories.actions.permissions import require
from stories.actions.stories import saving, story_permissions
from stories.models import Act, Article, Claim, FormerSlug, TopicIntroduction, topics
from stories.models.fields import line

KIND = "tag"  # of a FormerSlug
CHANGE = "taggit.change_tag"


@dataclass(frozen=True, slots=True)
class Merged:
    """`moved` things carry the tag anew, `doubled` had both."""

    tag: Tag
    moved: int
    doubled: int


def put_on(*, row: Article | Claim, names: Sequence[str], by: User | None) -> tuple[str, ...]:
    """Tag a story or a claim with `names`; those it had not. Raises NotAllowed, NotReady (it has all)."""
    new = [name for name in names if name not in _names(row)]
    if not new:
        raise NotReady("It has these topics already.")
    return _tag(row, new, by, f"Tagged {', '.join(new)}.", row.tags.add)


def take_off(*, row: Article | Claim, names: Sequence[str], by: User | None) -> tuple[str, ...]:
    """Take tags off a story or a claim; those it had. Raises NotAllowed, NotReady (it has none of them)."""
    there = [name for name in names if name in _names(row)]
    if not there:
        raise NotReady("It has none of these topics.")
    return _tag(row, there, by, f"Took off the tags {', '.join(there)}.", row.tags.remove)


def _names(row: Article | Claim) -> set[str]:
    return {tag.name for tag in row.tags.all()}


@locking.act
def _tag(
    row: Article | Claim, names: list[str], by: User | None, comment: str, do: Callable[..., None]
) -> tuple[str, ...]:
    if not _may_tag(row, by):
        raise NotAllowed("You may not change its tags.")
    if isinstance(row, Article):
        saving.keep_first_state(article=row)
    with history.recorded(by=by, comment=comment):
        if isinstance(row, Article):
            # Whoever has the story open is told when they save, and both lists of tags are kept.
            row.version = locking.story(row).version + 1
            row.save(update_fields=["version"])
        else:
            locking.hold(claims=[row])
        do(*names)
        if reversion.is_active():
            reversion.add_to_revision(row)
    duplicates.forget_number_of_topics()
    return tuple(names)


def _may_tag(row: Article | Claim, by: User | None) -> bool:
    """Whoever may change a story may tag it; a claim that is decided is tagged by those who decide."""
    if isinstance(row, Article):
        return story_permissions.may_edit(article=row, by=by)
    undecided = row.state == Claim.State.PROPOSED
    return by is None or (by.has_perm("stories.change_claim") and (undecided or by.has_perm(review.REVIEW)))


@locking.act
def merge(*, tag: Tag, into: Tag, by: User | None) -> Merged:
    """Everything tagged `tag` is tagged `into`; its address leads there. :func:`unmerge` takes it back.

    Raises NotAllowed, NotReady.
    """
    require(by, CHANGE, "merge topics")
    if tag.pk == into.pk:
        raise NotReady("That is one topic.")
    with transaction.atomic():
        locking.hold(claims=Claim.objects.filter(tags=tag))
        _locked(tag, into)
        watch = undo.Watch(whole=[tag, into])
        act = Act(verb=Act.Verb.TOPICS_MERGED, what=f"“{tag.name}” into “{into.name}”", subject=tag.pk)
        items = TaggedItem.objects.filter(tag=tag)
        has_both = {
            (kind, number)
            for kind, number in TaggedItem.objects.filter(tag=into).values_list("content_type", "object_id")
        }
        doubled = [
            pk
            for pk, kind, number in items.values_list("pk", "content_type", "object_id")
            if (kind, number) in has_both
        ]
        TaggedItem.objects.filter(pk__in=doubled).delete()
        moved = items.update(tag=into)
        # Addresses that led to the old topic lead to the new one, and so does its own.
        FormerSlug.objects.filter(kind=KIND, object_id=tag.pk).update(object_id=into.pk)
        FormerSlug.remember(KIND, tag.slug, into.pk)
        if not TopicIntroduction.objects.filter(topic=into).exists():
            TopicIntroduction.objects.filter(topic=tag).update(topic=into)
        tag.delete()
        act.into, act.by, act.changes = into.pk, by, watch.record()
        act.save()
    duplicates.forget_number_of_topics()
    return Merged(into, moved, len(doubled))


@locking.act
def unmerge(*, merge: Act, by: User | None) -> Tag:
    """Take a merge of topics back: what was tagged with the one that went, and still has the other, has it
    again. `merge.changes["stayed"]` tells in sentences what is not as it was. Raises NotAllowed, NotReady."""
    require(by, CHANGE, "part topics")
    claims = Claim.objects.filter(tags__pk__in=_ends(merge))
    locking.hold(claims=claims)
    row = undo.held(merge)
    if row.undone_at is not None:
        raise NotReady("This merge has already been undone.")
    stayed = undo.take_back(undo.check(row.changes), since=row.made_at)
    tag = Tag.objects.filter(pk=row.subject).first()
    if tag is None:
        raise NotReady("There is a topic of that name again; merge or rename it first.")
    undo.close(row, stayed=stayed, act=merge)
    duplicates.forget_number_of_topics()
    return tag


def _ends(merge: Act) -> list[int]:
    """The topic that the other was made one with, and those it was made one with since."""
    ends: list[int] = []
    at: int | None = merge.into
    while at is not None and at not in ends:
        ends.append(at)
        at = Act.objects.filter(verb=merge.verb, subject=at).values_list("into", flat=True).first()
    return ends


@locking.act
def rename(*, tag: Tag, name: str, by: User | None) -> Tag:
    """Give the topic another name and the address that goes with it; the old one redirects.

    Raises NotAllowed, NotReady (no name, or another topic has it: merge them instead).
    """
    require(by, CHANGE, "rename topics")
    name = line(name)
    if not any(map(str.isalnum, name)) or len(name) > 100:
        raise NotReady("A topic’s name has 1 to 100 characters, with a letter or a figure among them.")
    with transaction.atomic():
        (row,) = _locked(tag)
        slug = topics.address(name, pk=row.pk)
        double = topics.known([name]).get(topics.fold(name))
        if double is not None and double.pk != row.pk:
            raise NotReady(f"There is a topic of that name already; merge “{row.name}” into it instead.")
        row.name, row.slug = name, slug
        row.save(update_fields=["name", "slug"])
    duplicates.forget_number_of_topics()
    return row


def _locked(*tags: Tag) -> list[Tag]:
    """The topics' rows, locked after all else. Raises NotReady when one has gone."""
    rows = Tag.objects.filter(pk__in=[tag.pk for tag in tags]).order_by("pk").select_for_update()
    if len(found := list(rows)) < len(tags):
        raise NotReady("The topic is not there any more: somebody has deleted it or merged it into another.")
    return found
