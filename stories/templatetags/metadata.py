"""Tags for the head of a page: JSON-LD, Open Graph, feeds and other formats of the page."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from stories.facets.filters import ReportingFilterSet
from stories.formats import linked_data as linkeddata
from stories.formats import pictures
from stories.formats.pictures import Picture

register = template.Library()

# Characters that could end the script element, as JSON escapes (as Django's `json_script`).
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.filter
def linked_data(data: linkeddata.Data) -> SafeString:
    """Return a script element with JSON-LD. As a data block it needs no nonce."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


@register.simple_tag
def site_data() -> SafeString:
    """Return the front page's JSON-LD: the publisher and the site's search."""
    return linked_data(
        {"@context": linkeddata.SCHEMA, "@graph": [linkeddata.organization(), linkeddata.website()]}
    )


@register.inclusion_tag("includes/share.html", takes_context=True)
def share_card(context: Context) -> dict[str, Any]:
    """Render what other sites show beside a link to a page that is not about one row."""
    publication = context["publication"]
    return shared_as("", pictures.of_site()) | {
        "kind": "website",
        "title": block_text(context, "title") or publication["name"],
        "description": block_text(context, "description") or publication["description"],
        "address": block_text(context, "canonical"),
    }


def block_text(context: Context, name: str) -> SafeString:
    """Return what a page has in a block, once more."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return mark_safe(" ".join(block.render(context).split())) if block else SafeString()  # noqa: S308


def shared_as(address: str, picture: Picture) -> dict[str, Any]:
    """Return what all pages have in common where they are shown beside a link."""
    language, _, country = settings.LANGUAGE_CODE.partition("-")
    return {
        "site_name": settings.PUBLICATION_NAME,
        "locale": f"{language}_{country.upper()}" if country else language,
        "address": linkeddata.absolute(address),
        "picture": picture,
    }


def story_head(story: Any, blocks: Any, corrections: Any) -> SafeString:
    """Return a story's metadata as HTML.

    `blocks` are those of `views.articles.blocks_of`: their notes are the story's claims.
    """
    printed = [note for block in blocks for note in block.notes]
    address = story.get_absolute_url()
    shown = {
        "story": story,
        "site_url": settings.SITE_URL,
        **shared_as(address, pictures.of_story(story)),
        "description": story.description_in_search,
        "changed": linkeddata.changed_on(story, corrections),
        "json_address": f"{address.rstrip('/')}.json",
        "data": linked_data(linkeddata.news_article(story, printed, corrections)),
        "path": crumbs(("Stories", reverse("stories:articles")), (story.headline, address)),
    }
    return render_to_string("includes/head_story.html", shown)


@register.inclusion_tag("includes/head_claim.html")
def claim_head(claim: Any) -> dict[str, Any]:
    """Render a claim's metadata."""
    address = claim.get_absolute_url()
    return {
        "claim": claim,
        "site_url": settings.SITE_URL,
        **shared_as(address, pictures.of_claim(claim)),
        "json_address": f"{address.rstrip('/')}.json",
        "feed": feed_of_claim(claim, claim.short_wording),
        "data": linked_data(linkeddata.claim_review(claim)),
        "path": crumbs(("Claims", reverse("stories:claims")), (claim.short_wording, address)),
    }


@register.inclusion_tag("includes/head_person.html")
def person_head(person: Any, other_names: Any, identifiers: Any) -> dict[str, Any]:
    """Render a politician's metadata."""
    address = person.get_absolute_url()
    return {
        "person": person,
        **shared_as(address, pictures.of_person(person)),
        "description": f"What {person.name} said, what others said about them, and whether it stands up.",
        "json_address": f"{address.rstrip('/')}.json",
        "feed": feed_of("politician_feed", person.name, slug=person.slug),
        "data": linked_data(linkeddata.person(person, other_names, identifiers)),
        "path": crumbs(("People", reverse("stories:politicians")), (person.name, address)),
    }


@register.inclusion_tag("includes/head_outlet.html")
def outlet_head(outlet: Any, names: Any) -> dict[str, Any]:
    """Render an outlet's metadata; `names` are its other names."""
    address = outlet.get_absolute_url()
    return {
        "json_address": f"{address.rstrip('/')}.json",
        "feed": feed_of("outlet_feed", outlet.name, slug=outlet.slug),
        "data": linked_data(linkeddata.outlet(outlet, map(str, names))),
        "path": crumbs(("Outlets", reverse("stories:outlets")), (outlet.name, address)),
    }


@register.filter
def in_words(filters: ReportingFilterSet, what: str) -> str:
    """Return the name of a list with its applied filters: "claims, verdict: False"."""
    return ", ".join([what, *(chosen.label for chosen in filters.chosen)])


@register.inclusion_tag("includes/head_feeds.html")
def feed_links(name: str, title: str, query: str = "", **address: Any) -> dict[str, Any]:
    """Render the links to a list's feeds: `name` is the feed's URL name, `query` the applied filters."""
    return {"feed": feed_of(name, title, query, **address)}


@register.inclusion_tag("includes/follow.html")
def follow(name: str, title: str, query: str = "", **address: Any) -> dict[str, Any]:
    """Render the same links visibly, in one line."""
    return {"feed": feed_of(name, title, query, **address)}


@register.inclusion_tag("includes/follow.html")
def follow_claim(claim: Any) -> dict[str, Any]:
    """Render the links to a claim's feeds."""
    return {"feed": feed_of_claim(claim, "this claim")}


def feed_of_claim(claim: Any, title: str) -> dict[str, str]:
    """Return the title and addresses of a claim's feeds."""
    slug = claim.get_absolute_url().rstrip("/").rsplit("/", 1)[1].partition("-")[2]
    return feed_of("claim_feed", title, pk=claim.pk, slug=slug)


def feed_of(name: str, title: str, query: str = "", **address: Any) -> dict[str, str]:
    """Return the title and addresses of a list's feeds."""
    rss = reverse(f"stories:{name}", kwargs=address)
    atom, data = (reverse(f"stories:{name}", kwargs=address | {"form": form}) for form in ("atom", "json"))
    tail = f"?{query}" if query else ""
    return {"title": title, "rss": rss + tail, "atom": atom + tail, "json": data + tail}


def crumbs(*steps: tuple[str, str]) -> SafeString:
    """Return the JSON-LD of a breadcrumb trail from the front page."""
    return linked_data(linkeddata.breadcrumbs([(settings.PUBLICATION_NAME, "/"), *steps]))
