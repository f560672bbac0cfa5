"""The review queue and the front page, as forms: what works without a script."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stories.actions import permissions, reanchoring
from stories.actions.claims import review_queue
from stories.models import Appearance, Claim, Politician, QuotationChange
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.html import flat
from stories.text import richtext

pytestmark = pytest.mark.django_db

REVIEW = "/admin/review/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def checker(signed_in):
    return signed_in(permissions.FACT_CHECKER)


def proposed(**values):
    claim = ClaimFactory(proposed=True)
    other = PoliticianFactory()
    appearance_of(
        claim,
        rule="name before cue",
        confidence=0.8,
        reasons=["the name stands beside the cue"],
        candidates=[
            {"name": other.name, "politician": other.pk, "score": 0.2, "reasons": ["named before"]},
            {"name": "Somebody Unknown", "politician": None, "score": 0.1, "reasons": []},
        ],
        **values,
    )
    return claim


def decide(client, claim, verb, headers=None, **values):
    return client.post(f"{REVIEW}decide/", {"claim": claim.pk, "verb": verb} | values, headers=headers)


@pytest.mark.parametrize(
    "address",
    [
        "desk:review",
        "desk:review_item",
        "desk:review_decide",
        "desk:review_apart",
        "desk:review_undo",
        "desk:review_words",
        "desk:review_place",
    ],
)
def test_nobody_without_the_right_gets_in(signed_in, client, address):
    url = reverse(address)
    stranger = signed_in(permissions.IMPORT_STAFF)
    assert stranger.post(url).status_code in (403, 405)
    assert stranger.get(url).status_code in (403, 405)
    assert client.get(url).status_code == 302


def test_a_claim_is_shown_with_everything_that_speaks_for_and_against_it(checker):
    claim = proposed()
    shown = flat(checker.get(REVIEW).content.decode())
    for words in (
        f"<mark>{claim.wording}</mark>",
        claim.speaker.name,
        "0.80",
        "name before cue",
        "the name stands beside the cue",
        "named before",
        "Somebody Unknown (new)",
        "The meeting was long.",
    ):
        assert words in shown


def test_a_decision_leads_to_the_next_claim_and_can_be_taken_back(checker):
    one, two = proposed(), proposed()
    answer = decide(checker, one, "accepted")
    assert checker.get(answer.url).context["claim"] == two
    assert "Take back" in checker.get(answer.url).content.decode()
    back = checker.post(f"{REVIEW}undo/")
    assert checker.get(back.url).context["claim"] == one
    assert Claim.objects.proposed().count() == 2


def test_a_candidate_without_a_record_gets_one(checker):
    claim = proposed()
    decide(checker, claim, "reassigned", new_person="Somebody Unknown")
    claim.refresh_from_db()
    assert claim.speaker == Politician.objects.get(name="Somebody Unknown", confirmed=True)


def test_a_candidate_who_is_no_name_is_offered_as_printed_and_a_pronoun_not_at_all(checker):
    claim = ClaimFactory(proposed=True)
    names = ("the harbour clerk", "it", "The Clerk", "Ursula von der Lee")
    appearance_of(claim, candidates=[{"name": name, "politician": None, "score": 0.1} for name in names])
    shown = checker.get(REVIEW)
    assert {c["name"]: c["named"] for c in shown.context["candidates"]} == {
        "the harbour clerk": False,
        "The Clerk": False,
        "Ursula von der Lee": True,
    }
    assert "the harbour clerk (as printed)" in flat(shown.content.decode())
    decide(checker, claim, "reassigned", speaker_label="the harbour clerk")
    claim.refresh_from_db()
    assert (claim.speaker, claim.speaker_label) == (None, "the harbour clerk")


@pytest.mark.parametrize("also", ["speaker", "speaker_label"])
def test_who_names_two_people_is_asked_which(checker, also):
    claim = proposed()
    given = {"speaker": PoliticianFactory().pk, "speaker_label": "a clerk"}[also]
    answer = decide(checker, claim, "reassigned", JSON, new_person="Tove Hollin", **{also: given})
    assert "Fill in one of the three" in answer.json()["problems"][0]
    assert not Politician.objects.filter(name="Tove Hollin").exists()


def test_a_new_person_who_is_on_record_is_not_doubled(checker):
    known = PoliticianFactory(name="Tove Hollin")
    claim = proposed()
    decide(checker, claim, "reassigned", new_person="tove hollin")
    claim.refresh_from_db()
    assert claim.speaker == known


def test_the_script_is_answered_in_its_own_tongue(checker):
    claim = proposed()
    done = decide(checker, claim, "rejected", headers=JSON).json()
    assert done["problems"] == []
    assert claim.short_wording in done["undo"]
    again = decide(checker, claim, "accepted", headers=JSON)
    assert again.status_code == 409
    assert again.json()["problems"] == ["This claim has been decided already: rejected."]


@pytest.mark.parametrize(
    "data", [{}, {"claim": "x", "verb": "accepted"}, {"claim": "999999", "verb": "accepted"}]
)
def test_nonsense_is_answered_and_changes_nothing(checker, data):
    proposed()
    assert checker.post(f"{REVIEW}decide/", data, headers=JSON).status_code == 409
    assert Claim.objects.proposed().count() == 1


def test_changed_words_keep_the_claim_before_the_reviewer(checker):
    claim = proposed()
    shorter = claim.wording.rsplit(" ", 2)[0]
    answer = decide(checker, claim, "reworded", words=shorter)
    assert checker.get(answer.url).context["claim"] == claim
    assert Claim.objects.get().wording == shorter


def test_the_next_claim_is_fetched_ahead_and_is_another(checker):
    one, two = proposed(), proposed()
    checker.get(REVIEW)
    ahead = checker.get(f"{REVIEW}item/", {"after": str(review_queue.Place.of(one)), "not": one.pk})
    assert f'data-claim="{two.pk}"' in ahead.content.decode()
    two.delete()
    assert checker.get(f"{REVIEW}item/", {"not": one.pk}).status_code == 204


def test_a_lease_cannot_be_stolen_by_asking_for_the_claim(signed_in):
    mine, theirs = signed_in(permissions.EDITOR), signed_in(permissions.FACT_CHECKER)
    claim = proposed()
    assert mine.get(REVIEW).context["claim"] == claim
    assert theirs.get(REVIEW, {"claim": claim.pk}).context["claim"] is None
    assert decide(theirs, claim, "accepted", headers=JSON).status_code == 409
    assert Claim.objects.proposed().exists()


def test_an_empty_queue_says_so(checker):
    assert "Nothing is left to review" in checker.get(REVIEW).content.decode()


WORDS = f"{REVIEW}words/"


def chosen(client, adrift: Appearance, **data) -> dict:
    """What the page's form for the claim posts when a place is chosen: `data` says which."""
    (row,) = [row for row in client.get(WORDS).context["rows"] if row["appearance"] == adrift]
    return {"appearance": adrift.pk, "opened": row["opened"]} | data


