"""The index stays right: through every change of a row, through migrations, and when it is made anew."""

# ruff: noqa: S608  (the names in the SQL are the index's own)

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations.operations import AlterField
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from stories.models import Article, Claim, OtherName, Party, Politician
from stories.search import KINDS, postgresql, reindex, schema, search
from stories.search.query import Query
from stories.search.words import words_of
from stories.tests.factories import ArticleFactory, ClaimFactory, PartyFactory, PoliticianFactory

pytestmark = pytest.mark.django_db


def index_of_everything() -> dict[str, Any]:
    """What the index holds, in a form that can be compared with an index made anew."""
    held: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for kind in KINDS:
            if connection.vendor == "sqlite":
                index = f"stories_search_{kind}"
                cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
                cursor.execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, {index}, 'instance')")
                cursor.execute("SELECT doc, col, term FROM temp.words ORDER BY 1, 2, 3")
                held[kind] = cursor.fetchall()
                cursor.execute("DROP TABLE temp.words")
            else:
                cursor.execute(f"SELECT * FROM stories_search_{kind} ORDER BY docid")
                held[kind] = cursor.fetchall()
    return held


HEADLINE = Article._meta.get_field("headline")
WORDS = st.sampled_from(["harbour", "Tideswell", "café", "lock", "tax", "O’Hara", "by-election", "2031", ""])
STEPS = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 3), WORDS), max_size=14)


class EveryChangeTest(HypothesisTestCase):
    """Whatever is done to the rows, one by one or many at once, the index is as one made anew."""

    def setUp(self) -> None:
        self.parties = [PartyFactory() for _ in range(2)]
        self.people = [PoliticianFactory(party=self.parties[n % 2]) for n in range(4)]
        self.stories = [ArticleFactory() for _ in range(4)]
        self.claims = [ClaimFactory(speaker=person, about=self.people[:2]) for person in self.people]

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def test_leaves_the_index_as_one_made_anew(self, steps: list[tuple[int, int, str]]) -> None:
        for step, which, word in steps:
            self.change(step, which, word)
        kept = index_of_everything()
        reindex()
        assert kept == index_of_everything()

    def change(self, step: int, n: int, word: str) -> None:
        person, story, claim = self.people[n].pk, self.stories[n].pk, self.claims[n].pk
        people, stories, claims = Politician.objects, Article.objects, Claim.objects
        changes: list[Any] = [
            lambda: stories.filter(pk=story).update(headline=word or "None", body=f"<p>{word} again</p>"),
            lambda: stories.filter(pk=story).update(status=["draft", "withdrawn", "published"][n % 3]),
            lambda: stories.filter(pk=story).delete(),
            lambda: ArticleFactory(headline=word or "New", draft=bool(n % 2)),
            lambda: people.filter(pk=person).update(name=f"{word} Person", role=word),
            lambda: people.filter(pk=person).update(confirmed=bool(len(word) % 2)),
            lambda: self.merge_away(person, people.filter(pk=person + 1).first()),
            lambda: people.filter(pk=person).update(party=Party.objects.filter(short_name=word).first()),
            lambda: people.filter(pk=person).delete(),
            lambda: Party.objects.filter(pk=self.parties[n % 2].pk).update(short_name=word),
            lambda: Party.objects.filter(pk=self.parties[n % 2].pk).delete(),
            lambda: (
                people.filter(pk=person).exists()
                and OtherName.objects.update_or_create(politician_id=person, defaults={"name": word or "X"})
            ),
            lambda: claims.filter(pk=claim).update(speaker_label=word, wording=word or "so"),
            lambda: claims.filter(pk=claim).update(rating="", state=["accepted", "rejected"][n % 2]),
            lambda: (
                claims.filter(pk=claim).exists()
                and claims.get(pk=claim).about.set(people.filter(pk__in=[p.pk for p in self.people[n:]]))
            ),
        ]
        changes[step]()

    @staticmethod
    def merge_away(person: int, into: Politician | None) -> None:
        Claim.objects.filter(speaker=person).update(speaker=None)
        Politician.objects.filter(pk=person).update(merged_into=into)


class AnyInputTest(HypothesisTestCase):
    @settings(max_examples=300, deadline=None)
    @given(typed=st.text() | st.text(alphabet="\"“”*^:+-()ANDORNEAR \0\x02\x03'%\\aé", max_size=60))
    def test_is_answered(self, typed: str) -> None:
        ArticleFactory(headline="A café near AND or NOT the harbour", plain=typed or "nothing")
        PoliticianFactory(name="Ana Nearé")
        found = search(typed)
        assert len(found[:20]) == min(len(found), 20)
        found.people_meant()


@given(st.text())
def test_a_query_holds_nothing_but_words(typed: str) -> None:
    query = Query.parse(typed)
    assert all(words_of(word) == (word,) for term in query.terms for word in term.words)
    assert len(query.terms) <= 24


def test_a_story_longer_than_a_text_vector_may_be_is_kept_and_found() -> None:
    many_words = " ".join(f"w{number:x}" for number in range(200_000))
    story = ArticleFactory(headline="Dredger", plain=f"Early word. {many_words}")
    assert [hit.row for hit in search("early dredger")[:5]] == [story]


A_MIGRATION = Migration("0002_longer_headlines", "stories")
A_MIGRATION.operations = [AlterField("article", "headline", models.CharField(max_length=300))]
ANOTHER_APPS = Migration("0013_more", "auth")
ANOTHER_APPS.operations = [AlterField("user", "first_name", models.CharField(max_length=300))]


@pytest.mark.django_db(transaction=True)
def test_a_migration_may_rebuild_the_tables_and_finds_the_index_out_of_its_way() -> None:
    """Without that SQLite cannot rename a table that a view reads, nor PostgreSQL change its columns."""
    ArticleFactory(headline="Dredger")
    emit_pre_migrate_signal(0, False, "default", plan=[(A_MIGRATION, False)])
    longer = models.CharField(max_length=300)
    longer.set_attributes_from_name("headline")
    for old, new in ((HEADLINE, longer), (longer, HEADLINE)):
        with connection.schema_editor() as editor:
            editor.alter_field(Article, old, new)
    assert not schema.is_current(connection)
    emit_post_migrate_signal(0, False, "default")
    assert schema.is_current(connection)
    assert len(search("dredger")) == 1
    Article.objects.update(headline="Lock")
    assert len(search("dredger")) == 0


def test_a_migration_of_another_app_leaves_the_index_alone() -> None:
    schema.before_migrate(plan=[(ANOTHER_APPS, False)], using="default")
    assert schema.is_current(connection)


def test_names_are_forgiven_a_typo_without_the_extension_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL pg_trgm picks whom to look at; SQLite never has it."""
    person = PoliticianFactory(name="Oona Tideswell")
    with_it = search("oona tidesewll").people_meant()
    monkeypatch.setattr(postgresql, "has_trigrams", lambda connection: False)
    monkeypatch.setattr(postgresql, "prepare", lambda connection: None)
    reindex()
    assert search("oona tidesewll").people_meant() == with_it == ([person], "oona Tideswell")


def test_reindex_mends_what_was_broken_and_says_what_it_holds() -> None:
    ArticleFactory(headline="Dredger")
    ArticleFactory(draft=True)
    PoliticianFactory()
    schema.remove(connection)
    said = StringIO()
    call_command("reindex", stdout=said)
    assert said.getvalue() == "Indexed 2 stories, 0 claims and 1 people.\n"
    assert len(search("dredger")) == 1
