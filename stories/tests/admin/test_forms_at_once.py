"""Forms of the desk sent while others act on the same rows: saved, or answered with a sentence."""

import pytest
from django.contrib.auth.models import User
from django.db import connection

from stories.actions import permissions
from stories.actions.claims import review, review_queue
from stories.actions.errors import NotReady, Stale
from stories.actions.people import merging
from stories.actions.stories import saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.topics import tagging
from stories.models import Appearance, Article, Claim, Contradiction, Correction, Politician
from stories.tests.admin.test_shared_editing import change, fields
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.races import at_once

ROUNDS = 12 if connection.vendor == "postgresql" else 4
WORDS = ("We will hold the wall until spring", "The ferry will run on time")


def sends(client, row, **values):
    """The form as it is now, filled in; sent when it is called."""
    sent = {**fields(client.get(change(row))), **values, "_save": "1"}
    return lambda: client.post(change(row), sent)


def printed(*claims):
    """A story that prints the claims."""
    said = "\n\n".join(f"“{claim.wording},” said {claim.speaker.name}." for claim in claims)
    story = ArticleFactory(plain=f"The council met.\n\n{said}")
    for claim in claims:
        appearance_of(claim, story)
    return story


def new_first_paragraph(story, by):
    row = Article.objects.get(pk=story.pk)
    opened = mark_of(row)
    row.body = f"<p>A new first paragraph.</p>{row.body}"
    return saving.save(article=row, fields={"body"}, opened=opened, by=by)


def a_new_speaker_and_a_merge_of_people(editor, checker):
    one, two = PoliticianFactory(), PoliticianFactory()
    theirs = ClaimFactory(wording=WORDS[0], speaker=two)
    claim = ClaimFactory(wording=WORDS[0], speaker=one)
    printed(theirs)
    printed(claim)
    return (
        sends(checker, claim, speaker=two.pk, kind="indirect"),
        lambda: merging.merge(winner=one, loser=two, by=editor.user),
    )


def a_new_speaker_and_a_save_of_the_story(editor, checker):
    claims = [ClaimFactory(wording=words) for words in WORDS]
    same = ClaimFactory(wording=WORDS[1])
    story, _ = printed(*claims), printed(same)
    return (
        sends(checker, claims[1], speaker=same.speaker.pk, verb="promised"),
        lambda: new_first_paragraph(story, editor.user),
        lambda: review.reject(claim=claims[0], by=editor.user),
    )


def two_forms_that_give_each_other_s_speaker(editor, checker):
    one, two = (ClaimFactory(wording=WORDS[0]) for _ in range(2))
    printed(one)
    printed(two)
    return (
        sends(editor, one, speaker=two.speaker.pk, verb="promised"),
        sends(checker, two, speaker=one.speaker.pk, kind="indirect"),
    )


def a_new_speaker_and_a_review(editor, checker):
    waiting, mine = ClaimFactory(proposed=True, wording=WORDS[0]), ClaimFactory(wording=WORDS[0])
    printed(waiting)
    printed(mine)
    return (
        sends(editor, mine, speaker=waiting.speaker.pk, said_on="2031-03-05"),
        lambda: review_queue.decide(claim=waiting, by=checker.user, verb="reassigned", speaker=mine.speaker),
    )


def corrections_that_change_places(editor, checker):
    stories = [ArticleFactory(), ArticleFactory()]
    drafts = [Correction.objects.create(article=story, text="It was 2031.") for story in stories]
    return (
        sends(editor, drafts[0], article=stories[1].pk),
        sends(editor, drafts[1], article=stories[0].pk),
    )


def a_pair_and_a_join_of_its_claims(editor, checker):
    one, two, three = (ClaimFactory(proposed=True) for _ in range(3))
    pair = Contradiction.objects.create(first=one, second=two)
    return (
        sends(checker, pair, first=three.pk, second=one.pk, confirmed="on"),
        lambda: review.merge(claim=one, into=three, by=editor.user),
    )


def deletes(client, *rows):
    """The list's "Delete selected", confirmed when it is called; who has all rights may delete these."""
    User.objects.filter(pk=client.user.pk).update(is_superuser=True)
    address = change(rows[0]).rsplit("/", 3)[0] + "/"
    sent = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    return lambda: client.post(address, sent)


def claims_deleted_and_joined(editor, checker):
    """Those in no story: claims in print are not deleted."""
    claims = [ClaimFactory(wording=words) for words in WORDS]
    other = ClaimFactory(wording=WORDS[0])
    return (
        deletes(editor, *reversed(claims)),
        lambda: review.merge(claim=claims[0], into=other, by=editor.user),
        lambda: review.merge(claim=other, into=claims[1], by=checker.user, reason="They are one."),
    )