def test_claims_that_lost_their_words_are_put_on_words_again(checker):
    story = ArticleFactory(plain="She said “yes” and he said “yes”.")
    claim = ClaimFactory(wording="yes")
    adrift = appearance_of(claim, story, state="ambiguous", places=[[10, 13], [28, 31]])
    shown = checker.get(WORDS).content.decode()
    assert shown.count("<mark>yes</mark>") == 2
    checker.post(f"{WORDS}place/", chosen(checker, adrift, span="28-31"))
    adrift.refresh_from_db()
    assert (adrift.start, adrift.state) == (28, "kept")
    assert "No claim has lost its words." in checker.get(WORDS).content.decode()


def test_places_shown_before_the_story_was_changed_are_not_taken(checker):
    story = ArticleFactory(plain="“Yes” said Ada.\n\nShe said “yes, yes” and he said “yes, yes”.")
    adrift = appearance_of(ClaimFactory(wording="yes, yes"), story, state="ambiguous")
    place = f"{adrift.start}-{adrift.end}"
    opened = chosen(checker, adrift, span=place)
    story.body = richtext.from_text("A paragraph that another editor adds.\n\n" + story.text)
    story.save()
    answer = checker.post(f"{WORDS}place/", opened, follow=True)
    assert "The story was changed since this page was opened" in answer.content.decode()
    assert answer.context["rows"][0]["parts"][0]["places"][0]["words"] == "yes, yes"
    adrift.refresh_from_db()
    assert (adrift.state, adrift.public_from) == ("ambiguous", None)
    assert not QuotationChange.objects.exists()


