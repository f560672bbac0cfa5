"""What somebody might try against the desk, done as they would do it, and what stops each.

| act | what stops it |
|---|---|
| publish, accept or correct as a reporter: by address, by the form's fields, by going back in the history | `stories/actions/`, whichever screen asks |
| a share link forged, expired, revoked or opened again after that | its signature, and its row looked at each time |
| script in any field: by form, by import, past the models | HTML is cleaned as it is written, text is escaped as it is shown, an address is checked by the database |
| a forged version, another's claim or decision taken, anything done twice at once | the version's digest, leases, row locks |
| machine's figures, stamps and states posted as fields | no form has them |
| an import by somebody else, twice, archives, huge files, names that are paths | owner and token, SHA-256, the reader's limits, numbers for names |
| a page or a program as a picture, a picture that unpacks into gigabytes | the picture is opened before it is kept |
| leading people off the site, posting for them, a session made ready for them, guessing passwords | host check, CSRF token, a new session at each login, a lockout |
| forged `Host` and `X-Forwarded-*`, a cache fed with another's page | `ALLOWED_HOSTS`, `SITE_URL`, pages that are the same for everybody |
| drafts read by the API, data, search, feeds; hashes guessed by list filters; formulas in a spreadsheet | `published()`, Django's list of lookups, a mark before the cell |
"""  # noqa: E501  (a table)

import csv
import datetime
import io
import re
import struct
import zipfile
import zlib

import html5lib
import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from reversion.models import Revision, Version

from stories.actions import permissions
from stories.actions.claims import review, review_queue
from stories.actions.stories import publishing, saving, share_links
from stories.actions.stories.edit_conflicts import mark_of
from stories.admin import urls as desk_urls
from stories.models import (
    Appearance,
    Article,
    Claim,
    Correction,
    Evidence,
    ImportJobFile,
    ImportRun,
    ReviewDecision,
    ReviewLease,
    ShareLink,
)
from stories.tests import factories as make
from stories.tests.admin.forms import fill
from stories.tests.races import at_once
from stories.tests.secrets import SECRET, plant_secrets
from stories.tests.views.newsroom import build

pytestmark = pytest.mark.django_db

STORIES, CLAIMS = "/admin/stories/article/", "/admin/stories/claim/"
SAID = "the harbour wall is safe"


def story_page(story: Article) -> str:
    return f"{STORIES}{story.pk}/change/"


def verb(base: str, name: str, row: models.Model, **query: str) -> str:
    return f"{base}do/{name}/?ids={row.pk}" + "".join(f"&{key}={value}" for key, value in query.items())


@pytest.fixture
def reporter(signed_in) -> Client:
    return signed_in(permissions.REPORTER)


@pytest.fixture
def checker(signed_in) -> Client:
    return signed_in(permissions.FACT_CHECKER)


@pytest.fixture
def draft():
    story = make.ArticleFactory(draft=True, plain=f"On Monday she said “{SAID}”.\n\nNothing else.")
    make.appearance_of(make.ClaimFactory(proposed=True, wording=SAID), story, confidence=0.4)
    return story


