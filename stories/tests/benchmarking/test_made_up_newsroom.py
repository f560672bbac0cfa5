"""A populated newsroom is a true one: the words stand where its anchors say."""

import pytest
from django.core.management import CommandError, call_command

from stories.benchmarking.made_up_newsroom import populate
from stories.models import Appearance, Article, Author, Claim, Party, Politician

pytestmark = pytest.mark.django_db


def test_every_anchor_stands_on_its_own_words():
    populate(stories=12, claims=60)
    assert Article.objects.count() == 12
    assert Appearance.objects.count() == 60
    for appearance in Appearance.objects.select_related("article", "claim"):
        assert appearance.article.text[appearance.start : appearance.end] == appearance.exact
        assert appearance.claim.wording == appearance.exact


def test_the_same_seed_makes_the_same_newsroom():
    populate(stories=5, claims=20, seed=7)
    wordings = list(Claim.objects.order_by("pk").values_list("wording", "speaker__name", "state"))
    for model in (Claim, Article, Politician):
        model.objects.all().delete()
    Party.objects.all().delete()
    Author.objects.all().delete()
    populate(stories=5, claims=20, seed=7)
    assert list(Claim.objects.order_by("pk").values_list("wording", "speaker__name", "state")) == wordings


def test_a_newsroom_is_populated_once():
    populate(stories=1, claims=1)
    with pytest.raises(CommandError, match="already"):
        call_command("populate", stories=1)