def test_a_claim_that_stands_on_its_words_is_not_moved_from_this_page(checker):
    kept = appearance_of(ClaimFactory())
    data = {"appearance": kept.pk, "opened": reanchoring.text_mark(kept.article.text), "span": "0-9"}
    answer = checker.post(f"{WORDS}place/", data, follow=True)
    assert "stands on its words already" in answer.content.decode()
    start = kept.start
    kept.refresh_from_db()
    assert kept.start == start


def test_other_words_than_the_claim_s_need_a_reason_which_is_kept(checker):
    adrift = appearance_of(ClaimFactory(wording="the wall holds"), state="lost")
    data = chosen(checker, adrift, span="0-11")
    assert "Say why" in checker.post(f"{WORDS}place/", data, follow=True).content.decode()
    adrift.refresh_from_db()
    assert (adrift.state, adrift.exact) == ("lost", "the wall holds")
    checker.post(f"{WORDS}place/", data | {"reason": "The recording says so."})
    adrift.refresh_from_db()
    assert (adrift.state, adrift.exact) == ("kept", "The meeting")
    change = QuotationChange.objects.get()
    assert (change.old, change.new, change.by) == ("the wall holds", "The meeting", checker.user)


def test_every_part_of_an_interrupted_quotation_is_placed(checker):
    story = ArticleFactory(plain="“We build it,” she said, “and it stands.”")
    spans = [(1, 13), (26, 39)]
    adrift = Appearance(claim=ClaimFactory(), article=story, exact="-", start=0, end=1)
    reanchoring.put(appearance=adrift, spans=spans)
    Appearance.objects.update(state="lost")
    data = chosen(checker, adrift, span="1-13")
    assert "Choose a place" in checker.post(f"{WORDS}place/", data, follow=True).content.decode()
    checker.post(f"{WORDS}place/", data | {"span-1": "26-39"})
    adrift.refresh_from_db()
    assert [(part.start, part.end) for part in adrift.selectors] == spans
    assert adrift.state == "kept"


def test_a_reporter_is_shown_only_what_a_reporter_may_place(signed_in):
    reporter = signed_in(permissions.REPORTER)
    for values in ({}, {"proposed": True}):
        appearance_of(ClaimFactory(**values), state="lost")
        appearance_of(
            ClaimFactory(wording="the wall", **values),
            ArticleFactory(draft=True, plain="On the wall.", created_by=reporter.user),
            state="lost",
        )
    page = reporter.get(WORDS)
    (row,) = page.context["rows"]
    assert (row["appearance"].article.status, row["appearance"].claim.state) == ("draft", "proposed")
    assert page.context["number"] == 1
    others = Appearance.objects.exclude(pk=row["appearance"].pk)
    for data in ({"span": "3-9"}, {"take_out": "1"}):
        for one in others:
            opened = reanchoring.text_mark(one.article.text)
            data = {"appearance": one.pk, "opened": opened, "reason": "Because."} | data
            assert reporter.post(f"{WORDS}place/", data).status_code == 403
    assert others.filter(state="lost").count() == 3


@pytest.mark.parametrize("data", [{}, {"span": "a-b"}, {"span": "0-9999"}, {"words": "not there"}])
def test_a_claim_is_not_put_where_it_cannot_be(checker, data):
    adrift = appearance_of(ClaimFactory(), state="lost")
    checker.post(f"{WORDS}place/", chosen(checker, adrift, **data))
    adrift.refresh_from_db()
    assert adrift.state == "lost"


