"""An address once printed goes on working."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from taggit.models import Tag

from stories.actions.topics import tagging
from stories.models import Article, Author, FormerSlug, Page, Party, Politician
from stories.models.claims import wording_key
from stories.models.politicians import sort_name_of
from stories.models.slugs import is_free
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
    assert not is_free(Article, "first-words")
    assert is_free(Article, "first-words", pk=story.pk)


NAMED = {
    "article": lambda words: factories.ArticleFactory(headline=words),
    "politician": lambda words: factories.PoliticianFactory(name=words),
    "party": lambda words: Party.objects.create(name=words),
    "author": lambda words: Author.objects.create(name=words),
    "page": lambda words: Page.objects.create(title=words, body="<p>Words</p>"),
    "tag": lambda words: Tag.objects.create(name=words),
}
HOWEVER = {
    "saved": lambda row: row.save(),
    "saved alone": lambda row: row.save(update_fields=["slug"]),
    "updated": lambda row: type(row).objects.filter(pk=row.pk).update(slug=row.slug),
    "in bulk": lambda row: type(row).objects.bulk_update([row], ["slug"]),
}


def change(row, slug, however="saved"):
    row.slug = slug
    HOWEVER[however](row)


def name_of(row):
    return next(name for name in ("headline", "name", "title") if hasattr(row, name))


@pytest.mark.parametrize("however", HOWEVER)
@pytest.mark.parametrize("kind", NAMED)
def test_a_slug_once_given_is_given_to_no_other_row(kind, however):
    first = NAMED[kind]("Budget day")
    change(first, "budget-day-2031", however)
    former = FormerSlug.objects.get(kind=kind)
    assert (former.slug, former.object_id) == ("budget-day", first.pk)
    setattr(first, name_of(first), "Budget day 2031")  # a party's and a topic's name is unique
    first.save()
    second = NAMED[kind]("Budget day")
    assert second.slug == "budget-day-2"
    with pytest.raises(IntegrityError), transaction.atomic():
        change(second, "budget-day", however)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(first).objects.bulk_create([type(first)(**{name_of(first): "Other", "slug": "budget-day"})])
    change(first, "budget-day", however)
    assert set(FormerSlug.objects.values_list("slug", "object_id")) == {("budget-day-2031", first.pk)}
    with pytest.raises(IntegrityError), transaction.atomic():
        change(second, "budget-day-2031", however)


@pytest.mark.parametrize("kind", sorted({*NAMED} - {"tag"}))
def test_a_slug_typed_that_another_had_is_refused_by_name_and_ones_own_is_not(kind):
    first, second = NAMED[kind]("Budget day"), NAMED[kind]("Harbour wall")
    change(first, "budget-day-2031")
    second.slug = "budget-day"
    with pytest.raises(ValidationError) as refused:
        second.full_clean()
    assert refused.value.message_dict == {
        "slug": ["“budget-day” was the address of “Budget day”, and still leads there. Choose another."]
    }
    first.slug = "budget-day"
    first.full_clean()
    second.slug = "feed"
    with pytest.raises(ValidationError, match="The site itself uses “feed” in its addresses"):
        second.full_clean()


def test_an_old_address_goes_on_leading_to_the_story_that_had_it(client):
    first = factories.ArticleFactory(headline="Budget day")
    change(first, "budget-day-2031")
    factories.ArticleFactory(headline="Budget day")
    answered = client.get("/stories/budget-day/")
    assert (answered.status_code, answered["Location"]) == (301, "/stories/budget-day-2031/")


@pytest.mark.parametrize("ending", ["/", ".json", "/feed/"])
@pytest.mark.parametrize("asked", ["ada", "ada-aldous"])
def test_every_address_of_a_person_leads_to_the_one_they_were_merged_into(client, asked, ending):
    winner, loser = factories.PoliticianFactory(name="A Aldous"), factories.PoliticianFactory(name="Ada")
    change(loser, "ada-aldous")
    loser.merged_into = winner
    loser.save()
    assert client.get(f"/people/{asked}{ending}")["Location"].endswith(f"/people/a-aldous{ending}")


HOW_DELETED = {
    "alone": lambda row: type(row).objects.get(pk=row.pk).delete(),
    "with others": lambda row: type(row).objects.filter(pk=row.pk).delete(),
}


@pytest.mark.parametrize("how", HOW_DELETED)
@pytest.mark.parametrize("kind", NAMED)
def test_the_address_of_what_was_deleted_goes_to_no_other_row_and_comes_back_with_its_own(kind, how):
    first = NAMED[kind]("Budget day")
    pk = first.pk
    HOW_DELETED[how](first)
    assert list(FormerSlug.objects.values_list("kind", "slug", "object_id")) == [(kind, "budget-day", pk)]
    second = NAMED[kind]("Budget day")
    assert second.slug == "budget-day-2"
    with pytest.raises(IntegrityError), transaction.atomic():
        change(second, "budget-day", "updated")
    second.refresh_from_db()
    setattr(second, name_of(second), "Harbour wall")  # a party's and a topic's name is unique
    second.save()
    first.pk = pk
    first.save(force_insert=True)  # as the desk brings back what was deleted
    assert type(first).objects.get(pk=pk).slug == "budget-day"
    assert not FormerSlug.objects.filter(object_id=pk).exists()


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_a_story_that_no_reader_has_seen_leaves_its_address_to_others(state):
    ahead = timezone.now() + datetime.timedelta(days=1)
    first_published = {"draft": None, "scheduled": ahead}[state]
    story = factories.ArticleFactory(headline="Budget day")
    change(story, "budget-day-2031")
    Article.objects.filter(pk=story.pk).update(first_published_at=first_published)
    Article.objects.get(pk=story.pk).delete()
    assert not FormerSlug.objects.exists()
    assert factories.ArticleFactory(headline="Budget day").slug == "budget-day"


def test_the_addresses_of_a_topic_that_another_was_made_one_with_are_not_set_free():
    """Readers may have had the other: an import that made this one does not give its addresses away."""
    made, known, alone = (NAMED["tag"](name) for name in ("Harbour", "Harbours", "Ferry"))
    tagging.merge(tag=known, into=made, by=None)
    pks = [made.pk, alone.pk]
    Tag.objects.filter(pk__in=pks).delete()
    FormerSlug.set_free(Tag, pks)
    assert set(FormerSlug.objects.values_list("slug", flat=True)) == {"harbour", "harbours"}
    assert NAMED["tag"]("Harbours").slug == "harbours-2"
    assert NAMED["tag"]("Ferry").slug == "ferry"


def test_a_topic_renamed_to_what_another_was_called_gets_an_address_of_its_own():
    first, second = NAMED["tag"]("Budget day"), NAMED["tag"]("Harbour wall")
    tagging.rename(tag=first, name="Budget 2031", by=None)
    assert tagging.rename(tag=second, name="Budget day", by=None).slug == "budget-day-2"
    tagging.rename(tag=second, name="Harbour wall", by=None)
    tagging.rename(tag=first, name="Budget day", by=None)
    kept = {("budget-2031", first.pk), ("budget-day-2", second.pk)}
    assert set(FormerSlug.objects.values_list("slug", "object_id")) == kept


@pytest.mark.django_db(transaction=True)
def test_stories_filed_at_once_under_one_headline_have_an_address_each():
    together = threading.Barrier(4)

    def file():
        together.wait()
        try:
            return factories.ArticleFactory(headline="Budget day").slug
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        slugs = [waiting.result() for waiting in [pool.submit(file) for _ in range(4)]]
    assert sorted(slugs) == ["budget-day", *(f"budget-day-{number}" for number in (2, 3, 4))]


@pytest.mark.django_db(transaction=True)
def test_an_address_given_up_and_taken_at_the_same_moment_stays_with_the_row_that_had_it():
    for round in range(8):
        first = factories.ArticleFactory(headline=f"Budget day {round}")
        second = factories.ArticleFactory(headline=f"Harbour wall {round}")
        slug, together = first.slug, threading.Barrier(2)

        def put(row, to, together=together):
            together.wait()
            try:
                change(row, to, "updated")
            except IntegrityError:
                pass
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            for waiting in [pool.submit(put, first, f"moved-{round}"), pool.submit(put, second, slug)]:
                waiting.result()
        owner = FormerSlug.objects.get(kind="article", slug=slug)
        assert owner.object_id == first.pk
        assert not Article.objects.filter(slug=slug).exists()


def test_a_save_of_other_fields_does_not_touch_the_slug():
    party = Party.objects.create(name="Harbour Party")
    party.slug = "changed"
    party.save(update_fields=["name"])
    party.refresh_from_db()
    assert party.slug == "harbour-party"
    assert not FormerSlug.objects.exists()


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [
        ("Ada", "Ada"),
        ("Ada Lowther", "Lowther, Ada"),
        ("Ada Mary Lowther", "Lowther, Ada Mary"),
        ("Ada de Lowther", "de Lowther, Ada"),
        ("Zoë Ní Orde", "Ní Orde, Zoë"),
        ("Zoe\u0308 Ni\u0301 Orde", "Ní Orde, Zoë"),
        ("Bram Ó Lowther", "Ó Lowther, Bram"),
        ("Bram Mac Giolla Orde", "Mac Giolla Orde, Bram"),
        ("Bram van der Orde", "van der Orde, Bram"),
        ("Ada Maria von Orde", "von Orde, Ada Maria"),
        ("Inés Orde y Lowther", "Orde y Lowther, Inés"),
        ("Karim bin Orde", "bin Orde, Karim"),
        ("Bram Orde III", "Orde III, Bram"),
        ("Ben Orde", "Orde, Ben"),
        ("Van Orde", "Orde, Van"),
        ("Ada Della Orde", "Orde, Ada Della"),
        ("Łucja Żórawska", "Żórawska, Łucja"),
        ("", ""),
    ],
)
def test_people_sort_by_family_name_with_its_particles(name, sorted_as):
    assert sort_name_of(name) == sorted_as


def test_a_new_person_is_sorted_by_family_name():
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
