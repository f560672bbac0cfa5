"""The desk's own way round its screens."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import template
from django.urls import reverse

from stories.extraction.speakers.rules import label_of

register = template.Library()

# Heading → (model, or the name of a page of ours; the desk's word for it).
SECTIONS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Work",
        (("stories.article", "Stories"), ("stories.correction", "Corrections"), ("stories.page", "Pages")),
    ),
    (
        "On record",
        (
            ("stories.claim", "Claims"),
            ("stories.politician", "People"),
            ("stories.party", "Parties"),
            ("taggit.tag", "Topics"),
            ("stories.contradiction", "Contradictions"),
            ("stories.author", "Authors"),
        ),
    ),
    ("Coming in", (("stories.importrun", "Imports"), ("stories.importedtext", "Imported files"))),
    (
        "Behind it",
        (
            ("stories.appearance", "Where claims stand"),
            ("stories.evidence", "Evidence"),
            ("stories.verdictchange", "Verdicts changed"),
            ("stories.quotationchange", "Quotations changed"),
            ("stories.distinctpair", "Not the same person"),
            ("stories.formerslug", "Former addresses"),
        ),
    ),
)


@dataclass(slots=True)
class Link:
    words: str
    address: str
    add: str = ""
    here: bool = False


@dataclass(slots=True)
class Section:
    heading: str
    links: list[Link] = field(default_factory=list)


@register.simple_tag(takes_context=True)
def desk_sections(context: dict[str, Any], apps: Iterable[dict[str, Any]]) -> list[Section]:
    """The sidebar: what this person may open, in the desk's order and words; what is not ours comes last."""
    path = context["request"].path
    models = {
        f"{app['app_label']}.{model['object_name'].lower()}": model for app in apps for model in app["models"]
    }
    sections = []
    for heading, entries in SECTIONS:
        links = [_link(models.pop(name), path, words) for name, words in entries if name in models]
        sections.append(Section(heading, links))
    sections.append(
        Section("Accounts", [_link(model, path, str(model["name"])) for model in models.values()])
    )
    today = reverse("admin:index")
    sections[0].links.insert(0, Link("Today’s desk", today, here=path == today))
    if context["request"].user.has_perm("stories.review_claim"):
        review = reverse("desk:review")
        sections[0].links.insert(1, Link("Review", review, here=path.startswith(review)))
        fares = reverse("desk:fares")
        coming = next(section for section in sections if section.heading == "Coming in")
        coming.links.append(Link("How the importer fares", fares, here=path == fares))
    return [section for section in sections if section.links]


@register.simple_tag
def rule_in_words(rule: str) -> str:
    """The pattern a rule of the extraction looks for, as an editor knows it."""
    return label_of(rule) if rule else "machine"


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"


@register.simple_tag
def share_of(part: float, whole: float) -> str:
    """A share in per cent; a tenth of one where a whole number would say all or nothing and is not so."""
    share = part / whole if whole else 0.0
    plain = f"{share:.0%}"
    return f"{share:.1%}" if plain in ("0%", "100%") and 0.0005 <= share < 0.9995 else plain


def _link(model: dict[str, Any], path: str, words: str) -> Link:
    address = model.get("admin_url") or ""
    return Link(words, address, model.get("add_url") or "", here=bool(address) and path.startswith(address))
