"""An address once printed goes on working."""

import pytest

from stories.models import Article, FormerSlug, Party, Politician
from stories.models.claims import wording_key
from stories.models.politicians import sort_name_of
from stories.tests import factories

pytestmark = pytest.mark.django_db


def test_a_slug_is_made_of_the_headline_and_never_twice_the_same():
    slugs = [factories.ArticleFactory(headline="Vote now: the “wall” & the sea").slug for _ in range(3)]
    assert slugs == [
        "vote-now-the-wall-the-sea",
        "vote-now-the-wall-the-sea-2",
        "vote-now-the-wall-the-sea-3",
    ]


def test_a_long_headline_is_cut_at_a_word():
    slug = factories.ArticleFactory(headline="harbour " * 30).slug
    assert len(slug) <= 100
    assert slug.split("-")[-1] == "harbour"


def test_a_headline_with_no_letter_of_ours_still_has_an_address():
    assert factories.ArticleFactory(headline="？！").slug == "article"


def test_a_new_headline_leaves_the_address_alone():
    story = factories.ArticleFactory(headline="First words")
    story.headline = "Other words"
    story.save()
    assert story.slug == "first-words"


@pytest.mark.parametrize("again", ["save", "fresh"])
def test_a_changed_slug_is_remembered(again):
    story = factories.ArticleFactory(headline="First words")
    if again == "fresh":
        story = Article.objects.get(pk=story.pk)
    for slug in ("second-words", "third-words"):
        story.slug = slug
        story.save()
    kept = FormerSlug.objects.filter(kind="article", object_id=story.pk)
    assert set(kept.values_list("slug", flat=True)) == {"first-words", "second-words"}


def test_a_former_slug_belongs_to_whoever_had_it_last():
    first, second = factories.PoliticianFactory(slug="mayor"), factories.PoliticianFactory(slug="other")
    for person, after in ((first, "ada"), (second, "mayor"), (second, "bram")):
        person.slug = after
        person.save()
    assert FormerSlug.objects.get(kind="politician", slug="mayor").object_id == second.pk


def test_a_save_of_other_fields_does_not_touch_the_slug():
    party = Party.objects.create(name="Harbour Party")
    party.slug = "changed"
    party.save(update_fields=["name"])
    party.refresh_from_db()
    assert party.slug == "harbour-party"
    assert not FormerSlug.objects.exists()


def test_people_sort_by_family_name():
    assert sort_name_of("Ada de Lowther") == "Lowther, Ada de"
    assert sort_name_of("Ada") == "Ada"
    assert Politician.objects.create(name="Ada Lowther").sort_name == "Lowther, Ada"


def test_marks_case_and_spacing_do_not_make_other_words():
    assert wording_key("We won’t  go!") == wording_key("“we won't go”")
    assert wording_key("We will go") != wording_key("We will not go")
    assert wording_key("a b") != wording_key("ab")


def test_a_claim_has_its_number_and_its_words_in_its_address():
    claim = factories.ClaimFactory(wording="The wall — all of it — will hold until the spring tide comes in")
    assert claim.get_absolute_url() == f"/claims/{claim.pk}-the-wall-all-of-it-will/"


def test_a_slug_is_never_a_word_that_the_site_uses_itself():
    assert factories.ArticleFactory(headline="Feed").slug == "feed-2"
    assert factories.PoliticianFactory(name="Feed").slug == "feed-2"
