"""A claim's page, and the browser over all claims with its filters and facets."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from stories.facets.filters import ArticleFilter, ClaimFilter
from stories.models import Article, Claim, Contradiction, VerdictChange
from stories.tests.factories import (
    ArticleFactory,
    ClaimFactory,
    PartyFactory,
    PoliticianFactory,
    UserFactory,
    appearance_of,
)
from stories.tests.html import flat
from stories.tests.views.test_story import plain

pytestmark = pytest.mark.django_db


def shown(client: Client, claim: Claim) -> str:
    response = client.get(claim.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def filters(query: str) -> ClaimFilter:
    return ClaimFilter(QueryDict(query), queryset=Claim.objects.published())


def test_a_claims_page_has_the_words_who_told_whom_and_when(client: Client) -> None:
    claim = ClaimFactory(
        wording="the wall will stand",
        speaker=PoliticianFactory(name="Ada Aldous", role="retired"),
        said_on=datetime.date(2019, 3, 4),
        about=[PoliticianFactory(name="Bram Corran")],
        tags=["harbours"],
    )
    appearance_of(claim, speaker_role="mayor", speaker_party="Harbour Party", outlet="the Evening Ferry")
    page = plain(shown(client, claim))
    assert "told the Eastmere Post: “the wall will stand”" in page.partition("Printed in")[0]
    assert "Ada Aldous, Mayor (Harbour Party), to the Evening Ferry, 4 March 2019" in page
    assert "About Bram Corran" in page
    assert "Topics Harbours" in page
    assert "retired" not in page


def test_reported_speech_is_never_put_between_quotation_marks(client: Client) -> None:
    claim = ClaimFactory(wording="the wall would stand", kind=Claim.Kind.INDIRECT)
    appearance_of(claim)
    assert "“the wall would stand”" not in plain(shown(client, claim)).replace(
        "told the Eastmere Post: “", ""
    )


@pytest.mark.parametrize("tail", ["", "-other-words"])
def test_a_claims_number_alone_leads_to_its_page(client: Client, tail: str) -> None:
    claim = ClaimFactory()
    appearance_of(claim)
    response = client.get(f"/claims/{claim.pk}{tail}/")
    assert (response.status_code, response.url) == (301, claim.get_absolute_url())


@pytest.mark.parametrize(
    "address", ["/claims/0/", "/claims/999999999999999999/", "/claims/1234567890123456789012/"]
)
def test_a_number_that_no_claim_has_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("state", [{"proposed": True}, {"rejected": True}])
def test_a_claim_not_accepted_has_no_page(client: Client, state: dict[str, bool]) -> None:
    claim = ClaimFactory(**state)
    appearance_of(claim)
    assert client.get(claim.get_absolute_url()).status_code == 404


def test_other_words_in_another_story_are_shown_as_they_differ(client: Client) -> None:
    claim = ClaimFactory(wording="the wall will cost four pounds")
    appearance_of(claim)
    other = ArticleFactory(plain="He said: “the wall would cost four pounds”.")
    place = appearance_of(claim)
    place.article = other
    place.start = other.text.index("the wall")
    place.exact = "the wall would cost four pounds"
    place.end = place.start + len(place.exact)
    place.save()
    page = flat(shown(client, claim))
    assert re.search(r"<del>.*?will.*?</del>", page)
    assert re.search(r"<ins>.*?would.*?</ins>", page)
    assert page.count("Printed in these words.") == 1


def test_only_contradictions_that_an_editor_confirmed_are_shown(client: Client) -> None:
    claim, confirmed, suggested = (ClaimFactory() for _ in range(3))
    for one in (claim, confirmed, suggested):
        appearance_of(one)
    for other, when in ((confirmed, timezone.now()), (suggested, None)):
        Contradiction.objects.create(first=claim, second=other, note=f"See {other.pk}.", confirmed_at=when)
    page = shown(client, claim)
    assert f"See {confirmed.pk}." in page
    assert confirmed.get_absolute_url() in page
    assert suggested.get_absolute_url() not in page
    assert claim.get_absolute_url() in shown(client, confirmed)


def test_the_list_of_contradictions_has_pairs_of_which_readers_may_see_both(client: Client) -> None:
    dates = [datetime.date(2031, month, 1) for month in (3, 1, 2)]
    late, early, between, unseen = claims = [ClaimFactory(said_on=day) for day in (*dates, None)]
    for one in claims:
        appearance_of(one)
    Claim.objects.filter(pk=unseen.pk).update(state=Claim.State.REJECTED)
    now = timezone.now()
    for hours, other, note in (
        (2, early, "Older pair."),
        (1, between, "Newer pair."),
        (0, unseen, "Hidden."),
    ):
        when = now - datetime.timedelta(hours=hours)
        Contradiction.objects.create(first=late, second=other, note=note, confirmed_at=when)
    Contradiction.objects.create(first=early, second=between, note="Only suggested.")
    page = flat(client.get("/contradictions/").content.decode())
    in_order = [between.get_absolute_url(), late.get_absolute_url(), "Newer pair.", early.get_absolute_url()]
    places = [page.index(text) for text in [*in_order, "Older pair."]]
    assert places == sorted(places)
    entries = client.get("/contradictions/feed/json/").json()["items"]
    assert [entry["summary"] for entry in entries] == ["Newer pair.", "Older pair."]
    assert early.wording in entries[1]["content_html"]
    for text in (page, str(entries)):
        assert not re.search(r"Hidden\.|Only suggested\.", text)
        assert unseen.wording not in text


def test_contradictions_stand_on_a_dated_line_with_the_claim_itself_in_its_place(client: Client) -> None:
    said = [ClaimFactory(said_on=datetime.date(2031, month, 1)) for month in (1, 2, 3)]
    for one in said:
        appearance_of(one)
    for other in (said[2], said[0]):
        first, second = sorted((said[1], other), key=lambda one: one.pk)
        Contradiction.objects.create(first=first, second=second, confirmed_at=timezone.now())
    line = flat(shown(client, said[1])).partition('<ol class="timeline">')[2].partition("</ol>")[0]
    days = re.findall(r'<p class="when"><time [^>]*>([^<]+)</time>([^<]*)</p>', line)
    assert days == [("1 January 2031", ""), ("1 February 2031", ", the words above"), ("1 March 2031", "")]


def test_every_verdict_a_claim_has_had_is_shown(client: Client) -> None:
    claim = ClaimFactory(rating=Claim.Rating.FALSE)
    appearance_of(claim)
    for rating, summary in (("true", "It looked so."), ("false", "It was not so.")):
        VerdictChange.objects.create(claim=claim, rating=rating, summary=summary)
    page = shown(client, claim)
    assert "It looked so." in page
    assert "It was not so." in page
    until = date_format(timezone.localdate(), "j F Y")
    assert f"Changed once: rated True until {until}" in plain(page)


def test_the_verdict_is_a_band_of_its_own_and_nothing_stands_there_without_one(client: Client) -> None:
    claim = ClaimFactory(wording="the wall will stand", rating="misleading", rating_summary="On sand.")
    appearance_of(claim)
    page = flat(shown(client, claim))
    band = re.search(r'<section class="band band-misleading".*?</section>', page)[0]
    assert band.index("<svg") < band.index("Misleading</h2>") < band.index("On sand.")
    Claim.objects.filter(pk=claim.pk).update(rating="")
    cache.clear()
    page = shown(client, claim)
    assert "band" not in page
    assert "verdict" not in page.partition("<main")[2].partition("</main")[0].lower()


@pytest.mark.parametrize(
    ("stance", "head"), [("denied", "Ada Aldous denied:"), ("asked", "Ada Aldous asked:")]
)
def test_the_heading_is_the_sentence_and_says_what_was_done_with_the_words(
    client: Client, stance: str, head: str
) -> None:
    speaker = PoliticianFactory(name="Ada Aldous")
    claim = ClaimFactory(wording="the wall had failed", speaker=speaker, kind="indirect", stance=stance)
    story = ArticleFactory(plain="It rained. Ms Aldous would not say that the wall had failed. It rained.")
    appearance_of(claim, story)
    page = flat(shown(client, claim))
    heading = re.search("<h1.*?</h1>", page)[0]
    assert plain(heading) == f"{head} Ms Aldous would not say that the wall had failed."
    assert "<mark>the wall had failed</mark>" in heading
    assert f"<title>Ada Aldous {stance}: the wall had failed" in page


def test_who_checked_is_never_a_login_name(client: Client) -> None:
    claim = ClaimFactory(
        rating=Claim.Rating.TRUE, checked_at=timezone.now(), checked_by=UserFactory(username="loginname")
    )
    appearance_of(claim)
    assert "loginname" not in shown(client, claim)


# --- the browser ---------------------------------------------------------------------------------


@pytest.fixture
def claims() -> dict[str, Claim]:
    harbour = PartyFactory(name="Harbour Party")
    ada = PoliticianFactory(name="Ada Aldous", party=harbour)
    bram = PoliticianFactory(name="Bram Corran", party=PartyFactory(name="Upland Alliance"))
    made = {
        "wall": ClaimFactory(
            speaker=ada, wording="the wall stands", rating="true", tags=["harbours"], about=[bram]
        ),
        "fish": ClaimFactory(speaker=ada, wording="the fish swim", said_on=datetime.date(2019, 1, 1)),
        "rent": ClaimFactory(speaker=bram, wording="rents have doubled", rating="false", about=[ada]),
    }
    for name, claim in made.items():
        appearance_of(claim, outlet="the Evening Ferry" if name == "rent" else "the Post")
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"wall", "fish", "rent"}),
        ("speaker=ada-aldous", {"wall", "fish"}),
        ("speaker=ada-aldous&speaker=bram-corran", {"wall", "fish", "rent"}),
        ("party=harbour-party", {"wall", "fish"}),
        ("about=ada-aldous", {"rent"}),
        ("topic=harbours", {"wall"}),
        ("verdict=true", {"wall"}),
        ("verdict=none", {"fish"}),
        ("verdict=none&verdict=false", {"fish", "rent"}),
        ("outlet=the+Evening+Ferry", {"rent"}),
        ("q=THE+stands", {"wall"}),
        ("before=2019-12-31", {"fish"}),
        ("after=2020-01-01&speaker=ada-aldous", {"wall"}),
        ("speaker=ada-aldous&verdict=false", set()),
    ],
)
def test_filters_leave_what_fits_all_of_them(
    claims: dict[str, Claim], query: str, expected: set[str]
) -> None:
    found = filters(query)
    assert found.problems == []
    assert set(found.qs) == {claims[name] for name in expected}


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("colour=red", "no filter called “colour”"),
        ("verdict=flase", "Verdict: there is no “flase”"),
        ("speaker=nobody", "Speaker: nothing here is called “nobody”"),
        ("after=yesterday", "From: a date is written like"),
        ("sort=loudest", "Order: there is no “loudest”"),
        ("q=a&q=b", "Words: given more than once"),
        ("q=" + "a" * 201, "Words: "),
        ("q=%00", "Words: "),
        ("speaker=%00", "Speaker: "),
        ("speaker=" + "&speaker=".join(f"p{n}" for n in range(30)), "no more than 20"),
    ],
)
def test_a_filter_that_cannot_be_applied_is_told_to_the_reader(
    client: Client, claims: dict[str, Claim], query: str, part: str
) -> None:
    response = client.get(f"/claims/?{query}")
    assert response.status_code == 200
    assert part in plain(response.content.decode())
    assert len(filters(query).problems) == 1
    if "q=a&q=b" not in query:
        assert set(filters(query).qs) == set(claims.values())


def test_one_bad_filter_does_not_undo_a_good_one(claims: dict[str, Claim]) -> None:
    found = filters("verdict=true&after=nonsense&colour=red")
    assert len(found.problems) == 2
    assert set(found.qs) == {claims["wall"]}
    assert found.query == "verdict=true"


def test_what_other_sites_hang_on_an_address_is_let_pass(claims: dict[str, Claim]) -> None:
    assert filters("utm_source=letter&fbclid=1&page=1&q=").problems == []


def test_a_persons_slug_that_readers_may_not_know_is_as_unknown_as_any_other(
    claims: dict[str, Claim],
) -> None:
    PoliticianFactory(name="Hidden One", confirmed=False)
    assert "nothing here is called “hidden-one”" in filters("speaker=hidden-one").problems[0]


@pytest.mark.parametrize("query", ["", "speaker=ada-aldous", "verdict=true", "outlet=the+Post&q=the"])
def test_each_facets_count_is_what_the_reader_then_gets(claims: dict[str, Claim], query: str) -> None:
    found = filters(query)
    seen = 0
    for facet in found.facets:
        chosen = QueryDict(query).getlist(facet.name)
        for value in facet.values:
            if chosen and not value.selected:
                continue  # choosing it widens the list: its count is of its own rows
            alone = filters(query if value.selected else value.query)
            assert alone.qs.count() == value.count, (facet.name, value)
            seen += 1
    assert seen > 5


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=the",
        "about=ada-aldous&about=bram-corran",
        "topic=harbours&topic=walls",
        "outlet=THE+POST",
        "outlet=the+Post&party=harbour-party&verdict=true",
        "topic=walls&about=ada-aldous&q=wall&before=2999-12-31&sort=oldest",
    ],
)
def test_a_long_list_is_counted_and_walked_to_what_it_would_be_looked_up(
    claims: dict[str, Claim], monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    wall = claims["wall"]
    wall.about.add(wall.speaker)
    wall.tags.add("walls")
    appearance_of(wall, outlet="The Post")
    found = filters(query)
    assert found.problems == []
    assert found.total == found.qs.count() > 0
    monkeypatch.setattr("stories.facets.filters.LONG", 0)
    assert list(found.listed) == list(found.qs)


def test_a_facets_address_puts_its_value_on_and_takes_it_off(claims: dict[str, Claim]) -> None:
    on = next(value for value in filters("q=the").facets[0].values if value.value == "true")
    assert on.query == "q=the&verdict=true"
    off = next(value for value in filters(on.query).facets[0].values if value.value == "true")
    assert off.selected
    assert off.query == "q=the"


def test_the_order_is_the_readers(claims: dict[str, Claim]) -> None:
    assert filters("sort=oldest").qs[0] == claims["fish"]
    assert filters("sort=newest").qs.last() == claims["fish"]


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "1.0", "99999", "١"])
def test_a_page_that_is_not_there_is_not_found(client: Client, claims: dict[str, Claim], number: str) -> None:
    assert client.get("/claims/", {"page": number}).status_code == 404


def test_the_pages_keep_the_filters(client: Client) -> None:
    speaker = PoliticianFactory(name="Ada Aldous")
    for number in range(21):
        appearance_of(ClaimFactory(speaker=speaker, wording=f"claim {number} is made"))
    page = client.get("/claims/?speaker=ada-aldous").content.decode()
    assert 'href="?speaker=ada-aldous&amp;page=2"' in page


def test_stories_can_be_narrowed_by_topic_author_person_and_day() -> None:
    claim = ClaimFactory(speaker=PoliticianFactory(name="Ada Aldous"))
    story = appearance_of(claim).article
    story.tags.add("harbours")
    ArticleFactory()
    for query in ("topic=harbours", "person=ada-aldous"):
        found = ArticleFilter(QueryDict(query), queryset=Article.objects.published())
        assert [*found.qs] == [story], query
    today = timezone.localdate().isoformat()
    both = ArticleFilter(QueryDict(f"after={today}"), queryset=Article.objects.published())
    assert both.problems == []
