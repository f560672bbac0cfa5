"""Stories, claims and people as dicts for JSON-LD and JSON.

The vocabularies are schema.org (NewsArticle, ClaimReview, Person, BreadcrumbList), W3C Web Annotation and
Popolo. Callers pass rows that went through `published()`, claims with `printed` as `models.prefetch` loads
it; nothing here checks again what readers may see. All addresses are absolute.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models.fields.files import ImageFieldFile
from django.urls import reverse
from django.utils import timezone

from stories.formats.pictures_in_text import in_text, with_figures
from stories.models import (
    Appearance,
    Article,
    Author,
    Claim,
    Correction,
    Identifier,
    Membership,
    OtherName,
    Outlet,
    Politician,
    renditions,
)
from stories.text import richtext

Data = dict[str, Any]

SCHEMA = "https://schema.org"
# `ratingValue` from 1 (worst) to 5 (best). Other ratings, such as "unproven", have no place on that scale.
RATING_VALUES = {
    Claim.Rating.TRUE: 5,
    Claim.Rating.MOSTLY_TRUE: 4,
    Claim.Rating.MISLEADING: 2,
    Claim.Rating.FALSE: 1,
}
REGISTERS = {
    "wikidata": "https://www.wikidata.org/wiki/{}",
    "parliament": "https://members.parliament.uk/member/{}",
    "theyworkforyou": "https://www.theyworkforyou.com/mp/{}",
}


NEARLY_THE_SAME = "A claim of the same speaker in nearly the same words."


def absolute(address: str) -> str:
    """Return an address with the site's scheme and host, unless it has its own."""
    return address if address.startswith(("http://", "https://")) else settings.SITE_URL + address


def address_of(row: Any) -> str:
    """Return the absolute address of a row's page."""
    return absolute(row.get_absolute_url())


def author_address(author: Author) -> str:
    """Return the absolute address of an author's page."""
    return absolute(reverse("stories:author", args=[author.slug]))


def topic_address(slug: str) -> str:
    """Return the absolute address of a topic's page."""
    return absolute(reverse("stories:topic", args=[slug]))


def tag_uri(since: datetime.datetime, kind: str, pk: int) -> str:
    """Return a permanent identifier of a row (RFC 4151), independent of its address.

    `since` is a moment at which the publication held the host name: the row's creation.
    """
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{since:%Y-%m-%d}:{kind}/{pk}"


def omit_empty(data: Data) -> Data:
    """Return the dict without empty values: in linked data a property that is not known is left out."""
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}


# --- schema.org --------------------------------------------------------------------------------------


def organization() -> Data:
    """Return the publication as a NewsMediaOrganization, with the addresses of its policies."""
    return {
        "@context": SCHEMA,
        "@type": "NewsMediaOrganization",
        "@id": absolute("/#organization"),
        "name": settings.PUBLICATION_NAME,
        "url": absolute("/"),
        "publishingPrinciples": absolute(reverse("stories:about")),
        "verificationFactCheckingPolicy": absolute(reverse("stories:how_we_check")),
        "correctionsPolicy": absolute(reverse("stories:corrections")),
        "masthead": absolute(reverse("stories:authors")),
    }


def publisher() -> Data:
    """Return the publication as stories and reviews refer to it."""
    return {name: value for name, value in organization().items() if name in {"@type", "@id", "name", "url"}}


def website() -> Data:
    """Return the site as a WebSite with its search page (https://schema.org/SearchAction)."""
    return {
        "@context": SCHEMA,
        "@type": "WebSite",
        "@id": absolute("/#website"),
        "name": settings.PUBLICATION_NAME,
        "url": absolute("/"),
        "publisher": {"@id": absolute("/#organization")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": absolute(reverse("stories:search")) + "?q={words}",
            "query-input": "required name=words",
        },
    }


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> Data:
    """Return a BreadcrumbList; `steps` are (name, address) from the front page to the page itself."""
    return {
        "@context": SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(address)}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }


