"""Acts of several people at once: each is done or answered with a sentence, and what stands is right."""

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection

from stories.actions import locking, permissions
from stories.actions.claims import review, review_queue
from stories.actions.errors import NotReady, Stale
from stories.actions.people import merging
from stories.actions.stories import publishing, saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.topics import tagging
from stories.models import Appearance, Article, Claim, Politician, ReviewLease
from stories.tests.factories import (
    ArticleFactory,
    ClaimFactory,
    PoliticianFactory,
    UserFactory,
    appearance_of,
)
from stories.tests.races import at_once

ROUNDS = 20 if connection.vendor == "postgresql" else 6
WORDS = ("We will hold the wall until spring", "The ferry will run on time", "No more boats will be lost")


def edit(story: Article, by: object) -> object:
    """Put a paragraph above all others, as somebody does who opened the story a moment ago."""
    row = Article.objects.get(pk=story.pk)
    opened = mark_of(row)
    row.body = f"<p>A new first paragraph is put here.</p>{row.body}"
    return saving.save(article=row, fields={"body"}, opened=opened, by=by)


def story_with_three_claims(speaker: Politician | None = None) -> tuple[Article, list[Claim]]:
    claims = [
        ClaimFactory(proposed=True, wording=words, speaker=speaker or PoliticianFactory(confirmed=False))
        for words in WORDS
    ]
    said = "\n\n".join(f"“{claim.wording},” said {claim.speaker.name} on Monday." for claim in claims)
    story = ArticleFactory(plain=f"The council met.\n\n{said}\n\nIt ended late.")
    for claim in claims:
        appearance_of(claim, story)
    return story, claims


def save_accept_and_reword(editor, checker, other):
    story, claims = story_with_three_claims()
    return (
        lambda: edit(story, editor),
        lambda: review_queue.decide(claim=claims[1], by=checker, verb="accepted"),
        lambda: review_queue.decide(claim=claims[2], by=other, verb="reworded", words="No more boats"),
    )


def merge_people_and_accept(editor, checker, other):
    one, two = PoliticianFactory(confirmed=False), PoliticianFactory(confirmed=False)
    _, claims = story_with_three_claims(two)
    ClaimFactory(speaker=one, wording=WORDS[0])
    return (
        lambda: merging.merge(winner=one, loser=two, by=editor),
        lambda: review.accept(claim=claims[0], by=checker),
        lambda: review_queue.decide(claim=claims[1], by=other, verb="accepted"),
    )


def merge_people_and_reassign(editor, checker, other):
    one, two = PoliticianFactory(), PoliticianFactory()
    _, claims = story_with_three_claims(two)
    return (
        lambda: merging.merge(winner=one, loser=two, by=editor),
        lambda: review.reassign(claim=claims[0], by=checker, speaker=PoliticianFactory()),
        lambda: review_queue.decide(claim=claims[1], by=other, verb="reassigned", speaker=one),
    )


def reassign_to_somebody_who_is_merged_away(editor, checker, other):
    one, two = PoliticianFactory(), PoliticianFactory()
    _, claims = story_with_three_claims()
    return (
        lambda: merging.merge(winner=one, loser=two, by=editor),
        lambda: review.reassign(claim=claims[0], by=checker, speaker=two),
        lambda: review_queue.decide(claim=claims[1], by=other, verb="reassigned", speaker=two),
    )


def join_each_to_the_other(editor, checker, other):
    _, claims = story_with_three_claims()
    return (
        lambda: review.merge(claim=claims[0], into=claims[1], by=checker),
        lambda: review.merge(claim=claims[1], into=claims[0], by=other),
    )


def the_same_words_to_one_person(editor, checker, other):
    one, two = (ClaimFactory(proposed=True, wording=WORDS[0]) for _ in range(2))
    for claim in (one, two):
        appearance_of(claim)
    somebody = PoliticianFactory()
    return (
        lambda: review.reassign(claim=one, by=checker, speaker=somebody),
        lambda: review.reassign(claim=two, by=other, speaker=somebody),
    )


def publish_and_judge(editor, checker, other):
    story, claims = story_with_three_claims()
    Article.objects.filter(pk=story.pk).update(status="draft")
    return (
        lambda: publishing.publish(article=story, by=editor),
        lambda: review.accept(claim=claims[2], by=checker),
        lambda: review.reject(claim=claims[0], by=other),
    )


