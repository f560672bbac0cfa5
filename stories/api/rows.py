"""Rows as the dicts of API responses (see answers.py).

Rows went through `published()` and were loaded with what is shown of them.
"""

from typing import Any

from stories.formats.linked_data import (
    absolute,
    address_of,
    as_known,
    author_address,
    last_changed,
    topic_address,
)
from stories.models import Outlet
from stories.models.prefetch import near_to


def name_of(row: Any, address: str = "") -> dict[str, str]:
    """Return a row's name, slug and page."""
    return {"name": row.name, "slug": row.slug, "url": address or address_of(row)}


def data_of(row: Any) -> str:
    """Return the absolute address of the row's JSON format."""
    return absolute(f"{row.get_absolute_url().rstrip('/')}.json")


def story(row: Any) -> dict[str, Any]:
    """Return a story as `answers.Story`."""
    return {
        "id": row.pk,
        "slug": row.slug,
        "url": address_of(row),
        "data": data_of(row),
        "headline": row.headline,
        "standfirst": row.standfirst,
        "published": as_known(row.published_at, row),
        "updated": as_known(last_changed(row, ()), row),
        "authors": [name_of(author, author_address(author)) for author in row.writers],
        "topics": [name_of(tag, topic_address(tag.slug)) for tag in row.topics],
        "source": row.source,
    }


def claim(row: Any) -> dict[str, Any]:
    """Return a claim as `answers.Claim`."""
    speaker = row.public_speaker
    first = row.printed[0]
    stories = {printed.article_id: printed.article for printed in row.printed}
    return {
        "id": row.pk,
        "url": address_of(row),
        "data": data_of(row),
        "words": row.words,
        "parts": row.printed_parts,
        "read_by_an_editor": row.is_read,
        "kind": row.kind,
        "stance": row.stance or "unknown",
        "verb": row.verb,
        "title": row.public_title,
        "said_on": row.said_on,
        "on_record_since": as_known(max(filter(None, [row.public_from, row.reviewed_at])), *stories.values()),
        "speaker": row.public_speaker_name,
        "politician": name_of(speaker) if speaker else None,
        "role": first.speaker_role,
        "party": first.speaker_party,
        "speaker_party": name_of(speaker.party) if speaker and speaker.party else None,
        "told": first.outlet,
        "outlet": name_of(Outlet(name=first.outlet_name, slug=first.outlet_slug))
        if first.outlet_slug
        else None,
        "nearly_the_same": [address_of(other) for other in near_to(row)],
        "about": [name_of(person) for person in row.people],
        "topics": [name_of(tag, topic_address(tag.slug)) for tag in row.topics],
        "verdict": row.rating,
        "verdict_summary": row.verdict.summary if row.verdict else "",
        "checked": row.checked_at if row.rating else None,
        "stories": [
            {
                "headline": article.headline,
                "url": address_of(article),
                "published": as_known(article.published_at, article),
            }
            for article in stories.values()
        ],
    }


def person(row: Any) -> dict[str, Any]:
    """Return a politician as `answers.Person`."""
    return {
        "id": row.pk,
        "slug": row.slug,
        "url": address_of(row),
        "data": data_of(row),
        "name": row.name,
        "sort_name": row.sort_name,
        "role": row.role,
        "party": name_of(row.party) if row.party else None,
    }


def outlet(row: Any) -> dict[str, Any]:
    """Return an outlet as `answers.Outlet`."""
    return name_of(row) | {
        "data": data_of(row),
        "kind": row.kind,
        "website": row.website,
        "other_names": [str(name) for name in row.names.all() if name.key != row.key],
        "claims": row.claims,
    }


def topic(row: Any) -> dict[str, Any]:
    """Return a topic as `answers.Topic`."""
    return name_of(row, topic_address(row.slug)) | {"stories": row.stories, "claims": row.claims}
