"""An act, then somebody else's, then the first is taken back: no work is lost, no words are wrong."""

import contextlib

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.utils import timezone
from taggit.models import Tag

from stories.actions import permissions
from stories.actions.claims import ratings_and_corrections, review, review_queue
from stories.actions.errors import NotReady
from stories.actions.people import merging
from stories.actions.stories import publishing, revisions, saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.topics import tagging
from stories.models import (
    Act,
    Appearance,
    Article,
    Claim,
    Evidence,
    OtherName,
    PersonMerge,
    Politician,
    ReviewDecision,
)
from stories.tests.factories import (
    ArticleFactory,
    ClaimFactory,
    PoliticianFactory,
    UserFactory,
    appearance_of,
)

JOINED_TO = ("Something else altogether", "The wall is safe for ever", "The wall is safe")
WORDS = "The wall is safe for ever and a day"


@pytest.fixture
def checker(person):
    return person(permissions.FACT_CHECKER)


@pytest.fixture
def editor(person):
    return person(permissions.EDITOR)


def edit(story, by):
    """Put a paragraph above all others."""
    row = Article.objects.get(pk=story.pk)
    opened = mark_of(row)
    row.body = f"<p>A new first paragraph is put here.</p>{row.body}"
    saving.save(article=row, fields={"body"}, opened=opened, by=by)


def printed(claim):
    """The claim's words in a published story of their own."""
    said = f"“{claim.wording}” said {claim.speaker_name}."
    return appearance_of(claim, ArticleFactory(plain=f"Intro.\n\n{said}\n\nEnd."))


def found(**values):
    claim = ClaimFactory(
        proposed=True, **{"wording": WORDS, "speaker": PoliticianFactory(confirmed=False)} | values
    )
    printed(claim)
    Appearance.objects.filter(claim=claim).update(rule="name before cue", confidence=0.8)
    return claim


def check_the_promise():
    for place in Appearance.objects.select_related("article", "claim"):
        text = place.article.text
        if place.state in Appearance.IN_PLACE:
            for part in place.selectors:
                assert text[part.start : part.end] == part.exact, (place.state, text[part.start : part.end])
            assert place.exact in place.claim.wording or place.claim.wording in JOINED_TO
        seen = (
            place.state in Appearance.IN_PLACE
            and place.claim.state == "accepted"
            and place.article.status == "published"
        )
        assert place.public_from == (place.article.published_at if seen else None)
    assert not Claim.objects.filter(speaker__merged_into__isnull=False).exists()


DECISIONS = {
    "accepted": lambda claim: {},
    "rejected": lambda claim: {},
    "reassigned to a person": lambda claim: {"speaker": PoliticianFactory(confirmed=False)},
    "reassigned to somebody new": lambda claim: {"new_person": "Tove Garside"},
    "reassigned to a label": lambda claim: {"speaker_label": "a harbour clerk"},
    "reassigned to somebody with the same words": lambda claim: {
        "speaker": same_words_elsewhere(claim).speaker
    },
    "reworded": lambda claim: {"words": "The wall is safe for ever"},
    "split": lambda claim: {"words": "The wall is safe | for ever and a day"},
    "merged": lambda claim: {"into": same_words_elsewhere(claim, wording="The wall is safe for ever")},
}


def same_words_elsewhere(claim, **values):
    other = ClaimFactory(wording=values.get("wording", claim.wording), tags=["Harbours"])
    printed(other)
    return other


def standing(claim):
    """The claim as it stands after a decision about it: itself, or the one it was joined to."""
    return Claim.objects.filter(pk=claim.pk).first() or ReviewDecision.objects.get().claim


def write_all_about_it(claim, editor):
    row = standing(claim)
    row.explanation, row.methodology, row.said_on = "<p>Why.</p>", "Two hours of work.", "2031-05-06"
    row.save()
    row.tags.add("Walls")
    Evidence.objects.create(claim=row, url="https://records.example/wall", title="Minutes")


def somebody_else(claim, editor):
    review.reassign(claim=standing(claim), by=editor, speaker=PoliticianFactory(name="Odd Hollin"))