def two_merges_of_the_same_people(editor, checker, other):
    one, two = PoliticianFactory(), PoliticianFactory()
    story_with_three_claims(one)
    story_with_three_claims(two)
    return (
        lambda: merging.merge(winner=one, loser=two, by=editor),
        lambda: merging.merge(winner=two, loser=one, by=editor),
    )


def merge_topics_and_accept(editor, checker, other):
    story, claims = story_with_three_claims()
    for claim in reversed(claims):
        claim.tags.add("Harbour", *(["Harbours"] if claim is claims[0] else []))
    one, two = (claims[0].tags.get(name=name) for name in ("Harbour", "Harbours"))
    return (
        lambda: tagging.merge(tag=one, into=two, by=editor),
        lambda: tagging.merge(tag=two, into=one, by=editor),
        lambda: tagging.put_on(row=claims[2], names=["Harbours"], by=checker),
        lambda: review.accept(claim=claims[0], by=other),
        lambda: edit(story, editor),
    )


SCENES = (
    save_accept_and_reword,
    merge_people_and_accept,
    merge_people_and_reassign,
    reassign_to_somebody_who_is_merged_away,
    join_each_to_the_other,
    the_same_words_to_one_person,
    publish_and_judge,
    two_merges_of_the_same_people,
    merge_topics_and_accept,
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scene", SCENES)
def test_acts_at_once_are_done_or_answered_with_a_sentence(person, scene):
    people = [
        person(role) for role in (permissions.EDITOR, permissions.FACT_CHECKER, permissions.FACT_CHECKER)
    ]
    for _ in range(ROUNDS):
        answers = at_once(*scene(*people))
        odd = [answer for answer in answers if isinstance(answer, Exception)]
        assert all(isinstance(answer, NotReady | Stale) for answer in odd), odd
        assert len(odd) < len(answers), odd
        for appearance in Appearance.objects.filter(state__in=Appearance.IN_PLACE).select_related("article"):
            assert appearance.article.text[appearance.start : appearance.end] == appearance.exact
        assert not Claim.objects.filter(speaker__merged_into__isnull=False).exists()
        for model in (Article, Claim, Politician, ReviewLease):
            model.objects.all().delete()


@pytest.mark.django_db
def test_a_row_that_has_gone_is_a_sentence(person):
    editor, claim = person(permissions.EDITOR), ClaimFactory(proposed=True)
    Claim.objects.filter(pk=claim.pk).delete()
    for do in (review.accept, review.reject, review.reopen):
        with pytest.raises(NotReady, match="not there any more"):
            do(claim=claim, by=editor)
    with pytest.raises(NotReady, match="not there any more"):
        review.merge(claim=claim, into=ClaimFactory(), by=editor)
    one, two = PoliticianFactory(), PoliticianFactory()
    Politician.objects.filter(pk=two.pk).delete()
    for winner, loser in ((one, two), (two, one)):
        with pytest.raises(NotReady):
            merging.merge(winner=winner, loser=loser, by=editor)
    story = ArticleFactory(draft=True)
    Article.objects.filter(pk=story.pk).delete()
    with pytest.raises(NotReady, match="story is not there"):
        publishing.publish(article=story, by=editor)


@pytest.mark.django_db
def test_an_act_is_begun_anew_some_times_and_no_more():
    tries = []

    class Deadlock(Exception):
        sqlstate = "40P01"

    @locking.act
    def meets(*, deadlocks: int) -> str:
        tries.append(UserFactory())
        if len(tries) <= deadlocks:
            raise OperationalError("deadlock detected") from Deadlock()
        return "done"

    assert meets(deadlocks=1) == "done"
    assert len(tries) == 2
    assert User.objects.count() == 1  # the first try left nothing
    tries.clear()
    with pytest.raises(NotReady, match="Somebody else is changing"):
        meets(deadlocks=9)
    assert len(tries) == locking.ATTEMPTS


@pytest.mark.django_db
def test_a_fault_of_our_own_is_no_clash():
    @locking.act
    def broken() -> None:
        raise OperationalError("no such column")

    with pytest.raises(OperationalError):
        broken()


@pytest.mark.django_db
def test_who_was_merged_twice_over_is_answered_for_by_the_last():
    last = PoliticianFactory()
    middle = PoliticianFactory(merged_into=last)
    first = PoliticianFactory(merged_into=middle)
    assert locking.hold(people=[first]).person(first) == last
