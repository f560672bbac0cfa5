"""Two people on one story: what each began from, and the words of both put together."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from reversion.models import Version

from stories.actions.stories import revisions
from stories.actions.stories.revisions import WRITTEN, Snapshot, mark_in
from stories.actions.stories.revisions import mark_of as mark_of  # what the story's form carries
from stories.models import Article
from stories.text import diff, richtext
from stories.text.diff import Change, Passage

# The body is merged by words, and a picture cannot be: the others are taken from one or the other.
PLAIN = tuple(name for name in WRITTEN if name not in ("body", "lead_image"))


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
        return revisions.label(self.name)


@dataclass(frozen=True, slots=True)
class Merge:
    """Two people's stories made from one, and a proposal with the words of both; nothing is saved.

    `body` is the proposed HTML; `passages` the same with who wrote what; `my_changes` and `their_changes`
    tell the plain texts as changes to what both began from (None when that is not known any more).
    `values` are the other fields as proposed, `clashes` those both changed: there the proposal has mine.
    """

    theirs: Snapshot
    saved_by: User | None
    saved_at: Any
    body: str
    passages: tuple[Passage, ...]
    my_changes: tuple[Change, ...] | None
    their_changes: tuple[Change, ...] | None
    between: tuple[Change, ...]
    values: Mapping[str, Any]
    clashes: tuple[Clash, ...]
    authors: tuple[int, ...]
    tags: tuple[str, ...]

    @property
    def mark(self) -> str:
        """The mark of the state that is saved: what a save of the proposal began from."""
        return mark_in(self.theirs.written["version"], self.theirs.written)

    @property
    def clashing(self) -> tuple[Passage, ...]:
        """The passages that both people changed."""
        return tuple(passage for passage in self.passages if passage.kind == "clash")


def merged(
    *,
    article: Article,
    opened: str,
    authors: Collection[int] | None = None,
    tags: Iterable[str] | None = None,
) -> Merge:
    """What `article` holds (typed, unsaved) put together with what is saved now; see Merge.

    `opened` is the mark of the state the typing began from; `authors` (ids) and `tags` (names) are as typed.
    """
    theirs = revisions.as_it_is(article=article)
    last = next(iter(revisions.of_story(article=article, most=1)), None)
    base = _state_marked(article, opened)
    mine = {name: getattr(article, name) for name in WRITTEN}
    my_body = richtext.sanitise(mine["body"] or "")
    passages = diff.merge(base.written["body"] if base else None, my_body, theirs.written["body"])
    values, clashes = _merge_fields(base, mine, theirs)
    my_text = richtext.to_text(my_body)
    return Merge(
        theirs=theirs,
        saved_by=last.by if last else None,
        saved_at=last.at if last else None,
        body=richtext.sanitise("".join(passage.text for passage in passages)),
        passages=tuple(passages),
        my_changes=tuple(diff.changes(base.text, my_text)) if base else None,
        their_changes=tuple(diff.changes(base.text, theirs.text)) if base else None,
        between=tuple(diff.changes(theirs.text, my_text)),
        values=values,
        clashes=tuple(clashes),
        authors=names_settled(base.authors if base else None, authors, theirs.authors),
        tags=names_settled(base.tags if base else None, tags, theirs.tags),
    )


def settled(was: str | None, *, mine: str, theirs: str) -> tuple[str, bool]:
    """Two people's text made from `was` (None: not known) as one, and whether both changed the same words.

    There it has mine: theirs is saved already, and is shown beside it.
    """
    passages = diff.merge(was, mine, theirs)
    text = "".join(passage.mine if passage.kind == "clash" else passage.text for passage in passages)
    return text, any(passage.kind == "clash" for passage in passages)


def names_settled(
    was: Iterable[Any] | None, mine: Iterable[Any] | None, theirs: Iterable[Any]
) -> tuple[Any, ...]:
    """What both have, what either put in, and not what either took out. Unknown `mine` changes nothing."""
    saved = list(theirs)
    if mine is None:
        return tuple(saved)
    own = list(mine)
    removed = {name for name in was or () if name not in own or name not in saved}
    return tuple(name for name in dict.fromkeys([*saved, *own]) if name not in removed)


def _state_marked(article: Article, mark: str) -> Snapshot | None:
    """The kept state with that mark. The mark begins with the version, by which it is looked for first."""
    version = mark.partition("-")[0]
    rows = Version.objects.get_for_object(article)
    for row in rows.filter(serialized_data__contains=f'"version": {version},')[:20]:
        held = row.field_dict
        if mark_in(held["version"], held) == mark:
            return revisions.as_of(article=article, revision=row.revision_id)
    return None


def _merge_fields(
    base: Snapshot | None, mine: Mapping[str, Any], theirs: Snapshot
) -> tuple[dict[str, Any], list[Clash]]:
    values, clashes = {}, []
    for name in PLAIN:
        own, saved = mine[name], theirs.written[name]
        was = base.written[name] if base else None
        values[name] = saved if base and own == was else own
        if own != saved and (base is None or (own != was and saved != was)):
            clashes.append(Clash(name, was, saved, own))
    return values, clashes