def test_a_claim_is_taken_out_instead(checker):
    adrift = appearance_of(ClaimFactory(), state="lost")
    checker.post(f"{WORDS}place/", {"appearance": adrift.pk, "take_out": "1"})
    assert not Appearance.objects.exists()


def count(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("url", ["/admin/", f"{REVIEW}", f"{REVIEW}words/"])
def test_the_desk_s_pages_ask_as_much_for_twenty_as_for_one(editor, url):
    proposed()
    appearance_of(ClaimFactory(), state="lost")
    editor.get(url)
    one = count(editor, url)
    for _ in range(19):
        proposed()
        appearance_of(ClaimFactory(), state="lost")
        ArticleFactory(scheduled=True)
    assert count(editor, url) == one


def test_the_front_page_names_what_waits_and_leads_there(editor):
    proposed()
    shown = editor.get("/admin/")
    assert [address for _, address in shown.context["waiting"]] == [REVIEW]
    for _, address in shown.context["waiting"]:
        assert editor.get(address).status_code == 200
    assert "<h1>Today’s desk</h1>" in shown.content.decode()


def test_a_verdict_comes_to_stand_on_other_words_only_with_a_reason(checker):
    claim = proposed()
    rated = ClaimFactory(speaker=claim.speaker, wording=f"{claim.wording} a year", rating="true")
    card = checker.get(f"{REVIEW}?claim={claim.pk}").content.decode()
    assert "Why the two are one claim" in card
    answer = decide(checker, claim, "merged", JSON, into=rated.pk)
    assert answer.json()["problems"] == ["The words of the two claims differ: say why they are one claim."]
    assert decide(checker, claim, "merged", JSON, into=rated.pk, reason="One sum.").status_code == 200
    assert Claim.objects.get() == rated


def test_the_queue_is_narrowed_and_stays_so(checker):
    wanted = ClaimFactory(proposed=True, kind="partial", wording="we shall mend it")
    story = appearance_of(wanted, confidence=0.6, outlet="the Eastmere Post").article
    other = ClaimFactory(proposed=True, kind="direct")
    appearance_of(other, confidence=0.95, outlet="the Westmere Post")
    name = wanted.speaker.name
    for query in (
        f"story={story.pk}",
        f"speaker={name.upper()}",
        "kind=partial",
        "low=50&high=70",
        "outlet=the+Eastmere+Post",
        f"story={story.pk}&kind=partial&high=70",
    ):
        page = checker.get(f"{REVIEW}?{query}")
        assert (page.context["claim"], page.context["left"]) == (wanted, 1), query
        assert checker.get(f"{REVIEW}item/?{query}&not={wanted.pk}").status_code == 204, query
    decided = checker.post(page.context["decide_url"], {"claim": wanted.pk, "verb": "accepted"})
    assert f"story={story.pk}" in decided["Location"]
    assert checker.get(decided["Location"]).context["claim"] is None
    assert checker.get(REVIEW).context["claim"] == other
    for nonsense in ("story=x", "low=-1", "kind=no", f"run={'9' * 30}", "speaker=%00", "outlet=%00"):
        assert checker.get(f"{REVIEW}?{nonsense}").status_code == 200, nonsense


def test_what_cannot_have_spoken_waits_apart(checker):
    likely = ["the harbour clerk", "Mr Hollin", "a party source"]
    unlikely = ["who", "They", "£68m in", "34", "70%", ", the report", "without changes the commission"]
    for label in (*likely, *unlikely):
        ClaimFactory(proposed=True, speaker=None, speaker_label=label)
    page = checker.get(REVIEW)
    assert (page.context["left"], page.context["held"]) == (len(likely), len(unlikely))
    assert "7 with no likely speaker" in page.content.decode()
    held = checker.get(f"{REVIEW}?held=1")
    assert (held.context["left"], held.context["claim"].speaker_label) == (len(unlikely), "who")


def test_a_story_s_page_leads_to_its_own_claims(editor):
    story = appearance_of(ClaimFactory(proposed=True)).article
    page = editor.get(f"/admin/stories/article/{story.pk}/change/").content.decode()
    assert f"{REVIEW}?story={story.pk}" in page
    assert "Review this story: 1 waiting" in page
