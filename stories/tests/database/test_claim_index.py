"""What the registers say is what the rows say, after every kind of change and whoever makes it."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.utils import timezone
from taggit.models import Tag, TaggedItem

from stories.database import bulk_load, claim_index
from stories.models import (
    Appearance,
    Article,
    Claim,
    ClaimHeading,
    FormerSlug,
    Outlet,
    OutletName,
    OutletWords,
    Politician,
    StoryPerson,
)
from stories.tests import factories as make

pytestmark = pytest.mark.django_db


def rows() -> tuple[set[tuple], set[tuple]]:
    """What stands in the two registers, without the rows' own numbers."""
    headings = ClaimHeading.objects.values_list(
        "claim", "person", "topic", "outlet", "speaker", "rating", "kind", "said_on", "public_from"
    )
    named = StoryPerson.objects.values_list("article", "person", "public_from")
    assert len(set(headings)) == len(headings)
    return set(headings), set(named)


def fresh() -> tuple[set[tuple], set[tuple]]:
    """The same, made anew from the rows."""
    claim_index.install(connection)
    return rows()


@pytest.fixture
def claim() -> Claim:
    """A claim about two people under two topics in two stories, and another in the same two."""
    claim = make.ClaimFactory(
        about=[make.PoliticianFactory(), make.PoliticianFactory()], tags=["harbours", "ferries"]
    )
    other = make.ClaimFactory(about=[make.PoliticianFactory()])  # it has its stories' topics
    for outlet in ("the Post", "the Ferry"):
        words = f"He said “{claim.wording}”, she “{other.wording}”."
        story = make.ArticleFactory(plain=words, tags=["harbours", outlet])
        make.appearance_of(claim, story, outlet=outlet)
        make.appearance_of(other, story, outlet=outlet)
    return claim


def later() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=3)


def of(claim: Claim) -> Appearance:
    return claim.appearances.order_by("pk")[0]