@pytest.fixture
def a_place_for_uploads(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


# --- doing what another role does --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["publish", "withdraw"])
def test_a_reporter_posts_an_editor_s_verb(reporter, draft, name):
    story = draft if name == "publish" else make.ArticleFactory()
    assert reporter.post(verb(STORIES, name, story), {"reason": "Mine."}).status_code == 403
    assert Article.objects.get(pk=story.pk).status == story.status


def test_a_reporter_publishes_by_changing_the_status_in_the_story_s_own_form(reporter, draft):
    fill(
        reporter, story_page(draft), status="published", published_at="2031-01-01", headline="Slipped in now"
    )
    draft.refresh_from_db()
    assert (draft.status, draft.published_at, draft.headline) == ("draft", None, "Slipped in now")


@pytest.mark.parametrize("name", ["accept", "reject", "reopen"])
def test_a_reporter_decides_a_claim_by_its_address(reporter, draft, name):
    claim = draft.appearances.get().claim
    assert reporter.post(verb(CLAIMS, name, claim)).status_code == 403
    assert (
        reporter.post(reverse("desk:review_decide"), {"claim": claim.pk, "verb": "accepted"}).status_code
        == 403
    )
    assert Claim.objects.get().state == "proposed"


def test_notes_on_a_story_are_written_by_who_may_see_it_and_deleted_by_who_wrote_them(
    signed_in, reporter, draft
):
    address = reverse("admin:stories_article_notes", args=[draft.pk])

    def post(client, **asked):
        return client.post(address, asked, content_type="application/json").status_code

    assert post(signed_in("nobody in a group"), do="add", text="Mine.") == 403
    assert post(reporter, do="add", text="<script>alert(1)</script>", words={"exact": SAID}) == 200
    note = draft.notes.get()
    assert post(signed_in(permissions.EDITOR), do="delete", note=note.pk) == 403
    assert post(reporter, do="burn", note=note.pk) == 400
    assert "<script>alert" not in reporter.get(story_page(draft)).content.decode()
    assert reporter.get(address).status_code == 404
    assert post(reporter, do="delete", note=note.pk) == 200


def test_a_reporter_publishes_a_correction_by_form_and_by_address(reporter):
    correction = Correction.objects.create(article=make.ArticleFactory(), text="Not so.")
    page = f"/admin/stories/correction/{correction.pk}/change/"
    reporter.post(page, {"text": "Not so.", "kind": "correction", "_publish": "1", "made_at": "2031-01-01"})
    reporter.post(
        "/admin/stories/correction/add/", {"article": correction.article_id, "text": "x", "kind": "update"}
    )
    assert not Correction.objects.published().exists()
    assert Correction.objects.count() == 1


def test_a_reporter_takes_a_story_from_readers_by_going_back_in_its_history(signed_in, reporter, draft):
    editor = signed_in(permissions.EDITOR)
    fill(editor, story_page(draft), headline="Eastmere builds a wall")
    publishing.publish(article=draft, by=editor.user)
    earlier = Version.objects.get_for_object(draft).last()
    reporter.post(
        f"{STORIES}{draft.pk}/history/{earlier.pk}/", {"headline": "Mine now and here", "body": "<p>x</p>"}
    )
    assert Article.objects.published().get().headline == "Eastmere builds a wall"


def test_a_reporter_takes_an_accepted_claim_from_readers_by_going_back_in_its_history(signed_in, reporter):
    claim, editor = make.ClaimFactory(proposed=True), signed_in(permissions.EDITOR).user
    review.reject(claim=claim, by=editor)
    review.reopen(claim=claim, by=editor)
    review.accept(claim=claim, by=editor)
    for version in Version.objects.get_for_object(claim):
        assert reporter.post(f"{CLAIMS}{claim.pk}/history/{version.pk}/", {"wording": "x"}).status_code in (
            302,
            403,
        )
    assert Claim.objects.accepted().exists()


def test_an_editor_going_back_in_a_claim_s_history_does_not_take_its_story_along(signed_in, draft):
    editor, claim = signed_in(permissions.EDITOR), draft.appearances.get().claim
    fill(editor, story_page(draft), headline="Eastmere builds a wall")
    publishing.publish(article=draft, by=editor.user)
    for version in Version.objects.get_for_object(claim):
        url = f"{CLAIMS}{claim.pk}/history/{version.pk}/"
        assert "saved with other rows" in editor.post(url, {}, follow=True).content.decode()
    assert Article.objects.published().exists()


def test_a_member_of_staff_without_a_role_walks_the_desk(signed_in):
    """Every page of the desk's own but the front one, which shows nobody more than is theirs."""
    stranger = signed_in("no such group")
    for pattern in desk_urls.urlpatterns:
        values = {"token": "t" * 27, "number": 1}
        url = reverse(
            f"desk:{pattern.name}", kwargs={name: values[name] for name in pattern.pattern.converters}
        )
        if pattern.name != "today":
            assert stranger.get(url).status_code in (403, 405), url
            assert stranger.post(url).status_code == 403, url


def test_an_editor_makes_themselves_an_administrator(editor):
    own = f"/admin/auth/user/{editor.user.pk}/change/"
    assert editor.post(own, {"is_superuser": "on", "username": "me"}).status_code == 403
    assert editor.get("/admin/auth/group/").status_code == 403
    editor.user.refresh_from_db()
    assert not editor.user.is_superuser


def test_whoever_lost_a_role_an_hour_ago_still_has_the_page_open(reporter, draft):
    reporter.get(story_page(draft))
    reporter.user.groups.clear()
    assert reporter.post(story_page(draft), {"headline": "Late words of mine"}).status_code == 403
    reporter.user.is_active = False
    reporter.user.save()
    assert reporter.get("/admin/").status_code == 302


# --- forging what a form says ------------------------------------------------------------------------


def test_a_forged_version_saves_over_somebody_else_s_words(reporter, draft):
    opened = mark_of(draft)
    Article.objects.filter(pk=draft.pk).update(headline="Theirs, saved meanwhile", version=2)
    theirs = Article.objects.get()
    for forged in (opened, "2-0000000000000000", f"999-{opened.partition('-')[2]}", ""):
        mine = Article.objects.get()
        mine.headline = "Mine over theirs"
        with pytest.raises(saving.Stale):
            saving.save(article=mine, fields={"headline"}, opened=forged, by=reporter.user)
        fill(reporter, story_page(draft), opened=forged, headline="Mine over theirs")
    assert Article.objects.get().headline == theirs.headline


def test_the_machine_s_figures_and_the_desk_s_stamps_are_posted_as_fields(reporter, draft):
    place = draft.appearances.get()
    forged = {
        "found_by": "person", "confidence": "1", "rule": "mine", "state": "moved", "start": "0", "end": "9",
        "exact": "Nothing else", "imported_in": "1", "claim": "1", "article": "1",
    }  # fmt: skip
    rows = {f"appearances-0-{name}": value for name, value in forged.items()}
    fill(reporter, story_page(draft), **rows, version="7", created_by=str(reporter.user.pk), text="Mine")
    kept = Appearance.objects.get()
    for name in (
        "found_by",
        "confidence",
        "rule",
        "state",
        "start",
        "end",
        "exact",
        "claim_id",
        "article_id",
    ):
        assert getattr(kept, name) == getattr(place, name), name
    story = Article.objects.get()
    assert (story.created_by, story.text) == (None, draft.text)
    fill(
        reporter, f"{CLAIMS}{place.claim_id}/change/",
        state="accepted", rating="true", rating_summary="So.", reviewed_by=str(reporter.user.pk),
    )  # fmt: skip
    claim = Claim.objects.get()
    assert (claim.state, claim.rating, claim.reviewed_by, claim.checked_at) == ("proposed", "", None, None)


@pytest.mark.parametrize("number", ["²", "9" * 40, "-1", "1;DROP TABLE", "%00", "1,²"])
def test_numbers_that_are_none_stand_in_addresses_and_fields(signed_in, draft, number):
    root = signed_in()
    for url in (
        f"{STORIES}do/publish/?ids={number}",
        f"{STORIES}{number}/change/",
        f"{STORIES}{number}/history/",
        f"{STORIES}{draft.pk}/history/compare/?from={number}&to={number}",
        f"{STORIES}{draft.pk}/history/restore/?revision={number}",
        f"{CLAIMS}do/accept/?ids={number}",
        f"/admin/review/?claim={number}&after={number}",
        f"/admin/people/merge/?winner={number}&loser={number}",
        f"/admin/topics/merge/?winner={number}&loser={number}",
        f"/admin/import/{number}/undo/",
    ):
        assert root.get(url).status_code < 500, url
    for url, name in ((reverse("desk:review_decide"), "claim"), (f"{STORIES}forget/", "story")):
        assert root.post(url, {name: number, "verb": "accepted"}).status_code < 500, url


@pytest.mark.parametrize(
    "address", ["review_decide", "review_undo", "review_place", "people_unmerge", "people_distinct"]
)
def test_what_changes_something_is_asked_for_by_a_link(editor, address):
    """A picture in an e-mail can make a browser GET; it cannot make it POST with a token."""
    assert editor.get(reverse(f"desk:{address}")).status_code in (302, 404, 405)


# --- what is another's -------------------------------------------------------------------------------


def test_a_lease_is_stolen(signed_in, draft):
    first, thief = signed_in(permissions.FACT_CHECKER), signed_in(permissions.FACT_CHECKER)
    claim = review_queue.take(by=first.user)
    answer = thief.post(
        reverse("desk:review_decide"),
        {"claim": claim.pk, "verb": "accepted"},
        headers={"Accept": "application/json"},
    )
    assert "is deciding this claim just now" in str(answer.json()["problems"])
    thief.get(f"/admin/review/?claim={claim.pk}")
    assert ReviewLease.objects.get().user == first.user
    assert Claim.objects.get().state == "proposed"


def test_another_s_decision_is_undone(signed_in, draft):
    first, other = signed_in(permissions.FACT_CHECKER), signed_in(permissions.FACT_CHECKER)
    review_queue.decide(claim=Claim.objects.get(), by=first.user, verb="rejected")
    other.post(reverse("desk:review_undo"), {"decision": ReviewDecision.objects.get().pk})
    assert Claim.objects.get().state == "rejected"


@pytest.mark.parametrize("role", [permissions.REPORTER, permissions.FACT_CHECKER, permissions.EDITOR])
def test_an_import_is_taken_back_by_somebody_who_does_not_import(signed_in, role):
    run = ImportRun.objects.create(finished_at=timezone.now())
    make.ArticleFactory(draft=True, imported_in=run)
    assert signed_in(role).post(f"/admin/import/{run.pk}/undo/").status_code == 403
    assert Article.objects.exists()


@pytest.mark.parametrize("end", ["revoked", "expired", "forged", "of another salt"])
def test_a_share_link_that_has_ended_is_opened_again(client, draft, end):
    link = share_links.share(article=draft, by=None, lasting=datetime.timedelta(days=1))
    token = share_links.token_of(link)
    address = reverse("stories:shared", args=[token])
    assert draft.headline in client.get(address).content.decode()
    if end == "revoked":
        share_links.revoke(link=link, by=None)
    elif end == "expired":
        ShareLink.objects.update(expires_at=timezone.now())
    elif end == "forged":
        address = reverse("stories:shared", args=[f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}"])
    else:
        from django.core import signing

        address = reverse("stories:shared", args=[signing.Signer(salt="other").sign(link.key)])
    page = client.get(address)
    assert page.status_code in (404, 410)
    assert draft.headline not in page.content.decode()


def test_a_link_is_ended_through_another_story_s_address(signed_in, draft):
    link = share_links.share(article=draft, by=None, lasting=datetime.timedelta(days=1))
    other = make.ArticleFactory(draft=True)
    assert signed_in().post(f"{STORIES}{other.pk}/share/{link.pk}/end/").status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


def test_claims_found_in_another_s_story_are_read_or_decided(signed_in):
    writer, stranger = signed_in(permissions.REPORTER), signed_in(permissions.REPORTER)
    words = "“The wall is safe,” said Tove Hollin, the mayor of Eastmere."
    story = make.ArticleFactory(draft=True, created_by=writer.user, plain=words)
    other = make.ArticleFactory(draft=True, created_by=stranger.user, plain=story.text)

    def post(client, page, of=story, **data):
        return client.post(f"{STORIES}{of.pk}/{page}", data, content_type="application/json")

    (offer,) = post(writer, "found/").json()["found"]
    dismissal = post(writer, "found/dismiss/", token=offer["token"]).json()
    for act, data in (
        ("found/", {}),
        ("found/accept/", {"token": offer["token"]}),
        ("found/dismiss/", {"token": offer["token"]}),
        ("found/undo/", dismissal),
    ):
        assert post(stranger, act, **data).status_code == 403, act
        assert writer.get(f"{STORIES}{story.pk}/{act}").status_code == 404, act
    # Their own story lends neither the address nor the offer.
    assert post(stranger, "found/undo/", of=other, **dismissal).status_code == 404
    assert post(stranger, "found/accept/", of=other, token=offer["token"]).status_code == 409
    assert post(writer, "found/undo/", **dismissal).status_code == 200
    place = post(writer, "found/accept/", token=offer["token"]).json()
    assert post(stranger, "found/undo/", act=place["act"]).status_code == 403
    assert post(stranger, "found/undo/", of=other, act=place["act"]).status_code == 404
    assert Claim.objects.get().state == "proposed"
    outsider = signed_in(permissions.IMPORT_STAFF)
    asked = {"text": words, "headline": "", "start": 1, "end": 5}
    for client, status in ((writer, 200), (outsider, 403)):
        answer = client.post(f"{STORIES}who/", asked, content_type="application/json")
        assert answer.status_code == status
    for wrong in ({**asked, "end": 10**9}, {**asked, "start": "1"}, {"text": 5}):
        answer = writer.post(f"{STORIES}who/", wrong, content_type="application/json")
        assert answer.status_code == 400


# --- at the same time --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_publishes_at_once(signed_in):
    draft, editors = make.ArticleFactory(draft=True), [signed_in(permissions.EDITOR) for _ in range(3)]
    at_once(*[lambda client=client: client.post(verb(STORIES, "publish", draft)) for client in editors])
    assert Revision.objects.filter(comment="Published.").count() == 1
    told = [str(message) for client in editors for message in client.get(STORIES).context["messages"]]
    assert sum("Published" in message for message in told) == 1
    assert sum("left as it was" in message for message in told) == 2


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_take_and_decide_at_once(signed_in):
    for _ in range(4):
        make.ClaimFactory(proposed=True)
    checkers = [signed_in(permissions.FACT_CHECKER).user for _ in range(4)]
    taken = at_once(*[lambda by=by: review_queue.take(by=by) for by in checkers])
    assert len({claim.pk for claim in taken}) == 4
    ReviewLease.objects.all().delete()
    claim = taken[0]
    answers = at_once(
        *[lambda by=by: review_queue.decide(claim=claim, by=by, verb="accepted") for by in checkers]
    )
    assert sum(isinstance(answer, ReviewDecision) for answer in answers) == 1


@pytest.mark.django_db(transaction=True)
def test_one_upload_is_imported_and_taken_back_by_several_pages_at_once(signed_in, a_place_for_uploads):
    client = signed_in(permissions.IMPORT_STAFF)
    page = upload(
        client, *[("wall.txt", f"Wall {n} is built\n\nIt took {n} years.".encode()) for n in range(5)]
    )
    run = re.search(r'action="([^"]+/run/)"', page)[1]
    pages = [a_copy_of(client) for _ in range(3)]
    at_once(*[lambda page=page: page.post(run) for page in pages])
    assert (Article.objects.count(), ImportRun.objects.count()) == (5, 1)
    report = client.get(run.removesuffix("run/"))
    assert [entry.outcome for entry, _ in report.context["rows"]] == ["created"] * 5
    at_once(
        *[lambda page=page: page.post(f"/admin/import/{ImportRun.objects.get().pk}/undo/") for page in pages]
    )
    assert not Article.objects.exists()
    assert ImportRun.objects.get().undone_at is not None


def a_copy_of(client: Client) -> Client:
    """The same session in another tab."""
    other = Client()
    other.cookies.update(client.cookies)
    return other


def test_a_story_s_words_are_changed_past_the_desk_to_put_others_into_somebody_s_mouth(client):
    story = make.ArticleFactory(plain=f"On Monday she said “{SAID}”.")
    make.appearance_of(make.ClaimFactory(wording=SAID), story)
    said = f'class="said" href="#claim-{story.appearances.get().claim_id}"'
    assert said in client.get(story.get_absolute_url()).content.decode()
    for body in (f"<p>On Monday she said “{SAID.replace('safe', 'lost')}”.</p>", "<p>Gone.</p>"):
        Article.objects.update(body=body)
        page = client.get(story.get_absolute_url())
        assert page.status_code == 200
        assert said not in page.content.decode()


# --- script ------------------------------------------------------------------------------------------

ATTACK = '"><svg/onload=steal()>'
HTML_ATTACK = (
    '<p onclick="steal()">The <img src=x onerror=steal()>wall</p><script>steal()</script>'
    '<a href="javascript:steal()">x</a><iframe srcdoc="<script>steal()</script>"></iframe>'
    "<svg><animate onbegin=steal()></svg><math><mi xlink:href='data:x,<script>'>"
)


def what_runs(page: bytes) -> list[str]:
    """Everything in a page, read as a browser reads it, that would run what an attacker wrote."""
    found = []
    for element in html5lib.parse(page, namespaceHTMLElements=False).iter():
        name = str(element.tag).rpartition("}")[2]
        for attribute, value in element.attrib.items():
            leads = str(attribute) in ("href", "src", "action", "formaction", "data")
            runs = leads and value.strip().lower().startswith(("javascript:", "data:text"))
            if str(attribute).startswith("on") or runs:
                found.append(f"{name} {attribute}={value[:60]}")
        if name == "script" and "json" not in element.get("type", "") and "steal" in (element.text or ""):
            found.append(f"script {element.text}")
        if name in ("svg", "iframe") and "steal" in str(element.attrib):
            found.append(name)
    return found


def attack_every_field() -> int:
    """Write script into every text column of every row by SQL, past forms and models; into how many."""
    written = 0
    for model in models_of_ours():
        for field in model._meta.concrete_fields:
            open_text = isinstance(field, models.CharField | models.TextField) and not field.choices
            kept_by_code = isinstance(field, models.SlugField | models.URLField | models.FileField)
            if not open_text or kept_by_code or field.name in CODES:
                continue
            for row in model._default_manager.all():
                payload = f"{HTML_ATTACK if field.name in HTML else ATTACK}{row.pk}"
                if field.max_length is None or field.max_length >= len(payload):
                    rows = model._default_manager.filter(pk=row.pk)
                    written += rows.update(**{field.name: payload})
    return written


HTML = {"body", "explanation", "methodology"}
CODES = {
    "wording_key",
    "sha256",
    "key",
    "text",
    "scheme",
}  # what code makes and compares, or other columns give


def models_of_ours() -> list[type[models.Model]]:
    from django.apps import apps

    return list(apps.get_app_config("stories").get_models())


def test_script_is_written_into_every_column_past_the_forms(client, signed_in):
    newsroom = build(1)
    link = share_links.share(article=newsroom.draft, by=None, lasting=datetime.timedelta(days=1))
    make.EvidenceFactory(claim=newsroom.claim)
    assert attack_every_field() > 20
    root = signed_in()
    pages = {**newsroom.addresses(), "shared": reverse("stories:shared", args=[share_links.token_of(link)])}
    pages["embed"] = reverse("stories:claim_embed", args=[newsroom.claim.pk])
    pages["searched"] = f"/search/?q={ATTACK}"
    found = {name: what_runs(client.get(address).content) for name, address in pages.items()}
    for row in (newsroom.story, newsroom.claim, newsroom.person, newsroom.party, newsroom.author):
        base = f"/admin/stories/{row._meta.model_name}/"
        for address in (base, f"{base}{row.pk}/change/", f"{base}{row.pk}/history/", f"{base}?q={ATTACK}"):
            found[address] = what_runs(root.get(address).content)
    for address in ("/admin/", "/admin/review/", "/admin/review/words/", "/admin/people/merge/"):
        found[address] = what_runs(root.get(address).content)
    assert {name: runs for name, runs in found.items() if runs} == {}


def test_script_is_typed_into_every_field_of_a_story_s_form(editor, client):
    typed = dict.fromkeys(
        ("headline", "standfirst", "source", "embargo_note", "lead_image_caption", "lead_image_credit"),
        ATTACK,
    )
    refused = fill(editor, f"{STORIES}add/", **typed, body=HTML_ATTACK, source_url="javascript:steal()")
    assert refused.status_code == 200
    assert what_runs(refused.content) == []
    fill(editor, f"{STORIES}add/", **typed, body=HTML_ATTACK, tags=[ATTACK])
    story = Article.objects.get()
    editor.post(verb(STORIES, "publish", story), {"embargo_checked": "on"})
    assert story.body == "<p>The wall</p><p>x</p>"
    shown = client.get(story.get_absolute_url())
    assert shown.status_code == 200
    for page in (
        shown,
        client.get("/"),
        editor.get(story_page(story)),
        editor.get(STORIES),
        editor.get("/admin/"),
    ):
        assert what_runs(page.content) == []


def test_script_comes_in_with_imported_copy(signed_in, client, a_place_for_uploads):
    staff = signed_in(permissions.IMPORT_STAFF, permissions.EDITOR)
    front = f"---\nbyline: {ATTACK!r}\ntags: [{ATTACK!r}]\nsource: {ATTACK!r}\n---\n"
    said = f"Tove Hollin, the mayor, said: “The wall {ATTACK} is safe.”"
    copy = f"{front}{ATTACK} Wall\n\n{HTML_ATTACK}\n\n{said}\n"
    markdown = f"# Wall [x](javascript:steal())\n\n[a](javascript:steal()) {HTML_ATTACK}\n\n{said}\n"
    options = {"publish": "on", "accept_above": "0"}
    page = upload(staff, (f"{ATTACK}.txt", copy.encode()), ("wall.md", markdown.encode()), **options)
    assert what_runs(page.encode()) == []
    report = staff.post(re.search(r'action="([^"]+/run/)"', page)[1], follow=True)
    assert what_runs(report.content) == []
    assert Article.objects.published().count() == 2
    for row in [*Article.objects.all(), *Claim.objects.published()]:
        assert what_runs(client.get(row.get_absolute_url()).content) == [], row


@pytest.mark.parametrize(
    "address", ["javascript:steal()", "data:text/html,<script>", "//x.example", "file:///etc/passwd"]
)
def test_an_address_that_runs_is_written_past_the_forms(address):
    claim, story = make.ClaimFactory(), make.ArticleFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(claim=claim, title="Minutes", url=address)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=story.pk).update(source_url=address)


# --- files -------------------------------------------------------------------------------------------


def upload(client: Client, *files: tuple[str, bytes], **options: str) -> str:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    page = client.post("/admin/import/", {"files": sent} | options, follow=True)
    while "Read on" in page.content.decode():  # a slow machine reads them in several steps
        page = client.post(page.request["PATH_INFO"])
    return page.content.decode()


def a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../manage.py", "0" * 1_000_000)
    return packed.getvalue()


def test_archives_programs_and_huge_files_are_imported(signed_in, settings, a_place_for_uploads):
    settings.IMPORT_MAX_BYTES = 10_000
    client = signed_in(permissions.IMPORT_STAFF)
    page = upload(
        client,
        ("copy.zip", a_zip()),
        ("copy.txt", a_zip()),
        ("program.txt", b"\x7fELF" + bytes(200)),
        ("long.txt", b"Headline here now\n\n" + b"word " * 10_000),
        ("empty.txt", b""),
    )
    done = client.post(re.search(r'action="([^"]+/run/)"', page)[1], follow=True)
    assert [entry.outcome for entry, _ in done.context["rows"]] == ["failed"] * 5
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../../evil.txt", "..\\..\\evil.txt", "/etc/cron.d/evil.txt", "about.json", ".htaccess"]
)
def test_an_uploaded_file_s_name_is_a_path(signed_in, a_place_for_uploads, name):
    upload(signed_in(permissions.IMPORT_STAFF), (name, b"Wall is built\n\nIt took a year."))
    assert not [path for path in a_place_for_uploads.rglob("*") if path.is_file()]
    assert ImportJobFile.objects.get().name == name.replace("\\", "/").rpartition("/")[2]


