"""A quotation does not change unseen, however the save was made."""

import pytest

from stories.actions import permissions, reanchoring
from stories.actions.stories import saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.stories.quotation_guard import RETYPED, Reason, held_by
from stories.models import Appearance, Article, Claim, QuotationChange
from stories.tests.factories import ArticleFactory, ClaimFactory, appearance_of
from stories.text import diff, richtext

pytestmark = pytest.mark.django_db

SAID = "the harbour wall is safe and will stand"
STORY = f"The council met on Monday.\n\nTove Hollin said: “{SAID}”.\n\nThe meeting ended at noon."


@pytest.fixture
def story():
    return ArticleFactory(plain=STORY)


@pytest.fixture
def appearance(story):
    return appearance_of(ClaimFactory(wording=SAID), story)


def save(story: Article, text: str, by=None, **reasons: Reason) -> saving.Saved:
    opened = mark_of(Article.objects.get(pk=story.pk))
    story.body = richtext.from_text(text)
    given = {int(pk.strip("_")): reason for pk, reason in reasons.items()}
    return saving.save(article=story, fields=["body"], opened=opened, by=by, reasons=given)


@pytest.mark.parametrize(
    "said",
    [
        "the harbour wall is unsafe and will stand",
        "the harbour wall is safe and will not stand",
        "the wall is safe and will stand",
        "the harbour wall is safe",
        "this harbour wall is safe and will stand",
        "never: the harbour wall is safe and will stand",
        "the harbour wall is safe and will stand, I hope",
        "no comment",
    ],
)
def test_changed_words_are_held_until_a_reason_is_given_and_the_reason_is_kept(story, appearance, said):
    new = STORY.replace(SAID, said)
    with pytest.raises(saving.QuotationsHeld) as refused:
        save(story, new)
    (held,) = refused.value.held
    assert (held.appearance, held.old, held.new) == (appearance, SAID, said)
    assert Article.objects.get().text == STORY
    saved = save(story, new, **{f"_{appearance.pk}": Reason("The recording says so.")})
    assert Article.objects.get().text == new
    (kept,) = saved.quotations
    assert (kept.old, kept.new, kept.reason) == (SAID, said, "The recording says so.")
    appearance.refresh_from_db()
    assert (appearance.exact, appearance.state) == (said, "kept")
    assert new[appearance.start : appearance.end] == said
    assert appearance.claim.wording == SAID


def test_a_claim_that_is_not_to_stay_on_the_new_words_is_lost_and_waits_for_a_person(story, appearance):
    reason = Reason("It was somebody else who said this.", stays=False)
    save(story, STORY.replace("is safe", "leaks"), **{f"_{appearance.pk}": reason})
    appearance.refresh_from_db()
    assert (appearance.state, appearance.exact) == ("lost", SAID)
    assert QuotationChange.objects.get().claim == appearance.claim


@pytest.mark.parametrize(
    "sentence",
    [
        "Quin Farrow said: “the harbour wall leaks and will fall”.",
        "Tove Hollin never said: “the harbour wall leaks and will fall”.",
    ],
)
def test_a_claim_that_stays_on_new_words_in_another_s_mouth_waits_for_a_person(story, appearance, sentence):
    speaker = appearance.claim.speaker
    speaker.name = "Tove Hollin"
    speaker.save()
    Appearance.objects.update(attribution="Tove Hollin")
    new = STORY.replace(f"Tove Hollin said: “{SAID}”.", sentence)
    saved = save(story, new, **{f"_{appearance.pk}": Reason("Misheard.", stays=True)})
    assert saved.anchors.turned == saved.anchors.ambiguous == [appearance]
    appearance.refresh_from_db()
    assert (appearance.exact, appearance.state) == (SAID, Appearance.State.AMBIGUOUS)
    assert QuotationChange.objects.get().reason == "Misheard."
    save(story, new + "\n\nThe gulls were loud.")
    appearance.refresh_from_db()
    assert appearance.state in (Appearance.State.AMBIGUOUS, Appearance.State.LOST)