def news_article(
    article: Article, printed: Sequence[Appearance] = (), corrections: Iterable[Correction] = ()
) -> Data:
    """Return a story as a NewsArticle.

    `printed` are its appearances that readers may see, `corrections` the published ones.
    """
    address = address_of(article)
    tags = [tag.name for tag in article.topics]
    people = {speaker.pk: speaker for one in printed if (speaker := one.claim.public_speaker)}
    claims = {one.claim_id: one.claim for one in printed}
    corrections = list(corrections)
    return {"@context": SCHEMA} | omit_empty(
        {
            "@type": "NewsArticle",
            "@id": f"{address}#story",
            "url": address,
            "mainEntityOfPage": address,
            "headline": article.headline,
            "description": article.search_description or article.standfirst,
            "datePublished": first_published(article),
            "dateModified": changed_on(article, corrections),
            "author": [named(author.name, author_address(author)) for author in article.writers]
            or [publisher()],
            "publisher": publisher(),
            "image": [
                *pictures_of(article.lead_image),
                *(picture.whole_address for picture in in_text(article.body)),
            ],
            "articleSection": tags[0] if tags else "",
            "keywords": tags,
            "inLanguage": settings.LANGUAGE_CODE,
            "isAccessibleForFree": True,
            "correction": [correction_comment(correction) for correction in corrections],
            "mentions": [named(person.name, address_of(person)) for person in people.values()],
            "citation": [
                {"@type": "Claim", "@id": f"{address_of(claim)}#claim", "url": address_of(claim)}
                for claim in claims.values()
                if not claim.lead_in
            ],
        }
    )


def pictures_of(picture: ImageFieldFile) -> list[str]:
    """Return the addresses of a picture: cropped to each of `renditions.SHAPES`, then as uploaded.

    The shapes are those that Google asks for
    (https://developers.google.com/search/docs/appearance/structured-data/article).
    """
    if not picture:
        return []
    shapes = renditions.SHAPES if renditions.measured(picture) else ()
    return [*(absolute(renditions.address(picture, shape)) for shape in shapes), absolute(picture.url)]


def last_changed(article: Article, corrections: Iterable[Correction]) -> datetime.datetime | None:
    """Return the latest of publication, update and corrections."""
    moments = [article.published_at, article.updated_at, *(correction.made_at for correction in corrections)]
    return max(filter(None, moments), default=None)


def as_known(when: datetime.datetime | None, *stories: Article) -> datetime.datetime | datetime.date | None:
    """Return `when`, or its day alone where the hour is not known.

    That is so when `when` is the first publication of one of the stories and the import gave no hour for it.
    """
    if when and any(story.is_day_alone(when) for story in stories):
        return timezone.localdate(when)
    return when


def beginning(when: datetime.datetime, *stories: Article) -> datetime.datetime:
    """As `as_known`, but a day alone becomes its first moment, for formats that require a time."""
    known = as_known(when, *stories)
    if known is None or isinstance(known, datetime.datetime):
        return when
    return timezone.make_aware(datetime.datetime.combine(known, datetime.time()))


def changed_on(article: Article, corrections: Iterable[Correction]) -> str:
    """Return when the story last changed, in ISO 8601; the day alone if the hour is not known."""
    return moment(as_known(last_changed(article, corrections), article))


def correction_comment(correction: Correction) -> Data:
    """Return a correction as a CorrectionComment."""
    return {
        "@type": "CorrectionComment",
        "text": correction.text,
        "datePublished": moment(correction.made_at),
    }


def named(name: str, address: str = "", kind: str = "Person") -> Data:
    """Return a person, or another kind of thing, by name and address."""
    return omit_empty({"@type": kind, "name": name, "url": address})


# Characters, as Google’s guide to ClaimReview asks. The claim's page has all its words.
LONGEST_CLAIM_REVIEWED = 75


def _shortened(words: str) -> str:
    """A claim's words, or as many of them as stand before the last clause's end, or word's, that fits."""
    if len(words) <= LONGEST_CLAIM_REVIEWED:
        return words
    start = words[: LONGEST_CLAIM_REVIEWED - 1]
    clause = re.match(r"(.{30,})(?=[,;:–—.!?]\s)", start, re.S)
    cut = clause[1] if clause else start.rpartition(" ")[0] or start
    return f"{cut.rstrip(' ,;:–—.')}…"


def claim_review(claim: Any, near: Iterable[Claim] = ()) -> Data:
    """Return the verdict on a claim as a ClaimReview, which mentions the pages of claims `near` to it.

    A claim without a verdict becomes a Claim; words that the speaker did not assert (those with a `lead_in`)
    become a WebPage.
    """
    mentions = [page_about(other) | {"description": NEARLY_THE_SAME} for other in near]
    return _review(claim) | omit_empty({"mentions": mentions})


