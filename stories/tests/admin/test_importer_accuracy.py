"""Why this speaker, and how often the importer is right."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stories.actions import permissions
from stories.actions.claims import review_feedback, speaker_explanation
from stories.extraction.evaluation import figures
from stories.models import Appearance
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.html import flat

pytestmark = pytest.mark.django_db

TEXT = (
    "The council met on Monday. Bo Carrick clapped.\n\n"
    "“The harbour wall will be built this year,” said Tove Hollin, the harbour minister."
)
WORDS = "The harbour wall will be built this year"


@pytest.fixture
def checker(signed_in):
    return signed_in(permissions.FACT_CHECKER)


def said(text=TEXT, **values):
    """The words in a story, as an import found them."""
    claim = ClaimFactory(proposed=True, wording=WORDS, speaker=PoliticianFactory(name="Tove Hollin"))
    story = ArticleFactory(plain=text)
    return appearance_of(claim, story, **{"rule": "said-after", "confidence": 0.9} | values)


def test_the_story_s_own_page_names_the_pattern_in_words(signed_in):
    story = said().article
    page = signed_in(permissions.EDITOR).get(reverse("admin:stories_article_change", args=[story.pk]))
    assert "“…,” said X, 90% sure" in page.content.decode()


def why(client, appearance, **query):
    return client.get(reverse("desk:why", args=[appearance.pk]), query)


def test_the_machine_s_reading_is_told_with_words_cue_and_candidates(checker):
    shown = why(checker, said())
    told = shown.context["why"]
    assert (told.problem, told.speaker, told.cue) == ("", "Tove Hollin", "said")
    assert told.considered[0].chosen
    page = flat(shown.content.decode())
    for part in (
        f'<span class="why-words">{WORDS}',
        '<span class="why-cue">said</span>',
        "“…,” said X",
        "Who was considered",
        "chosen</span>",
    ):
        assert part in page


def test_the_story_is_explained_as_it_reads_now(checker):
    appearance = said(f"Nothing at all.\n\n{TEXT}")
    story = appearance.article
    story.body = story.body.replace("Nothing at all.", "Nothing at all was said before noon that day.")
    story.body = story.body.replace("said Tove Hollin, the harbour minister", "Bo Carrick insisted")
    story.save()
    moved = story.text.index(WORDS)
    Appearance.objects.filter(pk=appearance.pk).update(start=moved, end=moved + len(WORDS), state="moved")
    told = why(checker, appearance).context["why"]
    assert (told.speaker, told.cue) == ("Bo Carrick", "insisted")


@pytest.mark.parametrize(
    ("state", "start"), [("lost", None), ("ambiguous", None), ("kept", 3), ("kept", 1_000_000_001)]
)
def test_words_that_are_not_there_any_more_are_said_to_be_gone(checker, state, start):
    appearance = said()
    place = {"start": start, "end": start + len(WORDS)} if start else {}
    Appearance.objects.filter(pk=appearance.pk).update(state=state, **place)
    shown = why(checker, appearance)
    assert shown.context["why"].quotation is None
    assert "not to be found in the story any more" in shown.content.decode()


def test_words_that_nobody_says_are_told_as_such(checker):
    story = ArticleFactory(plain="The harbour was quiet. It was a long day by the sea.")
    appearance = appearance_of(ClaimFactory(wording="It was a long day"), story)
    shown = why(checker, appearance)
    assert "nobody’s any more" in shown.content.decode()
    assert ("words", "It was a long day") in shown.context["why"].passage


def test_of_a_very_long_story_the_part_around_the_words_is_read(checker, monkeypatch):
    monkeypatch.setattr(speaker_explanation, "LONGEST", 600)
    filler = "\n\n".join(f"On day {n} nothing happened in Eastmere, as on most days." for n in range(40))
    told = why(checker, said(f"{filler}\n\n{TEXT}\n\n{filler}")).context["why"]
    assert (told.shortened, told.speaker) == (True, "Tove Hollin")


def test_who_may_look_at_claims_may_see_why(signed_in, client):
    appearance = said()
    assert why(client, appearance).status_code == 302
    assert why(signed_in(permissions.REPORTER), appearance).status_code == 200
    assert why(signed_in("no group"), appearance).status_code == 403
    assert signed_in(permissions.EDITOR).get(reverse("desk:why", args=[999_999])).status_code == 404


def test_the_claim_and_the_queue_lead_to_the_explanation_and_back(checker):
    appearance = said()
    address = reverse("desk:why", args=[appearance.pk])
    claim = reverse("admin:stories_claim_change", args=[appearance.claim_id])
    place = reverse("admin:stories_appearance_change", args=[appearance.pk])
    for page in (claim, place):
        assert f'href="{address}"' in checker.get(page).content.decode()
    assert f'href="{address}?review"' in checker.get(reverse("desk:review")).content.decode()
    assert f'href="{claim}"' in why(checker, appearance).content.decode()
    back = f"{reverse('desk:review')}?claim={appearance.claim_id}"
    assert f'href="{back}"' in why(checker, appearance, review="").content.decode()
    assert "<html" not in why(checker, appearance, review="", bare="").content.decode()


def asked(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_an_explanation_costs_the_same_however_many_people_and_claims_there_are(checker):
    url = reverse("desk:why", args=[said().pk])
    checker.get(url)
    one = asked(checker, url)
    for _ in range(10):
        appearance_of(ClaimFactory())
    assert asked(checker, url) == one == 9


# Importer accuracy

ACCURACY = "/admin/importer/"


@pytest.fixture
def measured(monkeypatch):
    shipped = figures.parse(
        "# weights 0a, 3 stories\nsaid-after\t0.90\t10\t9\t8\t7\t6\n=evil\t0.00\t1\t1\t1\t1\t1\n"
    )
    monkeypatch.setattr(figures, "shipped", lambda: shipped)


def judged(client, rule="said-after", confidence=0.93, do=review_feedback.accept):
    claim = ClaimFactory(proposed=True)
    appearance_of(claim, rule=rule, confidence=confidence)
    return do(claim=claim, by=client.user)


def test_the_desk_s_verdicts_stand_beside_the_evaluation_s_figures(checker, measured):
    for _ in range(3):
        judged(checker)
    judged(checker, do=review_feedback.reject)
    shown = checker.get(ACCURACY)
    page = flat(shown.content.decode())
    assert '“…,” said X</a> <code class="quiet">said-after</code>' in page
    assert '<td class="n" data-label="Evaluation">80% <span class="quiet">of 10</span></td>' in page
    assert '<td class="n" data-label="Accepted">3</td>' in page
    assert "<strong>75%</strong>" in page
    assert "30% to 95%, 4 decided" in page
    assert "other weights than those in use now" in page


def test_a_band_narrows_the_patterns_and_a_pattern_the_bands(checker, measured):
    judged(checker)
    judged(checker, rule="tagged", confidence=0.2)
    one = checker.get(ACCURACY, {"band": "0.90"}).context
    assert [line.rule for line in one["rules"]] == ["said-after"]
    other = checker.get(ACCURACY, {"rule": "tagged"}).context
    assert [line.band for line in other["bands"] if line.decided] == [0.0]
    for nonsense in ({"band": "x"}, {"band": "0.93"}, {"rule": "<script>"}):
        assert checker.get(ACCURACY, nonsense).context["whole"].decided == 2


def test_the_figures_can_be_taken_away(checker, measured):
    judged(checker)
    answer = checker.get(f"{ACCURACY}importer.csv")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    row = next(row for row in rows if row["rule"] == "said-after")
    assert (row["confidence_from"], row["accepted"], row["decided"]) == ("0.90", "1", "1")
    assert (row["evaluation_found"], row["evaluation_right"]) == ("10", "8")
    assert (row["share_accepted"], row["share_at_least"]) == ("1.000", f"{figures.wilson(1, 1)[0]:.3f}")
    assert "'=evil" in {row["rule"] for row in rows}


@pytest.mark.parametrize("url", [ACCURACY, f"{ACCURACY}importer.csv"])
def test_the_figures_are_for_those_who_review(signed_in, client, url):
    assert client.get(url).status_code == 302
    for role, status in (
        (permissions.REPORTER, 403),
        (permissions.IMPORT_STAFF, 403),
        (permissions.FACT_CHECKER, 200),
        (permissions.EDITOR, 200),
    ):
        assert signed_in(role).get(url).status_code == status
    desk = signed_in(permissions.REPORTER).get("/admin/").content.decode()
    assert ACCURACY not in desk
    assert desk.count(ACCURACY) < signed_in(permissions.EDITOR).get("/admin/").content.decode().count(
        ACCURACY
    )


def test_the_figures_cost_the_same_however_many_verdicts_there_are(checker):
    judged(checker)
    checker.get(ACCURACY)
    one = asked(checker, ACCURACY)
    for number in range(20):
        judged(checker, rule=f"rule {number}", confidence=number / 20)
    assert asked(checker, ACCURACY) == one == 5
