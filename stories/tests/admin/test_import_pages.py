"""Copy imported on the desk's own pages."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from stories.actions import permissions
from stories.models import Article, Claim, ImportJob, ImportJobFile, ImportRun, ReviewDecision
from stories.tests import factories as make
from stories.tests.html import flat

pytestmark = pytest.mark.django_db

IMPORT = "/admin/import/"
COPY = (
    "Harbour wall to be built this year\n\n"
    "The mayor of Eastmere, Tove Hollin, said the wall would be built.\n\n"
    "“We will build it this year,” Ms Hollin told the Eastmere Post.\n"
)


@pytest.fixture(autouse=True)
def a_place_for_uploads(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def staff(signed_in):
    return signed_in(permissions.IMPORT_STAFF)


def a_file(name="wall.txt", text=COPY):
    return SimpleUploadedFile(name, text.encode())


def preview(client, *files, **options):
    page = client.post(IMPORT, {"files": list(files) or [a_file()]} | options, follow=True)
    while "Read on" in page.content.decode():
        page = client.post(page.request["PATH_INFO"])
    return page


def address(page):
    return re.search(r'action="([^"]+/run/)"', page.content.decode())[1]


def go_on(client, page):
    """The whole import, as a browser without a script asks for it."""
    return client.post(address(page), follow=True)


def one_step(client, url):
    """As the script asks for it; `a_file_at_a_time` makes a step as short as it can be."""
    return client.post(url, headers={"Accept": "application/json"})


@pytest.fixture
def a_file_at_a_time(monkeypatch):
    monkeypatch.setattr("stories.admin.import_pages.STEP", 0)


def several(number):
    return [
        a_file(f"{n}.txt", f"Wall {n} to be built\n\nThe council of Eastmere met {n} times.\n")
        for n in range(number)
    ]


def outcomes(page):
    return [entry.outcome for entry, _ in page.context["rows"]]


def test_what_would_happen_is_shown_and_nothing_happens(staff):
    page = preview(staff, a_file(), a_file("empty.txt", ""))
    shown = page.content.decode()
    assert "wall.txt" in shown
    assert outcomes(page) == ["created", "failed"]
    assert not Article.objects.exists()
    assert not ImportRun.objects.exists()


def test_it_is_done_when_asked_for_and_taken_back(staff):
    done = go_on(staff, preview(staff))
    assert done.status_code == 200
    story = Article.objects.get()
    assert (story.headline, story.status) == ("Harbour wall to be built this year", "draft")
    assert Claim.objects.proposed().exists()
    run = ImportRun.objects.get()
    assert run.by == staff.user
    assert f"/admin/import/{run.pk}/undo/" in done.content.decode()
    asked = staff.get(f"{IMPORT}{run.pk}/undo/")
    assert "1 story" in asked.content.decode()
    assert Article.objects.exists()
    staff.post(f"{IMPORT}{run.pk}/undo/")
    assert not Article.objects.exists()
    assert staff.get(f"{IMPORT}{run.pk}/undo/").status_code == 302


def test_the_same_file_again_changes_nothing(staff):
    go_on(staff, preview(staff))
    again = preview(staff)
    assert outcomes(again) == ["unchanged"]
    assert "Nothing was new" in go_on(staff, again).content.decode()


def test_an_upload_is_used_once_and_by_whoever_made_it(staff, signed_in):
    page = preview(staff)
    other = signed_in(permissions.IMPORT_STAFF)
    assert "not there any more" in go_on(other, page).content.decode()
    assert not Article.objects.exists()
    for _ in range(2):
        assert outcomes(go_on(staff, page)) == ["created"]
    assert (Article.objects.count(), ImportRun.objects.count()) == (1, 1)


def test_an_upload_that_nobody_went_on_with_is_forgotten(staff):
    page = preview(staff)
    ImportJob.objects.update(moved_at=timezone.now() - timedelta(hours=25))
    preview(staff)
    assert (ImportJob.objects.count(), ImportJobFile.objects.count()) == (1, 1)
    assert "not there any more" in go_on(staff, page).content.decode()


def test_step_by_step_each_answer_says_how_far_it_is(staff, a_file_at_a_time):
    url = address(preview(staff, *several(3)))
    answers = [one_step(staff, url).json() for _ in range(3)]
    assert answers == [{"done": n + 1, "of": 3, "file": f"{n}.txt"} for n in range(3)]
    run = ImportRun.objects.get()
    assert (run.by, run.texts.count(), bool(run.finished_at)) == (staff.user, 3, True)


def test_what_would_happen_is_found_out_step_by_step_too(staff, a_file_at_a_time):
    files = [*several(2), a_file("again.txt", several(1)[0].read().decode()), a_file("empty.txt", "")]
    page = staff.post(IMPORT, {"files": files}, follow=True)
    assert outcomes(page) == ["created"]
    assert "1 of 4 files are read" in page.content.decode()
    url = page.request["PATH_INFO"]
    assert one_step(staff, url).json() == {"done": 2, "of": 4, "file": "1.txt"}
    page = staff.post(url)
    assert outcomes(page) == ["created", "created", "unchanged", "failed"]
    assert "Import 4 files" in flat(page.content.decode())
    assert not Article.objects.exists()
    assert not ImportRun.objects.exists()


def test_without_a_script_a_long_import_goes_on_at_the_press_of_a_button(staff, monkeypatch):
    monkeypatch.setattr("stories.admin.import_pages.LONG_STEP", 0)
    page = go_on(staff, preview(staff, *several(2)))
    assert "1 of 2 files are in" in page.content.decode()
    assert outcomes(go_on(staff, page)) == ["created"] * 2


def test_a_closed_page_is_taken_up_again(staff, a_file_at_a_time):
    url = address(preview(staff, *several(3)))
    one_step(staff, url)
    assert ImportRun.objects.get().finished_at is None
    left = staff.get(IMPORT).content.decode()
    assert "1 of 3 files are in" in left
    page = staff.get(re.search(r'href="(/admin/import/[^"]{20,}/)"', left)[1])
    assert outcomes(page) == ["created"]
    assert outcomes(go_on(staff, page)) == ["created"] * 3
    assert (Article.objects.count(), ImportRun.objects.count()) == (3, 1)
    assert "files are in" not in staff.get(IMPORT).content.decode()


def test_part_of_an_import_is_taken_back_and_nothing_more_comes_in(staff, a_file_at_a_time):
    url = address(preview(staff, *several(3)))
    one_step(staff, url)
    staff.post(f"{IMPORT}{ImportRun.objects.get().pk}/undo/")
    assert not Article.objects.exists()
    refused = one_step(staff, url)
    assert (refused.status_code, "taken back" in refused.json()["problem"]) == (409, True)
    assert not Article.objects.exists()


def test_a_file_that_fails_is_told_in_the_report_and_kept_in_the_record(staff, a_file_at_a_time):
    url = address(preview(staff, a_file("empty.txt", ""), a_file("wall.pdf"), a_file()))
    while one_step(staff, url).json()["done"] < 3:
        pass
    page = staff.get(url.removesuffix("run/"))
    assert outcomes(page) == ["failed", "failed", "created"]
    assert ImportRun.objects.get().texts.filter(outcome="failed").count() == 2


def test_two_files_of_one_name_are_two_stories(staff):
    page = preview(staff, a_file(), a_file("wall.txt", several(1)[0].read().decode()))
    assert outcomes(go_on(staff, page)) == ["created", "created"]


def test_a_file_larger_than_the_limit_is_refused_and_not_even_kept(staff, settings):
    settings.IMPORT_MAX_BYTES = 1000
    page = preview(staff, a_file("long.txt", "Long story\n\n" + "word " * 100_000))
    assert outcomes(page) == ["failed"]
    assert "500,012" not in page.content.decode()
    assert ImportJobFile.objects.get().data is None


def test_an_update_is_noticed_by_whoever_has_the_old_text_open(staff):
    go_on(staff, preview(staff))
    before = Article.objects.get()
    go_on(staff, preview(staff, a_file(text=COPY.replace("this year", "next year")), update="on"))
    story = Article.objects.get()
    assert "next year" in story.text
    assert story.version == before.version + 1
    staff.post(f"{IMPORT}{ImportRun.objects.first().pk}/undo/")
    again = Article.objects.get()
    assert (again.text, again.version) == (before.text, before.version + 2)


def test_how_far_the_confidence_can_be_trusted_is_told_by_what_was_decided(signed_in):
    client = signed_in(permissions.IMPORT_STAFF, permissions.EDITOR)
    assert "not yet decided enough" in client.get(IMPORT).content.decode()
    for number in range(20):
        ReviewDecision.objects.create(
            claim=make.ClaimFactory(),
            verb="accepted" if number else "rejected",
            confidence=0.96,
            by=client.user,
            before={},
        )
    assert "of 20 claims the importer was 95% sure of or more, reviewers accepted 95%" in flat(
        client.get(IMPORT).content.decode()
    )


@pytest.mark.parametrize("role", [permissions.REPORTER, permissions.FACT_CHECKER, permissions.EDITOR])
def test_only_import_staff_import_and_take_back(signed_in, role):
    client = signed_in(role)
    run = ImportRun.objects.create()
    token = "t" * 27
    for url in (IMPORT, f"{IMPORT}{token}/", f"{IMPORT}{token}/run/", f"{IMPORT}{run.pk}/undo/"):
        assert client.get(url).status_code == 403
        assert client.post(url).status_code == 403


def test_import_staff_cannot_publish_or_accept_by_importing(staff):
    assert set(staff.get(IMPORT).context["form"].fields) == {"files", "update"}
    go_on(staff, preview(staff, publish="on", accept_above="0"))
    assert Article.objects.get().status == "draft"
    assert not Claim.objects.accepted().exists()


def test_somebody_with_both_roles_can(signed_in):
    client = signed_in(permissions.IMPORT_STAFF, permissions.EDITOR)
    go_on(client, preview(client, publish="on", accept_above="0"))
    assert Article.objects.published().exists()
    assert Claim.objects.accepted().exists()


@pytest.mark.parametrize(
    "name", ["../../wall.txt", "wall.php", "a" * 200 + ".txt", "wäll wall.TXT", ".txt", "names"]
)
def test_a_file_s_name_is_said_and_never_used(staff, tmp_path, name):
    page = preview(staff, a_file(name))
    assert page.status_code == 200
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert re.fullmatch(r"(\.[a-z0-9]+)?", ImportJobFile.objects.get().suffix)


def test_no_file_is_asked_for_again(staff):
    assert "This field is required" in staff.post(IMPORT, {}).content.decode()


def test_whatever_a_file_raises_names_it_and_the_others_go_in(staff, monkeypatch):
    from stories.importing import runs

    read = runs.read
    monkeypatch.setattr(runs, "read", lambda data, **how: 1 / 0 if b"Wall 1" in data else read(data, **how))
    page = preview(staff, *several(3))
    assert outcomes(page) == ["created", "failed", "created"]
    done = go_on(staff, page)
    assert outcomes(done) == ["created", "failed", "created"]
    assert "division" not in done.content.decode()


def test_the_preview_shows_what_each_story_would_be_called(staff):
    matter = (
        "---\ntitle: The ferry sails\nauthor: Mina Tallis <m@example.org>\ntags: [Ferry]\n---\nIt left.\n"
    )
    page = flat(preview(staff, a_file("ferry.md", matter)).content.decode())
    assert "“The ferry sails”, by Mina Tallis; tags: Ferry" in page
    assert "example.org" not in page


def test_what_the_import_takes_the_desk_takes_too(signed_in, settings):
    story = make.ArticleFactory(draft=True)
    client = signed_in(permissions.EDITOR)
    posted = {"headline": "x" * settings.IMPORT_MAX_BYTES}
    page = client.post(f"/admin/stories/article/{story.pk}/change/", posted)
    assert page.status_code == 200  # the form again, and not a bare 400
