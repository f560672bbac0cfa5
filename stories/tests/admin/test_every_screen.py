"""Every list and every form: opens, searches, filters, and asks the database a constant number of things."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from reversion.models import Revision, Version
from taggit.models import Tag

from stories import models
from stories.tests import factories as make
from stories.tests.html import flat

pytestmark = pytest.mark.django_db


def a_story(number=0):
    story = make.ArticleFactory(authors=[make.AuthorFactory()], tags=["Harbours", f"Tag {number}"])
    make.appearance_of(make.ClaimFactory(wording="The council of Eastmere met"), story)
    return story


def a_claim(number=0):
    claim = make.ClaimFactory(about=[make.PoliticianFactory()], tags=["Harbours"])
    make.appearance_of(claim)
    return claim


def an_import(number=0):
    run = models.ImportRun.objects.create(by=make.UserFactory(), paths=["seeds/"])
    return models.ImportedText.objects.create(
        run=run, file=f"{number}.txt", outcome="created", article=make.ArticleFactory()
    )


def a_pair(model, **values):
    def pair(number=0):
        first, second = (make.PoliticianFactory() for _ in range(2))
        return model.objects.create(first=first, second=second, **values)

    return pair


def a_contradiction(number=0):
    first, second = (make.ClaimFactory() for _ in range(2))
    return models.Contradiction.objects.create(first=first, second=second)


MAKE = {
    models.Article: a_story,
    models.Author: lambda n=0: make.AuthorFactory(user=make.UserFactory()),
    models.Correction: lambda n=0: models.Correction.objects.create(
        article=make.ArticleFactory(), text="A wrong year.", made_at=timezone.now(), by=make.UserFactory()
    ),
    models.Claim: a_claim,
    models.Appearance: lambda n=0: make.appearance_of(make.ClaimFactory()),
    models.Evidence: lambda n=0: make.EvidenceFactory(),
    models.VerdictChange: lambda n=0: models.VerdictChange.objects.create(
        claim=make.ClaimFactory(), rating="true", by=make.UserFactory()
    ),
    models.Contradiction: a_contradiction,
    models.QuotationChange: lambda n=0: models.QuotationChange.objects.create(
        article=make.ArticleFactory(),
        claim=make.ClaimFactory(),
        old="a",
        new="b",
        reason="A slip.",
        by=make.UserFactory(),
    ),
    models.Politician: lambda n=0: make.PoliticianFactory(),
    models.Party: lambda n=0: make.PartyFactory(),
    models.Outlet: lambda n=0: make.on_record(f"the Quay Echo {n}"),
    models.TopicIntroduction: lambda n=0: models.TopicIntroduction.objects.create(
        topic=Tag.objects.create(name=f"Harbours {n}"), text="<p>All that is built by the water.</p>"
    ),
    models.WordGroup: lambda n=0: models.WordGroup.objects.create(words=f"harbour {n}, quay {n}"),
    models.Page: lambda n=0: models.Page.objects.create(title=f"Our promise {n}", body="<p>We keep it.</p>"),
    models.Picture: lambda n=0: make.in_library(description=f"The harbour {n}"),
    models.DistinctPair: a_pair(models.DistinctPair),
    models.FormerSlug: lambda n=0: models.FormerSlug.objects.create(
        kind="article", slug=f"old-{n}", object_id=n
    ),
    models.ImportRun: lambda n=0: an_import(n).run,
    models.ImportedText: an_import,
    Tag: lambda n=0: Tag.objects.create(name=f"Topic {n}"),
}
# Edited inside the form of the person or the outlet.
PARTS = {models.OtherName, models.Identifier, models.Membership, models.OutletName}
# Worked with on the story's page, or the machine's own; no rows to look through.
BEHIND = {
    models.ImportJob,  # the upload’s page
    models.ImportJobFile,
    models.Presence,
    models.Dismissal,
    models.UnsavedCopy,
    models.PendingVersion,
    models.PictureUse,
    models.SavedView,
    models.ShareLink,
    models.FrontPlace,
    models.StoryNote,
    models.Notice,
    models.Shingle,
    models.NearWording,
    models.WordRun,
    models.ClaimHeading,
    models.OutletWords,
    models.StoryPerson,
    models.StoryVersion,
    models.ReviewLease,
    models.ReviewDecision,
    models.PersonMerge,
    models.Act,
}


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def count(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(url)
        assert response.status_code == 200, response
    return len(queries)


def test_every_model_of_ours_has_its_screen():
    from django.apps import apps

    ours = set(apps.get_app_config("stories").get_models())
    assert ours - PARTS - BEHIND <= set(admin.site._registry)
    assert ours - PARTS - BEHIND <= set(MAKE), "a new model: say here how one is made"


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_a_list_asks_as_much_for_twenty_rows_as_for_one(signed_in, model):
    client = signed_in()
    MAKE[model](0)
    url = address(model, "changelist")
    client.get(url)  # content types and the like are remembered from now on
    one = count(client, url)
    for number in range(1, 20):
        MAKE[model](number)
    assert count(client, url) == one


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_a_list_can_be_searched_and_filtered_and_its_counts_shown(signed_in, model):
    client = signed_in()
    MAKE[model](0)
    url = address(model, "changelist")
    shown = client.get(url, {"q": "harbour", "_facets": "True"})
    assert shown.status_code in (200, 302)
    page = client.get(url)
    for spec in page.context["cl"].filter_specs:
        for choice in spec.choices(page.context["cl"]):
            assert client.get(url + choice["query_string"]).status_code == 200


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_a_row_s_page_and_its_history_open(signed_in, model):
    client, row = signed_in(), MAKE[model](0)
    assert client.get(address(model, "change", row.pk)).status_code == 200
    assert client.get(address(model, "history", row.pk)).status_code == 200


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_the_way_back_begins_at_today_s_desk_and_filters_speak_english(signed_in, model):
    client, row = signed_in(), MAKE[model](0)
    pages = [address(model, "changelist")]
    pages += [address(model, page, row.pk) for page in ("change", "history", "delete")]
    for url in pages:
        response = client.get(url)
        if response.status_code == 403:
            continue  # rows that are the machine's own are not deleted
        page = flat(response.content.decode())
        trail = page.partition('<div class="breadcrumbs">')[2].partition("</div>")[0]
        assert trail.lstrip().startswith(f'<a href="{reverse("admin:index")}">Today’s desk</a>'), url
    shown = client.get(pages[0], {"_facets": "True"})
    for spec in shown.context["cl"].filter_specs:
        words = [choice["display"] for choice in spec.choices(shown.context["cl"])]
        assert not [word for word in words if str(word).startswith(("Empty", "Not empty"))], spec.title


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_the_page_for_a_new_row_opens_where_one_may_be_added(signed_in, model):
    client = signed_in()
    may = admin.site._registry[model].has_add_permission(client.get(reverse("admin:index")).wsgi_request)
    assert client.get(address(model, "add")).status_code == (200 if may else 403)


def pages_to_look_at(model, row):
    yield address(model, "changelist")
    yield from (address(model, page, row.pk) for page in ("change", "history", "delete"))
    yield address(model, "add")


@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_what_is_only_looked_at_opens_no_transaction(signed_in, model):
    client, row = signed_in(), MAKE[model](0)
    for url in pages_to_look_at(model, row):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code in {200, 403}
        assert [query["sql"] for query in queries if query["sql"].startswith(("SAVEPOINT", "BEGIN"))] == []


@pytest.mark.django_db(transaction=True)
def test_the_desk_can_be_looked_at_while_somebody_writes(signed_in):
    client = signed_in()
    addresses = [reverse("admin:index")]
    for model, made in MAKE.items():
        addresses += pages_to_look_at(model, made(0))
    writer = connection.copy()
    with connection.cursor() as cursor, writer.cursor() as other:
        if connection.vendor == "sqlite":
            other.execute("BEGIN IMMEDIATE")
            cursor.execute("PRAGMA busy_timeout = 0")  # what needs the lock fails
        else:
            tables = (model._meta.db_table for model in (*MAKE, *PARTS, *BEHIND, Revision, Version))
            other.execute(f"BEGIN; LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
            cursor.execute("SET lock_timeout = 1")  # millisecond
    try:
        for url in addresses:
            assert client.get(url).status_code in {200, 403}, url
    finally:
        writer.close()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")  # closed, it goes back to the pool as it is
        connection.close()


def test_a_story_s_page_asks_as_much_for_twenty_claims_as_for_one(signed_in):
    client = signed_in()

    def story_with(claims):
        story = make.ArticleFactory(
            plain="\n\n".join(f"He said “clause {n} of it holds” then." for n in range(claims)),
            tags=[f"Tag {n}" for n in range(claims)],
            authors=[make.AuthorFactory() for _ in range(claims)],
        )
        for n in range(claims):
            make.appearance_of(make.ClaimFactory(wording=f"clause {n} of it holds"), story)
        return address(models.Article, "change", story.pk)

    client.get(story_with(1))
    assert count(client, story_with(1)) == count(client, story_with(20))


def test_a_claim_s_page_asks_as_much_for_twenty_appearances_as_for_one(signed_in):
    client = signed_in()

    def claim_in(stories):
        claim = make.ClaimFactory(about=[make.PoliticianFactory() for _ in range(stories)])
        for number in range(stories):
            make.appearance_of(claim)
            make.EvidenceFactory(claim=claim)
            models.VerdictChange.objects.create(claim=claim, rating="true", by=make.UserFactory())
            assert number < stories
        return address(models.Claim, "change", claim.pk)

    client.get(claim_in(1))
    assert count(client, claim_in(1)) == count(client, claim_in(20))


@pytest.mark.parametrize(
    "model", [models.Politician, models.Party, models.Author, models.Claim, models.Article, Tag]
)
def test_what_forms_complete_from_can_be_searched(model):
    assert admin.site._registry[model].search_fields


@pytest.mark.parametrize("sent", [{}, {"headline": "A wall is built", "body": "<p>Text</p>"}])
def test_a_new_story_s_preview_opens(editor, sent):
    address = reverse("admin:stories_article_preview_new")
    shown = editor.post(address, sent) if sent else editor.get(address)
    assert shown.status_code == 200
    assert sent.get("headline", "A new story") in shown.content.decode()