def _review(claim: Any) -> Data:
    if claim.lead_in:
        return {"@context": SCHEMA} | page_about(claim)
    verdict = claim.verdict
    if verdict is None:
        return {"@context": SCHEMA} | claim_itself(claim)
    address = address_of(claim)
    return {"@context": SCHEMA} | omit_empty(
        {
            "@type": "ClaimReview",
            "@id": f"{address}#review",
            "url": address,
            "claimReviewed": _shortened(claim.words),
            "datePublished": moment(verdict.checked_at),
            "author": publisher(),
            "reviewRating": omit_empty(
                {
                    "@type": "Rating",
                    "alternateName": verdict.label,
                    "ratingExplanation": verdict.summary,
                }
            )
            | rating_value(verdict.rating),
            "reviewBody": richtext.to_text(verdict.explanation),
            "inLanguage": settings.LANGUAGE_CODE,
            "citation": [
                omit_empty(
                    {"@type": "CreativeWork", "name": item.title, "url": item.url, "description": item.note}
                )
                for item in verdict.evidence.all()
            ],
            "itemReviewed": claim_itself(claim),
        }
    )


def page_about(claim: Any) -> Data:
    """Return the page of words that the speaker did not assert: denied, asked, hoped or quoted.

    Its type is WebPage: in a schema.org Claim the words would count as the speaker's assertion.
    """
    address = address_of(claim)
    return omit_empty(
        {
            "@type": "WebPage",
            "@id": f"{address}#page",
            "url": address,
            "name": claim.public_title,
            "inLanguage": settings.LANGUAGE_CODE,
        }
    )


def rating_value(rating: str) -> Data:
    """Return the numbers of a Rating, {} for a rating that has none."""
    value = RATING_VALUES.get(Claim.Rating(rating))
    return {"ratingValue": value, "bestRating": 5, "worstRating": 1} if value else {}


def claim_itself(claim: Any) -> Data:
    """Return a claim as a Claim, with its speaker and the stories that print it.

    The story that printed it first is its `firstAppearance`.
    """
    address = address_of(claim)
    speaker = claim.public_speaker
    stories = list({one.article_id: one.article for one in claim.printed}.values())
    works = [
        {
            "@type": "NewsArticle",
            "url": address_of(story),
            "headline": story.headline,
            "datePublished": first_published(story),
        }
        for story in stories
    ]
    first, parts = claim.printed[0], claim.printed_parts
    return omit_empty(
        {
            "@type": "Claim",
            "@id": f"{address}#claim",
            "url": address,
            "text": claim.words,
            "hasPart": [{"@type": "Quotation", "text": part} for part in parts] if len(parts) > 1 else [],
            "creativeWorkStatus": "" if claim.is_read else Claim.UNREAD,
            "author": omit_empty(
                named(claim.public_speaker_name, address_of(speaker) if speaker else "")
                | {"jobTitle": first.speaker_role}
            ),
            "datePublished": claim.said_on.isoformat() if claim.said_on else "",
            "about": [named(person.name, address_of(person)) for person in claim.people],
            "keywords": [tag.name for tag in claim.topics],
            "firstAppearance": works[0],
            "appearance": works,
        }
    )


def person(
    politician: Politician, other_names: Iterable[OtherName] = (), identifiers: Iterable[Identifier] = ()
) -> Data:
    """Return a politician as a Person."""
    party = politician.party
    identifiers = list(identifiers)
    return {"@context": SCHEMA} | omit_empty(
        {
            "@type": "Person",
            "@id": f"{address_of(politician)}#person",
            "url": address_of(politician),
            "mainEntityOfPage": address_of(politician),
            "name": politician.name,
            "alternateName": [other.name for other in other_names],
            "jobTitle": politician.role,
            "affiliation": omit_empty(named(party.name, address_of(party), "Organization")) if party else {},
            "description": politician.summary,
            "image": absolute(politician.portrait.url) if politician.portrait else "",
            "identifier": [
                {"@type": "PropertyValue", "propertyID": one.scheme, "value": one.value}
                for one in identifiers
            ],
            "sameAs": [link for one in identifiers if (link := register_address(one))],
        }
    )


