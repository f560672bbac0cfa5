"""Stories, claims and people as plain dicts that other programs understand.

schema.org (NewsArticle, ClaimReview, Person, BreadcrumbList), W3C Web Annotation and Popolo. Nothing here
asks the database for what readers may not see: callers hand in rows that went through `published()`, with
`claim.printed` as the readers' claim cards have it. Addresses are whole ones.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models.fields.files import ImageFieldFile
from django.urls import reverse
from django.utils import timezone

from stories.models import (
    Appearance,
    Article,
    Author,
    Claim,
    Correction,
    Identifier,
    Membership,
    OtherName,
    Politician,
    renditions,
)
from stories.text import richtext

Data = dict[str, Any]

SCHEMA = "https://schema.org"
# Where a verdict stands from 1 (worst) to 5; one that is none has its name only.
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


def absolute(address: str) -> str:
    return address if address.startswith(("http://", "https://")) else settings.SITE_URL + address


def address_of(row: Any) -> str:
    return absolute(row.get_absolute_url())


def author_address(author: Author) -> str:
    return absolute(reverse("stories:author", args=[author.slug]))


def topic_address(slug: str) -> str:
    return absolute(reverse("stories:topic", args=[slug]))


def tag_uri(since: datetime.datetime, kind: str, pk: int) -> str:
    """A name for good (RFC 4151): the host, a day on which it was ours, and the row."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{since:%Y-%m-%d}:{kind}/{pk}"


def told(data: Data) -> Data:
    """Without what is empty: an absent property says "not known", an empty one says nothing."""
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}


# --- schema.org --------------------------------------------------------------------------------------


def organization() -> Data:
    """The publication, with the policies that have a page."""
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
    return {name: value for name, value in organization().items() if name in {"@type", "@id", "name", "url"}}