def people_deleted_and_merged_and_their_claims_accepted(editor, checker):
    one, two, three = (PoliticianFactory(confirmed=False) for _ in range(3))
    claims = [ClaimFactory(proposed=True, wording=words, speaker=two) for words in WORDS]
    printed(*claims)
    claims[1].about.add(one, three)
    return (
        deletes(editor, three, two),
        lambda: merging.merge(winner=one, loser=two, by=editor.user),
        lambda: review.accept(claim=claims[1], by=checker.user),
    )


def topics_deleted_and_their_claims_reviewed(editor, checker):
    claims = [ClaimFactory(wording=words) for words in WORDS]
    printed(*claims)
    for claim in reversed(claims):
        claim.tags.add("Harbour", "Ferries")
    tags = list(claims[0].tags.all())
    return (
        deletes(editor, *tags),
        lambda: review.reject(claim=claims[0], by=checker.user),
        lambda: tagging.put_on(row=claims[1], names=["Harbour"], by=checker.user),
    )


SCENES = (
    claims_deleted_and_joined,
    people_deleted_and_merged_and_their_claims_accepted,
    topics_deleted_and_their_claims_reviewed,
    a_new_speaker_and_a_merge_of_people,
    a_new_speaker_and_a_save_of_the_story,
    two_forms_that_give_each_other_s_speaker,
    a_new_speaker_and_a_review,
    corrections_that_change_places,
    a_pair_and_a_join_of_its_claims,
)


def deadlocks() -> int:
    """How many PostgreSQL has broken in this database; each ends somebody's try."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scene", SCENES)
def test_forms_sent_at_once_are_saved_or_answered_with_a_sentence(signed_in, scene):
    people = signed_in(permissions.EDITOR), signed_in(permissions.FACT_CHECKER)
    before = deadlocks()
    for _ in range(ROUNDS):
        answers = at_once(*scene(*people))
        odd = [answer for answer in answers if isinstance(answer, Exception)]
        assert all(isinstance(answer, NotReady | Stale) for answer in odd), odd
        pages = [answer.status_code for answer in answers if hasattr(answer, "status_code")]
        assert set(pages) <= {200, 302}
        assert len(odd) + pages.count(200) < len(answers), answers
        for place in Appearance.objects.filter(state__in=Appearance.IN_PLACE).select_related("article"):
            assert place.article.text[place.start : place.end] == place.exact
        assert not Claim.objects.filter(speaker__merged_into__isnull=False).exists()
        for model in (Article, Claim, Politician):
            model.objects.all().delete()
    assert deadlocks() == before


@pytest.mark.django_db
def test_what_the_desk_refuses_leaves_the_form_as_it_was_typed_and_nothing_saved(signed_in):
    """A verdict and a speaker whose own claim in these words has another verdict: neither is half done."""
    checker = signed_in(permissions.FACT_CHECKER)
    mine, theirs = (ClaimFactory(wording=WORDS[0]) for _ in range(2))
    Claim.objects.filter(pk=theirs.pk).update(rating="true", rating_summary="Yes.")
    answer = sends(
        checker, mine, speaker=theirs.speaker.pk, rating="false", rating_summary="No.", methodology="Asked."
    )()
    assert answer.status_code == 200
    assert "The two claims have different verdicts" in answer.content.decode()
    assert answer.context["adminform"].form["methodology"].value() == "Asked."
    assert not list(answer.context["messages"])
    mine.refresh_from_db()
    assert (mine.rating, mine.methodology) == ("", "")


@pytest.mark.django_db
def test_a_claim_the_speaker_got_at_this_moment_is_a_sentence_above_the_new_one_s_form(
    signed_in, monkeypatch
):
    """The form's own check found nothing, and then the row was there."""
    checker, person = signed_in(permissions.FACT_CHECKER), PoliticianFactory()
    monkeypatch.setattr("stories.admin.claims.ClaimForm._refuse_duplicate", lambda self, data: None)
    ClaimFactory(speaker=person, wording=WORDS[0])
    add = "/admin/stories/claim/add/"
    sent = fields(checker.get(add)) | {"wording": WORDS[0], "speaker": person.pk, "stance": "said"}
    answer = checker.post(add, sent | {"_save": "1"})
    assert answer.status_code == 200
    assert "has these words on record already" in answer.content.decode()
    assert Claim.objects.count() == 1