CHANGES: dict[str, Callable[[Claim], object]] = {
    "rejected": lambda claim: Claim.objects.filter(pk=claim.pk).update(state="rejected"),
    "rated": lambda claim: Claim.objects.filter(pk=claim.pk).update(rating="false"),
    "dated": lambda claim: Claim.objects.filter(pk=claim.pk).update(said_on=None),
    "of another kind": lambda claim: Claim.objects.filter(pk=claim.pk).update(kind="indirect"),
    "another's": lambda claim: Claim.objects.filter(pk=claim.pk).update(speaker=make.PoliticianFactory()),
    "nobody's": lambda claim: Claim.objects.filter(pk=claim.pk).update(speaker=None),
    "saved whole": lambda claim: claim.save(),
    "deleted": lambda claim: claim.delete(),
    "about one more": lambda claim: claim.about.add(make.PoliticianFactory()),
    "about its speaker": lambda claim: claim.about.add(claim.speaker),
    "about nobody": lambda claim: claim.about.clear(),
    "about somebody who goes": lambda claim: claim.about.first().delete(),
    "about somebody else": lambda claim: Claim.about.through.objects.filter(
        pk=Claim.about.through.objects.filter(claim=claim).first().pk
    ).update(politician=make.PoliticianFactory()),
    "its speaker gone": lambda claim: claim.speaker.delete(),
    "a topic more": lambda claim: claim.tags.add("schools"),
    "a topic less": lambda claim: claim.tags.remove("harbours"),
    "a topic merged": lambda claim: TaggedItem.objects.filter(tag__name="ferries").update(
        tag=Tag.objects.create(name="boats", slug="boats")
    ),
    "without topics of its own": lambda claim: claim.tags.clear(),
    "without any topic": lambda claim: Claim.objects.exclude(pk=claim.pk).update(own_topics_only=True),
    "the other's own topic": lambda claim: Claim.objects.exclude(pk=claim.pk).get().tags.add("schools"),
    "a story's topic more": lambda claim: of(claim).article.tags.add("schools"),
    "a story's topic less": lambda claim: of(claim).article.tags.remove("the Post"),
    "a story's topics merged": lambda claim: TaggedItem.objects.filter(tag__name="the Post").update(
        tag=Tag.objects.get(name="the Ferry")
    ),
    "a story's tag given to a claim": lambda claim: TaggedItem.objects.filter(tag__name="the Post").update(
        content_type=ContentType.objects.get_for_model(Claim), object_id=claim.pk
    ),
    "a topic deleted": lambda claim: Tag.objects.get(name="harbours").delete(),
    "told to another": lambda claim: Appearance.objects.filter(pk=of(claim).pk).update(
        outlet=make.on_record("the Echo").name
    ),
    "told to reporters": lambda claim: claim.appearances.update(outlet="reporters"),
    "told to one twice": lambda claim: claim.appearances.update(outlet="the Ferry"),
    "printed otherwise": lambda claim: OutletWords.objects.filter(words="the Post").update(key="echo"),
    "printed by nobody": lambda claim: OutletWords.objects.get(words="the Post").delete(),
    "an outlet called otherwise": lambda claim: OutletName.objects.filter(key="post").update(key="echo"),
    "two outlets merged": lambda claim: OutletName.objects.update(outlet=make.on_record("the Post")),
    "an outlet deleted": lambda claim: make.on_record("the Post").delete(),
    "an outlet's other name": lambda claim: _named_later(),
    "told to nobody": lambda claim: claim.appearances.update(outlet=""),
    "its words lost": lambda claim: Appearance.objects.filter(pk=of(claim).pk).update(state="lost"),
    "moved to another story": lambda claim: Appearance.objects.filter(pk=of(claim).pk).update(
        article=make.ArticleFactory()
    ),
    "joined to another claim": lambda claim: claim.appearances.update(claim=make.ClaimFactory()),
    "taken out of a story": lambda claim: of(claim).delete(),
    "a story withdrawn": lambda claim: Article.objects.filter(pk=of(claim).article_id).update(
        status="withdrawn"
    ),
    "a story put off": lambda claim: Article.objects.filter(pk=of(claim).article_id).update(
        published_at=later()
    ),
    "a story deleted": lambda claim: of(claim).article.delete(),
    "all stories drafts": lambda claim: Article.objects.update(status="draft"),
    "a bulk load": lambda claim: _loaded(),
}


def _named_later() -> None:
    """Reporters were told, and the desk says that they are a paper called so."""
    Appearance.objects.filter(outlet="the Post").update(outlet="the Reporters")
    OutletWords.objects.create(words="the Reporters")
    OutletName.objects.create(outlet=make.on_record("the Ferry"), name="Reporters")


def _loaded() -> None:
    with bulk_load.triggers_disabled():
        make.appearance_of(make.ClaimFactory(about=[make.PoliticianFactory()], tags=["dredgers"]))


@pytest.mark.parametrize("change", CHANGES)
def test_the_registers_follow_every_change(claim: Claim, change: str) -> None:
    before = rows()
    assert all(before)
    CHANGES[change](claim)
    after = rows()
    assert after == fresh()
    assert (after == before) == (change == "saved whole")


def test_a_change_taken_back_is_followed_too(claim: Claim) -> None:
    before = rows()
    for state in ("proposed", "accepted"):
        Claim.objects.update(state=state)
    for status in ("withdrawn", "published"):
        Article.objects.update(status=status)
    assert rows() == before


def test_a_claim_stands_once_under_each_heading_with_what_it_is_narrowed_by(claim: Claim) -> None:
    for article in Article.objects.all():
        article.tags.add("schools")
    headings = ClaimHeading.objects.filter(claim=claim.pk)
    assert headings.filter(person__in=Politician.objects.all()).count() == 2
    outlets = headings.filter(outlet__isnull=False).values_list("outlet", flat=True)
    assert {Outlet.objects.get(pk=outlet).name for outlet in outlets} == {"Post", "Ferry"}
    topics = headings.filter(topic__isnull=False).values_list("topic", flat=True)
    assert {Tag.objects.get(pk=topic).name for topic in topics} == {"harbours", "ferries"}
    assert set(headings.values_list("speaker", "rating", "kind", "said_on")) == {
        (claim.speaker_id, claim.rating, claim.kind, claim.said_on)
    }