def merge_the_speaker(claim, editor):
    speaker = standing(claim).speaker
    if speaker is not None:
        merging.merge(winner=PoliticianFactory(), loser=speaker, by=editor)


def accept_another(claim, editor):
    speaker = standing(claim).speaker
    if speaker is not None:
        review.accept(claim=ClaimFactory(proposed=True, speaker=speaker), by=editor)


def decide_otherwise(claim, editor):
    row = standing(claim)
    {"accepted": review.reject}.get(row.state, review.accept)(claim=row, by=editor)


def rate(claim, editor):
    row = standing(claim)
    if row.state != "accepted":
        review.accept(claim=row, by=editor)
    ratings_and_corrections.rate(claim=row, by=editor, rating="false", summary="It is not.")


def join_on(claim, editor):
    row = standing(claim)
    review.merge(
        claim=row, into=ClaimFactory(wording=JOINED_TO[0]), by=editor, reason="It is the same claim."
    )


def withdraw(claim, editor):
    for story in Article.objects.filter(appearances__claim=standing(claim)):
        publishing.withdraw(article=story, by=editor, reason="Legal.")


def edit_the_story(claim, editor):
    for story in Article.objects.all():
        edit(story, editor)


def cut_the_words(claim, editor):
    for story in Article.objects.all():
        row = Article.objects.get(pk=story.pk)
        opened = mark_of(row)
        row.body = "<p>Intro.</p><p>End.</p>"
        reasons = {
            pk: saving.Reason("Cut.", stays=False) for pk in row.appearances.values_list("pk", flat=True)
        }
        saving.save(article=row, fields={"body"}, opened=opened, by=editor, reasons=reasons)


ACTS = {
    "the story is edited": edit_the_story,
    "the words are cut": cut_the_words,
    "the story is withdrawn": withdraw,
    "the story is deleted": lambda claim, editor: Article.objects.all().delete(),
    "all is written about it": write_all_about_it,
    "the speaker is merged": merge_the_speaker,
    "the speaker is another": somebody_else,
    "another claim is accepted": accept_another,
    "an editor decides otherwise": decide_otherwise,
    "a verdict is given": rate,
    "it is joined to another": join_on,
    "the claim is deleted": lambda claim, editor: standing(claim).delete(),
    "the speaker is deleted": lambda claim, editor: (
        standing(claim).speaker and standing(claim).speaker.delete()
    ),
    "the topic is merged": lambda claim, editor: merge_tags(editor),
}


def merge_tags(editor):
    if tag := Tag.objects.filter(name="Harbours").first():
        tagging.merge(tag=tag, into=Tag.objects.create(name="Ports"), by=editor)


def work_of_the_editor():
    """What only the acts write: none of it may change when the decision is taken back."""
    return {
        "evidence": set(Evidence.objects.values_list("pk", "title")),
        "tags": set(Tag.objects.filter(taggit_taggeditem_items__isnull=False).values_list("name", flat=True)),
        "written": sorted(Claim.objects.exclude(methodology="").values_list("methodology", "said_on")),
        "ratings": sorted(Claim.objects.exclude(rating="").values_list("pk", "rating")),
        "withdrawn": set(Article.objects.filter(status="withdrawn").values_list("pk", flat=True)),
        "merged": set(Politician.objects.exclude(merged_into=None).values_list("pk", "merged_into")),
        "hers": set(Claim.objects.filter(speaker__name="Odd Hollin").values_list("pk", flat=True)),
    }


