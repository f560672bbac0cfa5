"""A story's page: its claims in place, and what became of stories that are no longer there."""

import html
import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone

from stories.actions import reanchoring
from stories.formats import share_images
from stories.models import Appearance, Article, Claim, Correction
from stories.templatetags.record import text_fragment
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.html import flat
from stories.text import anchors

pytestmark = pytest.mark.django_db


def page_of(client: Client, story: Article) -> str:
    response = client.get(story.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def plain(page: str) -> str:
    """What a reader sees of a page: elements within a line leave no gap, all others do."""
    words = re.sub(r"</?(?:a|span|strong|em|time|ins|del|mark|rect|svg)\b[^>]*>", "", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", words)).split())


def test_a_claims_words_are_a_link_to_its_card_in_the_same_paragraph(client: Client) -> None:
    claim = ClaimFactory(wording="the wall will stand", speaker=PoliticianFactory(name="Ada Aldous"))
    place = appearance_of(claim, speaker_role="mayor of Eastmere", speaker_party="Harbour", outlet="the Post")
    page = page_of(client, place.article)
    mark = f'<a id="said-{place.pk}" class="said" href="#claim-{claim.pk}">the wall will stand</a>'
    assert mark in page
    passage = next(part for part in page.split('<div class="passage">') if mark in part)
    assert f'id="claim-{claim.pk}"' in passage
    assert claim.get_absolute_url() in passage
    assert claim.speaker.get_absolute_url() in passage
    assert "Ada Aldous, Mayor of Eastmere (Harbour), to the Post" in plain(passage)


def test_every_paragraph_is_shown_once_and_in_order(client: Client) -> None:
    story = ArticleFactory(
        body="<p>One.</p><ul><li>Two.</li><li>Three.</li></ul><blockquote><p>Four.</p></blockquote>"
    )
    assert "One. Two. Three. Four." in plain(page_of(client, story))


def test_claims_that_overlap_are_both_marked_and_both_have_their_card(client: Client) -> None:
    story = ArticleFactory(plain="He said: “the harbour wall will stand for ever”.")
    whole = ClaimFactory(wording="the harbour wall will stand for ever")
    part = ClaimFactory(wording="wall will stand")
    for claim in (whole, part):
        appearance_of(claim, story)
    page = page_of(client, story)
    assert page.count('class="said"') >= 2
    assert f'id="claim-{whole.pk}"' in page
    assert f'id="claim-{part.pk}"' in page


def test_an_interrupted_quotation_is_marked_in_both_its_parts_and_has_one_card(client: Client) -> None:
    story = ArticleFactory(plain="“We will build,” she said, “and we will pay.”")
    claim = ClaimFactory(wording="We will build and we will pay")
    second = {"exact": "and we will pay.", "prefix": "", "suffix": "", "start": 28, "end": 44}
    start = story.text.index("We will build,")
    assert story.text[28:44] == "and we will pay."
    Appearance.objects.create(
        claim=claim, article=story, exact="We will build,", start=start, end=start + 14, further=[second]
    )
    page = page_of(client, story)
    assert page.count(f'href="#claim-{claim.pk}"') == 2
    assert page.count(f'id="claim-{claim.pk}"') == 1


def test_the_link_to_the_words_holds_the_words_themselves(client: Client) -> None:
    place = appearance_of(ClaimFactory(wording="well-paid, they say & costly"))
    page = page_of(client, place.article)
    fragment = re.search(r'#said-\d+:~:text=([^"]+)"', page)[1]
    assert re.search(r"[-,&]", html.unescape(fragment)) is None
    assert unquote(fragment) == "well-paid, they say & costly"


def test_the_link_to_many_words_names_the_first_and_the_last(client: Client) -> None:
    words = " ".join(f"word{number}" for number in range(30))
    page = page_of(client, appearance_of(ClaimFactory(wording=words)).article)
    first, last = re.search(r':~:text=([^"]+)"', page)[1].split(",")
    assert unquote(first) == "word0 word1 word2 word3 word4"
    assert unquote(last) == "word25 word26 word27 word28 word29"


@pytest.mark.parametrize(
    ("plain", "exact", "which", "expected"),
    [
        (
            "He said “it sails”. Ada said “it sails”.",
            "it sails",
            1,
            "He said “it sails”. Ada said “-,it sails",
        ),
        ("“It sails,” said Bob.\n\n“It sails,” said Ada.", "It sails", 1, "It sails,-,” said Ada."),
        ("“It sails.”\n\n“It sails.”", "It sails.", 1, ""),
        ("Ada said “it sails\nin winter” then.", "it sails\nin winter", 0, "it sails,in winter"),
        ("Ada said “it sails.\n\nIn winter” then.", "it sails.\n\nIn winter", 0, "it sails.,In winter"),
    ],
)
def test_the_link_to_words_leads_to_no_other_printing_of_them(plain, exact, which, expected) -> None:
    story = ArticleFactory(plain=plain)
    start, end = anchors.places_of(story.text, exact)[which]
    place = appearance_of(ClaimFactory(wording=exact), ArticleFactory(plain=f"x {exact} x"))
    place.article = story
    reanchoring.put(appearance=place, spans=[(start, end)])
    found = text_fragment(place)
    assert found.startswith(f"#said-{place.pk}")
    assert unquote(found.partition(":~:text=")[2]) == expected


def test_the_link_from_a_claim_s_page_has_the_words_beside_it(client: Client) -> None:
    place = appearance_of(ClaimFactory(wording="the ferry will sail"))
    page = client.get(place.claim.get_absolute_url()).content.decode()
    fragment = unquote(html.unescape(re.search(r'#said-\d+:~:text=([^"]+)"', page)[1]))
    assert ",the ferry will sail" in fragment
    assert place.claim.speaker_name.split()[-1] in fragment or "Post: “-" in fragment


def test_words_the_desk_lost_or_has_not_accepted_are_not_marked(client: Client) -> None:
    story = ArticleFactory(plain="He said: “first words”, “second words” and “third words”.")
    appearance_of(ClaimFactory(wording="first words", proposed=True), story)
    appearance_of(ClaimFactory(wording="second words", rejected=True), story)
    appearance_of(ClaimFactory(wording="third words"), story, state=Appearance.State.AMBIGUOUS)
    assert 'class="said"' not in page_of(client, story)


def test_who_is_quoted_is_shown_as_printed_then_not_as_the_record_is_now(client: Client) -> None:
    speaker = PoliticianFactory(name="Ada Aldous", role="retired")
    place = appearance_of(ClaimFactory(speaker=speaker), speaker_role="leader of the opposition")
    page = plain(page_of(client, place.article))
    assert "Ada Aldous1 claimLeader of the opposition" in page
    assert "retired" not in page


def test_a_speaker_the_desk_has_not_confirmed_is_named_only_as_the_story_prints_them(client: Client) -> None:
    hidden = PoliticianFactory(name="Somebody Hidden", confirmed=False)
    place = appearance_of(ClaimFactory(speaker=hidden), attribution="a member of the council")
    page = page_of(client, place.article)
    assert "a member of the council" in page
    assert hidden.get_absolute_url() not in page


def test_corrections_made_are_on_the_story_and_drafts_of_them_are_not(client: Client) -> None:
    story = ArticleFactory()
    Correction.objects.create(article=story, text="It was seven.", made_at=timezone.now(), on_top=True)
    Correction.objects.create(article=story, text="Not yet said.", made_at=None)
    page = page_of(client, story)
    assert page.partition("<body")[2].count("It was seven.") == 2
    assert "Not yet said." not in page


def test_a_verdict_is_told_in_words_and_by_a_shape(client: Client) -> None:
    claim = ClaimFactory(rating=Claim.Rating.FALSE, rating_summary="The books say otherwise.")
    page = flat(page_of(client, appearance_of(claim).article))
    verdict = re.search(r'<span class="verdict verdict-false">(.*?)</span>', page, re.S)[1]
    assert verdict.endswith("False")
    assert "<svg" in verdict
    assert "The books say otherwise." in page


def test_related_stories_are_those_that_share_most(client: Client) -> None:
    claim = ClaimFactory(wording="the wall will stand")
    place = appearance_of(claim)
    place.article.tags.add("harbours")
    same_claim = appearance_of(claim).article
    same_tag = ArticleFactory(tags=["harbours"])
    nothing = ArticleFactory()
    page = page_of(client, place.article).partition('id="related"')[2]
    assert 0 < page.index(same_claim.headline) < page.index(same_tag.headline)
    assert nothing.headline not in page


@pytest.mark.parametrize("trait", ["draft", "in_review", "scheduled"])
def test_a_story_not_yet_out_is_not_found_under_its_slug_or_a_former_one(client: Client, trait: str) -> None:
    story = ArticleFactory(slug="old-words", **{trait: True})
    story.slug = "new-words"
    story.save()
    assert client.get("/stories/new-words/").status_code == 404
    assert client.get("/stories/old-words/").status_code == 404


def test_a_withdrawn_story_is_gone_and_says_why_but_shows_none_of_itself(client: Client) -> None:
    story = ArticleFactory(withdrawn=True, headline="Gone words", withdrawn_reason="The figures were wrong.")
    response = client.get(story.get_absolute_url())
    assert response.status_code == 410
    page = response.content.decode()
    assert "The figures were wrong." in page
    assert "Gone words" not in page


def test_a_former_address_leads_to_the_present_one_for_good(client: Client) -> None:
    story = ArticleFactory(slug="old-words")
    story.slug = "new-words"
    story.save()
    response = client.get("/stories/old-words/")
    assert (response.status_code, response.url) == (301, "/stories/new-words/")


def test_a_story_answers_head_and_refuses_what_would_change_it(client: Client) -> None:
    address = ArticleFactory().get_absolute_url()
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_a_page_sets_no_cookie(client: Client, settings: Any) -> None:
    response = client.get(ArticleFactory().get_absolute_url())
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_related_stories_chosen_by_hand_come_first_in_their_order_and_hidden_ones_never(
    client: Client,
) -> None:
    story = ArticleFactory(tags=["harbour"])
    shared = [ArticleFactory(headline=f"Shares a topic {number}", tags=["harbour"]) for number in range(5)]
    chosen = [ArticleFactory(headline="Chosen second"), ArticleFactory(headline="Chosen first"), shared[0]]
    hidden = [ArticleFactory(**{trait: True}) for trait in ("draft", "scheduled", "withdrawn")]
    numbers = [hidden[0], chosen[1], hidden[1], chosen[0], hidden[2], chosen[2], story]
    Article.objects.filter(pk=story.pk).update(related=" ".join(str(one.pk) for one in numbers) + " 99999")
    found = [card.made.headline for card in client.get(story.get_absolute_url()).context["related"]]
    assert found == ["Chosen first", "Chosen second", "Shares a topic 0", "Shares a topic 4"]
    Article.objects.filter(pk=story.pk).update(related=" ".join(str(one.pk) for one in [*shared, *chosen]))
    assert len(client.get(story.get_absolute_url()).context["related"]) == 7, "all that were chosen"


def test_search_engines_and_shared_links_have_the_storys_own_words_for_them(client: Client) -> None:
    words = {"headline": "Wall stands", "standfirst": "It does."}
    story = ArticleFactory(
        **words, search_title="Will the wall stand?", search_description="We asked & looked."
    )
    page = html.unescape(page_of(client, story))
    for there in (
        "<title>Will the wall stand? –",
        '<meta name="description" content="We asked & looked.">',
        '<meta property="og:title" content="Will the wall stand?">',
        '<meta property="og:description" content="We asked & looked.">',
        '"headline": "Wall stands"',
        '"description": "We asked \\u0026 looked."',
    ):
        assert there in page
    assert "Will the wall stand?" not in page.partition("<body")[2], "the page keeps its headline"
    card = share_images.card_of_story(story)
    assert (card.words, card.office) == ("Will the wall stand?", "We asked & looked.")
    Article.objects.filter(pk=story.pk).update(search_title="", search_description="")
    page = page_of(client, story)
    assert "<title>Wall stands –" in page
    assert page.count('content="It does."') == 2
