"""Quickstart's newsroom: what `desk.toml` says is found in the dispatches, and readers see it."""

import tomllib

import pytest
from django.core.management import call_command
from django.urls import reverse

from stories import first_newsroom
from stories.actions import permissions
from stories.management.commands import quickstart
from stories.models import Appearance, Article, Claim, Contradiction, Correction, Politician

pytestmark = pytest.mark.django_db


def test_quickstart_shows_verdicts_a_correction_a_contradiction_and_pictures(client, settings):
    permissions.set_up_roles()
    quickstart.make_editor()
    call_command("import_seeds", settings.BASE_DIR / "seeds", publish=True, accept_above=0.75, verbosity=0)
    editor = quickstart.get_user_model().objects.get(username=quickstart.EDITOR)

    first_newsroom.furnish(by=editor)

    rated = Claim.objects.published().exclude(rating="")
    assert {claim.rating for claim in rated} == {"true", "misleading", "mostly_true"}
    assert all(claim.evidence.exists() and claim.is_read for claim in rated)
    assert not Article.objects.published().filter(lead_image="").exists()
    assert (
        Contradiction.objects.exclude(confirmed_at=None).count()
        == Correction.objects.published().count()
        == 1
    )
    assert not Appearance.objects.exclude(state__in=Appearance.IN_PLACE).exists()
    people = Politician.objects.published().exclude(portrait="")
    assert {person["name"] for person in notes()["people"]} <= {person.name for person in people}
    for row in (*rated, *people, *Article.objects.published()):
        assert client.get(row.get_absolute_url()).status_code == 200
    assert "shadow transport secretary" in client.get(reverse("stories:corrections")).content.decode()


def test_what_is_said_of_the_figures_can_be_looked_up():
    assert all(one["evidence"] for one in notes()["verdicts"])
    for one in notes()["verdicts"]:
        assert all(source["url"].startswith("https://") for source in one["evidence"])


def notes():
    return tomllib.loads((first_newsroom.HERE / "desk.toml").read_text())