def seen():
    return set(Appearance.objects.exclude(public_from=None).values_list("article", "exact"))


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", DECISIONS)
def test_whatever_comes_between_a_decision_and_its_undo_stays(checker, editor, name, act):
    claim = found(tags=["Walls at sea"])
    decided = DECISIONS[name](claim)
    review_queue.decide(claim=claim, by=checker, verb=name.split()[0], **decided)
    ACTS[act](claim, editor)
    accepted_by_editor = set(Claim.objects.filter(reviewed_by=editor).values_list("pk", "state"))
    confirmed = set(
        Politician.objects.filter(confirmed=True, claims__reviewed_by=editor, claims__state="accepted")
    )
    work, public = work_of_the_editor(), seen()
    with contextlib.suppress(NotReady):
        assert review_queue.undo(by=checker).state == "proposed"
    assert work_of_the_editor() == work
    assert seen() <= public
    assert accepted_by_editor <= set(Claim.objects.values_list("pk", "state"))
    assert all(Politician.objects.get(pk=person.pk).confirmed for person in confirmed)
    check_the_promise()
    for claim in Claim.objects.filter(state="proposed"):
        if claim.speaker or claim.speaker_label:
            review.accept(claim=claim, by=editor)
    check_the_promise()


# What exactly is right


@pytest.fixture
def accepted(checker):
    """A claim that the reviewer has just accepted in the queue."""
    claim = found(tags=["Harbours"])
    review_queue.decide(claim=claim, by=checker, verb="accepted")
    return claim


