"""Every page of the desk, by the URLconf: no rule of WCAG 2.2 AA broken, and no wider than a phone."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page
from reversion.models import Version

from stories.actions import history
from stories.actions.imports import jobs
from stories.actions.stories import publishing
from stories.admin import urls as desk_urls
from stories.models import Article, Claim, FrontPlace, ImportRun, PendingVersion, Politician
from stories.tests import factories as make
from stories.tests.admin.test_every_screen import MAKE
from stories.tests.browser.conftest import DESK, LOOKS, PHONE, SELECT2, axe_violations, let_in
from stories.tests.browser.test_desk import to_the_end

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = 4  # so that several workers can share the walk
# Made of one template for every model: looked at once.
ALIKE = ("history", "delete", "recoverlist", "recover", "revision")
ONCE = "politician"
# Pages with a template of their own; the others differ in their rows alone, and are looked at once.
OWN = (
    "desk:",
    "stories_article_",
    "stories_claim_",
    f"stories_{ONCE}_",
    "importrun_change",
    "tag_changelist",
)
# What has no page of its own: answers to scripts, and what is only posted to and leads on.
NO_PAGES = {
    *(
        "desk:review_item",
        "desk:review_decide",
        "desk:review_undo",
        "desk:review_apart",
        "desk:near",
        "desk:near_part",
        "desk:near_again",
        "desk:review_place",
        "desk:importer_accuracy_csv",
    ),
    *("desk:view_save", "desk:view_delete", "desk:log_csv", "desk:front_page_undo"),
    *("desk:people_distinct", "desk:people_unmerge", "desk:topics_unmerge", "desk:outlets_unmerge"),
    *("desk:import_run", "desk:import_progress", "desk:story_search", "desk:story_card"),
    *(
        "admin:jsi18n",
        "admin:autocomplete",
        "admin:view_on_site",
        "admin:logout",
        "admin:login",
        "admin:index",
    ),
    *(
        f"admin:stories_article_{name}"
        for name in ("pulse", "pulse_new", "on_record", "forget", "notes", "unshare")
    ),
    *(f"admin:stories_article_found{name}" for name in ("", "_accept", "_dismiss", "_undo")),
    *("admin:stories_article_take_back", "admin:stories_article_who", "desk:complete"),
    # The site's own page within the desk's: walked among the readers' pages.
    *(f"admin:stories_article_preview{name}" for name in ("", "_new", "_withdrawn", "_correction")),
    *("admin:stories_article_revision", "admin:stories_article_recoverlist", "admin:stories_article_recover"),
    *("admin:taggit_tag_names", "admin:stories_picture_choose", "admin:stories_picture_upload"),
}
# Django's own pages of accounts, for administrators: not ours, and with no words of ours.
NOT_OURS = ("admin:auth_", "admin:password_change", "admin:app_list", "admin:axes_")


def every_name() -> Iterator[str]:
    """The names of all the addresses under /admin/."""
    for pattern in desk_urls.urlpatterns:
        yield f"desk:{pattern.name}"

    def walk(patterns: list[Any]) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                if pattern.name:
                    yield f"admin:{pattern.name}"
            else:
                yield from walk(pattern.url_patterns)

    yield from walk(admin.site.get_urls())


def every_page() -> list[str]:
    names = dict.fromkeys(every_name())
    return [
        name
        for name in names
        if name not in NO_PAGES
        and not name.startswith(NOT_OURS)
        and (name == "admin:stories_article_history" or not name.endswith(ALIKE) or ONCE in name)
    ]


@pytest.fixture
def addresses(settings, tmp_path) -> dict[str, str]:
    """An address of every page, by the name of its URL, on rows that have something to show."""
    settings.DATA_DIR = tmp_path
    make.PoliticianFactory.reset_sequence(2800)  # long names, long words
    make.ClaimFactory.reset_sequence(2800)
    by = make.UserFactory(is_superuser=True, username="walker")
    rows = {model: make_one(0) for model, make_one in MAKE.items()}
    make.appearance_of(make.ClaimFactory(proposed=True), confidence=0.7, rule="name before cue")
    make.appearance_of(make.ClaimFactory(), state="lost")
    FrontPlace.objects.create(place=1, article=rows[Article], until=timezone.now() + timedelta(days=1))
    FrontPlace.objects.create(place=2, article=make.ArticleFactory(scheduled=True))
    at = desk_addresses(by, rows[Claim]) | story_addresses(by, rows[Article], rows[Claim])
    for model, row in rows.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        at |= {f"{base}{page}": reverse(f"{base}{page}") for page in ("changelist", "add")}
        for page in ("change", "history", "delete"):
            at[f"{base}{page}"] = reverse(f"{base}{page}", args=[row.pk])
    return at | history_addresses(by)


def desk_addresses(by: User, claim: Claim) -> dict[str, str]:
    first, second = (make.PoliticianFactory(name=name) for name in ("Tove Hollin", "Tove Holin"))
    sent = [SimpleUploadedFile(name, b"Wall is built\n\nIt was.") for name in ("wall.txt", "wall.pdf")]
    upload = jobs.keep(files=sent, by=by, options={"publish": False, "accept_above": None, "update": False})
    jobs.try_out(job=upload, by=by)  # or its page goes on by itself while it is looked at
    plain = ("today", "front_page", "log", "importer_accuracy", "topics", "outlets", "import")
    plain += ("review", "review_words", "review_give")
    return {f"desk:{name}": reverse(f"desk:{name}") for name in plain} | {
        "desk:people": f"{reverse('desk:people')}?winner={first.pk}&loser={second.pk}",
        "desk:why": reverse("desk:why", args=[claim.appearances.get().pk]),
        "desk:import_upload": reverse("desk:import_upload", args=[upload.token]),
        "desk:import_undo": reverse("desk:import_undo", args=[ImportRun.objects.latest("pk").pk]),
    }


def story_addresses(by: User, live: Article, claim: Claim) -> dict[str, str]:
    draft = make.ArticleFactory(draft=True)
    publishing.submit(article=draft, by=by)
    publishing.return_to_draft(article=draft, by=by)
    new, old = Version.objects.get_for_object(draft).values_list("revision", flat=True)
    own = {
        name: reverse(f"admin:stories_article_{name}", args=[draft.pk])
        for name in ("compare", "restore", "share")
    }
    own["compare"] += f"?from={old}&to={new}"
    own["restore"] += f"?revision={old}"
    scheduled = make.ArticleFactory(scheduled=True)
    changed = make.ArticleFactory()
    changes = {"headline": "The wall leaks", "body": f"{changed.body}<p>More of it.</p>"}
    base = {"headline": "It leaked", "body": changed.body}
    PendingVersion.objects.create(article=changed, fields=changes, base=base, by=by)
    own["changes"] = reverse("admin:stories_article_changes", args=[changed.pk])
    for name in ("publish_changes", "hand_in_changes", "return_changes", "discard_changes"):
        own[name] = f"{reverse(f'admin:stories_article_{name}')}?ids={changed.pk}"
    for name in ("submit", "publish", "publish_now", "return_to_draft", "correct", "withdraw"):
        row = {"withdraw": live, "correct": live, "publish_now": scheduled}.get(name, draft)
        own[name] = f"{reverse(f'admin:stories_article_{name}')}?ids={row.pk}"
    at = {f"admin:stories_article_{name}": url for name, url in own.items()}
    for name in ("tag", "untag"):
        at[f"admin:stories_article_{name}"] = f"{reverse(f'admin:stories_article_{name}')}?ids={draft.pk}"
    for name in ("accept", "reject", "reopen", "tag", "untag"):
        at[f"admin:stories_claim_{name}"] = f"{reverse(f'admin:stories_claim_{name}')}?ids={claim.pk}"
    for name in ("confirm", "unconfirm"):
        person = f"{reverse(f'admin:stories_politician_{name}')}?ids={claim.speaker_id}"
        at[f"admin:stories_politician_{name}"] = person
    return at


def history_addresses(by: User) -> dict[str, str]:
    """Reversion's pages, of a person who is there and of one who is not any more."""
    kept, gone = make.PoliticianFactory(), make.PoliticianFactory()
    with history.recorded(by=by, comment="Entered."):
        kept.save()
        gone.save()
    versions = {int(version.object_id): version.pk for version in Version.objects.get_for_model(Politician)}
    gone_version = versions[gone.pk]
    gone.delete()
    base = "admin:stories_politician_"
    return {
        f"{base}recoverlist": reverse(f"{base}recoverlist"),
        f"{base}recover": reverse(f"{base}recover", args=[gone_version]),
        f"{base}revision": reverse(f"{base}revision", args=[kept.pk, versions[kept.pk]]),
    }


@pytest.mark.any_database
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_the_desk_is_accessible_by_day_and_by_night_and_fits(
    page: Page, context: BrowserContext, live_server, addresses, part
):
    pages = every_page()
    assert set(pages) <= set(addresses), "a new page: say above how it is opened"
    client = Client()
    walker = User.objects.get(username="walker")
    client.force_login(walker)
    let_in(context, walker, live_server.url)
    wrong: dict[str, list[str]] = {}
    for name in pages[part::PARTS]:
        if name.endswith("_add") and client.get(addresses[name]).status_code == 403:
            continue  # rows that are the machine's own are not added
        looks = [(DESK, "light"), (PHONE, "dark")] if any(own in name for own in OWN) else [(PHONE, "dark")]
        found = []
        for number, (size, scheme) in enumerate(looks):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if number == 0:
                page.goto(live_server.url + addresses[name])
            if name in ("admin:stories_article_add", "admin:stories_article_change"):
                page.wait_for_selector("body[data-story-ready]")
            to_the_end(page)
            found += axe_violations(page, without=SELECT2, rules=LOOKS if number else None)
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        if found or wide > PHONE["width"]:
            wrong[name] = [f"{wide} wide", *found]
    assert wrong == {}
