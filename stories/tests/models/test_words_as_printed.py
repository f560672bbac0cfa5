"""Release 1.0's claims are brought up to date, and can be put back: migration 0006."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from stories.models import Appearance, Claim, ImportRun, ReviewDecision
from stories.tests.factories import ArticleFactory, ClaimFactory, UserFactory
from stories.text import anchors

pytestmark = pytest.mark.django_db
migration = importlib.import_module("stories.migrations.0006_words_as_printed")


def interrupted(wording: str) -> Claim:
    text = "“The ferry is late, it is,” said Ada Flint, the minister. “Crews must be hired,” she said."
    story = ArticleFactory(plain=text)
    claim: Claim = ClaimFactory(wording=wording)
    parts = []
    for part in ("The ferry is late, it is,", "Crews must be hired,"):
        start = story.text.index(part)
        selector = anchors.make(story.text, start, start + len(part))
        parts.append(
            {name: getattr(selector, name) for name in ("exact", "prefix", "suffix", "start", "end")}
        )
    Appearance.objects.create(claim=claim, article=story, further=parts[1:], **parts[0])
    return claim


@pytest.mark.parametrize("end", ["", ","])
def test_spliced_words_are_put_right_and_back_and_stay_the_same_claims(end: str) -> None:
    claim = interrupted(f"The ferry is late, it is, Crews must be hired{end}")
    reworded = interrupted("The ferry is late, and crews are missing")
    key = claim.wording_key
    migration.words_as_printed(apps, connection)
    claim.refresh_from_db()
    assert claim.wording == "The ferry is late, it is. Crews must be hired"
    claim.save()
    assert claim.wording_key == key
    migration.words_joined(apps, connection)
    claim.refresh_from_db()
    assert claim.wording == "The ferry is late, it is, Crews must be hired"
    reworded.refresh_from_db()
    assert reworded.wording == "The ferry is late, and crews are missing"


def test_only_what_an_import_accepted_and_nobody_decided_is_told_unread() -> None:
    importer = UserFactory()
    run = ImportRun.objects.create(options={"accept_above": 0.75}, by=importer)
    asked = ImportRun.objects.create(options={"accept_above": None}, by=importer)
    unread = [ClaimFactory(imported_in=run), ClaimFactory(imported_in=run, reviewed_by=importer)]
    decided = ClaimFactory(imported_in=run)
    ReviewDecision.objects.create(claim=decided, verb="accepted", rule="said-after")
    ClaimFactory(imported_in=run, reviewed_by=UserFactory())
    ClaimFactory(imported_in=run, rating="true")
    ClaimFactory(imported_in=asked)
    ClaimFactory()
    migration.told_unread(apps, connection)
    assert set(Claim.objects.unread()) == set(unread)
    migration.told_reviewed(apps, connection)
    assert not Claim.objects.unread().exists()