@pytest.mark.parametrize(
    "new",
    [
        STORY.replace("Monday", "Tuesday"),
        STORY.replace("“", '"').replace("”", '"'),
        STORY.replace(SAID, SAID.capitalize()),
        f"Tove Hollin said: “{SAID}”.\n\nThe meeting ended at noon.\n\nThe council met on Monday.",
        "The council met on Monday.\n\nThe meeting ended at noon.",
        STORY.replace("Tove Hollin said:", "On Tuesday, she added:"),
        STORY.replace("”.", "”, she said."),
    ],
)
def test_what_does_not_change_the_quotation_is_not_held(story, appearance, new):
    assert save(story, new).quotations == ()


@pytest.mark.parametrize("why", ["", "  ", "\n"])
def test_an_empty_reason_is_none(story, appearance, why):
    with pytest.raises(saving.QuotationsHeld):
        save(story, STORY.replace("safe", "unsafe"), **{f"_{appearance.pk}": Reason(why)})


def test_a_reason_for_another_quotation_does_not_let_this_one_through(story, appearance):
    other = appearance_of(ClaimFactory(wording="The council met"), story)
    with pytest.raises(saving.QuotationsHeld):
        save(story, STORY.replace("safe", "unsafe"), **{f"_{other.pk}": Reason("A slip of the pen.")})


def test_only_accepted_quotations_are_guarded(story, appearance):
    Claim.objects.update(state=Claim.State.PROPOSED)
    assert held_by(article=story, text=STORY.replace("safe", "unsafe")) == []
    Claim.objects.update(state=Claim.State.ACCEPTED)
    Appearance.objects.update(kind=Claim.Kind.INDIRECT)
    assert held_by(article=story, text=STORY.replace("safe", "unsafe")) == []


def test_every_quotation_changed_at_once_needs_its_own_reason(story, appearance):
    text = STORY + "\n\nQuin Farrow said: “we have the money for it now”."
    Article.objects.filter(pk=story.pk).update(body=richtext.from_text(text))
    story.refresh_from_db()
    other = appearance_of(ClaimFactory(wording="we have the money for it now"), story)
    new = text.replace("safe", "unsafe").replace("the money", "no money")
    with pytest.raises(saving.QuotationsHeld) as refused:
        save(story, new, **{f"_{appearance.pk}": Reason("Misheard.")})
    assert [held.appearance for held in refused.value.held] == [other]
    both = {f"_{one.pk}": Reason("Misheard.") for one in (appearance, other)}
    assert len(save(story, new, **both).quotations) == 2


def test_the_part_of_an_interrupted_quotation_that_changed_is_shown_with_the_others():
    story = ArticleFactory(plain="“We will build it,” she said on Monday, “and it will stand.”")
    text = story.text
    parts = [(text.index(w), text.index(w) + len(w)) for w in ("We will build it,", "and it will stand.")]
    held = Appearance.objects.create(claim=ClaimFactory(), article=story, exact="-", start=0, end=1)
    reanchoring.put(appearance=held, spans=parts)
    new = text.replace("will stand", "will fall")
    with pytest.raises(saving.QuotationsHeld) as refused:
        save(story, new)
    assert refused.value.held[0].new == "We will build it, … and it will fall."
    save(story, new, **{f"_{held.pk}": Reason("Misheard.")})
    held.refresh_from_db()
    assert [new[s.start : s.end] for s in held.selectors] == ["We will build it,", "and it will fall."]


def test_the_change_is_told_word_by_word(story, appearance):
    (held,) = held_by(article=story, text=STORY.replace("safe", "not safe"))
    assert [(c.kind, c.text) for c in held.changes if c.kind != "same"] == [("added", "not ")]