# Kinds of outlets that are news organisations in schema.org's sense; a programme or network is not one.
NEWS_MEDIA = {Outlet.Kind.NEWSPAPER, Outlet.Kind.BROADCASTER, Outlet.Kind.AGENCY}


def outlet(of: Outlet, names: Iterable[str] = ()) -> Data:
    """Return an outlet as a NewsMediaOrganization; as an Organization where it is of another kind or none.

    `names` are those that stories print for it beside its own.
    """
    return {"@context": SCHEMA} | omit_empty(
        {
            "@type": "NewsMediaOrganization" if of.kind in NEWS_MEDIA else "Organization",
            "@id": f"{address_of(of)}#outlet",
            "name": of.name,
            "alternateName": list(names),
            "url": of.website or address_of(of),
            "mainEntityOfPage": address_of(of),
        }
    )


def register_address(identifier: Identifier) -> str:
    """Return a person's page in the register that gave the identifier, "" for an unknown register."""
    form = REGISTERS.get(identifier.scheme.lower(), "")
    return form.format(identifier.value) if identifier.value.isalnum() else ""


def first_published(article: Article) -> str:
    """Return when readers first saw the story, in ISO 8601; the day alone if the hour is not known."""
    return moment(as_known(article.first_published_at or article.published_at, article))


def moment(when: datetime.datetime | datetime.date | None) -> str:
    """Return a date or datetime in ISO 8601, to the second; "" for None."""
    if isinstance(when, datetime.datetime):
        return when.isoformat(timespec="seconds")
    return when.isoformat() if when else ""


# --- W3C Web Annotation ------------------------------------------------------------------------------


def annotation(appearance: Appearance, story: str) -> Data:
    """Return a claim's words in a story as an annotation (https://www.w3.org/TR/annotation-model/).

    `story` is the story's address. Positions count characters (code points) of its plain text, the `text` of
    its JSON form. An interrupted quotation has one target for each part.
    """
    claim = appearance.claim
    verdict = f"{claim.verdict.label}. {claim.verdict.summary}".strip() if claim.verdict else ""
    bodies: list[Data] = [
        {"id": address_of(claim), "type": "Text", "format": "text/html", "purpose": "identifying"}
    ]
    if claim.lead_in:
        title = claim.public_title
        bodies.append(
            {"type": "TextualBody", "value": title, "format": "text/plain", "purpose": "describing"}
        )
    if verdict:
        bodies.append(
            {"type": "TextualBody", "value": verdict, "format": "text/plain", "purpose": "assessing"}
        )
    if not claim.is_read:
        bodies.append(
            {"type": "TextualBody", "value": Claim.UNREAD, "format": "text/plain", "purpose": "describing"}
        )
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"{story}#said-{appearance.pk}",
        "type": "Annotation",
        "motivation": "assessing" if verdict else "identifying",
        "creator": {"type": "Organization", "name": settings.PUBLICATION_NAME, "id": absolute("/")},
        "body": bodies,
        "target": [
            {
                "source": story,
                "selector": [
                    {
                        "type": "TextQuoteSelector",
                        "exact": part.exact,
                        "prefix": part.prefix,
                        "suffix": part.suffix,
                    },
                    {"type": "TextPositionSelector", "start": part.start, "end": part.end},
                ],
            }
            for part in appearance.selectors
        ],
    }


# --- JSON form of a story ----------------------------------------------------------------------------


def story(article: Article, printed: Sequence[Appearance], corrections: Sequence[Correction]) -> Data:
    """Return a full story with an annotation for each of its claims; the schema is at /schemas/story.json."""
    return {
        "$schema": absolute(reverse("stories:schema", args=["story"])),
        "id": tag_uri(article.created_at, "story", article.pk),
        "url": address_of(article),
        "headline": article.headline,
        "standfirst": article.standfirst,
        "published": first_published(article),
        "updated": changed_on(article, corrections),
        "language": settings.LANGUAGE_CODE,
        "authors": [{"name": author.name, "url": author_address(author)} for author in article.writers],
        "topics": [{"name": tag.name, "url": topic_address(tag.slug)} for tag in article.topics],
        "source": {"name": article.source, "url": article.source_url},
        "image": {
            "url": absolute(article.lead_image.url),
            "alt": article.lead_image_alt,
            "caption": article.lead_image_caption,
            "credit": article.lead_image_credit,
        }
        if article.lead_image
        else None,
        "html": with_figures(article.body),
        "text": article.text,
        "corrections": [
            {"kind": correction.kind, "text": correction.text, "made": moment(correction.made_at)}
            for correction in corrections
        ],
        "claims": [
            {
                "url": address_of(one.claim),
                "speaker": one.public_speaker_name,
                "role": one.speaker_role,
                "party": one.speaker_party,
                "told": one.outlet,
                "kind": one.kind,
                "words": one.words,
                "verdict": one.claim.rating,
                "read_by_an_editor": one.claim.is_read,
                "annotation": f"{address_of(article)}#said-{one.pk}",
            }
            for one in printed
        ],
        "annotations": [annotation(one, address_of(article)) for one in printed],
    }


