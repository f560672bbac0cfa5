"""HTML is made safe and its plain text follows, on every way into a row."""

import pytest

from stories.models import Article, Claim
from stories.tests import factories

pytestmark = pytest.mark.django_db

HOSTILE = (
    '<p onclick="steal()">The <b>wall</b> holds.</p><script>steal()</script><a href="javascript:x()">x</a>'
)
WAYS_IN = {
    "create": lambda: Article.objects.create(headline="A", body=HOSTILE),
    "save": lambda: Article(headline="A", body=HOSTILE).save(),
    "bulk_create": lambda: Article.objects.bulk_create([Article(headline="A", slug="a", body=HOSTILE)]),
    "update": lambda: (Article.objects.create(headline="A"), Article.objects.update(body=HOSTILE)),
    "bulk_update": lambda: bulk_update(Article.objects.create(headline="A")),
    "update_or_create": lambda: Article.objects.update_or_create(headline="A", defaults={"body": HOSTILE}),
    "update_fields": lambda: update_fields(Article.objects.create(headline="A")),
}


def bulk_update(article: Article) -> None:
    article.body = HOSTILE
    Article.objects.bulk_update([article], ["body"])


def update_fields(article: Article) -> None:
    article.body = HOSTILE
    article.save(update_fields=["body"])


@pytest.mark.parametrize("way", WAYS_IN)
def test_no_way_in_lets_a_script_through(way):
    WAYS_IN[way]()
    body = Article.objects.values_list("body", flat=True).get()
    assert "<strong>wall</strong>" in body
    for trace in ("script", "onclick", "steal", "javascript"):
        assert trace not in body


@pytest.mark.parametrize("way", WAYS_IN)
def test_the_plain_text_follows_the_body(way):
    WAYS_IN[way]()
    assert Article.objects.values_list("text", flat=True).get().startswith("The wall holds.")


def test_the_row_in_hand_is_as_clean_as_the_one_in_the_database():
    article = Article(headline="A", body=HOSTILE)
    article.save()
    assert article.body == Article.objects.get().body
    assert article.text == Article.objects.get().text


def test_an_explanation_is_made_safe_too():
    claim = factories.ClaimFactory(explanation=HOSTILE)
    claim.refresh_from_db()
    assert "script" not in claim.explanation
    assert "wall" in claim.explanation


def test_the_key_of_a_wording_follows_it_on_every_way_in():
    claim = factories.ClaimFactory(wording="The wall holds")
    key = Claim.objects.get().wording_key
    claim.wording = "The wall fell"
    claim.save(update_fields=["wording"])
    assert Claim.objects.get().wording_key not in ("", key)
    Claim.objects.update(wording="the wall holds!")
    assert Claim.objects.get().wording_key == key
    Claim.objects.bulk_create([Claim(wording="The wall holds", speaker_label="a member", stance="said")])
    assert Claim.objects.filter(wording_key=key).count() == 2


TURNED = "Ada \u202eLow\u00adther\u202c e\u0301"


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (factories.ArticleFactory, "headline"),
        (factories.ArticleFactory, "standfirst"),
        (factories.AuthorFactory, "name"),
        (factories.PoliticianFactory, "name"),
        (factories.PartyFactory, "name"),
        (factories.ClaimFactory, "wording"),
        (factories.ClaimFactory, "speaker_label"),
    ],
)
def test_headlines_names_and_wordings_keep_nothing_that_nobody_sees(make, field):
    row = make(**{field: TURNED})
    assert getattr(row, field) == "Ada Lowther é"
    row.refresh_from_db()
    assert getattr(row, field) == "Ada Lowther é"
    setattr(row, field, TURNED)
    row.save(update_fields=[field])
    row.refresh_from_db()
    assert getattr(row, field) == "Ada Lowther é"


def test_what_is_typed_into_the_editor_has_its_letters_put_in_order():
    field = Article._meta.get_field("body").formfield()
    assert field.clean(f"<p>{TURNED} &shy;now</p>") == "<p>Ada Lowther é now</p>"
