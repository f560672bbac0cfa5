"""What an import left behind, file by file, so that it can tell later whether a person changed it since.

A receipt is kept in `ImportedText.before`: {"left": {column or relation of the story: fingerprint}, "claims"
and "people": {primary key: fingerprint} of the rows it made or decided, "made": {"parties", "tags",
"authors": keys}, "was": what an update replaced, or null}.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from reversion.models import Version

from stories.models import Appearance, Article, Claim, ImportedText, Politician

__all__ = [
    "amend",
    "article_state",
    "claim_state",
    "fingerprint",
    "latest",
    "person_state",
    "renew",
    "touched",
]

Receipt = dict[str, Any]
# What changes without anybody's hand: the text follows the body, the imports keep their own list.
DERIVED = frozenset({"text", "imported_in", "imported_texts"})
# Why a story is a person's, by what differs from the receipt; of several the first that is named here.
WHY = {
    "corrections": "it has corrections",
    "appearances": "its claims have been edited",
    "quotation_changes": "its claims have been edited",
    "unsaved_copies": "somebody has unsaved changes in it",
    "share_links": "it has been shared",
    "embargo_note": "it has an embargo note",
    "presences": "somebody has it open",
    "history": "somebody has worked on it",
}
ARTICLE_FIELDS = ("headline", "standfirst", "body", "source", "source_url", "dateline", "status")
CLAIM_FIELDS = (
    *(
        "speaker_id",
        "speaker_label",
        "wording",
        "kind",
        "stance",
        "said_on",
        "state",
        "rating",
        "rating_summary",
    ),
    *("explanation", "methodology", "reviewed_by_id", "checked_by_id"),
)
PERSON_FIELDS = ("name", "role", "party_id", "summary", "confirmed", "portrait", "merged_into_id")


def fingerprint(state: object) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True, default=str).encode()).hexdigest()


def article_state(article: Article) -> dict[str, str]:
    """Each column and relation of a story, by its name. Takes the row as it is in the database."""
    columns = {field.name: getattr(article, field.attname) for field in Article._meta.concrete_fields}
    state = {name: value for name, value in columns.items() if name not in DERIVED}
    state["tags"] = sorted(tag.pk for tag in article.tags.all())
    state["authors"] = sorted(author.pk for author in article.authors.all())
    for relation in Article._meta.related_objects:
        if not relation.hidden and relation.name not in DERIVED:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: article.pk})
            state[relation.name] = sorted(rows.values_list("pk", flat=True))
    state["history"] = Version.objects.get_for_object(article).count()
    return {name: fingerprint(value)[:16] for name, value in state.items()}


def claim_state(claim: Claim) -> dict[str, Any]:
    state: dict[str, Any] = {name: getattr(claim, name) for name in CLAIM_FIELDS}
    state["about"] = sorted(person.pk for person in claim.about.all())
    state["tags"] = sorted(tag.name for tag in claim.tags.all())
    state["evidence"] = len(claim.evidence.all())
    return state


def person_state(person: Politician) -> dict[str, Any]:
    return {name: str(getattr(person, name) or "") for name in PERSON_FIELDS}


def with_state(claims: Iterable[int]) -> Iterable[Claim]:
    rows = Claim.objects.filter(pk__in=list(claims))
    return rows.prefetch_related("about", "evidence", "tags")  # type: ignore[misc]


def latest(texts: Iterable[ImportedText], part: str) -> dict[int, str]:
    """The last fingerprint left for each row of `part` ("claims", "people")."""
    found: dict[int, str] = {}
    for text in texts:
        found.update({int(pk): left for pk, left in ((text.before or {}).get(part) or {}).items()})
    return found


def amend(part: str, pk: int, left: str, *, run: int | None, article: int) -> None:
    """Write a row into the receipt of the import `run` for the story that now answers for it."""
    text = ImportedText.objects.filter(run=run, article=article).order_by("-pk").first()
    if text is not None:
        receipt = dict(text.before or {})
        receipt[part] = {**(receipt.get(part) or {}), str(pk): left}
        text.before = receipt
        text.save(update_fields=["before"])


def renew(article: Article) -> None:
    """Write the story as it is now into the receipt of the last import that filed it."""
    text = ImportedText.objects.filter(article=article).exclude(before=None).order_by("-pk").first()
    if text is not None:
        text.before = {**(text.before or {}), "left": article_state(Article.objects.get(pk=article.pk))}
        text.save(update_fields=["before"])


def touched(article: Article, left: dict[str, str] | str, claims_left: dict[int, str]) -> str:
    """Why the story counts as a person's by now, in a few words; empty when nobody has touched it."""
    if differs := _differing(article, left):
        return next((why for name, why in WHY.items() if name in differs), "it has been edited")
    appearances = list(article.appearances.values_list("claim_id", "state", "found_by"))
    if any(
        found_by != Appearance.FoundBy.MACHINE or state != Appearance.State.KEPT
        for _, state, found_by in appearances
    ):
        return "its claims have been edited"
    own = {claim for claim, _, _ in appearances if claim in claims_left}
    for claim in with_state(own):
        if fingerprint(claim_state(claim)) != claims_left[claim.pk]:
            return "its claims have been reviewed"
    return ""


def _differing(article: Article, left: dict[str, str] | str) -> set[str]:
    """The columns and relations of which the receipt says something else.

    A column that came to the model later is compared with a new story's. Older receipts have one fingerprint
    of some columns, the tags and the authors.
    """
    state = article_state(article)
    if not isinstance(left, dict):
        return {"history"} if not left or _sum_of_old(article) != left else set()
    new = {name: fingerprint(value)[:16] for name, value in _new_story().items()}
    return {name for name, value in state.items() if left.get(name, new.get(name, EMPTY)) != value}


def _new_story() -> dict[str, Any]:
    return {field.name: getattr(Article(), field.attname) for field in Article._meta.concrete_fields}


def _sum_of_old(article: Article) -> str:
    state: dict[str, Any] = {name: getattr(article, name) for name in ARTICLE_FIELDS}
    state["image"] = article.lead_image.name or ""
    state["tags"] = sorted(tag.name for tag in article.tags.all())
    state["authors"] = sorted(author.name for author in article.authors.all())
    return fingerprint(state)


EMPTY = fingerprint([])[:16]
