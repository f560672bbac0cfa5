"""An earlier step of a row put back on its page while somebody saves: nothing of theirs is written over."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from stories.actions import permissions
from stories.actions.claims import ratings_and_corrections
from stories.actions.people import merging
from stories.models import Correction, Evidence, Page
from stories.tests import factories as make
from stories.tests.admin.forms import fill
from stories.tests.admin.test_shared_editing import change, saved

pytestmark = pytest.mark.django_db


def a_person():
    person = make.PoliticianFactory(name="Ada Aldous", party=None)
    return person, {"role": "Mayor"}, {"role": "Member"}, {"summary": "Written by a colleague."}


def an_author():
    author = make.AuthorFactory(name="Mina Tallis")
    return author, {"bio": "One."}, {"bio": "Two."}, {"name": "Mina J. Tallis"}


def a_party():
    party = make.PartyFactory(name="Lantern League")
    return party, {"short_name": "LL"}, {"short_name": "Lanterns"}, {"colour": "#123456"}


def a_page():
    page = Page.objects.create(title="About us", slug="about-us", body="<p>One.</p>")
    return page, {"summary": "One."}, {"summary": "Two."}, {"title": "About this paper"}


def some_evidence():
    evidence = Evidence.objects.create(claim=make.ClaimFactory(), url="https://a.example/", title="Minutes")
    return evidence, {"note": "One."}, {"note": "Two."}, {"title": "The minutes"}


def a_correction():
    correction = Correction.objects.create(article=make.ArticleFactory(), text="It was 2030.")
    return correction, {"text": "It was 2031."}, {"text": "It was 2032."}, {"kind": "clarification"}


ROWS = (a_person, an_author, a_party, a_page, some_evidence, a_correction)


def values(row):
    return type(row).objects.filter(pk=row.pk).values().get()


def first_step(row) -> str:
    version = Version.objects.get_for_object(row).last()
    return reverse(f"admin:stories_{row._meta.model_name}_revision", args=[row.pk, version.pk])


@pytest.mark.parametrize("a_row", ROWS)
def test_what_was_saved_since_the_page_was_shown_stands(signed_in, a_row):
    mine, theirs = signed_in(permissions.EDITOR), signed_in(permissions.EDITOR)
    row, first, second, other = a_row()
    for step in (first, second):
        saved(fill(mine, change(row), **step))
    address = first_step(row)

    class Saves:
        def __enter__(self):
            saved(fill(theirs, change(row), **other))

        def __exit__(self, *failure):
            pass

    answer = fill(mine, address, saving=Saves())
    now = values(row)
    assert {name: now[name] for name in (*second, *other)} == {**second, **other}
    assert answer.url == address
    assert "Somebody has saved this" in str(*get_messages(answer.wsgi_request))
    assert fill(mine, address).status_code == 302
    assert {name: values(row)[name] for name in first} == first


def test_the_names_of_a_person_that_were_added_since_stand(signed_in):
    mine, theirs = signed_in(permissions.EDITOR), signed_in(permissions.EDITOR)
    row, first, second, _ = a_person()
    for step in (first, second):
        saved(fill(mine, change(row), **step))

    class Saves:
        def __enter__(self):
            saved(fill(theirs, change(row), add={"other_names": [{"name": "A. Aldous"}]}))

        def __exit__(self, *failure):
            pass

    fill(mine, first_step(row), saving=Saves())
    assert row.other_names.get().name == "A. Aldous"


def test_a_step_of_before_a_merge_does_not_part_the_two(signed_in):
    editor = signed_in(permissions.EDITOR)
    row, first, second, _ = a_person()
    for step in (first, second):
        saved(fill(editor, change(row), **step))
    winner = make.PoliticianFactory(name="A. Aldous")
    merging.merge(winner=winner, loser=row, by=editor.user)
    answer = fill(editor, first_step(row))
    assert "has changed since that version" in str(*get_messages(answer.wsgi_request))
    row.refresh_from_db()
    assert (row.merged_into, row.role) == (winner, "Member")


def test_a_step_of_before_a_correction_was_published_does_not_take_it_from_readers(signed_in):
    editor = signed_in(permissions.EDITOR)
    row, first, second, _ = a_correction()
    for step in (first, second):
        saved(fill(editor, change(row), **step))
    ratings_and_corrections.publish(correction=Correction.objects.get(), by=editor.user)
    fill(editor, first_step(row))
    row.refresh_from_db()
    assert row.text == "It was 2032."
    assert row.made_at is not None
    assert row.made_at <= timezone.now()


@pytest.mark.parametrize("a_row", ROWS)
def test_a_row_that_was_deleted_is_put_back_as_it_was(signed_in, a_row):
    editor = signed_in(permissions.EDITOR)
    row, first, _, _ = a_row()
    saved(fill(editor, change(row), **first))
    before = values(row)
    kind, pk = row._meta.model_name, row.pk
    editor.post(reverse(f"admin:stories_{kind}_delete", args=[pk]), {"post": "yes"})
    assert not type(row).objects.filter(pk=pk).exists()
    version = Version.objects.get_deleted(type(row)).get()
    address = reverse(f"admin:stories_{kind}_recover", args=[version.pk])
    assert editor.get(address).status_code == 200
    assert fill(editor, address).status_code == 302
    row.pk = pk
    now = values(row)
    assert {name: now[name] for name in first} == {name: before[name] for name in first}
