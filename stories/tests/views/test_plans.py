"""Lists are read in the order of an index, however many rows there are: nothing sorts all that there is."""

import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stories.facets import filters
from stories.models import Appearance, Article, Author, Party, Politician
from stories.models.topic_visibility import published_topics
from stories.views import politicians, topics

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_made_anew")]


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A made-up newsroom that counts as a large one."""
    call_command("populate", stories=400, claims=2400, verbosity=0)
    for module, name in ((topics, "FEW"), (filters, "LONG"), (politicians, "LONG")):
        monkeypatch.setattr(module, name, 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":  # so small a table is read and sorted whole unless it is told
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET enable_seqscan; RESET enable_bitmapscan; RESET enable_sort")


def busiest() -> dict[str, str]:
    """The slugs of things with much under them."""
    person = (
        Politician.objects.published()
        .filter(party__isnull=False, claims__public_from__isnull=False)
        .order_by("pk")[:1]
        .get()
    )
    topic = published_topics().order_by("pk")[:1].get()
    author = Author.objects.filter(articles__in=Article.objects.published()).order_by("pk")[:1].get()
    story = Appearance.objects.published().filter(claim__speaker=person).order_by("pk")[:1].get().article
    return {
        "person": person.slug,
        "party": Party.objects.get(pk=person.party_id).slug,
        "topic": topic.slug,
        "author": author.slug,
        "story": story.slug,
    }


# Of each page the table that a list on it is read from, and the index that has its order.
LISTS: dict[str, tuple[str, str, str]] = {
    "stories": ("/stories/", "stories_article", "article_front"),
    "stories, late": ("/stories/?page=15", "stories_article", "article_front"),
    "a topic's stories": ("/topics/{topic}/", "stories_article", "article_front"),
    "an author's stories": ("/authors/{author}/", "stories_article", "article_front"),
    "claims": ("/claims/", "stories_claim", "claim_browse"),
    "claims checked last": ("/claims/?sort=checked", "stories_claim", "claim_checked"),
    "claims of a speaker": ("/claims/?speaker={person}", "stories_claim", "claim_said_by"),
    "claims of a party": ("/claims/?party={party}", "stories_claim", "claim_browse"),
    "a party's claims": ("/parties/{party}/", "stories_claim", "claim_browse"),
    "stories with somebody": ("/stories/{story}/", "stories_storyperson", "story_person_newest"),
}


# PostgreSQL walks or sorts as its statistics say; SQLite does what it is told.
CHOSEN_BY_STATISTICS = {
    "a topic's stories",
    "an author's stories",
    "claims of a party",
    "a party's claims",
}


def test_a_list_is_read_in_the_order_of_its_index(client: Client, filled: None) -> None:
    slugs = busiest()
    for name, (address, table, index) in LISTS.items():
        if connection.vendor == "postgresql" and name in CHOSEN_BY_STATISTICS:
            continue
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address.format(**slugs)).status_code == 200
        found = re.compile(rf'FROM "?{table}\b.*ORDER BY.* LIMIT ', re.DOTALL)
        lists = [query["sql"] for query in asked.captured_queries if found.search(query["sql"])]
        plans = [plan_of(sql) for sql in lists]
        assert [plan for plan in plans if index in plan], (name, lists, plans)
        assert not [plan for plan in plans if sorts_all(plan)], (name, plans)


def plan_of(sql: str) -> str:
    """How the database would answer."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def sorts_all(plan: str) -> bool:
    """Whether all rows that are found are sorted before the first is shown."""
    if connection.vendor == "sqlite":
        return "USE TEMP B-TREE FOR ORDER BY" in plan
    return bool(re.search(r"(?<!Incremental )\bSort  \(", plan))
