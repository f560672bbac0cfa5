"""What an import left behind, file by file, so that it can tell later whether a person changed it since.

A receipt is kept in `ImportedText.before`: {"left": fingerprint of the story, "claims" and "people":
{primary key: fingerprint} of the rows it made or decided, "made": {"parties", "tags", "authors": keys},
"was": what an update replaced, or null}.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from stories.models import Appearance, Article, Claim, ImportedText, Politician

__all__ = ["amend", "article_state", "claim_state", "fingerprint", "latest", "person_state", "touched"]

Receipt = dict[str, Any]
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


def article_state(article: Article) -> dict[str, Any]:
    """What a person could have changed in a story. Takes the row as it is in the database."""
    state: dict[str, Any] = {name: getattr(article, name) for name in ARTICLE_FIELDS}
    state["image"] = article.lead_image.name or ""
    state["tags"] = sorted(tag.name for tag in article.tags.all())
    state["authors"] = sorted(author.name for author in article.authors.all())
    return state


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


def touched(article: Article, left: str, claims_left: dict[int, str]) -> str:
    """Why the story counts as a person's by now, in a few words; empty when nobody has touched it."""
    if fingerprint(article_state(article)) != left:
        return "it has been edited"
    if article.corrections.exists():
        return "it has corrections"
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