# --- Popolo ------------------------------------------------------------------------------------------


def popolo_person(
    politician: Politician,
    other_names: Iterable[OtherName],
    identifiers: Iterable[Identifier],
    memberships: Iterable[Membership],
) -> Data:
    """Return a politician as a Popolo person (https://www.popoloproject.com/specs/person.html).

    The schema is at /schemas/person.json.
    """
    key = tag_uri(politician.created_at, "person", politician.pk)
    family, _, given = politician.sort_name.partition(", ")
    identifiers = list(identifiers)
    return omit_empty(
        {
            "$schema": absolute(reverse("stories:schema", args=["person"])),
            "@context": "http://www.popoloproject.com/contexts/person.jsonld",
            "id": key,
            "name": politician.name,
            "family_name": family if given else "",
            "given_name": given,
            "sort_name": politician.sort_name,
            "other_names": [
                omit_empty({"name": other.name, "note": other.note} | between(other)) for other in other_names
            ],
            "identifiers": [{"scheme": one.scheme, "identifier": one.value} for one in identifiers],
            "summary": politician.role,
            "biography": politician.summary,
            "image": absolute(politician.portrait.url) if politician.portrait else "",
            "links": [{"url": address_of(politician), "note": settings.PUBLICATION_NAME}]
            + [{"url": link, "note": one.scheme} for one in identifiers if (link := register_address(one))],
            "memberships": [membership(one, key) for one in with_party(politician, memberships)],
        }
    )


def popolo_organization(of: Outlet, names: Iterable[str] = ()) -> Data:
    """Return an outlet as a Popolo organization (https://www.popoloproject.com/specs/organization.html).

    `names` as for `outlet`; the schema is at /schemas/organization.json.
    """
    links = [{"url": address_of(of), "note": settings.PUBLICATION_NAME}]
    return omit_empty(
        {
            "$schema": absolute(reverse("stories:schema", args=["organization"])),
            "@context": "http://www.popoloproject.com/contexts/organization.jsonld",
            "id": f"{address_of(of)}#outlet",
            "name": of.name,
            "other_names": [{"name": name} for name in names],
            "classification": of.get_kind_display(),
            "links": links + ([{"url": of.website, "note": "Its own site"}] if of.website else []),
        }
    )


def with_party(politician: Politician, memberships: Iterable[Membership]) -> list[Membership]:
    """Return the memberships, and one of the record's party unless they have one of it that goes on."""
    known = list(memberships)
    party = politician.party
    if party is None or any(one.party_id == party.pk and one.end_date is None for one in known):
        return known
    return [*known, Membership(politician=politician, party=party)]


def membership(one: Membership, person_id: str) -> Data:
    """Return a membership of a body on behalf of a party, or of the party itself where no body is named."""
    party = organization_of(one.party.name, address_of(one.party)) if one.party else {}
    body = organization_of(one.body)
    return omit_empty(
        {
            "label": str(one),
            "role": one.role,
            "person_id": person_id,
            "organization": body or party,
            "on_behalf_of": party if body else {},
        }
        | between(one)
    )


def organization_of(name: str, address: str = "") -> Data:
    """Return an organization by name and address, {} without a name."""
    links = [{"url": address}] if address else []
    return omit_empty({"name": name, "links": links}) if name else {}


def between(dated: OtherName | Membership) -> Data:
    """Return the first and last day of a name or membership, "" where not known."""
    return {
        "start_date": dated.start_date.isoformat() if dated.start_date else "",
        "end_date": dated.end_date.isoformat() if dated.end_date else "",
    }
