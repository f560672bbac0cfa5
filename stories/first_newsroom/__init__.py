"""What quickstart adds to the dispatches in seeds/: people's terms, verdicts, a correction, pictures.

All of it is in `desk.toml`, beside the pictures, and is written by the acts that editors use.
"""

import tomllib
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from taggit.models import Tag

from stories.actions import history
from stories.actions.claims import contradictions, ratings_and_corrections, review
from stories.actions.stories import saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.models import (
    Article,
    Author,
    Claim,
    Contradiction,
    Correction,
    Evidence,
    Membership,
    Party,
    Politician,
    TopicIntroduction,
)

HERE = Path(__file__).parent
PORTRAIT_ALT = "Drawing of a rosette with the initials of {name}."
PORTRAIT_CREDIT = "On the Record"


@transaction.atomic
def furnish(*, by: User) -> None:
    """Write all of `desk.toml` into a newsroom that holds the imported dispatches and nothing else.

    Raises LookupError when a story or a claim that it names is not there.
    """
    notes = tomllib.loads((HERE / "desk.toml").read_text(encoding="utf-8"))
    Author.objects.filter(name="Political desk", user=None).update(user=by)
    for person in notes["people"]:
        _describe(by=by, **person)
    for entry in notes["read"]:
        for words in entry["words"]:
            review.accept(claim=_claim(entry["speaker"], words), by=by)
    for verdict in notes["verdicts"]:
        _rate(by=by, **verdict)
    for pair in notes["contradictions"]:
        both = Contradiction(
            first=_claim(**pair["first"]), second=_claim(**pair["second"]), note=pair["note"]
        )
        contradictions.save(pair=both, confirmed=True, by=by)
    for topic in notes["topics"]:
        with history.recorded(by=by, comment="Introduction written."):
            tag = Tag.objects.get(name__iexact=topic["name"])
            TopicIntroduction.objects.create(topic=tag, text=topic["text"])
    for picture in notes["pictures"]:
        _illustrate(by=by, **picture)
    for correction in notes["corrections"]:
        _correct(by=by, **correction)


def _story(file: str) -> Article:
    story = Article.objects.filter(imported_texts__file__endswith=file).first()
    if story is None:
        raise LookupError(f"No story came from {file}.")
    return story


def _claim(speaker: str, words: str) -> Claim:
    found = [
        claim
        for claim in Claim.objects.select_related("speaker").order_by("pk")
        if claim.speaker_name == speaker and words in claim.words
    ]
    if not found:
        raise LookupError(f"{speaker} has no claim with the words “{words}”.")
    return min(found, key=lambda claim: len(claim.words))  # a longer one may hold the same words


def _picture(name: str) -> "ContentFile[bytes]":
    return ContentFile((HERE / "pictures" / f"{name}.webp").read_bytes(), name=f"{name}.webp")


def _describe(
    *, by: User, name: str, party: str, role: str, portrait: str, terms: list[dict[str, Any]] | None = None
) -> None:
    with history.recorded(by=by, comment="Record written."):
        person = Politician.objects.filter(name=name).first() or Politician(name=name)
        person.party = Party.objects.get_or_create(name=party)[0]
        person.role = role
        person.portrait_alt, person.portrait_credit = PORTRAIT_ALT.format(name=name), PORTRAIT_CREDIT
        person.portrait.save(f"{portrait}.webp", _picture(portrait), save=False)
        person.save()
        for term in terms or []:
            Membership.objects.create(
                politician=person,
                party=person.party,
                role=term["role"],
                body=term.get("body", ""),
                start_date=term["from"],
                end_date=term.get("to"),
            )


def _rate(*, by: User, speaker: str, words: str, evidence: list[dict[str, str]], **verdict: str) -> None:
    claim = _claim(speaker, words)
    ratings_and_corrections.rate(claim=claim, by=by, **verdict)
    for source in evidence:
        Evidence.objects.create(claim=claim, **source)


def _illustrate(*, by: User, story: str, file: str, alt: str, credit: str, caption: str = "") -> None:
    article = _story(story)
    opened = mark_of(article)
    article.lead_image = _picture(file)  # type: ignore[assignment]  # an upload
    article.lead_image_alt, article.lead_image_credit, article.lead_image_caption = alt, credit, caption
    fields = {"lead_image", "lead_image_alt", "lead_image_credit", "lead_image_caption"}
    saving.save(article=article, fields=fields, opened=opened, by=by)


def _correct(*, by: User, story: str, wrong: str, right: str, text: str) -> None:
    article = _story(story)
    opened = mark_of(article)
    if wrong not in article.body:
        raise LookupError(f"{story} does not hold “{wrong}”.")
    article.body = article.body.replace(wrong, right)
    saving.save(article=article, fields={"body"}, opened=opened, by=by)
    ratings_and_corrections.publish(correction=Correction(article=article, text=text), by=by)
