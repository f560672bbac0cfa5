"""What a search finds, on whichever database the tests run."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from stories.models import Article, Claim, OtherName, Politician
from stories.search import Asked, Found, narrowed, search
from stories.tests.factories import (
    ArticleFactory,
    ClaimFactory,
    PartyFactory,
    PoliticianFactory,
    appearance_of,
)

pytestmark = pytest.mark.django_db


def rows(found: Found) -> list[Any]:
    return [hit.row for hit in found[:100]]


def marked(pieces: Any) -> list[str]:
    return [piece.text for piece in pieces if piece.hit]


def a_public_claim(**values: Any) -> Claim:
    claim = ClaimFactory(**values)
    appearance_of(
        claim, ArticleFactory(headline="Minutes", standfirst="", plain=f"First.\n\n“{claim.wording}”")
    )
    return claim


def test_finds_stories_people_and_claims_together() -> None:
    person = PoliticianFactory(name="Oona Tideswell")
    story = ArticleFactory(headline="Tideswell opens the lock")
    claim = a_public_claim(speaker=person, wording="the lock was never shut")
    assert set(rows(search("Tideswell"))) == {person, story, claim}
    assert rows(search("tideswell lock")) == [story, person, claim]


def test_finds_other_forms_of_a_word_accents_and_case_aside() -> None:
    story = ArticleFactory(headline="The café's taxes were rising")
    for typed in ("CAFE", "café", "tax", "taxed", "rise taxes"):
        assert rows(search(typed)) == [story], typed


def test_short_and_common_words_are_words_too() -> None:
    person = PoliticianFactory(name="Theodora May")
    assert rows(search("May")) == [person]
    assert rows(search("will")) == []


def test_words_in_quotation_marks_mean_just_these_words() -> None:
    exact = ArticleFactory(headline="A harbour tax is coming")
    ArticleFactory(headline="Harbours taxed", standfirst="A tax on every harbour.", plain="Tax. Harbour.")
    ArticleFactory(headline="Nothing much", standfirst="About the harbour.", plain="A taxed harbour.")
    for typed in ('"harbour tax"', "“Harbour tax”", '"a harbour" tax', 'harbour "tax is coming"'):
        assert rows(search(typed)) == [exact], typed
    assert rows(search('"harbours tax"')) == []


def test_a_quoted_phrase_does_not_run_from_the_headline_into_the_standfirst() -> None:
    ArticleFactory(headline="The end of the wall", standfirst="Paper boats sail.")
    assert rows(search('"wall paper"')) == []


def test_the_headline_counts_for_more_than_the_standfirst_and_that_for_more_than_the_text() -> None:
    filler = "Eastmere council sat for a long while and then it rose again for the night. "
    text = ArticleFactory(headline="First", standfirst="Nothing", plain=filler + "The dredger came.")
    standfirst = ArticleFactory(headline="Second", standfirst="The dredger came", plain=filler)
    headline = ArticleFactory(headline="The dredger came", standfirst="Nothing", plain=filler)
    for _ in range(6):
        ArticleFactory(plain=filler)
    assert rows(search("dredger")) == [headline, standfirst, text]


def test_a_person_called_so_comes_before_what_only_mentions_them() -> None:
    for _ in range(3):
        ArticleFactory(plain="The minister met Wystan Oakhollow on Friday.")
    person = PoliticianFactory(name="Wystan Oakhollow")
    assert rows(search("oakhollow"))[0] == person


def test_people_are_found_by_other_names_office_and_party() -> None:
    party = PartyFactory(name="Lantern League", short_name="LL")
    person = PoliticianFactory(name="Vera Quill", role="harbour secretary", party=party)
    OtherName.objects.create(politician=person, name="Veronica Quillfeather")
    for typed in ("quillfeather", "harbour secretary"):
        assert rows(search(typed)) == [person], typed
    for typed in ("lantern league", "LL"):
        assert rows(search(typed)) == [party, person], typed


def test_claims_are_found_by_who_spoke_and_whom_it_is_about() -> None:
    about = PoliticianFactory(name="Bruna Castlegate")
    claim = a_public_claim(
        speaker=PoliticianFactory(name="Ivo Underhay"), wording="she lost the key", about=[about]
    )
    unnamed = a_public_claim(speaker=None, speaker_label="one lock keeper", wording="nobody lost a key")
    assert claim in rows(search("underhay key"))
    assert unnamed not in rows(search("underhay key"))
    assert claim in rows(search("castlegate lost"))
    assert unnamed in rows(search("keeper key"))


def test_when_nothing_has_all_the_words_what_has_some_is_found_and_it_says_so() -> None:
    story = ArticleFactory(headline="The dredger came")
    found = search("dredger zeppelin")
    assert found.any_word
    assert rows(found) == [story]
    assert not search("dredger").any_word
    assert rows(search('"dredger" zeppelin')) == []


def test_hits_are_marked_in_the_heading_and_in_a_snippet_around_them() -> None:
    long_before = "Nothing happened in Eastmere. " * 60
    ArticleFactory(
        headline="Boats <b>& taxes</b>", standfirst="", plain=long_before + "Then the tax on boats fell."
    )
    hit = search("taxes boat")[:1][0]
    assert marked(hit.heading) == ["Boats", "taxes"]
    assert "".join(piece.text for piece in hit.heading) == "Boats <b>& taxes</b>"
    assert marked(hit.snippet) == ["tax", "boats"]
    assert len("".join(piece.text for piece in hit.snippet)) < 300


def test_accented_words_are_marked_where_they_stand() -> None:
    ArticleFactory(headline="Naïve plan – for the café’s by-election", standfirst="")
    hit = search("cafe naive election")[:1][0]
    assert marked(hit.heading) == ["Naïve", "café", "election"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Tidesewll", "Tideswell"), ("oona tidswel", "oona Tideswell"), ("Tidswell lock", "Tideswell lock")],
)
def test_a_typo_in_a_name_is_forgiven(typed: str, meant: str) -> None:
    person = PoliticianFactory(name="Oona Tideswell")
    PoliticianFactory(name="Oona Marsh")
    people, suggestion = search(typed).people_meant()
    assert (people, suggestion) == ([person], meant)


def test_a_name_that_is_spelt_right_or_far_from_any_suggests_nobody() -> None:
    PoliticianFactory(name="Oona Tideswell")
    for typed in ("Tideswell", "zeppelin", "tide", "tidwel", "", "!", "oon"):
        assert search(typed).people_meant() == ([], "")


def test_a_list_is_narrowed_to_the_rows_that_have_all_the_words() -> None:
    first, second = (
        a_public_claim(wording="the lock leaks"),
        a_public_claim(wording="locks were leaking once"),
    )
    a_public_claim(wording="the lock is shut")
    rows_in_order = Claim.objects.published().order_by("pk")
    assert list(narrowed(rows_in_order, "leak lock", kind="claim")) == [first, second]
    assert list(narrowed(rows_in_order.order_by("-pk"), "leak lock", kind="claim")) == [second, first]
    assert list(narrowed(rows_in_order, '"the lock" leak', kind="claim")) == [first]
    assert list(narrowed(rows_in_order, "zeppelin", kind="claim")) == []
    assert narrowed(rows_in_order, " !? ", kind="claim").count() == 3
    assert narrowed(Article.objects.published(), "first leak", kind="article").count() == 2


class TestWhatReadersMaySee:
    """The index follows each change at once, and nothing is found that is not public now."""

    def test_a_story_by_its_status(self) -> None:
        story = ArticleFactory(headline="The dredger came", draft=True)
        assert rows(search("dredger")) == []
        story.status, story.published_at = Article.Status.PUBLISHED, timezone.now()
        story.save()
        assert rows(search("dredger")) == [story]
        Article.objects.filter(pk=story.pk).update(status=Article.Status.WITHDRAWN)
        assert rows(search("dredger")) == []

    def test_a_scheduled_story_when_its_time_has_come(self, monkeypatch: pytest.MonkeyPatch) -> None:
        story = ArticleFactory(headline="The dredger came", scheduled=True)
        assert rows(search("dredger")) == []
        later = timezone.now() + datetime.timedelta(days=3)
        monkeypatch.setattr(timezone, "now", lambda: later)
        assert rows(search("dredger")) == [story]

    def test_a_claim_by_its_state_and_its_stories(self) -> None:
        claim = a_public_claim(wording="the dredger never came", speaker=None)
        story = claim.appearances.get().article
        assert claim in rows(search("dredger", Asked(kinds=["claim"])))
        for state in (Claim.State.PROPOSED, Claim.State.REJECTED):
            Claim.objects.filter(pk=claim.pk).update(state=state)
            assert rows(search("dredger", Asked(kinds=["claim"]))) == []
        Claim.objects.filter(pk=claim.pk).update(state=Claim.State.ACCEPTED)
        Article.objects.filter(pk=story.pk).update(status=Article.Status.WITHDRAWN)
        assert rows(search("dredger")) == []

    def test_a_person_confirmed_and_merged(self) -> None:
        person = PoliticianFactory(name="Oona Tideswell", confirmed=False)
        claim = a_public_claim(speaker=person, wording="we shall see")
        assert rows(search("tideswell")) == []
        assert search("tidesewll").people_meant() == ([], "")
        person.confirmed = True
        person.save()
        assert set(rows(search("tideswell"))) == {person, claim}
        other = PoliticianFactory(name="Ben Shoal")
        Claim.objects.filter(speaker=person).update(speaker=other)
        Politician.objects.filter(pk=person.pk).update(merged_into=other)
        assert rows(search("tideswell")) == []
        assert search("tidesewll").people_meant() == ([], "")

    def test_a_row_that_goes_between_the_search_and_its_page_is_left_out(self) -> None:
        story = ArticleFactory(headline="The dredger came")
        found = search("dredger")
        Article.objects.filter(pk=story.pk).update(status=Article.Status.WITHDRAWN)
        assert rows(found) == []


@pytest.mark.parametrize("count", [1, 20])
def test_a_page_of_results_takes_the_same_queries_however_long(
    count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        person = PoliticianFactory(name=f"Dredger Person{number}")
        a_public_claim(speaker=person, about=[person], wording=f"the dredger came {number} times")
        ArticleFactory(headline=f"Dredger {number}", tags=["boats"])
    # The desk's words, to rank, stories, claims and all that has a name, their marks.
    with django_assert_num_queries(6):
        hits = search("dredger")[:100]
    assert len(hits) >= 3 * count