def website() -> Data:
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
    """`steps`: (name, address) from the front page to the page itself."""
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
    """A story. `printed`: its appearances that readers may see; `corrections`: those made."""
    address = address_of(article)
    tags = [tag.name for tag in article.tags.all()]
    people = {speaker.pk: speaker for one in printed if (speaker := one.claim.public_speaker)}
    claims = {one.claim_id: one.claim for one in printed}
    corrections = list(corrections)
    return {"@context": SCHEMA} | told(
        {
            "@type": "NewsArticle",
            "@id": f"{address}#story",
            "url": address,
            "mainEntityOfPage": address,
            "headline": article.headline,
            "description": article.standfirst,
            "datePublished": first_published(article),
            "dateModified": changed_on(article, corrections),
            "author": [named(author.name, author_address(author)) for author in article.authors.all()]
            or [publisher()],
            "publisher": publisher(),
            "image": pictures_of(article.lead_image),
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
    """The addresses of a picture in the three shapes that news readers cut it to, and as it was uploaded."""
    if not picture:
        return []
    shapes = renditions.SHAPES if renditions.measured(picture) else ()
    return [*(absolute(renditions.address(picture, shape)) for shape in shapes), absolute(picture.url)]


def last_changed(article: Article, corrections: Iterable[Correction]) -> datetime.datetime | None:
    moments = [article.published_at, article.updated_at, *(correction.made_at for correction in corrections)]
    return max(filter(None, moments), default=None)


def as_known(when: datetime.datetime | None, *stories: Article) -> datetime.datetime | datetime.date | None:
    """A moment, or its day alone where it is that at which one of the stories was first published, and the
    copy of that one gave no hour."""
    if when and any(story.is_day_alone(when) for story in stories):
        return timezone.localdate(when)
    return when


def beginning(when: datetime.datetime, *stories: Article) -> datetime.datetime:
    """For forms that cannot say a day alone: as `as_known`, a day as the moment at which it begins."""
    known = as_known(when, *stories)
    if known is None or isinstance(known, datetime.datetime):
        return when
    return timezone.make_aware(datetime.datetime.combine(known, datetime.time()))


def changed_on(article: Article, corrections: Iterable[Correction]) -> str:
    """When the story last changed; where that is its publication, the day alone if no more is known."""
    return moment(as_known(last_changed(article, corrections), article))


def correction_comment(correction: Correction) -> Data:
    return {
        "@type": "CorrectionComment",
        "text": correction.text,
        "datePublished": moment(correction.made_at),
    }


def named(name: str, address: str = "", kind: str = "Person") -> Data:
    return told({"@type": kind, "name": name, "url": address})


def claim_review(claim: Any) -> Data:
    """The desk's verdict on a claim; a claim without one is described as the claim alone."""
    if claim.lead_in:
        return {"@context": SCHEMA} | page_about(claim)
    verdict = claim.verdict
    if verdict is None:
        return {"@context": SCHEMA} | claim_itself(claim)
    address = address_of(claim)
    return {"@context": SCHEMA} | told(
        {
            "@type": "ClaimReview",
            "@id": f"{address}#review",
            "url": address,
            "claimReviewed": claim.words,
            "datePublished": moment(verdict.checked_at),
            "author": publisher(),
            "reviewRating": told(
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
                told({"@type": "CreativeWork", "name": item.title, "url": item.url, "description": item.note})
                for item in verdict.evidence.all()
            ],
            "itemReviewed": claim_itself(claim),
        }
    )


def page_about(claim: Any) -> Data:
    """Words that nobody claims: denied, asked, planned or passed on. The page that tells it, no claim."""
    address = address_of(claim)
    return told(
        {
            "@type": "WebPage",
            "@id": f"{address}#page",
            "url": address,
            "name": claim.public_title,
            "inLanguage": settings.LANGUAGE_CODE,
        }
    )


def rating_value(rating: str) -> Data:
    value = RATING_VALUES.get(Claim.Rating(rating))
    return {"ratingValue": value, "bestRating": 5, "worstRating": 1} if value else {}


def claim_itself(claim: Any) -> Data:
    """The words, who said them, and every story that printed them: the first as `firstAppearance`."""
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
    return told(
        {
            "@type": "Claim",
            "@id": f"{address}#claim",
            "url": address,
            "text": claim.words,
            "hasPart": [{"@type": "Quotation", "text": part} for part in parts] if len(parts) > 1 else [],
            "creativeWorkStatus": "" if claim.is_read else Claim.UNREAD,
            "author": told(
                named(claim.public_speaker_name, address_of(speaker) if speaker else "")
                | {"jobTitle": first.speaker_role}
            ),
            "datePublished": claim.said_on.isoformat() if claim.said_on else "",
            "about": [named(person.name, address_of(person)) for person in claim.about.all()],
            "keywords": [tag.name for tag in claim.tags.all()],
            "firstAppearance": works[0],
            "appearance": works,
        }
    )


def person(
    politician: Politician, other_names: Iterable[OtherName] = (), identifiers: Iterable[Identifier] = ()
) -> Data:
    party = politician.party
    identifiers = list(identifiers)
    return {"@context": SCHEMA} | told(
        {
            "@type": "Person",
            "@id": f"{address_of(politician)}#person",
            "url": address_of(politician),
            "mainEntityOfPage": address_of(politician),
            "name": politician.name,
            "alternateName": [other.name for other in other_names],
            "jobTitle": politician.role,
            "affiliation": told(named(party.name, address_of(party), "Organization")) if party else {},
            "description": politician.summary,
            "image": absolute(politician.portrait.url) if politician.portrait else "",
            "identifier": [
                {"@type": "PropertyValue", "propertyID": one.scheme, "value": one.value}
                for one in identifiers
            ],
            "sameAs": [link for one in identifiers if (link := register_address(one))],
        }
    )


def register_address(identifier: Identifier) -> str:
    """Where the register that numbers a person shows them, when we know how it writes its addresses."""
    form = REGISTERS.get(identifier.scheme.lower(), "")
    return form.format(identifier.value) if identifier.value.isalnum() else ""


def first_published(article: Article) -> str:
    """When readers first saw the story: the day alone where nobody gave an hour."""
    return moment(as_known(article.first_published_at or article.published_at, article))


def moment(when: datetime.datetime | datetime.date | None) -> str:
    if isinstance(when, datetime.datetime):
        return when.isoformat(timespec="seconds")
    return when.isoformat() if when else ""


# --- W3C Web Annotation ------------------------------------------------------------------------------


def annotation(appearance: Appearance, story: str) -> Data:
    """A claim's words in the story of that address (https://www.w3.org/TR/annotation-model/).

    Positions count characters (code points) of the story's plain text, the `text` of its JSON form. An
    interrupted quotation has a target for each of its parts.
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


# --- our own form of a story -------------------------------------------------------------------------


def story(article: Article, printed: Sequence[Appearance], corrections: Sequence[Correction]) -> Data:
    """A story whole, with an annotation for each claim in it. The schema is at /schemas/story.json."""
    return {
        "$schema": absolute(reverse("stories:schema", args=["story"])),
        "id": tag_uri(article.created_at, "story", article.pk),
        "url": address_of(article),
        "headline": article.headline,
        "standfirst": article.standfirst,
        "published": first_published(article),
        "updated": changed_on(article, corrections),
        "language": settings.LANGUAGE_CODE,
        "authors": [{"name": author.name, "url": author_address(author)} for author in article.authors.all()],
        "topics": [{"name": tag.name, "url": topic_address(tag.slug)} for tag in article.tags.all()],
        "source": {"name": article.source, "url": article.source_url},
        "image": {
            "url": absolute(article.lead_image.url),
            "alt": article.lead_image_alt,
            "caption": article.lead_image_caption,
            "credit": article.lead_image_credit,
        }
        if article.lead_image
        else None,
        "html": article.body,
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
                "told": one.told,
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
    """https://www.popoloproject.com/specs/person.html; the schema is at /schemas/person.json."""
    key = tag_uri(politician.created_at, "person", politician.pk)
    family, _, given = politician.sort_name.partition(", ")
    identifiers = list(identifiers)
    return told(
        {
            "$schema": absolute(reverse("stories:schema", args=["person"])),
            "@context": "http://www.popoloproject.com/contexts/person.jsonld",
            "id": key,
            "name": politician.name,
            "family_name": family if given else "",
            "given_name": given,
            "sort_name": politician.sort_name,
            "other_names": [
                told({"name": other.name, "note": other.note} | between(other)) for other in other_names
            ],
            "identifiers": [{"scheme": one.scheme, "identifier": one.value} for one in identifiers],
            "summary": politician.role,
            "biography": politician.summary,
            "image": absolute(politician.portrait.url) if politician.portrait else "",
            "links": [{"url": address_of(politician), "note": settings.PUBLICATION_NAME}]
            + [{"url": link, "note": one.scheme} for one in identifiers if (link := register_address(one))],
            "memberships": [membership(one, key) for one in memberships],
        }
    )


def membership(one: Membership, person_id: str) -> Data:
    """Of a body, on behalf of a party; or of the party itself."""
    party = organization_of(one.party.name, address_of(one.party)) if one.party else {}
    body = organization_of(one.body)
    return told(
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
    links = [{"url": address}] if address else []
    return told({"name": name, "links": links}) if name else {}


def between(dated: OtherName | Membership) -> Data:
    return {
        "start_date": dated.start_date.isoformat() if dated.start_date else "",
        "end_date": dated.end_date.isoformat() if dated.end_date else "",
    }
