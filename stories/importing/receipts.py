"""The record of what filing a text did, and whether a person has touched its story since.

It is kept in `ImportedText.before`: stories/actions/undo.py says what is in it. Beside that stands "story":
what no act sets back, but what tells that somebody has saved the story.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import Model, Q
from reversion.models import Version

from stories.actions import undo
from stories.actions.errors import NotReady
from stories.models import Appearance, Article, Claim, ImportedText, ImportRun, StoryVersion

__all__ = ["Left", "amend", "beside", "follow", "hand_over", "keep", "renew", "touched"]

# Why a story is a person's, by what is not as the import left it; of several the first that is named here.
WHY = {
    "stories.correction": "it has corrections",
    "stories.appearance": "its claims have been edited",
    "stories.quotationchange": "its claims have been edited",
    "stories.unsavedcopy": "somebody has unsaved changes in it",
    "stories.sharelink": "it has been shared",
    "stories.storynote": "it has notes",
    "stories.dismissal": "somebody has worked on its claims",
    "embargo_note": "it has an embargo note",
    "stories.presence": "somebody has it open",
    "history": "somebody has worked on it",
}
EDITED = "it has been edited"


def keep(watch: undo.Watch, article: Article) -> undo.Record:
    """The record of a text that has just been filed."""
    return watch.record() | {"story": _saved(article)}


def amend(run: ImportRun | int, record: undo.Record) -> None:
    """Write what a later file did to claims that the run itself made into the records that made them.

    They go with the run: nobody is to have them as they were while it was half done.
    """
    if not (changed := record["changed"]):
        return
    rows = Q(claim__in=list(changed.get("stories.claim", {})))
    rows |= Q(pk__in=list(changed.get("stories.appearance", {})))
    for text in _texts(run=run, article__in=Appearance.objects.filter(rows).values("article")):
        text.before["made"] = _as_record(undo.left_by([text.before, record | {"made": {}}]))
        text.save(update_fields=["before"])


def follow(claims: Collection[int]) -> None:
    """Write who claims are said by now into the records of the imports that made them: no person did it."""
    rows = undo.values_of(Claim, pk__in=claims) if claims else {}
    made_in: dict[int, dict[str, Any]] = defaultdict(dict)
    imported = Claim.objects.filter(pk__in=rows, imported_in__isnull=False)
    for pk, run in imported.values_list("pk", "imported_in_id"):
        made_in[run][str(pk)] = {name: [None, rows[pk][name]] for name in undo.SPEAKER}
    for run, changed in made_in.items():
        amend(run, {"made": {}, "deleted": {}, "changed": {"stories.claim": changed}})


def hand_over(record: undo.Record, model: type[Model], pk: int, heir: Appearance) -> None:
    """Let the import that filed the heir's story answer for a row of the record and what is part of it."""
    text = _texts(run=heir.imported_in_id, article=heir.article_id).last()
    if text is None:
        return
    made = text.before["made"]
    for label, key, values in undo.with_its_parts(record, model, pk):
        if "imported_in_id" in values:
            values = values | {"imported_in_id": heir.imported_in_id}
        made.setdefault(label, {})[key] = values
    text.save(update_fields=["before"])


def renew(article: Article) -> None:
    """Let the last import that filed the story know how often it was saved by now: no person did it."""
    text = _texts(article=article).last()
    if text is not None:
        text.before["story"] = _saved(Article.objects.get(pk=article.pk))
        text.save(update_fields=["before"])


class Left:
    """What imports left of claims, by their numbers: the claims, and what they made that hangs on each."""

    def __init__(self, state: undo.State) -> None:
        self.claims = state["stories.claim"]
        self.parts: dict[int, list[tuple[str, int, undo.Values]]] = defaultdict(list)
        for label, rows in state.items():
            for pk, row in rows.items():
                if "claim_id" in row and label != "stories.appearance":
                    self.parts[row["claim_id"]].append((label, pk, row))

    def of(self, claims: Collection[int]) -> undo.State:
        """The rows that make up these claims, by model and primary key."""
        found: undo.State = defaultdict(dict)
        for claim in claims:
            for label, pk, row in self.parts.get(claim, ()):
                found[label][pk] = row
        return found


def beside(text: ImportedText) -> Left:
    """What the same import left of the claims that the text's story prints, also those of other texts."""
    claims = Appearance.objects.filter(article=text.article_id).values("claim")
    printing = Appearance.objects.filter(claim__in=claims).values("article")
    return Left(undo.left_by(other.before for other in _texts(run=text.run_id, article__in=printing)))


def touched(text: ImportedText, left: Left) -> str:
    """Why the text's story counts as a person's by now, in a few words; empty when nobody has touched it.

    `left` is what the text's import left of claims, other texts' too. Takes the story as it is in the
    database.
    """
    article = text.article
    if article is None:
        return ""
    updated = text.outcome == ImportedText.Outcome.UPDATED
    own_texts = [*(_texts(article=article, pk__lt=text.pk) if updated else ()), text]
    try:
        was = undo.check(text.before)["story"]
        own = undo.left_by(undo.check(one.before) for one in own_texts)
    except NotReady:
        return "it was imported under an earlier release"
    then = own["stories.article"].get(article.pk)
    if then is None:
        return WHY["history"]
    now = undo.values_of(Article, pk=article.pk)[article.pk]
    saved = _saved(article)
    differs = undo.differing(Article, now, then) | {name for name in saved if saved[name] != was[name]}
    # What readers have seen of it is kept by the database and follows from the story's own columns.
    differs |= set(_hanging_otherwise(Article, {article.pk}, own, but={ImportedText, StoryVersion}))
    if differs:
        return next((why for name, why in WHY.items() if name in differs), EDITED)
    lefts = [left, Left(own)] if updated else [left]
    return "its claims have been reviewed" if _reviewed(article, lefts) else ""


def _reviewed(article: Article, lefts: Sequence[Left]) -> bool:
    printed = set(Appearance.objects.filter(article=article).values_list("claim", flat=True))
    for left in lefts:
        claims = printed & left.claims.keys()
        rows = undo.values_of(Claim, pk__in=claims)
        if any(undo.differing(Claim, row, left.claims[pk]) for pk, row in rows.items()):
            return True
        if any(_hanging_otherwise(Claim, claims, left.of(claims), but=undo.OF_NO_ACCOUNT | {Appearance})):
            return True
        printed -= claims
    return False


def _hanging_otherwise(
    model: type[Model], pks: Collection[int], left: undo.State, *, but: Collection[type[Model]]
) -> Iterator[str]:
    """The labels of what hangs on the rows and is not, or not so, what imports have left there."""
    for hanging, column, which in undo.hanging_on(model, pks, but=but):
        label = hanging._meta.label_lower
        now = undo.values_of(hanging, **which)
        then = {
            pk: row
            for pk, row in left.get(label, {}).items()
            if row.get(column) in pks and which.get("content_type") in (None, row.get("content_type_id"))
        }
        if now.keys() != then.keys() or any(undo.differing(hanging, now[pk], then[pk]) for pk in now):
            yield label


def _saved(article: Article) -> dict[str, Any]:
    return {
        "version": article.version,
        "updated_at": article.updated_at.isoformat() if article.updated_at else None,
        "history": Version.objects.get_for_object(article).count(),
    }


def _texts(**which: Any) -> Any:
    """What became a story, in the order it came, of this release."""
    return ImportedText.objects.filter(before__format=undo.FORMAT, **which).order_by("pk")


def _as_record(state: undo.State) -> undo.Record:
    return {label: {str(pk): row for pk, row in rows.items()} for label, rows in state.items() if rows}
