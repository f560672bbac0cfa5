"""What other sites show beside a link: a picture of every page, drawn where there is none."""

import io
from dataclasses import replace
from typing import Any

import html5lib
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from stories.formats import share_images
from stories.formats.share_images import Card
from stories.models import Article, Claim
from stories.models.prefetch import claim_cards
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.tests.pictures import picture
from stories.tests.secrets import SECRET, plant_secrets
from stories.tests.views.newsroom import STATUS, build

pytestmark = pytest.mark.django_db
SITE = "https://news.example"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


def shared(client: Client, address: str) -> dict[str, str]:
    tree = html5lib.parse(client.get(address).content.decode(), namespaceHTMLElements=False)
    metas = [tag for tag in tree.iter("meta") if tag.get("property", tag.get("name"))]
    found = [(tag.get("property") or tag.get("name"), tag.get("content")) for tag in metas]
    once = [name for name, _ in found if name.startswith(("og:", "twitter:"))]
    assert len(once) == len(set(once)), address
    return dict(found)


def image_at(client: Client, address: str) -> Image.Image:
    response = client.get(address.removeprefix(SITE))
    assert response.status_code == 200, address
    return Image.open(io.BytesIO(b"".join(response.streaming_content)))


def test_every_page_has_a_title_a_description_and_a_picture_of_a_known_size(client: Client) -> None:
    newsroom = build(1)
    portrait = PoliticianFactory(portrait_alt="Her face")
    portrait.portrait.save("a.png", ContentFile(picture(900, 1200)))
    pictured = ArticleFactory(lead_image_alt="The wall")
    pictured.lead_image.save("a.png", ContentFile(picture(2000, 900)))
    pages = newsroom.addresses() | {
        "pictured": pictured.get_absolute_url(),
        "portrait": portrait.get_absolute_url(),
    }
    for name in (*STATUS, "shared", "claim_embed"):
        address = pages.pop(name)
        assert not [key for key in shared(client, address) if key.startswith("og:")], name
    sizes = {}
    for name, address in pages.items():
        said = shared(client, address)
        assert said["og:title"], name
        assert said["og:description"], name
        assert said["og:url"].startswith(SITE), name
        assert said["og:image:alt"], name
        image = image_at(client, said["og:image"])
        sizes[name] = image.size
        assert (str(image.width), str(image.height)) == (said["og:image:width"], said["og:image:height"])
        assert said["og:image:type"] == f"image/{str(image.format).lower()}"
        large = "summary_large_image" if image.width > image.height else "summary"
        assert said["twitter:card"] == large, name
        assert pictured.lead_image.url != said["og:image"].removeprefix(SITE)
    assert sizes["pictured"] == (1200, 675)
    assert sizes["portrait"] == (900, 900)
    assert {sizes[name] for name in ("front", "claims", "article", "claim", "topic")} == {(1200, 630)}


def test_a_picture_has_another_address_when_something_on_it_changes(client: Client) -> None:
    claim = ClaimFactory(wording="the wall will stand", rating="true", rating_summary="It does.")
    appearance_of(claim)
    first = shared(client, claim.get_absolute_url())["og:image"].removeprefix(SITE)
    before = image_at(client, first)
    Claim.objects.update(rating="false")
    second = shared(client, claim.get_absolute_url())["og:image"].removeprefix(SITE)
    assert first != second
    assert client.get(first)["Location"] == second
    assert image_at(client, second).tobytes() != before.tobytes()
    folder = f"{share_images.FOLDER}/claims/{claim.pk // 1000}"
    kept = [name for name in default_storage.listdir(folder)[1] if name.startswith(f"{claim.pk}-")]
    assert kept == [second.rpartition("/")[2]]
    Article.objects.update(status="withdrawn")
    assert client.get(second).status_code == 404


def test_no_picture_is_made_of_what_readers_may_not_see(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant_secrets()
    monkeypatch.setattr(share_images, "drawn", lambda card: pytest.fail(str(card)))
    public = {"claims": Claim.objects.published(), "stories": Article.objects.published()}
    for kind, rows in public.items():
        for row in rows.model.objects.exclude(pk__in=rows):
            assert client.get(f"/share/{kind}/{row.pk}-0.png").status_code == 404, row
    for claim in claim_cards(Claim.objects.published()):
        assert SECRET not in str(share_images.card_of_claim(claim)).lower()


def test_a_claim_stands_in_its_sentence_with_the_words_that_were_said_told_apart() -> None:
    said, denied = ClaimFactory(wording="it will stand", kind="indirect"), ClaimFactory(stance="denied")
    appearance_of(said, ArticleFactory(plain='The mayor said "it will stand"  for years.\n\nNo.'))
    appearance_of(denied)
    cards = claim_cards(Claim.objects.published().order_by("pk"), sentences=True)
    first, second = map(share_images.card_of_claim, cards)
    assert first.words == "The mayor said “it will stand” for years."
    assert [first.words[start:end] for start, end in first.said] == ["it will stand"]
    assert second.words.startswith("Denied")
    runs = list(share_images._runs(first.words[10:], 10, first.said))
    assert [first.words[10:][start:end] for start, end, _ in runs] == [
        "said “",
        "it will stand",
        "” for years.",
    ]
    assert [colour for *_, colour in runs] == [share_images.SOFT, share_images.INK, share_images.SOFT]


@pytest.mark.any_database
def test_letters_of_any_script_and_words_of_any_length_have_room() -> None:
    card = Card("x", "Ada Lowther", "mayor", "false", "False", "Not read.", "", "Eastmere Post")
    words = (
        "",
        "no",
        "Łucja Żółtańska, Ждан Вербный",
        "Ostseehafenmauer" * 40,
        "the wall will stand " * 80,
        "港口\U0010ffff",
        "الميناء سيكلف المدينة",
    )
    for some in words:
        for rating in ("", *Claim.Rating.values):
            of_it = replace(card, words=some, who=some or "x", rating=rating, verdict=rating and "As it is")
            with Image.open(io.BytesIO(share_images.drawn(of_it))) as image:
                image = image.convert("RGB")
                assert image.size == (share_images.WIDTH, share_images.HEIGHT)
                edge = image.crop((share_images.WIDTH - 50, 0, share_images.WIDTH, share_images.HEIGHT))
                low = image.crop((0, share_images.BOTTOM + 12, share_images.WIDTH, share_images.HEIGHT))
                assert len(edge.getcolors()) == len(low.getcolors()) == 1, some[:20]
    assert not share_images.is_drawable("港口\U0010ffff", "bold")


def test_without_fonts_of_the_system_pillows_own_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share_images, "FAMILIES", dict.fromkeys(share_images.FAMILIES, ("no-such.ttf",)))
    share_images._installed.cache_clear()
    try:
        assert share_images._font("bold", 40, "wall").getname()[0] == "Aileron"
        assert share_images.drawn(Card("the wall", "Ada", publication="Eastmere Post"))
    finally:
        share_images._installed.cache_clear()