@pytest.mark.django_db
def test_a_story_edited_since_keeps_its_claim_on_its_own_words(accepted, checker, editor, client):
    place = accepted.appearances.get()
    edit(place.article, editor)
    review_queue.undo(by=checker)
    place.refresh_from_db()
    assert (place.state in Appearance.IN_PLACE, place.public_from) == (True, None)
    review.accept(claim=accepted, by=checker)
    check_the_promise()
    assert WORDS in client.get(place.article.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_an_editor_s_work_on_the_claim_stays(accepted, checker, editor):
    write_all_about_it(accepted, editor)
    row = review_queue.undo(by=checker)
    assert (row.state, row.methodology, str(row.said_on)) == ("proposed", "Two hours of work.", "2031-05-06")
    assert row.explanation == "<p>Why.</p>"
    assert {tag.name for tag in row.tags.all()} == {"Harbours", "Walls"}
    assert row.evidence.count() == 1


@pytest.mark.django_db
def test_a_deleted_story_or_claim_does_not_keep_a_reviewer_from_undoing(checker):
    first, second = found(), found(wording="The ferry will run on time")
    for claim in (first, second):
        review_queue.decide(claim=claim, by=checker, verb="accepted")
    second.appearances.get().article.delete()
    assert review_queue.undo(by=checker) == second
    third = found(wording="No more boats will be lost")
    review_queue.decide(claim=third, by=checker, verb="rejected")
    third.delete()
    with pytest.raises(NotReady):
        review_queue.undo(by=checker)
    assert review_queue.undo(by=checker) == first


@pytest.mark.django_db
def test_a_claim_stays_with_the_record_that_its_speaker_was_merged_into(accepted, checker, editor):
    survivor = PoliticianFactory()
    merging.merge(winner=survivor, loser=accepted.speaker, by=editor)
    row = review_queue.undo(by=checker)
    assert (row.state, row.speaker) == ("proposed", survivor)


@pytest.mark.django_db
def test_who_has_another_accepted_claim_stays_confirmed(accepted, checker, editor):
    review.accept(claim=ClaimFactory(proposed=True, speaker=accepted.speaker), by=editor)
    assert review_queue.undo(by=checker).speaker.confirmed


@pytest.mark.django_db
def test_who_was_confirmed_by_the_decision_alone_is_not_any_more(accepted, checker):
    assert Politician.objects.get(pk=accepted.speaker_id).confirmed
    assert not review_queue.undo(by=checker).speaker.confirmed


@pytest.mark.django_db
@pytest.mark.parametrize(("verb", "after"), [("accepted", "rejected"), ("rejected", "accepted")])
def test_an_editor_s_decision_is_not_overruled(checker, editor, verb, after):
    claim = found()
    review_queue.decide(claim=claim, by=checker, verb=verb)
    {"rejected": review.reject, "accepted": review.accept}[after](claim=claim, by=editor)
    with pytest.raises(NotReady, match="An editor has decided since"):
        review_queue.undo(by=checker)
    assert Claim.objects.get(pk=claim.pk).state == after
    with pytest.raises(NotReady, match="nothing to take back"):
        review_queue.undo(by=checker)


@pytest.mark.django_db
def test_joined_claims_part_with_the_words_that_each_has_by_now(checker, editor):
    claim = found()
    other = ClaimFactory(wording="The wall is safe for ever", speaker=claim.speaker)
    printed(other)
    review_queue.decide(claim=claim, by=checker, verb="merged", into=other)
    Claim.objects.filter(pk=other.pk).update(wording="The wall is safe")
    edit_the_story(claim, editor)
    assert review_queue.undo(by=checker) == claim
    other.refresh_from_db()
    assert other.wording == "The wall is safe"
    assert claim.appearances.get().state in Appearance.IN_PLACE
    check_the_promise()


@pytest.mark.django_db
def test_a_withdrawn_story_is_not_shown_by_an_undo(checker, editor, client):
    """The claim's other story is withdrawn while the two claims are one."""
    new = found()
    old = ClaimFactory(wording="The wall is safe for ever")
    story = ArticleFactory(headline="Secret headline", plain=f"Intro.\n\n“{old.wording}” she said.\n\nEnd.")
    appearance_of(old, story)
    review_queue.decide(claim=new, by=checker, verb="merged", into=old)
    publishing.withdraw(article=story, by=editor, reason="Legal.")
    review_queue.undo(by=checker)
    assert old.appearances.get().public_from is None
    assert "Secret headline" not in client.get(old.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_somebody_new_goes_with_the_decision_unless_somebody_needs_them(checker, editor):
    claim = found()
    review_queue.decide(claim=claim, by=checker, verb="reassigned", new_person="Tove  Garside")
    assert review_queue.undo(by=checker).speaker != Politician.objects.filter(name="Tove Garside").first()
    assert not Politician.objects.filter(name="Tove Garside").exists()
    review_queue.decide(claim=claim, by=checker, verb="reassigned", new_person="Tove Garside")
    ClaimFactory(speaker=Politician.objects.get(name="Tove Garside"))
    review_queue.undo(by=checker)
    assert Politician.objects.filter(name="Tove Garside").exists()


@pytest.mark.django_db
def test_words_put_right_come_back_where_the_sentence_stands_now(checker, editor):
    claim = found()
    review_queue.decide(claim=claim, by=checker, verb="reworded", words="The wall is safe for ever")
    edit_the_story(claim, editor)
    assert review_queue.undo(by=checker).wording == WORDS
    assert claim.appearances.get().exact == WORDS
    check_the_promise()


@pytest.mark.django_db
def test_what_an_earlier_release_kept_is_refused_and_not_in_the_way(checker):
    claim = found()
    ReviewDecision.objects.create(
        claim=claim,
        verb="accepted",
        by=checker,
        before={"rows": [], "tags": {}, "confirmed": {}, "made": [], "claim": claim.pk},
    )
    with pytest.raises(NotReady, match="earlier release"):
        review_queue.undo(by=checker)
    with pytest.raises(NotReady, match="nothing to take back"):
        review_queue.undo(by=checker)
    merge = PersonMerge.objects.create(
        winner=PoliticianFactory(), loser=PoliticianFactory(), moved={"claims": [], "joined": []}
    )
    Politician.objects.filter(pk=merge.loser_id).update(merged_into=merge.winner)
    with pytest.raises(NotReady, match="earlier release"):
        merging.unmerge(merge=merge, by=None)


# People merged and parted


@pytest.fixture
def merged(editor):
    """Two people with the same words on record, each in a story of their own, made one."""
    winner = PoliticianFactory(name="Ada Lowther", confirmed=False)
    loser = PoliticianFactory(name="A. Lowther")
    for person in (winner, loser):
        printed(ClaimFactory(speaker=person, wording=WORDS, reviewed_by=UserFactory(username=f"by {person}")))
    return merging.merge(winner=winner, loser=loser, by=editor)


def double(merge):
    return Claim.objects.get(speaker=merge.loser)


@pytest.mark.django_db
def test_a_story_edited_since_the_merge_keeps_its_places(merged, editor):
    for story in Article.objects.all():
        edit(story, editor)
    merging.unmerge(merge=merged, by=editor)
    assert double(merged).appearances.get().state in Appearance.IN_PLACE
    assert Appearance.objects.exclude(public_from=None).count() == 2
    check_the_promise()


@pytest.mark.django_db
def test_what_an_editor_decided_about_the_joined_words_is_not_overruled(merged, editor):
    review.reject(claim=merged.winner.claims.get(), by=editor)
    merging.unmerge(merge=merged, by=editor)
    assert (merged.winner.claims.get().state, double(merged).state) == ("rejected", "proposed")
    assert not Appearance.objects.exclude(public_from=None).exists()
    assert any("decided since" in sentence for sentence in merged.moved["stayed"])


@pytest.mark.django_db
def test_joined_words_given_to_somebody_else_come_back_to_review(merged, editor):
    somebody = PoliticianFactory()
    joined = merged.winner.claims.get()
    review.reassign(claim=joined, by=editor, speaker=somebody)
    merging.unmerge(merge=merged, by=editor)
    joined.refresh_from_db()
    assert (joined.speaker, double(merged).state) == (somebody, "proposed")
    check_the_promise()


@pytest.mark.django_db
def test_who_was_vouched_for_since_the_merge_stays_confirmed(merged, editor):
    review.accept(claim=ClaimFactory(proposed=True, speaker=merged.winner), by=editor)
    merging.unmerge(merge=merged, by=editor)
    assert Politician.objects.get(pk=merged.winner_id).confirmed


@pytest.mark.django_db
def test_a_story_deleted_since_the_merge_is_left_out(merged, editor):
    Article.objects.order_by("pk").last().delete()
    assert merging.unmerge(merge=merged, by=editor) == merged.loser
    assert not double(merged).appearances.exists()


@pytest.mark.django_db
def test_an_account_deleted_since_the_merge_reviewed_nothing(merged, editor):
    User.objects.get(username="by A. Lowther").delete()
    merging.unmerge(merge=merged, by=editor)
    assert (double(merged).state, double(merged).reviewed_by) == ("accepted", None)


@pytest.mark.django_db
def test_what_was_added_to_the_joined_words_stays_with_them(merged, editor):
    joined = merged.winner.claims.get()
    write_all_about_it(joined, editor)
    edit_the_story(joined, editor)
    Claim.objects.filter(pk=joined.pk).update(wording="The wall is safe")
    merging.unmerge(merge=merged, by=editor)
    joined.refresh_from_db()
    assert (joined.wording, joined.methodology, joined.evidence.count()) == (
        "The wall is safe",
        "Two hours of work.",
        1,
    )
    assert double(merged).wording == WORDS
    check_the_promise()


@pytest.mark.django_db
def test_columns_changed_since_the_merge_stay(editor):
    winner = PoliticianFactory(role="", summary="")
    loser = PoliticianFactory(role="harbour minister", summary="A minister.")
    done = merging.merge(winner=winner, loser=loser, by=editor)
    Politician.objects.filter(pk=winner.pk).update(summary="Another summary.")
    OtherName.objects.filter(politician=winner, name=loser.name).update(note="as printed in 2030")
    merging.unmerge(merge=done, by=editor)
    winner.refresh_from_db()
    assert (winner.role, winner.summary) == ("", "Another summary.")
    assert OtherName.objects.filter(politician=winner, name=loser.name).exists()


def people_and_claims():
    return {
        "claims": sorted(Claim.objects.values_list("pk", "speaker", "wording", "state")),
        "appearances": sorted(Appearance.objects.values_list("pk", "claim", "start", "exact")),
        "people": sorted(Politician.objects.values_list("pk", "merged_into", "role", "confirmed"), key=str),
        "names": sorted(OtherName.objects.values_list("politician", "name")),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("chain", [False, True])
@pytest.mark.parametrize("first", [0, 1])
def test_two_merges_are_taken_back_in_either_order(editor, first, chain):
    people = [PoliticianFactory(role=role) for role in ("", "minister", "mayor")]
    for person, words in zip(
        people, ("The wall is safe", "The ferry will run", "No boats are lost"), strict=True
    ):
        printed(ClaimFactory(speaker=person, wording=words))
    before = people_and_claims()
    one = merging.merge(winner=people[0 if not chain else 1], loser=people[2], by=editor)
    two = merging.merge(winner=people[0], loser=people[1], by=editor)
    assert people[0].claims.count() == 3
    for merge in ((one, two), (two, one))[first]:
        merging.unmerge(merge=merge, by=editor)
    after = people_and_claims()
    assert after["claims"] == before["claims"]
    assert after["appearances"] == before["appearances"]
    assert {pk: merged for pk, merged, *_ in after["people"]} == dict.fromkeys([p.pk for p in people])


@pytest.mark.django_db
@pytest.mark.parametrize("first", [0, 1])
def test_the_same_words_of_three_people_unmerge_in_either_order(editor, first):
    people = [PoliticianFactory() for _ in range(3)]
    for person in people:
        printed(ClaimFactory(speaker=person, wording=WORDS))
    one = merging.merge(winner=people[1], loser=people[2], by=editor)
    two = merging.merge(winner=people[0], loser=people[1], by=editor)
    for merge in ((one, two), (two, one))[first]:
        merging.unmerge(merge=merge, by=editor)
    assert [person.claims.count() for person in people] == [1, 1, 1]
    assert [Appearance.objects.filter(claim__speaker=person).count() for person in people] == [1, 1, 1]
    check_the_promise()


# Topics


@pytest.mark.django_db
def test_two_topics_are_parted_again(editor):
    both, one, other = (
        ClaimFactory(tags=names) for names in (["Harbour", "Harbours"], ["Harbour"], ["Harbours"])
    )
    story = ArticleFactory(tags=["Harbour"])
    tag, into = Tag.objects.get(name="Harbour"), Tag.objects.get(name="Harbours")
    address = tag.slug
    tagging.merge(tag=tag, into=into, by=editor)
    act = Act.objects.get()
    assert act.what == "“Harbour” into “Harbours”"
    one.tags.add("Walls")
    assert tagging.unmerge(merge=act, by=editor).slug == address
    assert {t.name for t in both.tags.all()} == {"Harbour", "Harbours"}
    assert {t.name for t in Claim.objects.get(pk=one.pk).tags.all()} == {"Harbour", "Walls"}
    assert {t.name for t in Claim.objects.get(pk=other.pk).tags.all()} == {"Harbours"}
    assert {t.name for t in Article.objects.get(pk=story.pk).tags.all()} == {"Harbour"}
    with pytest.raises(NotReady, match="already been undone"):
        tagging.unmerge(merge=act, by=editor)


@pytest.mark.django_db
@pytest.mark.parametrize("first", [0, 1])
def test_merges_of_topics_are_taken_back_in_either_order(editor, first):
    claims = [ClaimFactory(tags=[name]) for name in ("Harbour", "Harbours", "Ports")]
    tags = [Tag.objects.get(name=name) for name in ("Harbour", "Harbours", "Ports")]
    tagging.merge(tag=tags[0], into=tags[1], by=editor)
    tagging.merge(tag=Tag.objects.get(name="Harbours"), into=tags[2], by=editor)
    acts = list(Act.objects.order_by("pk"))
    for act in (acts, acts[::-1])[first]:
        tagging.unmerge(merge=act, by=editor)
    names = [{tag.name for tag in Claim.objects.get(pk=claim.pk).tags.all()} for claim in claims]
    assert names == [{"Harbour"}, {"Harbours"}, {"Ports"}]


@pytest.mark.django_db
def test_a_tag_taken_off_since_the_topics_were_merged_stays_off(editor):
    claim, gone = ClaimFactory(tags=["Harbour"]), ClaimFactory(tags=["Harbour", "Harbours"])
    ClaimFactory(tags=["Harbours"])
    tag, into = Tag.objects.get(name="Harbour"), Tag.objects.get(name="Harbours")
    tagging.merge(tag=tag, into=into, by=editor)
    tagging.take_off(row=claim, names=["Harbours"], by=editor)
    gone.delete()
    tagging.unmerge(merge=Act.objects.get(), by=editor)
    assert not Claim.objects.get(pk=claim.pk).tags.exists()
    assert not Tag.objects.get(name="Harbour").taggit_taggeditem_items.exists()


# Stories put back


@pytest.fixture
def restored(editor):
    """A story put back as it was, which had other words and one claim more then."""
    claim = ClaimFactory(wording=WORDS)
    story = printed(claim).article
    Article.objects.update(status=Article.Status.DRAFT)
    saving.keep_first_state(article=story)
    revision = revisions.of_story(article=story)[0].revision
    row = Article.objects.get(pk=story.pk)
    opened = mark_of(row)
    row.headline, row.body = "Another headline", "<p>Intro.</p><p>Nothing more.</p>"
    cut = {claim.appearances.get().pk: saving.Reason("Cut.", stays=False)}
    saving.save(article=row, fields={"headline", "body"}, opened=opened, by=editor, reasons=cut)
    revisions.restore(article=story, revision=revision, by=editor)
    return Article.objects.get(pk=story.pk)


@pytest.mark.django_db
def test_putting_back_is_taken_back(restored, editor):
    assert WORDS in restored.text
    act = revisions.restored_last(article=restored)
    Article.objects.filter(pk=restored.pk).update(embargo_note="Not before noon.")
    story = revisions.take_back(act=act, by=editor)
    assert (story.headline, story.text) == ("Another headline", "Intro.\n\nNothing more.")
    assert story.embargo_note == "Not before noon."
    assert story.version == restored.version + 1
    assert revisions.restored_last(article=restored) is None
    check_the_promise()


@pytest.mark.django_db
def test_records_name_columns_as_the_database_does(editor):
    """So records made before a field was renamed are still read: `Appearance.outlet` is the column `told`."""
    story = printed(ClaimFactory(wording=WORDS)).article
    Article.objects.update(status=Article.Status.DRAFT)
    story.refresh_from_db()
    saving.keep_first_state(article=story)
    Appearance.objects.update(outlet="the Echo")
    revision = revisions.of_story(article=story)[0].revision
    revisions.restore(article=story, revision=revision, by=editor)
    act = revisions.restored_last(article=story)
    (changed,) = act.changes["changed"]["stories.appearance"].values()
    assert changed["told"] == ["the Echo", "the Eastmere Post"]
    revisions.take_back(act=act, by=editor)
    assert story.appearances.get().outlet == "the Echo"


@pytest.mark.django_db
def test_a_story_saved_since_it_was_put_back_is_not_written_over(restored, editor):
    edit(restored, editor)
    with pytest.raises(NotReady, match="changed since"):
        revisions.take_back(act=revisions.restored_last(article=restored), by=editor)
    assert "A new first paragraph" in Article.objects.get(pk=restored.pk).text


# What the database keeps is written by nobody else


@pytest.mark.django_db
def test_no_way_of_writing_makes_hidden_words_public():
    place = printed(ClaimFactory(wording=WORDS))
    place.refresh_from_db()
    kept = serializers.serialize("json", [place, Claim.objects.get(pk=place.claim_id)])
    assert place.public_from is not None
    Article.objects.update(status="withdrawn")
    past = timezone.now()

    def hidden():
        assert set(Appearance.objects.values_list("public_from", flat=True)) == {None}
        assert set(Claim.objects.values_list("public_from", flat=True)) == {None}

    for row in serializers.deserialize("json", kept):
        row.save()
    hidden()
    Appearance.objects.update(public_from=past)
    Claim.objects.update(public_from=past)
    hidden()
    for model in (Appearance, Claim):
        row = model.objects.get()
        row.public_from = past
        model.objects.bulk_update([row], ["public_from"])
        hidden()
        row.save()
        hidden()
    Appearance.objects.all().delete()
    Claim.objects.all().delete()
    for row in reversed(list(serializers.deserialize("json", kept))):
        row.save()
    hidden()
    assert Claim.objects.count() == Appearance.objects.count() == 1
    Claim.objects.bulk_create([Claim(wording="Words", public_from=past, speaker_label="a clerk")])
    hidden()
