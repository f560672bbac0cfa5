"""No readers' page fails for one row with an odd name, slug or date; and no way in leaves such a row."""

import datetime
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from taggit.models import Tag

from stories.actions.errors import NotReady
from stories.actions.stories import publishing
from stories.actions.topics import tagging
from stories.formats import sitemaps
from stories.models import Article, Author, Claim, Page, Party, Politician
from stories.tests import factories as make
from stories.tests.views.newsroom import STATUS, Newsroom, build

pytestmark = pytest.mark.django_db

WITHOUT_A_LATIN_LETTER = ["Πολιτική", "การเมือง", "政治", "Политика", "سياسة", "🚢", "?!", "—", "¿"]
LISTS = ["/stories/feed/", "/claims/feed/atom/", "/feed/json/", "/corrections/feed/", "/news-sitemap.xml"]
LISTS += [
    "/sitemap.xml",
    "/api/v1/stories",
    "/api/v1/claims",
    "/api/v1/politicians",
    "/api/v1/topics",
    "/claims.csv",
]


@pytest.fixture
def newsroom() -> Newsroom:
    return build(1)


def sitemap_sections(client: Client) -> list[str]:
    """As the index names them: a section has the rows of so many numbers, wherever these begin."""
    sections = re.findall(r"/sitemap-[\w-]+\.xml", client.get("/sitemap.xml").content.decode())
    assert len(sections) >= len(sitemaps.SECTIONS)
    return sections


def assert_every_page_stands(client: Client, newsroom: Newsroom) -> None:
    for name, address in newsroom.addresses().items():
        assert client.get(address).status_code == STATUS.get(name, 200), name
    for address in LISTS:
        assert client.get(address).status_code == 200, address
    for section in sitemap_sections(client):
        assert client.get(section).status_code == 200, section


def test_a_topic_of_any_name_has_an_address_by_every_way_in(client: Client, newsroom: Newsroom) -> None:
    editor = make.UserFactory(is_superuser=True)
    client.force_login(editor)
    before = set(Tag.objects.values_list("pk", flat=True))
    for number, name in enumerate(WITHOUT_A_LATIN_LETTER):
        newsroom.story.tags.add(name)
        newsroom.claim.tags.add(name)
        with transaction.atomic():
            tagging.put_on(row=make.ArticleFactory(), names=[name], by=editor)
        if any(map(str.isalnum, name)):
            posted = client.post(reverse("admin:taggit_tag_add"), {"name": name + name})
            assert posted.status_code == 302, posted.content
            renamed = Tag.objects.create(name=f"Harbour {number}")
            tagging.rename(tag=renamed, name=name * 3, by=editor)
    made = Tag.objects.exclude(pk__in=before).values_list("slug", flat=True)
    assert len(made) == len(WITHOUT_A_LATIN_LETTER) + 10
    assert [slug for slug in made if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)] == []
    client.logout()
    for tag in newsroom.story.tags.all():
        page = client.get(tag.get_absolute_url())
        assert page.status_code == 200
        assert tag.name in page.content.decode()
    assert_every_page_stands(client, newsroom)


@pytest.mark.parametrize("slug", ["", "%Ω"])
@pytest.mark.parametrize("model", [Article, Author, Claim, Page, Party, Politician, Tag])
def test_a_slug_that_is_no_address_fails_no_page(client, newsroom, model, slug) -> None:
    rows = model.objects.filter(pk=model.objects.order_by("-pk").first().pk)
    addresses = newsroom.addresses()
    if model is Claim:
        rows.update(wording="Ω;" + slug)
    else:
        rows.update(slug=slug)
    for name, address in addresses.items():
        assert client.get(address).status_code in (200, 301, 404, 410), name
    for address in [*LISTS, *sitemap_sections(client)]:
        assert client.get(address).status_code == 200, address


def test_topics_that_had_no_address_are_given_one() -> None:
    for slug in ("", "Ω", "_"):
        Tag.objects.filter(pk=Tag.objects.create(name=f"One {slug}.").pk).update(slug=slug)
    good = Tag.objects.create(name="Harbour wall")
    import_module("stories.migrations.0003_addresses_and_calendar").give_topics_an_address(apps, None)
    mended = Tag.objects.exclude(pk=good.pk).order_by("pk")
    assert [tag.slug for tag in mended] == [f"topic-{tag.pk}" for tag in mended]
    assert Tag.objects.get(pk=good.pk).slug == "harbour-wall"


@pytest.mark.parametrize(
    "name", ["SINN FÉIN", "sinn fein", "Sinn-Fe\u0301in", "Sinn\u00ad Féin", "Sinn Féin "]
)
def test_one_topic_has_one_name_however_it_is_typed(name: str) -> None:
    story = make.ArticleFactory(tags=["Sinn Féin"])
    other = make.ArticleFactory(tags=[name])
    assert list(other.tags.all()) == list(story.tags.all())


def test_names_that_differ_in_a_mark_or_a_figure_are_two_topics() -> None:
    names = ["C#", "C++", "a/b", "a;b", "£50", "50%", "Πολιτική", "政治", "?", "!"]
    story = make.ArticleFactory(tags=names)
    assert {tag.name for tag in story.tags.all()} == set(names)
    assert Tag.objects.count() == len({tag.slug for tag in Tag.objects.all()}) == len(names)


@pytest.mark.parametrize("year", [1, 312, 999, 1000, 1599, 9999])
def test_no_story_is_dated_a_year_that_cannot_be_meant(year: int) -> None:
    story = make.ArticleFactory(draft=True)
    moment = datetime.datetime(year, 6, 1, 12, tzinfo=datetime.UTC)
    with pytest.raises(NotReady, match=f"The year {year} is too"):
        publishing.publish(article=story, by=None, at=moment)
    story.refresh_from_db()
    assert story.status == Article.Status.DRAFT


@pytest.mark.parametrize("year", [1, 999])
def test_the_database_keeps_no_date_that_an_address_cannot_hold(year: int) -> None:
    story = make.ArticleFactory()
    moment = datetime.datetime(year, 6, 1, 12, tzinfo=datetime.UTC)
    for field in ("published_at", "first_published_at"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=story.pk).update(**{field: moment})


@pytest.mark.parametrize("year", [1000, 1066, 9999])
def test_a_story_of_the_first_or_the_last_years_fails_no_page(client, newsroom, year) -> None:
    odd = make.ArticleFactory(published_at=datetime.datetime(year, 6, 1, 12, tzinfo=datetime.UTC))
    assert_every_page_stands(client, newsroom)
    if year < 9999:
        for address in (f"/archive/{year}/", f"/archive/{year}/06/", f"/archive/{year}/06/01/"):
            assert odd.headline in client.get(address).content.decode()
    for address in ("/archive/9999/", "/archive/9999/12/", "/archive/9999/12/31/", "/archive/1000/01/01/"):
        assert client.get(address).status_code == 404


def test_no_address_with_a_null_character_is_an_error(client: Client, newsroom: Newsroom) -> None:
    client.force_login(make.UserFactory(is_superuser=True))
    addresses = [*newsroom.addresses().values(), *LISTS, "/static/x/", "/media/sized/320/x/", "/admin/x/"]
    addresses += [reverse("admin:stories_article_change", args=[1]), "/admin/review/", "/healthz"]
    for address in addresses:
        path, _, asked = address.partition("?")
        for odd in {f"{path}%00", re.sub(r"[\w-]+(?=[^/]*/?$)", "%00", path, count=1)} - {path}:
            response = client.get(f"{odd}?{asked}")
            assert response.status_code in (301, 404), odd