def a_png(width: int, height: int) -> bytes:
    """A picture's head that promises so many pixels, and none of them."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    )


def a_gif() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "GIF")
    return out.getvalue() + b"<script>steal()</script>"


PICTURES = {
    "wall.svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="steal()"/>',
    "wall.html": lambda: b"<script>steal()</script>",
    "wall.png": lambda: b"<html><script>steal()</script></html>",
    "huge.png": lambda: a_png(60_000, 60_000),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_page_or_a_bomb_is_uploaded_as_a_picture(editor, draft, settings, name):
    file = SimpleUploadedFile(name, PICTURES[name](), content_type="image/png")
    assert fill(editor, story_page(draft), lead_image=file, lead_image_alt="A wall.").status_code == 200
    assert not Article.objects.get().lead_image
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


@pytest.mark.parametrize("given", ["../../wall.gif", "wall.gif.html"])
def test_a_true_picture_with_a_page_behind_it_is_stored_without_the_page(editor, draft, given):
    fill(
        editor,
        story_page(draft),
        lead_image=SimpleUploadedFile(given, a_gif()),
        lead_image_alt="A wall.",
    )
    name = Article.objects.get().lead_image.name
    assert re.fullmatch(r"stories/\d{4}/\d\d/[0-9a-f]{32}\.gif", name)
    shown = editor.get(f"/media/{name}")
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/gif", "nosniff")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert b"steal" not in b"".join(shown.streaming_content)


@pytest.mark.parametrize(
    "path",
    [
        "../secret_key",
        "..%2fsecret_key",
        "%2e%2e/secret_key",
        "stories/../../secret_key",
        "/etc/passwd",
        ".hidden",
    ],
)
def test_the_secret_key_is_fetched_as_a_picture(client, settings, path):
    (settings.MEDIA_ROOT.parent / "secret_key").write_text("it is secret")
    (settings.MEDIA_ROOT / ".hidden").write_text("it is secret")
    assert client.get(f"/media/{path}").status_code == 404


# --- sessions, addresses, caches ---------------------------------------------------------------------

PASSWORD = "a long enough password"


def test_everything_is_posted_without_a_token(signed_in, draft):
    victim = signed_in()
    forged = Client(enforce_csrf_checks=True)
    forged.cookies.update(victim.cookies)
    addresses = [
        reverse("admin:login"),
        reverse("admin:logout"),
        story_page(draft),
        f"{STORIES}{draft.pk}/pulse/",
    ]
    addresses += [verb(STORIES, name, draft) for name in ("publish", "withdraw", "submit")]
    for pattern in desk_urls.urlpatterns:
        values = {"token": "t" * 27, "number": 1}
        addresses.append(
            reverse(
                f"desk:{pattern.name}", kwargs={name: values[name] for name in pattern.pattern.converters}
            )
        )
    for address in addresses:
        answer = forged.post(address, {"ids": draft.pk}, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403, address
    assert Article.objects.get().status == "draft"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:steal()"]
)
def test_somebody_is_led_off_the_site(editor, draft, target):
    done = editor.post(verb(STORIES, "submit", draft, next=target), {"next": target})
    assert done.url == STORIES
    stranger = Client()
    make.UserFactory(username="ada", password=PASSWORD)
    entered = stranger.post("/admin/login/", {"username": "ada", "password": PASSWORD, "next": target})
    assert entered.url == "/admin/"


def test_a_session_is_made_ready_for_somebody_else_to_sign_in_with(client):
    make.UserFactory(username="ada", password=PASSWORD)
    prepared = SessionStore()
    prepared["planted"] = True
    prepared.create()
    client.cookies["sessionid"] = prepared.session_key
    client.post("/admin/login/", {"username": "ada", "password": PASSWORD})
    assert client.get("/admin/").status_code == 200
    assert client.cookies["sessionid"].value != prepared.session_key
    attacker = Client()
    attacker.cookies["sessionid"] = prepared.session_key
    assert attacker.get("/admin/").status_code == 302


def test_a_password_is_guessed_from_many_forged_addresses(client, settings):
    settings.AXES_ENABLED = True
    make.UserFactory(username="ada", password=PASSWORD)
    for number in range(settings.AXES_FAILURE_LIMIT):
        guess = {"username": "ada", "password": f"guess {number}"}
        client.post(
            "/admin/login/",
            guess,
            headers={"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.0.1.{number}"},
        )
    right = {"username": "ada", "password": PASSWORD}
    assert client.post("/admin/login/", right, headers={"X-Forwarded-For": "10.9.9.9"}).status_code == 429
    assert client.get("/admin/").status_code == 302


def test_host_and_scheme_are_forged(client):
    newsroom = build(1)
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    for address in ("/", newsroom.story.get_absolute_url(), "/feed/", "/sitemap.xml", "/robots.txt"):
        answer = client.get(address, headers=forged)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"evil.example" not in body
        assert not answer.wsgi_request.is_secure()


def test_a_cache_is_fed_with_an_editor_s_page_or_with_a_poisoned_address(client, editor):
    """Pages may be kept by any cache for a minute: nobody's may differ from the others', whoever asks how."""
    newsroom = build(1)
    plant_secrets(beside=newsroom.story)
    for address in (
        "/",
        newsroom.story.get_absolute_url(),
        newsroom.claim.get_absolute_url(),
        "/claims/",
        "/search/?q=wall",
    ):
        assert editor.get(address).content == client.get(address).content, address
        before = client.get(address).content
        client.get(f"{address}{'&' if '?' in address else '?'}utm_source={ATTACK}&speaker=nobody&page=2")
        assert client.get(address).content == before


@pytest.mark.parametrize(
    "lookup", ["created_by__password__startswith=md5", "created_by__email__contains=a", "q=%00"]
)
def test_a_password_s_hash_is_guessed_by_a_list_s_filters(reporter, draft, lookup):
    assert reporter.get(f"{STORIES}?{lookup}").status_code in (302, 400) or "q=" in lookup


def test_the_desk_s_pages_are_put_in_a_frame(editor, draft):
    for address in ("/admin/", story_page(draft), "/admin/import/", "/admin/login/"):
        answer = editor.get(address)
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


# --- reading what is not out ---------------------------------------------------------------------------


def test_what_is_not_out_is_read_by_every_other_door(client):
    newsroom = build(1)
    plant_secrets(beside=newsroom.story)
    hidden = Article.objects.exclude(pk__in=Article.objects.published())
    doors = [f"/stories/{story.slug}.json" for story in hidden]
    doors += [f"/oembed/?url=http://127.0.0.1:8000{story.get_absolute_url()}" for story in hidden]
    doors += [f"/claims/{claim.pk}/embed/" for claim in Claim.objects.filter(wording__contains=SECRET)]
    doors += [f"{STORIES}{story.pk}/preview/" for story in hidden]
    for address in doors:
        assert client.get(address).status_code in (302, 404, 410), address
    for address in (
        f"/search/?q={SECRET}", f"/search/feed/?q={SECRET}", f"/claims/?q={SECRET}",
        f"/claims.csv?q={SECRET}",
        f"/api/v1/stories?q={SECRET}", "/api/v1/stories", "/api/v1/claims", "/api/v1/people",
        "/feed/", "/corrections/feed/", "/sitemap.xml", "/news-sitemap.xml",
    ):  # fmt: skip
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        told = body.decode().lower()
        asked = SECRET in address  # then the page says what was asked for, and finds nothing
        assert (f"story {SECRET}" if asked else SECRET) not in told, address
        assert f"the {SECRET}" not in told, address


def test_a_formula_is_said_by_a_politician(client):
    formula = '=HYPERLINK("https://evil.example","x")'
    story = make.ArticleFactory(plain=f"She said “{formula}” aloud.")
    make.appearance_of(make.ClaimFactory(wording=formula), story, outlet="@SUM(1+1)")
    sheet = b"".join(client.get("/claims.csv").streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(sheet))
    assert not any(str(cell).startswith(("=", "+", "-", "@", "\t")) for cell in row.values())


def test_what_a_role_may_is_widened_by_its_own_holder(signed_in):
    """Groups are brought back to what is written in the code; nobody but an administrator changes them."""
    editor = signed_in(permissions.EDITOR)
    group = Group.objects.get(name=permissions.REPORTER)
    assert editor.post(f"/admin/auth/group/{group.pk}/change/", {"name": "Reporter"}).status_code == 403
    group.permissions.add(Permission.objects.get(codename="publish_article"))
    permissions.set_up_roles()
    assert not group.permissions.filter(codename="publish_article").exists()
