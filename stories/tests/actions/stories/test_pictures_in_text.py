"""Pictures in a story's text: what the library knows of them, and what a save, a merge and a version keep."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stories.actions import history, permissions, picture_library
from stories.actions.errors import NotReady
from stories.actions.stories import (
    edit_conflicts,
    pending,
    pending_versions,
    publishing,
    revisions,
    share_links,
)
from stories.models import Article, Picture
from stories.tests import factories as make
from stories.tests.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def wall():
    return make.in_library(picture(1400, 700), description="A sea wall", credit="Zoë Marsh")


def superuser():
    return make.UserFactory(is_superuser=True)


def write(story, body, by=None):
    """Save a body as the story's form does."""
    row = pending_versions.show(Article.objects.get(pk=story.pk))
    opened = edit_conflicts.mark_of(row)
    row.body = body
    pending.save(article=row, fields={"body"}, opened=opened, by=by)


def save(story, by):
    """Save a state into the history; return its number."""
    with history.recorded(by=by, comment="Saved."):
        story.save()
    return revisions.of_story(article=story)[0].revision


def seen(client, *pictures):
    """What the addresses of the files answer to a reader."""
    return [client.get(one.file.url).status_code for one in pictures]


def test_readers_see_no_file_before_the_changes_are_published_that_put_it_in(client, wall, person):
    editor, pier = person(permissions.EDITOR), make.in_library(description="A pier")
    story = make.ArticleFactory(body=f"<p>One.</p>{make.in_body(pier)}")
    write(story, f"<p>One.</p>{make.in_body(wall)}", editor)
    assert seen(client, wall, pier) == [404, 200]
    assert [list(one.stories()) for one in (wall, pier)] == [[story], [story]]
    link = share_links.share(article=story, by=editor, lasting=timedelta(days=1))
    key = {"shared": share_links.token_of(link)}
    assert client.get(wall.file.url, key).status_code == 200
    page = client.get(f"/shared/{key['shared']}/").content.decode()
    assert f"{wall.file.url}?shared={key['shared']}" in page
    assert client.get(pier.file.url, {"shared": "no"}).status_code == 200
    pending.publish(article=story, by=editor)
    assert seen(client, wall, pier) == [200, 404]
    publishing.withdraw(article=story, by=editor, reason="It was wrong.")
    assert seen(client, wall, pier) == [404, 404]


class TestTheLibrary:
    """What it knows of pictures in texts."""

    def test_it_counts_and_names_stories_once_and_lets_go_of_none_they_use(self, wall, person):
        editor = person(permissions.EDITOR)
        assert Picture.objects.with_use().get().used_count == 0
        lead = {"lead_image": wall.file.name, "lead_image_alt": "A wall"}
        make.ArticleFactory(headline="Both", body=make.in_body(wall) * 2, **lead)
        draft = make.ArticleFactory(headline="Inside", draft=True, body=make.in_body(wall))
        make.ArticleFactory(headline="On top", **lead)
        assert Picture.objects.with_use().get().used_count == wall.stories().count() == 3
        Article.objects.exclude(pk=draft.pk).delete()
        assert list(wall.stories()) == [draft]
        with pytest.raises(NotReady, match="“Inside” .draft."):
            picture_library.delete(picture=wall, by=editor)
        draft.body = "<p>Without.</p>"
        draft.save()
        picture_library.delete(picture=wall, by=editor)

    def test_a_restored_version_brings_back_one_that_has_left_it(self, wall, person):
        editor = person(permissions.EDITOR)
        img = make.in_body(wall, "The wall", credit="ZM")
        story = make.ArticleFactory(draft=True, body=f"<p>One.</p>{img}")
        with_it, name = save(story, editor), wall.file.name
        story.body = "<p>One.</p>"
        save(story, editor)
        picture_library.delete(picture=wall, by=editor)
        assert img in revisions.restore(article=story, revision=with_it, by=editor).body
        again = Picture.objects.get()
        assert (again.file.name, again.description, again.credit, again.width) == (
            name,
            "The wall",
            "ZM",
            1400,
        )

    def test_publishing_asks_for_alternative_text_and_for_rights(self, wall, person):
        body = f"<p>One.</p>{make.in_body(wall, '')}"
        story = make.ArticleFactory(draft=True, body=body)
        missing = "A picture in the text has no alternative text."
        assert missing in publishing.readiness(story).problems
        with pytest.raises(NotReady, match=missing):
            publishing.publish(article=story, by=person(permissions.EDITOR))
        Article.objects.filter(pk=story.pk).update(body=body.replace('alt=""', 'alt="A wall"'))
        story.refresh_from_db()
        assert publishing.readiness(story).problems == ()
        Picture.objects.update(use_until=timezone.localdate() - timedelta(days=1))
        assert Picture.objects.get().past_use_in_words in publishing.readiness(story).warnings
        Picture.objects.all().delete()
        assert "A picture in the text is not in the library." in publishing.readiness(story).warnings


def test_two_versions_show_a_picture_put_in_moved_described_anew_and_taken_out(wall, person):
    editor, one = person(permissions.EDITOR), make.in_body(wall, "A wall")
    story = make.ArticleFactory(draft=True)
    states = []
    other = one.replace("A wall", "The sea")
    for body in ("<p>A.</p><p>B.</p>", f"<p>A.</p>{one}<p>B.</p>", f"<p>A.</p><p>B.</p>{other}"):
        story.body = body
        states.append(revisions.as_of(article=story, revision=save(story, editor)))
    none, put_in, moved = states

    def words_of(old, new):
        found = revisions.difference(old, new)
        assert not found.only_setting
        kinds = ("added", "removed")
        return {
            kind: "".join(part.text for part in found.text if part.kind == kind).strip() for kind in kinds
        }

    assert words_of(none, put_in) == {"added": "[Picture: A wall]", "removed": ""}
    assert words_of(put_in, none) == {"added": "", "removed": "[Picture: A wall]"}
    assert "[Picture: The sea]" in words_of(put_in, moved)["added"]
    assert "[Picture: A wall]" in words_of(put_in, moved)["removed"]


def test_claims_stay_on_their_words_when_a_picture_is_put_in_moved_and_taken_out(wall):
    story, editor = make.ArticleFactory(body="<p>He said: “One.</p><p>“Two,” he said.</p>"), superuser()
    place, img = make.appearance_of(make.ClaimFactory(wording="Two"), story), make.in_body(wall)
    before = (place.start, place.end, place.exact, "kept")
    for body in (
        f"<p>He said: “One.</p>{img}<p>“Two,” he said.</p>",
        f"{img}<p>He said: “One.</p><p>“Two,” he said.</p>",
        "<p>He said: “One.</p><p>“Two,” he said.</p>",
    ):
        write(story, body)
        pending.publish(article=story, by=editor)
        place.refresh_from_db()
        assert (place.start, place.end, place.exact, place.state) == before
        assert Article.objects.get().body == body


def test_of_two_people_one_puts_in_a_picture_and_the_other_writes(wall):
    story = make.ArticleFactory(draft=True, body="<p>One two.</p><p>Three.</p>")
    opened = edit_conflicts.mark_of(story)
    save(story, superuser())
    Article.objects.filter(pk=story.pk).update(body="<p>One 2.</p><p>Three.</p>", version=2)
    story.body = f"<p>One two.</p>{make.in_body(wall)}<p>Three.</p>"
    both = edit_conflicts.merged(article=story, opened=opened)
    assert both.body == f"<p>One 2.</p>{make.in_body(wall)}<p>Three.</p>"
    assert [one.text.strip() for one in both.my_changes if one.kind == "added"] == ["[Picture: A wall]"]