def test_the_operator_and_the_editor_are_held_alike(story, appearance, person):
    for by in (None, person(permissions.EDITOR)):
        with pytest.raises(saving.QuotationsHeld):
            save(story, STORY.replace("safe", "unsafe"), by=by)


def test_twenty_quotations_ask_no_more_than_one(django_assert_num_queries):
    for number in (1, 20):
        lines = [f"She said “clause number {n} of it is sound” then." for n in range(number)]
        story = ArticleFactory(plain="\n\n".join(lines))
        for n in range(number):
            appearance_of(ClaimFactory(wording=f"clause number {n} of it is sound"), story)
        with django_assert_num_queries(1):
            assert len(held_by(article=story, text=story.text.replace("sound", "unsound"))) == number


def test_the_old_sentence_put_into_another_s_mouth_does_not_hide_an_altered_word(story, appearance):
    other = f"\n\nBob Marsh said: “{SAID}”."
    with pytest.raises(saving.QuotationsHeld) as refused:
        save(story, STORY.replace("is safe", "is not safe") + other)
    assert [held.appearance for held in refused.value.held] == [appearance]


@pytest.mark.parametrize(
    "said",
    [SAID.capitalize(), SAID.replace("the", "[the]"), SAID.replace("safe and", "safe, and"), SAID + ","],
)
def test_capitals_commas_and_brackets_stay_with_the_claim_and_are_kept(story, appearance, said):
    saved = save(story, STORY.replace(SAID, said))
    appearance.refresh_from_db()
    text = Article.objects.get().text
    assert saved.anchors
    assert appearance.state in Appearance.IN_PLACE
    assert text[appearance.start : appearance.end] == appearance.exact
    assert appearance.public_from is not None
    if said != SAID + ",":  # beside the words, not in them
        assert appearance.exact == said
        change = QuotationChange.objects.get()
        assert (change.old, change.new, change.reason) == (SAID, said, RETYPED)


@pytest.mark.parametrize(
    ("said", "now"), [("we're late", "were late"), ("it cost 1.5 million", "it cost 15 million")]
)
def test_marks_that_make_other_words_are_asked_about(said, now):
    story = ArticleFactory(plain=STORY.replace(SAID, said))
    appearance_of(ClaimFactory(wording=said), story)
    with pytest.raises(saving.QuotationsHeld):
        save(story, STORY.replace(SAID, now))


def test_a_save_compares_its_two_texts_once_however_many_claims_it_has():
    words = [f"word{n}" for n in range(1000)]
    paragraphs = [" ".join(words[n : n + 25]) for n in range(0, 1000, 25)]
    story = ArticleFactory(plain="\n\n".join(paragraphs))
    for paragraph in paragraphs:
        appearance_of(ClaimFactory(wording=" ".join(paragraph.split()[5:15])), story)
    new = " ".join(f"other{n}" if n % 2 else word for n, word in enumerate(story.text.split(" ")))
    diff._compared.cache_clear()
    with pytest.raises(saving.QuotationsHeld) as refused:
        save(story, new)
    reasons = {f"_{held.appearance.pk}": Reason("Rewritten.") for held in refused.value.held}
    assert len(reasons) == len(paragraphs)
    story.refresh_from_db()
    save(story, new, **reasons)
    assert diff._compared.cache_info().misses == 1


def test_what_is_too_much_to_compare_counts_as_replaced_and_is_asked_about(monkeypatch, story, appearance):
    monkeypatch.setattr(diff, "_MOST_COMPARED", 10)
    diff._compared.cache_clear()
    with pytest.raises(saving.QuotationsHeld) as refused:
        save(story, STORY.replace("is safe", "is not safe").replace("Tove Hollin", "Tove"))
    (held,) = refused.value.held
    assert (held.new, held.places) == ("", ())
    story.refresh_from_db()
    save(story, STORY.replace("is safe", "is not safe"), **{f"_{appearance.pk}": Reason("Rewritten.")})
    appearance.refresh_from_db()
    assert appearance.state == "lost"
    diff._compared.cache_clear()
