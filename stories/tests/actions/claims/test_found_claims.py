"""Copy written at the desk is read as imported copy is, and what is found in it is only offered."""

import pytest
from django.contrib.auth.models import Permission, User

from stories.actions import permissions
from stories.actions.claims import creation, found_claims, review
from stories.actions.errors import NotAllowed, NotReady, Stale
from stories.actions.stories import saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.models import Act, Appearance, Article, Claim, Dismissal, Politician, ReviewDecision
from stories.tests import factories as make
from stories.text import richtext

pytestmark = pytest.mark.django_db
TEXT = (
    "“Buses will be free from May,” said Edda Corran, the Labour MP for Eastmere.\n\n"
    "She denied that the plan would cost four million pounds.\n\n"
    "A party source said the council would never pay for the scheme."
)


def somebody(*groups):
    user = make.UserFactory()
    user.groups.set(make.roles().filter(name__in=groups))
    return user


@pytest.fixture
def reporter(db):
    return somebody(permissions.REPORTER)


@pytest.fixture
def editor(db):
    return somebody(permissions.EDITOR)


@pytest.fixture
def story(reporter):
    return make.ArticleFactory(draft=True, plain=TEXT, created_by=reporter)


def offers(story, by):
    return [(one.words, found_claims.token_of(article=story, reading=one)) for one in offered(story, by)]


def offered(story, by):
    return found_claims.offered(article=Article.objects.get(pk=story.pk), by=by)


def words_offered(story, by):
    return [one.words for one in offered(story, by)]


def rewrite(story, text, by):
    row = Article.objects.get(pk=story.pk)
    opened = mark_of(row)
    row.body = richtext.from_text(text)
    saving.save(article=row, fields={"body"}, opened=opened, by=by)


BUSES, COST, PAY = (
    "Buses will be free from May",
    "the plan would cost four million pounds",
    "the council would never pay for the scheme",
)


def test_what_is_found_is_offered_and_no_row(story, reporter):
    assert words_offered(story, reporter) == [BUSES, COST, PAY]
    assert [one.stance for one in offered(story, reporter)] == ["said", "denied", "said"]
    assert not Claim.objects.exists()
    assert not Politician.objects.exists()


def test_a_reporter_s_claim_waits_and_an_editor_s_is_accepted(story, reporter, editor):
    make.PoliticianFactory(name="Edda Corran")
    (_, first), (_, second), (_, third) = offers(story, reporter)
    waits, _ = found_claims.accept(article=story, token=first, by=reporter)
    assert (waits.claim.state, waits.claim.speaker.name) == ("proposed", "Edda Corran")
    assert (waits.found_by, waits.words, waits.attribution) == ("machine", BUSES, "Edda Corran")
    assert waits.confidence
    assert waits.rule
    assert not ReviewDecision.objects.exists()
    denied, _ = found_claims.accept(article=story, token=second, by=editor)
    assert (denied.claim.state, denied.claim.stance, denied.claim.verb) == (
        "accepted",
        "denied",
        "denied that",
    )
    assert ReviewDecision.objects.get().rule == denied.rule
    label, _ = found_claims.accept(article=story, token=third, by=editor, speaker_label="a councillor")
    assert (label.claim.speaker, label.claim.speaker_label) == (None, "a councillor")
    assert ReviewDecision.objects.filter(verb="reassigned").count() == 1
    assert words_offered(story, editor) == []
    with pytest.raises(NotReady, match="a claim in this story by now"):
        found_claims.accept(article=story, token=first, by=editor)


def test_who_has_no_record_gets_one_from_who_may_give_it(story, reporter, editor):
    (_, first), (_, second), _ = offers(story, editor)
    reporter.groups.clear()
    reporter.user_permissions.set(
        Permission.objects.filter(codename__in=("add_appearance", "change_article"))
    )
    reporter = User.objects.get(pk=reporter.pk)
    place, _ = found_claims.accept(article=story, token=first, by=reporter)
    assert place.claim.speaker_label == "Edda Corran"
    made, act = found_claims.accept(article=story, token=second, by=editor)
    assert (made.claim.speaker.name, made.claim.speaker.role) == ("Edda Corran", "Labour MP for Eastmere")
    found_claims.take_back(act=act, by=editor)
    assert not Politician.objects.exists()
    assert not ReviewDecision.objects.exists()
    assert Claim.objects.get().wording == BUSES
    assert words_offered(story, editor) == [COST, PAY]


