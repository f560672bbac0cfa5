"""Which pictures stand in which body is known whoever wrote it, and only of what is written now."""

import json

import pytest
from django.db import connection

from stories.database import picture_uses
from stories.models import Article, PendingVersion, PictureUse
from stories.tests import factories as make
from stories.text.body_pictures import BodyPicture

pytestmark = pytest.mark.django_db
ODD = 'A "wall" \\ <img data-picture="no.png"> & \'sea\''
ONE, TWO = (
    BodyPicture(f"stories/2026/12/{name}.png", alt=ODD, caption=ODD).html for name in ("one", "zwei-ü")
)
FIRST, SECOND = "stories/2026/12/one.png", "stories/2026/12/zwei-ü.png"
WORDS = '<p>A back\\slash, a "mark" and &lt;img data-picture="none.png"&gt;.</p>'


def uses():
    return set(PictureUse.objects.values_list("article", "file", "pending"))


def test_a_body_that_is_written_anyhow_tells_its_pictures():
    story = make.ArticleFactory(body=WORDS + ONE + WORDS + TWO + ONE)
    (other,) = Article.objects.bulk_create([Article(headline="A", slug="a", body=ONE)])
    assert uses() == {(story.pk, FIRST, False), (story.pk, SECOND, False), (other.pk, FIRST, False)}
    Article.objects.filter(pk=other.pk).update(body=WORDS)
    story.body = TWO + WORDS
    story.save()
    assert uses() == {(story.pk, SECOND, False)}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stories_article SET body = %s WHERE id = %s", [ONE, other.pk])
    story.delete()
    assert uses() == {(other.pk, FIRST, False)}
    other.delete()
    assert uses() == set()


def test_changes_that_wait_tell_theirs_apart_from_what_readers_have():
    story = make.ArticleFactory(body=WORDS + ONE)
    waiting = PendingVersion.objects.create(
        article=story, fields={"headline": ONE, "body": TWO + WORDS + ONE}
    )
    live = {(story.pk, FIRST, False)}
    assert uses() == live | {(story.pk, FIRST, True), (story.pk, SECOND, True)}
    waiting.fields = {"headline": "Another"}
    waiting.save()
    assert uses() == live
    PendingVersion.objects.filter(pk=story.pk).update(fields={"body": WORDS + TWO})
    assert uses() == live | {(story.pk, SECOND, True)}
    waiting.delete()
    assert uses() == live


def test_all_are_made_anew_as_they_were():
    story = make.ArticleFactory(body=WORDS + ONE + TWO)
    PendingVersion.objects.create(article=story, fields={"body": TWO})
    before = uses()
    assert len(before) == 3, json.dumps(sorted(before))
    PictureUse.objects.all().delete()
    PictureUse.objects.create(article=story.pk, file="wrong.png", pending=False)
    picture_uses.fill(connection)
    assert uses() == before
