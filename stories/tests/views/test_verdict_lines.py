"""A verdict stands beside its own words and its own speaker: in the text, beside it, on cards and when set
into somebody else's page."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import html5lib
import pytest
from django.test import Client
from django.urls import reverse

from stories.models import Appearance, Article, Claim
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.html import flat
from stories.text import anchors

pytestmark = pytest.mark.django_db

NAMES = ("Ada Aldous", "Bram Birkett", "Cleo Corran", "Dov Dunmore", "Edda Eskdale")
JUDGED = "Dov Dunmore"


def five_speakers(**judged: Any) -> tuple[Article, dict[str, Claim]]:
    """A story of one paragraph in which five people speak; one of them was checked."""
    words = {name: f"the {name.split()[1]} wall costs {place} pounds" for place, name in enumerate(NAMES, 2)}
    said = " ".join(f"{name} told the Post: “{words[name]}”." for name in NAMES)
    story = ArticleFactory(headline="The wall again", plain=f"The meeting was long.\n\n{said}")
    claims = {}
    for name in NAMES:
        claims[name] = ClaimFactory(speaker=PoliticianFactory(name=name), wording=words[name])
        appearance_of(claims[name], story, outlet="the Post")
    verdict = {"rating": Claim.Rating.FALSE, "rating_summary": "The council's books say otherwise."} | judged
    for name, value in verdict.items():
        setattr(claims[JUDGED], name, value)
    claims[JUDGED].save()
    return story, claims


def tree_of(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    return html5lib.parse(response.content.decode(), namespaceHTMLElements=False)


def with_class(tree: Any, name: str) -> Iterator[Any]:
    return (element for element in tree.iter() if name in (element.get("class") or "").split())


def text_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def test_beside_a_paragraph_of_five_speakers_the_verdict_has_a_line_with_its_own_speaker_alone(
    client: Client,
) -> None:
    story, _ = five_speakers()
    lines = [text_of(line) for line in tree_of(client, story.get_absolute_url()).iter("summary")]
    lines = [line for line in lines if any(name in line for name in NAMES)]
    assert len(lines) == len(NAMES)
    assert [re.findall("|".join(NAMES), line) for line in lines] == [[name] for name in NAMES]
    judged = [line for line in lines if "False" in line]
    assert len(judged) == 1
    assert re.match(f"False, said by {JUDGED} to the Post", judged[0])


def test_each_claim_has_a_line_which_names_its_speaker_and_its_first_words(client: Client) -> None:
    ada = PoliticianFactory(name="Ada Aldous")
    story = ArticleFactory(plain="Ada Aldous said: “the wall stands”, and “the wall will stand”.")
    for words in ("the wall stands", "the wall will stand"):
        appearance_of(ClaimFactory(speaker=ada, wording=words), story, outlet="")
    lines = [text_of(line) for line in tree_of(client, story.get_absolute_url()).iter("summary")]
    assert [line for line in lines if "Ada" in line] == [
        "Ada Aldousthe wall stands",
        "Ada Aldousthe wall will stand",
    ]


@pytest.mark.parametrize(("rest", "first"), [("It rained. " * 20, "quoted"), ("", "checked")])
def test_at_first_no_more_than_a_quarter_of_a_story_is_marked(client: Client, rest: str, first: str) -> None:
    story = ArticleFactory(plain=f"{rest}Ada said “the wall stands” and that it was tall.\n\nHe: “so it is”.")
    appearance_of(ClaimFactory(wording="the wall stands"), story)
    appearance_of(ClaimFactory(wording="it was tall", kind="indirect"), story)
    appearance_of(ClaimFactory(wording="so it is", kind="indirect", rating="true"), story)
    tree = tree_of(client, story.get_absolute_url())
    marks = {text_of(mark): mark.get("class") for mark in with_class(tree, "said")}
    assert marks == {"the wall stands": "said", "it was tall": "said reported", "so it is": "said checked"}
    choices = [one for one in tree.iter("input") if one.get("name") == "marks"]
    assert [one.get("value") for one in choices] == ["checked", "quoted", "all", "none"]
    assert [one.get("value") for one in choices if one.get("checked") is not None] == [first]


def test_two_claims_of_one_speaker_of_which_one_is_rated_have_a_line_each(client: Client) -> None:
    ada = PoliticianFactory(name="Ada Aldous")
    story = ArticleFactory(plain="Ada Aldous said: “the wall stands”, and “the wall will stand”.")
    appearance_of(ClaimFactory(speaker=ada, wording="the wall stands"), story, outlet="")
    appearance_of(ClaimFactory(speaker=ada, wording="the wall will stand", rating="true"), story, outlet="")
    lines = list(with_class(tree_of(client, story.get_absolute_url()), "notes"))
    assert len(lines) == 2
    said = text_of(next(iter(lines[1].iter("summary"))))
    assert said.startswith("True, said by Ada Aldous")
    assert "the wall will stand" in said, "on paper the line repeats the words that were rated"


def test_in_the_text_the_verdicts_shape_stands_at_the_end_of_its_own_words_and_of_no_others(
    client: Client,
) -> None:
    story, claims = five_speakers()
    tree = tree_of(client, story.get_absolute_url())
    marks = {mark.get("href"): mark for mark in with_class(tree, "said")}
    assert len(marks) == len(NAMES)
    for name, claim in claims.items():
        shapes = list(with_class(marks[f"#claim-{claim.pk}"], "rated"))
        assert [shape.get("aria-label") for shape in shapes] == (["rated false"] if name == JUDGED else [])
        assert text_of(marks[f"#claim-{claim.pk}"]) == claim.wording
    shape = next(with_class(tree, "rated"))
    assert list(shape.iter("{http://www.w3.org/2000/svg}svg"))
    assert list(marks[f"#claim-{claims[JUDGED].pk}"])[-1] is shape


def in_parts(story: Article, claim: Claim, *parts: str) -> Appearance:
    first, *others = (
        anchors.make(story.text, at, at + len(part)) for part in parts for at in [story.text.index(part)]
    )
    return Appearance.objects.create(
        claim=claim, article=story, further=[asdict(other) for other in others], **asdict(first)
    )


def test_words_of_several_parts_and_paragraphs_carry_the_shape_at_the_end_of_each_stretch(
    client: Client,
) -> None:
    story = ArticleFactory(
        plain="“We will build,” she said, “and we will pay.\n\n“It will be soon.”\n\nIt rained."
    )
    claim = ClaimFactory(wording="We will build … and we will pay. It will be soon.", rating="false")
    in_parts(story, claim, "We will build,", "and we will pay.\n\n“It will be soon.")
    marks = list(with_class(tree_of(client, story.get_absolute_url()), "said"))
    assert [text_of(mark) for mark in marks] == ["We will build,", "and we will pay.", "“It will be soon."]
    assert [len(list(with_class(mark, "rated"))) for mark in marks] == [1, 1, 1]


def test_words_whose_first_part_was_changed_past_the_desk_keep_their_card_where_the_next_part_stands(
    client: Client,
) -> None:
    story = ArticleFactory(plain="“We will build,” she said.\n\n“And we will pay.”")
    claim = ClaimFactory(wording="We will build. And we will pay.")
    place = in_parts(story, claim, "We will build,", "And we will pay.")
    Appearance.objects.filter(pk=place.pk).update(exact="We shall build,")
    tree = tree_of(client, story.get_absolute_url())
    assert [text_of(mark) for mark in with_class(tree, "said")] == ["And we will pay."]
    assert [note.get("id") for note in with_class(tree, "note")] == [f"claim-{claim.pk}"]


def test_a_note_shows_the_sentence_that_this_story_prints_and_not_that_of_the_first(client: Client) -> None:
    claim = ClaimFactory(wording="the wall stands")
    appearance_of(claim, ArticleFactory(plain="He told Radio Tidewick that the wall stands."))
    story = ArticleFactory(plain="It rained. “For all I know the wall stands,” he said. It rained.")
    appearance_of(claim, story)
    (note,) = with_class(tree_of(client, story.get_absolute_url()), "note")
    (words,) = with_class(note, "claim-words")
    assert text_of(words).strip() == "“For all I know the wall stands,” he said."
    Claim.objects.update(wording="the wall, as the desk puts it, stands")
    (note,) = with_class(tree_of(client, story.get_absolute_url()), "note")
    assert "as the desk puts it" in text_of(note)


def test_in_words_within_words_each_verdict_ends_its_own(client: Client) -> None:
    story = ArticleFactory(plain="He said: “she told me the wall stands and I believe her”.")
    outer = ClaimFactory(wording="she told me the wall stands and I believe her", rating="true")
    inner = ClaimFactory(wording="the wall stands", rating="false")
    for claim in (outer, inner):
        appearance_of(claim, story)
    page = flat(client.get(story.get_absolute_url()).content.decode())
    passage = page.split('<div class="passage">')[1].partition("</p>")[0]
    shown = re.sub(r'<span class="rated [^>]*aria-label="rated (\w+)".*?</svg></span>', r"[\1]", passage)
    said = "she told me the wall stands[false] and I believe her[true]"
    assert said in re.sub("<[^>]+>", "", shown)


@pytest.mark.parametrize("address", ["claims", "front"])
def test_on_cards_the_verdict_touches_who_said_it_and_not_whom_it_is_about(
    client: Client, address: str
) -> None:
    claim = ClaimFactory(
        speaker=PoliticianFactory(name="Ada Aldous"),
        wording="The wall will stand for years",
        about=[PoliticianFactory(name="Bram Birkett")],
        rating="false",
        rating_summary="The books say otherwise.",
    )
    appearance_of(claim, speaker_role="mayor of Eastmere", speaker_party="", outlet="")
    tree = tree_of(client, reverse(f"stories:{address}"))
    verdicts = [one for card in with_class(tree, "claim") for one in with_class(card, "verdict")]
    assert len(verdicts) == 1
    line = next(line for line in with_class(tree, "claim-who") if verdicts[0] in list(line))
    assert text_of(line) == "False, said by Ada Aldous, Mayor of Eastmere"