def test_a_claim_has_its_stories_topics_unless_an_editor_says_otherwise(claim: Claim) -> None:
    other = Claim.objects.exclude(pk=claim.pk).get()

    def topics() -> set[str]:
        numbers = ClaimHeading.objects.published().filter(claim=other.pk, topic__isnull=False)
        return {Tag.objects.get(pk=topic).name for topic in numbers.values_list("topic", flat=True)}

    assert topics() == {"harbours", "the Post", "the Ferry"}
    Article.objects.filter(pk=of(claim).article_id).update(published_at=later())
    assert topics() == {"harbours", "the Ferry"}
    other.tags.add("schools")
    assert topics() == {"schools"}
    other.tags.clear()
    assert topics() == {"harbours", "the Ferry"}
    Claim.objects.filter(pk=other.pk).update(own_topics_only=True)
    assert topics() == set()


def test_an_outlet_is_a_heading_from_the_day_of_the_story_that_says_so(claim: Claim) -> None:
    appearance = of(claim)
    Article.objects.filter(pk=appearance.article_id).update(published_at=later())
    headings = ClaimHeading.objects.published().filter(claim=claim.pk, outlet__isnull=False)
    (outlet,) = headings.values_list("outlet", flat=True)
    assert Outlet.objects.get(pk=outlet).name == "Ferry"
    assert appearance.outlet == "the Post"


def test_words_said_to_no_outlet_have_no_heading_of_one(claim: Claim) -> None:
    claim.appearances.update(outlet="")
    assert not ClaimHeading.objects.filter(claim=claim.pk, outlet__isnull=False).exists()


def test_everybody_quoted_or_spoken_about_is_in_the_story(claim: Claim) -> None:
    other = Claim.objects.exclude(pk=claim.pk).get()
    everybody = {claim.speaker_id, other.speaker_id, *claim.about.values_list("pk", flat=True)}
    everybody |= set(other.about.values_list("pk", flat=True))
    for article in Article.objects.all():
        named = StoryPerson.objects.published().filter(article=article.pk)
        assert set(named.values_list("person", flat=True)) == everybody


def test_nothing_hidden_is_in_a_register() -> None:
    def printed(stage: str, **values: str) -> None:
        claim = make.ClaimFactory(tags=["harbours"], **values)
        make.appearance_of(claim, make.ArticleFactory(plain=f"He said “{claim.wording}”.", **{stage: True}))

    for stage in ("draft", "withdrawn", "in_review"):
        printed(stage)
    printed("scheduled", state="proposed")
    assert rows() == (set(), set())
    printed("scheduled")
    assert all(rows())
    assert not ClaimHeading.objects.published().exists()
    assert not StoryPerson.objects.published().exists()


def test_a_migration_fills_registers_that_were_not_kept_and_leaves_others(claim: Claim) -> None:
    before = rows()
    ClaimHeading.objects.all().delete()
    emit_post_migrate_signal(0, False, "default")
    assert not ClaimHeading.objects.exists()
    claim_index.remove(connection)
    emit_post_migrate_signal(0, False, "default")
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_a_dump_loaded_leaves_each_kept_row_once(claim: Claim, tmp_path: Path) -> None:
    story = claim.appearances.first().article
    story.slug = "another-address"
    story.save()
    Article.objects.update(published_at=timezone.now().replace(microsecond=0))  # JSON has no finer time
    before, addresses = rows(), set(FormerSlug.objects.values_list("kind", "slug", "object_id"))
    assert before[0]
    dump = tmp_path / "dump.json"
    others = ["contenttypes", "auth.permission"]
    call_command("dumpdata", output=str(dump), exclude=others, use_natural_foreign_keys=True)
    call_command("flush", interactive=False, verbosity=0)
    assert rows() == (set(), set())
    call_command("loaddata", str(dump), verbosity=0)
    assert rows() == before
    assert fresh() == before
    kept = FormerSlug.objects.exclude(kind__startswith="seen ")  # emptying the tables may leave such
    assert set(kept.values_list("kind", "slug", "object_id")) == addresses
