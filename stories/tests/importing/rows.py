"""The newsroom's rows by their content: what two imports have to agree on, whatever keys the rows got."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from taggit.models import Tag

from stories import models

ARTICLE = (
    "headline",
    "slug",
    "standfirst",
    "body",
    "text",
    "status",
    "dateline",
    "source",
    "source_url",
    "version",
)
CLAIM = ("speaker_label", "wording", "wording_key", "kind", "said_on", "state", "rating")
APPEARANCE = (
    *("exact", "prefix", "suffix", "start", "end", "further", "state", "places", "attribution"),
    *("speaker_role", "speaker_party", "outlet", "kind", "confidence", "rule", "reasons", "found_by"),
)
PERSON = ("name", "sort_name", "slug", "role", "summary", "confirmed")


def everything() -> dict[str, list[Any]]:
    """Every row an import can make, sorted, with names in the place of keys."""
    people = {person.pk: person.name for person in models.Politician.objects.all()}

    def pick(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: getattr(row, name) for name in names}

    def claim(row: models.Claim) -> dict[str, Any]:
        about = sorted(person.name for person in row.about.all())
        return pick(row, CLAIM) | {"speaker": people.get(row.speaker_id), "about": about}  # type: ignore[arg-type]

    def candidates(row: models.Appearance) -> list[dict[str, Any]]:
        return [found | {"politician": people.get(found["politician"])} for found in row.candidates]

    rows = {
        "stories": [
            pick(row, ARTICLE)
            | {
                "published": row.published_at is not None,
                "tags": sorted(tag.name for tag in row.tags.all()),
                "authors": sorted(author.name for author in row.authors.all()),
            }
            for row in models.Article.objects.all()
        ],
        "claims": [claim(row) for row in models.Claim.objects.all()],
        "appearances": [
            pick(row, APPEARANCE)
            | {"story": row.article.headline, "claim": claim(row.claim), "candidates": candidates(row)}
            for row in models.Appearance.objects.select_related("article", "claim")
        ],
        "people": [
            pick(row, PERSON) | {"party": row.party.name if row.party else None}
            for row in models.Politician.objects.select_related("party")
        ],
        "parties": [row.name for row in models.Party.objects.all()],
        "tags": [row.name for row in Tag.objects.all()],
        "authors": [row.name for row in models.Author.objects.all()],
        "runs": [
            {
                "options": row.options,
                "finished": row.finished_at is not None,
                "undone": row.undone_at is not None,
            }
            for row in models.ImportRun.objects.all()
        ],
        "texts": [
            pick(row, ("sha256", "encoding", "outcome", "message"))
            | {"file": row.file, "story": row.article.headline if row.article else None}
            for row in models.ImportedText.objects.select_related("article")
        ],
    }
    return {name: sorted(found, key=repr) for name, found in rows.items()}


def counts() -> dict[str, int]:
    """How many rows each table of the newsroom and of its tags has.

    Outlets are left out: they stay when an import is taken back, and no reader sees one without claims.
    """
    own = ContentType.objects.filter(app_label__in=["stories", "taggit"])
    tables = [kind.model_class() for kind in own.order_by("app_label", "model")]
    stay = {models.Outlet, models.OutletName, models.OutletWords}
    return {
        table.__name__: table._default_manager.count()
        for table in tables
        if table is not None and table not in stay
    }
