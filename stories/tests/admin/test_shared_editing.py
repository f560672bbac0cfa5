"""Two people with one form open: what each changed stands, and what both changed comes back with both."""

import re
import threading
from contextlib import contextmanager
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.core import signing
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag

from stories.actions import permissions
from stories.actions.claims import ratings_and_corrections, review
from stories.actions.people import merging
from stories.actions.topics import tagging
from stories.admin.shared_editing import AS_SHOWN, SALT, SharedEditing
from stories.models import (
    Author,
    Claim,
    Contradiction,
    Correction,
    Evidence,
    Identifier,
    Membership,
    OtherName,
    Page,
    Party,
    Politician,
)
from stories.tests import factories as make
from stories.tests.admin.forms import _formset_forms, _posted, fill

pytestmark = pytest.mark.django_db

LONG = "The figures were asked of the harbour board.\n\nIt answered in June.\n\nTwo engineers were heard."


@contextmanager
def meanwhile(act):
    act()
    yield


def change(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def add(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def saves(client, row, **values):
    """Another's save, by the form."""
    return meanwhile(lambda: saved(fill(client, change(row), **values)))


def saved(answer) -> None:
    assert answer.status_code == 302, wrong(answer) or panel(answer)


def wrong(answer) -> str:
    page = answer.content.decode()
    return unescape(" ".join(re.findall(r"errorlist[^>]*>(.*?)</ul>", page, re.S)))


def panel(answer) -> str:
    """What the form that came back says above its fields."""
    assert answer.status_code == 200
    found = re.search(r'id="meanwhile".*?</section>', answer.content.decode(), re.S)
    assert found, wrong(answer)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def fields(answer) -> dict:
    """What stands in the form that came back, to be sent again as it is."""
    data = {}
    for form in [answer.context["adminform"].form, *_formset_forms(answer)]:
        for bound in form:
            data |= _posted(bound)
    return data


@pytest.fixture
def editor(signed_in):
    return signed_in(permissions.EDITOR, first_name="Ida", last_name="Korr")


@pytest.fixture
def root(signed_in):
    return signed_in(first_name="Bram", last_name="Oss")


@pytest.fixture
def claim():
    claim = make.ClaimFactory(wording="the harbour wall is safe", methodology=LONG, tags=["Harbours"])
    make.appearance_of(claim)
    return claim


def a_contradiction():
    first, second = make.ClaimFactory(), make.ClaimFactory()
    return Contradiction.objects.create(first=first, second=second, note=LONG)


JOINED = {"date_joined_0": "2024-01-01", "date_joined_1": "00:00:00"}  # two boxes, which `fill` does not know
# For every form: a row, a field one person changes, a field the other does, and a text both do (or None).
FORMS = {
    Claim: (
        lambda: make.ClaimFactory(methodology=LONG),
        {"said_on": "2024-02-01"},
        {"methodology": "Asked twice."},
        "methodology",
    ),
    Politician: (
        lambda: make.PoliticianFactory(summary=LONG),
        {"role": "Harbour master"},
        {"summary": "Ran the port."},
        "summary",
    ),
    Party: (lambda: make.PartyFactory(name="Tide"), {"short_name": "Tid"}, {"colour": "#0057b7"}, None),
    Author: (lambda: make.AuthorFactory(bio=LONG), {"name": "Nora Vane"}, {"bio": "Writes of ports."}, "bio"),
    Page: (
        lambda: Page.objects.create(title="Who we are", summary=LONG.replace("\n\n", " ")),
        {"title": "Who makes this"},
        {"summary": "Three people."},
        "summary",
    ),
    Correction: (
        lambda: Correction.objects.create(article=make.ArticleFactory(), text=LONG),
        {"kind": "update"},
        {"text": "The year was wrong."},
        "text",
    ),
    Evidence: (
        lambda: make.EvidenceFactory(note=LONG),
        {"title": "The board's minutes"},
        {"note": "Page four."},
        "note",
    ),
    User: (
        make.UserFactory,
        {"first_name": "Kit"} | JOINED,
        {"email": "kit@example.org"} | JOINED,
        None,
    ),
}  # fmt: skip


def all_forms():
    """The admins in which somebody can type something."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_active=True)
    return [
        model
        for model, its in admin.site._registry.items()
        if its.has_change_permission(request)
        and set(flatten_fieldsets(its.get_fieldsets(request))) - set(its.get_readonly_fields(request))
    ]


def test_no_form_of_the_desk_is_without_it(root):
    assert {
        Claim,
        Politician,
        Party,
        Author,
        Page,
        Correction,
        Evidence,
        Tag,
        Contradiction,
        User,
        Group,
    } <= set(all_forms())
    for model in all_forms():
        its = admin.site._registry[model]
        assert isinstance(its, SharedEditing), model
        assert not its.list_editable, f"{model}: a list's fields would be written over others'"
        page = root.get(add(model))
        if page.status_code == 200:
            assert 'name="as_shown"' in page.content.decode(), model


@pytest.mark.parametrize("model", FORMS, ids=lambda model: model.__name__)
def test_two_people_change_two_fields_and_both_stand(model, editor, root):
    made, one, other, _ = FORMS[model]
    row = made()
    answer = fill(root, change(row), saving=saves(root if model is User else editor, row, **one), **other)
    saved(answer)
    row.refresh_from_db()
    for name, value in ({**one, **other}.items()) - JOINED.items():
        assert str(getattr(row, name)) == value
    (told,) = [str(said) for said in get_messages(answer.wsgi_request) if "had this open" in str(said)]
    assert ("in another window" if model is User else "Ida Korr changed") in told


@pytest.mark.parametrize("model", [m for m in FORMS if FORMS[m][3]], ids=lambda model: model.__name__)
def test_two_people_change_other_words_of_one_text_and_both_stand(model, editor, root):
    made, _, _, name = FORMS[model]
    row = made()
    text = getattr(row, name)
    theirs = {name: text.replace("harbour board", "harbour committee")}
    mine = {name: text.replace("Two engineers", "Three engineers").replace("\n", "\r\n")}
    saved(fill(root, change(row), saving=saves(editor, row, **theirs), **mine))
    row.refresh_from_db()
    assert getattr(row, name) == text.replace("harbour board", "harbour committee").replace("Two", "Three")


@pytest.mark.parametrize("model", [m for m in FORMS if FORMS[m][3]], ids=lambda model: model.__name__)
def test_two_people_change_the_same_words_and_the_form_comes_back_with_both(model, editor, root):
    made, _, _, name = FORMS[model]
    row = made()
    text = getattr(row, name)
    theirs = {name: text.replace("in June", "in July").replace("Two", "Five")}
    mine = {name: text.replace("in June", "in spring")}
    answer = fill(root, change(row), saving=saves(editor, row, **theirs), **mine)
    said = panel(answer)
    assert "Ida Korr changed this while you had it open" in said
    assert "in July" in said
    assert "in spring" in said
    row.refresh_from_db()
    assert getattr(row, name) == theirs[name]
    again = fields(answer)
    assert again[name] == mine[name].replace("Two", "Five")
    saved(root.post(change(row), {**again, "_save": "1"}))
    row.refresh_from_db()
    assert getattr(row, name) == mine[name].replace("Two", "Five")


def test_a_topic_renamed_by_two_people_comes_back(root):
    tag = Tag.objects.create(name="Harbours", slug="harbours")
    answer = fill(root, change(tag), saving=saves(root, tag, name="Ports"), name="Havens")
    assert "Ports" in panel(answer)
    assert Tag.objects.get().name == "Ports"
    saved(fill(root, change(tag), saving=saves(root, tag, name="Quays")))  # who changed nothing
    assert Tag.objects.get().name == "Quays"


def test_a_pair_is_not_confirmed_by_who_has_not_read_what_it_is_now(editor, root):
    pair = a_contradiction()
    answer = fill(root, change(pair), saving=saves(editor, pair, note="Quite another note."), confirmed="on")
    assert "belong together" in panel(answer)
    pair.refresh_from_db()
    assert pair.confirmed_at is None
    saved(root.post(change(pair), {**fields(answer), "_save": "1"}))
    pair.refresh_from_db()
    assert (pair.note, pair.confirmed_by) == ("Quite another note.", root.user)


def test_a_correction_is_not_published_with_words_its_publisher_has_not_read(editor, root):
    correction = Correction.objects.create(article=make.ArticleFactory(), text=LONG)
    answer = fill(
        root, change(correction), press="_publish", saving=saves(editor, correction, text="Other words.")
    )
    panel(answer)
    correction.refresh_from_db()
    assert correction.made_at is None
    saved(root.post(change(correction), {**fields(answer), "_publish": "1"}))
    assert Correction.objects.published().get().text == "Other words."


# --- a verdict ---------------------------------------------------------------------------------------


def test_a_stale_form_does_not_take_a_verdict_back(signed_in, editor, claim):
    checker = signed_in(permissions.FACT_CHECKER)
    verdict = {"rating": "false", "rating_summary": "It leaks.", "explanation": "<p>It leaks a lot.</p>"}
    saved(fill(editor, change(claim), saving=saves(checker, claim, **verdict), said_on="2024-02-01"))
    claim.refresh_from_db()
    assert (claim.rating, claim.rating_summary, claim.checked_by) == ("false", "It leaks.", checker.user)
    assert str(claim.said_on) == "2024-02-01"
    assert claim.verdict_changes.count() == 1


def test_a_form_opened_before_the_claim_was_accepted_does_not_take_its_verdict_back(editor):
    claim = make.ClaimFactory(proposed=True)

    def rated():
        review.accept(claim=claim, by=editor.user)
        ratings_and_corrections.rate(
            claim=claim, by=editor.user, rating="true", summary="So it is.", methodology="Asked."
        )

    saved(fill(editor, change(claim), saving=meanwhile(rated), kind="indirect"))
    claim.refresh_from_db()
    assert (claim.rating, claim.methodology, claim.kind) == ("true", "Asked.", "indirect")


def test_two_verdicts_on_one_claim_come_back_with_both(signed_in, editor, claim):
    checker = signed_in(permissions.FACT_CHECKER)
    theirs = {"rating": "false", "rating_summary": "It leaks."}
    answer = fill(
        editor,
        change(claim),
        saving=saves(checker, claim, **theirs),
        rating="true",
        rating_summary="It holds.",
    )
    said = panel(answer)
    assert all(words in said for words in ("False", "True", "It leaks.", "It holds."))
    claim.refresh_from_db()
    assert claim.rating == "false"


def test_a_verdict_is_not_given_to_words_that_were_changed_meanwhile(editor, root, claim):
    answer = fill(
        root, change(claim), saving=saves(editor, claim, wording="the harbour wall is not safe"),
        rating="false", rating_summary="It is safe.",
    )  # fmt: skip
    assert "belong together" in panel(answer)
    claim.refresh_from_db()
    assert (claim.wording, claim.rating) == ("the harbour wall is not safe", "")


def test_a_verdict_typed_while_the_claim_was_rejected_is_shown_and_not_lost(editor, root, claim):
    reject = meanwhile(lambda: review.reject(claim=claim, by=root.user))
    typed = {"rating": "false", "rating_summary": "It leaks.", "methodology": "Divers looked at it."}
    answer = fill(editor, change(claim), saving=reject, said_on="2024-02-01", **typed)
    said = panel(answer)
    assert "cannot be changed any more" in said
    assert "Divers looked at it." in said
    saved(editor.post(change(claim), {**fields(answer), "_save": "1"}))
    claim.refresh_from_db()
    assert (claim.rating, str(claim.said_on)) == ("", "2024-02-01")


# --- changes that no form made -----------------------------------------------------------------------


def test_what_the_queue_did_meanwhile_is_seen(editor, root, person):
    claim = make.ClaimFactory(proposed=True, wording="the harbour wall is safe")
    make.appearance_of(claim)

    def reworded():
        Claim.objects.filter(pk=claim.pk).update(wording="the harbour wall is quite safe")

    answer = fill(
        editor, change(claim), saving=meanwhile(reworded), wording="the harbour wall is utterly safe"
    )
    assert "quite safe" in panel(answer)
    saved(fill(editor, change(claim), saving=meanwhile(reworded), said_on="2024-02-01"))
    claim.refresh_from_db()
    assert claim.wording == "the harbour wall is quite safe"


def test_a_speaker_reassigned_meanwhile_is_not_given_back(editor, root, claim):
    other = make.PoliticianFactory()
    act = meanwhile(lambda: review.reassign(claim=claim, by=root.user, speaker=other))
    saved(fill(editor, change(claim), saving=act, said_on="2024-02-01"))
    claim.refresh_from_db()
    assert claim.speaker == other


def test_the_tags_and_people_of_both_stay(editor, root, claim):
    ida, ben, cal = (make.PoliticianFactory() for _ in range(3))
    claim.about.set([ida])

    def theirs():
        tagging.put_on(row=claim, names=["Floods"], by=root.user)
        tagging.take_off(row=claim, names=["Harbours"], by=root.user)
        claim.about.add(ben)

    saved(
        fill(
            editor,
            change(claim),
            saving=meanwhile(theirs),
            tags=["Harbours", "Walls"],
            about=[ida.pk, cal.pk],
        )
    )
    assert set(claim.tags.names()) == {"Floods", "Walls"}
    assert set(claim.about.all()) == {ida, ben, cal}


def test_tags_put_on_a_story_in_the_list_survive_a_form_opened_before(editor, root):
    story = make.ArticleFactory(draft=True, tags=["Harbours"])
    act = meanwhile(lambda: story.tags.add("Floods"))
    saved(fill(editor, change(story), saving=act, tags=["Harbours", "Walls"]))
    assert set(story.tags.names()) == {"Harbours", "Floods", "Walls"}


def test_a_person_vouched_for_in_the_list_meanwhile_stays_so(editor):
    person = make.PoliticianFactory(confirmed=False)
    act = meanwhile(lambda: Politician.objects.filter(pk=person.pk).update(confirmed=True))
    saved(fill(editor, change(person), saving=act, role="Mayor"))
    person.refresh_from_db()
    assert (person.confirmed, person.role) == (True, "Mayor")


def test_a_group_s_permissions_of_both_stay(root):
    group = make.roles().first()
    there = list(group.permissions.values_list("pk", flat=True))
    act = meanwhile(lambda: group.permissions.remove(there[0]))
    saved(fill(root, change(group), saving=act, permissions=there[:-1]))
    assert set(group.permissions.values_list("pk", flat=True)) == set(there[1:-1])


def test_a_person_made_one_with_another_meanwhile_is_not_written_to_unawares(editor, root):
    winner, loser = make.PoliticianFactory(name="Ada Lowther"), make.PoliticianFactory(name="A. Lowther")
    act = meanwhile(lambda: merging.merge(winner=winner, loser=loser, by=root.user))
    answer = fill(editor, change(loser), saving=act, summary="Ran the port.")
    assert "Merged into: Ada Lowther" in panel(answer)
    loser.refresh_from_db()
    assert loser.summary == ""


def test_a_correction_published_meanwhile_is_not_changed_before_readers_unawares(editor, root):
    correction = Correction.objects.create(article=make.ArticleFactory(), text=LONG)
    act = meanwhile(lambda: ratings_and_corrections.publish(correction=correction, by=root.user))
    answer = fill(editor, change(correction), saving=act, text="Half a sentence of")
    assert "Made at" in panel(answer)
    assert Correction.objects.published().get().text == LONG


# --- rows of a form ----------------------------------------------------------------------------------


@pytest.fixture
def person():
    person = make.PoliticianFactory(name="Ada Lowther")
    for name in ("A. Lowther", "Ada Marsh"):
        OtherName.objects.create(politician=person, name=name)
    Identifier.objects.create(politician=person, scheme="wikidata", value="Q1")
    Membership.objects.create(politician=person, role="Mayor", body="Eastmere")
    return person


def test_two_people_change_one_row_s_two_fields(editor, root, claim):
    Evidence.objects.create(claim=claim, url="https://example.org/a", title="Minutes", note=LONG)
    theirs = {"evidence-0-title": "The board’s minutes"}
    saved(
        fill(root, change(claim), saving=saves(editor, claim, **theirs), **{"evidence-0-note": "Page four."})
    )
    row = claim.evidence.get()
    assert (row.title, row.note) == ("The board’s minutes", "Page four.")


@pytest.mark.parametrize(
    ("prefix", "name", "theirs", "mine"),
    [
        ("other_names", "note", "at school", "as a child"),
        ("memberships", "body", "Westmere", "Northmere"),
        ("identifiers", "value", "Q2", "Q3"),
    ],
)
def test_a_row_s_field_changed_by_both_comes_back(editor, root, person, prefix, name, theirs, mine):
    at = f"{prefix}-0-{name}"
    answer = fill(root, change(person), saving=saves(editor, person, **{at: theirs}), **{at: mine})
    said = panel(answer)
    assert theirs in said
    assert mine in said
    assert fields(answer)[at] == mine


def test_a_row_deleted_meanwhile_keeps_nobody_from_saving(editor, root, person):
    act = meanwhile(lambda: person.other_names.filter(name="A. Lowther").delete())
    saved(fill(root, change(person), saving=act, role="Mayor", **{"other_names-1-note": "as a child"}))
    row = person.other_names.get()
    assert (row.name, row.note) == ("Ada Marsh", "as a child")


def test_words_typed_into_a_row_deleted_meanwhile_come_back_as_a_new_row(editor, root, person):
    act = meanwhile(lambda: person.other_names.filter(name="A. Lowther").delete())
    answer = fill(root, change(person), saving=act, **{"other_names-0-note": "in the register"})
    assert "deleted" in panel(answer)
    assert "in the register" in panel(answer)
    again = {}
    for form in answer.context["inline_admin_formsets"][0].formset.forms:
        for bound in form:
            again[bound.html_name] = bound.value() or ""
    saved(root.post(change(person), {**fields(answer), **again, "_save": "1"}))
    assert dict(person.other_names.values_list("name", "note")) == {
        "A. Lowther": "in the register",
        "Ada Marsh": "",
    }


def test_rows_added_by_both_are_there(editor, root, person):
    other = saves(editor, person, add={"other_names": [{"name": "Mrs Lowther"}]})
    saved(fill(root, change(person), saving=other, add={"other_names": [{"name": "The mayor"}]}))
    assert person.other_names.count() == 4


def test_a_row_changed_meanwhile_is_not_deleted_unread(editor, root, person):
    theirs = saves(editor, person, **{"memberships-0-role": "Lord mayor"})
    answer = fill(root, change(person), saving=theirs, **{"memberships-0-DELETE": "on"})
    assert "Lord mayor" in panel(answer)
    assert person.memberships.exists()


def test_how_a_claim_is_told_is_not_set_back_by_a_story_s_stale_form(editor, root):
    story = make.ArticleFactory(draft=True, plain="The harbour wall is safe, she said.")
    place = make.appearance_of(make.ClaimFactory(wording="The harbour wall is safe"), story)
    theirs = saves(editor, story, **{"appearances-0-attribution": "the mayor"})
    answer = fill(
        root, change(story), saving=theirs, headline="A headline of mine", **{"appearances-0-outlet": "Radio"}
    )
    assert answer.status_code == 200  # a story shows both versions before it saves
    saved(root.post(change(story), {**fields(answer), "_save": "1"}))
    place.refresh_from_db()
    assert (place.attribution, place.outlet) == ("the mayor", "Radio")


def test_a_form_opened_before_the_outlet_was_renamed_is_saved(editor):
    story = make.ArticleFactory(draft=True, plain="The harbour wall is safe, she said.")
    place = make.appearance_of(make.ClaimFactory(wording="The harbour wall is safe"), story)
    page = editor.get(change(story))
    posted = {name.replace("-outlet", "-told"): value for name, value in fields(page).items()}
    opened = signing.loads(posted[AS_SHOWN], salt=SALT)
    (row,) = opened["rows"]["appearances"].values()
    row["told"] = row.pop("outlet")
    posted |= {AS_SHOWN: signing.dumps(opened, salt=SALT), "appearances-0-told": "Radio", "_save": "1"}
    saved(editor.post(change(story), posted))
    place.refresh_from_db()
    assert place.outlet == "Radio"


# --- what is known of where a form began --------------------------------------------------------------


@pytest.mark.parametrize("forged", ["", "nonsense", "of another"])
def test_a_form_that_does_not_say_what_it_showed_writes_over_nothing(editor, claim, forged):
    if forged == "of another":
        page = editor.get(change(make.ClaimFactory()))
        forged = page.context["adminform"].form["as_shown"].value()
    answer = fill(editor, change(claim), as_shown=forged, methodology="Mine alone.")
    assert "Mine alone." in panel(answer)
    claim.refresh_from_db()
    assert claim.methodology == LONG
    saved(editor.post(change(claim), {**fields(answer), "_save": "1"}))
    claim.refresh_from_db()
    assert claim.methodology == "Mine alone."


def test_a_form_that_only_failed_its_own_check_knows_what_it_began_from(editor, root, claim):
    answer = fill(root, change(claim), saving=saves(editor, claim, methodology="Theirs."), wording="")
    assert "How we checked it" in panel(answer)
    again = fields(answer) | {"wording": claim.wording, "_save": "1"}
    assert again["methodology"] == "Theirs."
    saved(root.post(change(claim), again))
    claim.refresh_from_db()
    assert claim.methodology == "Theirs."


def test_only_what_somebody_changed_is_written(editor, claim):
    answer = fill(editor, change(claim))
    saved(answer)
    assert "had this open" not in str(list(map(str, get_messages(answer.wsgi_request))))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        saved(fill(editor, change(claim), kind="indirect"))
    (update,) = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "stories_claim"')]
    assert update.partition(" WHERE ")[0] == 'UPDATE "stories_claim" SET "kind" = \'indirect\''


# --- adding, and what is gone -------------------------------------------------------------------------


def test_the_same_party_added_by_two_people_is_a_sentence(editor, root, monkeypatch):
    """The check found nothing, and then the row was there: as two browsers at one moment do."""
    real, checks = Party.full_clean, []

    def too_early(self, *args, **kwargs):
        checks.append(1)
        if len(checks) == 1:
            Party.objects.create(name="Tide Party")
            return None
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Party, "full_clean", too_early)
    answer = fill(editor, add(Party), name="Tide Party")
    assert answer.status_code == 200
    assert "already exists" in wrong(answer)
    assert Party.objects.count() == 1


def test_what_was_typed_into_a_row_that_was_deleted_is_shown_once_more(editor, root):
    party = make.PartyFactory(name="Tide Party")
    answer = fill(editor, change(party), saving=meanwhile(party.delete), short_name="The Tide")
    assert answer.status_code == 302
    said = " ".join(str(one) for one in get_messages(answer.wsgi_request))
    assert "deleted" in said
    assert "The Tide" in said
    assert not Party.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_forms_sent_at_one_moment_both_stand(signed_in):
    """Without the lock on the row both would be compared with what it was before either was saved."""
    claim = make.ClaimFactory(methodology=LONG, tags=["Harbours"])
    people = [signed_in(permissions.EDITOR), signed_in(permissions.EDITOR)]
    sent = [
        fields(people[0].get(change(claim))) | {"said_on": "2024-02-01", "tags": ["Harbours", "Walls"]},
        fields(people[1].get(change(claim))) | {"methodology": "Twice.", "tags": ["Harbours", "Floods"]},
    ]
    barrier, answers = threading.Barrier(2), []

    def post(client, data):
        barrier.wait()
        answer = client.post(change(claim), {**data, "_save": "1"})
        answers.append(answer.status_code if answer.status_code == 302 else str(answer.context["errors"]))
        connection.close()

    threads = [threading.Thread(target=post, args=pair) for pair in zip(people, sent, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    claim.refresh_from_db()
    assert (str(claim.said_on), claim.methodology) == ("2024-02-01", "Twice.")
    assert set(claim.tags.names()) == {"Harbours", "Walls", "Floods"}


def test_a_form_asks_before_it_is_sent_who_is_signed_in(editor, client, claim):
    assert editor.head(change(claim)).headers["X-Signed-In"] == str(editor.user.pk)
    assert "X-Signed-In" not in client.head(change(claim)).headers


def test_the_browser_is_told_which_copy_is_saved(editor, claim):
    number = editor.get(change(claim)).context["kept_form"]["id"]
    answer = fill(editor, change(claim), wording="")
    assert "desk-saved" not in answer.cookies
    page = editor.get(change(claim))
    number = page.context["kept_form"]["id"]
    sent = {**fields(page), "_save": "1"}
    answer = editor.post(change(claim), sent)
    assert answer.cookies["desk-saved"].value == number
