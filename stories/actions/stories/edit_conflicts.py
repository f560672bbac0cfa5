"""Two people on one story: what each began from, and the words of both put together."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from stories.actions.stories import pending_versions, revisions
from stories.actions.stories.revisions import WRITTEN, Clash, Snapshot, mark_in
from stories.actions.stories.revisions import mark_of as mark_of  # what the story's form carries
from stories.models import Article, PendingVersion
from stories.text import diff, richtext
from stories.text.diff import Change, Passage
from stories.text.settling import names_settled

# The body is merged by words, and a picture cannot be: the others are taken from one or the other.
PLAIN = tuple(name for name in WRITTEN if name not in ("body", "lead_image"))


@dataclass(frozen=True, slots=True)
class Merge:
    """Two people's stories made from one, and a proposal with the words of both; nothing is saved.

    `body` is the proposed HTML; `passages` the same with who wrote what; `my_changes` and `their_changes`
    tell the texts as changes to what both began from (None when that is not known any more).
    `values` are the other fields as proposed, `clashes` those both changed: there the proposal has mine.
    `mark` is that of the state which is saved: what a save of the proposal began from.
    """

    mark: str
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
    theirs = pending_versions.as_worked_on(article=article)
    base = pending_versions.state_marked(article, opened)
    last, number = next(iter(revisions.of_story(article=article, most=1)), None), theirs.written["version"]
    by, at = (last.by, last.at) if last else (None, None)
    if (row := PendingVersion.objects.select_related("by").filter(pk=article.pk).first()) is not None:
        number = f"{number}.{row.number}"
        if at is None or row.saved_at > at:
            by, at = row.by, row.saved_at
    mine = {name: getattr(article, name) for name in WRITTEN}
    my_body = richtext.sanitise(mine["body"] or "")
    passages = diff.merge(base.written["body"] if base else None, my_body, theirs.written["body"])
    values, clashes = _merge_fields(base, mine, theirs)
    my_text = richtext.described(my_body)
    return Merge(
        mark=mark_in(number, theirs.written),
        theirs=theirs,
        saved_by=by,
        saved_at=at,
        body=richtext.sanitise("".join(passage.text for passage in passages)),
        passages=tuple(passages),
        my_changes=tuple(diff.changes(base.compared, my_text)) if base else None,
        their_changes=tuple(diff.changes(base.compared, theirs.compared)) if base else None,
        between=tuple(diff.changes(theirs.compared, my_text)),
        values=values,
        clashes=tuple(clashes),
        authors=names_settled(base.authors if base else None, authors, theirs.authors),
        tags=names_settled(base.tags if base else None, tags, theirs.tags),
    )


def _merge_fields(
    base: Snapshot | None, mine: Mapping[str, Any], theirs: Snapshot
) -> tuple[dict[str, Any], list[Clash]]:
    values, clashes = {}, []
    for name in PLAIN:
        own, saved = mine[name], theirs.written[name]
        was = base.written[name] if base else None
        values[name] = saved if base and own == was else own
        if own != saved and (base is None or (own != was and saved != was)):
            told = (None if one is None else revisions.in_words(name, one) for one in (was, saved, own))
            clashes.append(Clash(name, *told))
    return values, clashes