def test_what_is_dismissed_or_taken_out_is_never_offered_again(story, reporter):
    (_, first), (_, second), _ = offers(story, reporter)
    row = found_claims.dismiss(article=story, token=first, by=reporter)
    place, _ = found_claims.accept(article=story, token=second, by=reporter)
    creation.take_out(appearance=place, by=reporter)
    assert words_offered(story, reporter) == [PAY]
    rewrite(story, f"It rained in Eastmere.\n\n{TEXT}", reporter)
    assert words_offered(story, reporter) == [PAY]
    found_claims.offer_again(dismissal=row, by=reporter)
    assert words_offered(story, reporter) == [BUSES, PAY]
    other = make.ArticleFactory(draft=True, plain=TEXT, created_by=reporter)
    assert words_offered(other, reporter) == [BUSES, COST, PAY]


def test_what_a_person_has_decided_is_not_offered_beside_it(story, reporter, editor):
    text = story.text
    place = creation.make(
        article=story, spans=[creation.place_of(text, "free from May")], by=reporter, speaker_label="a driver"
    )
    rejected = creation.make(
        article=story, spans=[creation.place_of(text, PAY)], by=reporter, speaker_label="a source"
    )
    review.reject(claim=rejected.claim, by=editor)
    assert words_offered(story, reporter) == [COST]
    Appearance.objects.filter(pk=place.pk).update(state="ambiguous", exact=BUSES)
    assert words_offered(story, reporter) == [COST]


def test_an_offer_of_other_words_or_another_story_is_refused(story, reporter):
    ((_, token), *_) = offers(story, reporter)
    other = make.ArticleFactory(draft=True, plain=TEXT, created_by=reporter)
    for do in (found_claims.accept, found_claims.dismiss):
        with pytest.raises(Stale):
            do(article=other, token=token, by=reporter)
        with pytest.raises(Stale):
            do(article=story, token=f"{token}x", by=reporter)
    rewrite(story, f"It rained.\n\n{TEXT}", reporter)
    with pytest.raises(Stale):
        found_claims.accept(article=story, token=token, by=reporter)
    assert not Claim.objects.exists()
    assert not Dismissal.objects.exists()


def test_only_who_may_make_claims_there_is_offered_any_and_decides(story, reporter, editor):
    stranger = somebody(permissions.REPORTER)
    ((_, first), (_, second), *_) = offers(story, reporter)
    dismissal = found_claims.dismiss(article=story, token=second, by=reporter)
    _, act = found_claims.accept(article=story, token=first, by=reporter)
    for do in (
        lambda: found_claims.offered(article=story, by=stranger),
        lambda: found_claims.accept(article=story, token=second, by=stranger),
        lambda: found_claims.dismiss(article=story, token=second, by=stranger),
        lambda: found_claims.offer_again(dismissal=dismissal, by=stranger),
        lambda: found_claims.take_back(act=act, by=stranger),
    ):
        with pytest.raises(NotAllowed):
            do()
    review.accept(claim=Claim.objects.get(), by=editor)
    with pytest.raises(NotAllowed):
        found_claims.take_back(act=act, by=reporter)
    with pytest.raises(NotReady, match="decided since"):
        found_claims.take_back(act=act, by=editor)
    assert Act.objects.get().undone_at is None


def test_the_same_words_on_record_are_the_same_claim(story, editor):
    speaker = make.PoliticianFactory(name="Edda Corran")
    known = make.ClaimFactory(speaker=speaker, wording=BUSES)
    ((_, token), *_) = offers(story, editor)
    place, act = found_claims.accept(article=story, token=token, by=editor)
    assert place.claim == known
    found_claims.take_back(act=act, by=editor)
    assert Claim.objects.get().appearances.count() == 0
