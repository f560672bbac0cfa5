"""Which pages are kept, for whom, in how much memory; and what is shown while the database is away."""

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag, TaggedItem

from stories import models
from stories.database import bulk_load, change_counter, site_version, triggers
from stories.pages import addresses, middleware
from stories.pages.rooms import OVERHEAD, Page, Room
from stories.tests.factories import ArticleFactory, ClaimFactory, UserFactory, appearance_of
from stories.tests.test_leaks import links_in
from stories.tests.views.newsroom import build

pytestmark = pytest.mark.django_db
LONG_AGO = "Mon, 01 Jan 2001 00:00:00 GMT"
# Tables of whose rows no reader is shown anything.
OF_THE_DESK = {
    *(
        models.Act,
        models.Dismissal,
        models.DistinctPair,
        models.ImportedText,
        models.ImportRun,
        models.ImportJob,
        models.ImportJobFile,
        models.PersonMerge,
        models.Picture,
    ),
    *(models.Presence, models.QuotationChange, models.ReviewDecision, models.ReviewLease, models.ShareLink),
    models.PendingVersion,
    *(models.Notice, models.SavedView, models.Shingle, models.StoryNote, models.UnsavedCopy, models.WordRun),
}
# Made from rows of other tables, in the transaction that changes them.
DERIVED = {models.ClaimHeading, models.PictureUse, models.StoryPerson}


def queries_of(client: Client, address: str, **asked: Any) -> tuple[int, int]:
    """The status of the answer, and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, **asked)
    return answer.status_code, len(queries)


class TestWhatIsKept:
    @pytest.fixture
    def everywhere(self) -> list[str]:
        newsroom = build(1)
        pages = newsroom.addresses()
        for name in ("404", "withdrawn", "shared", "shared_ended", "open_data"):
            del pages[name]
        own = [newsroom.story.get_absolute_url(), newsroom.claim.get_absolute_url()]
        return [
            *pages.values(),
            *(f"{address.rstrip('/')}.json" for address in own),
            *("/feed/", "/feed/atom/", "/feed/json/", "/claims/feed/?verdict=misleading&topic=harbour-wall"),
            *(
                "/stories/?page=1",
                "/claims/?q=wall&sort=oldest",
                "/people/?letter=A",
                "/search/?kind=claims&q=wall",
            ),
            *("/sitemap.xml", "/news-sitemap.xml", "/robots.txt", "/api/v1/claims?limit=1", "/api/v1/topics"),
        ]

    def test_a_page_that_was_asked_for_before_costs_one_query_and_so_does_a_304(
        self, client: Client, everywhere: list[str]
    ) -> None:
        for address in everywhere:
            first = client.get(address)
            again = client.get(address)
            assert again.content == first.content, address
            different = {"X-Request-ID"}
            assert {*first.items()} ^ {*again.items()} == {
                pair for page in (first, again) for pair in page.items() if pair[0] in different
            }, address
            assert queries_of(client, address) == (200, 1), address
            known = {"If-None-Match": first["ETag"]}
            assert queries_of(client, address, headers=known) == (304, 1), address

    def test_every_link_of_a_page_within_the_site_leads_to_one_that_can_be_kept(
        self, everywhere: list[str], client: Client
    ) -> None:
        links = {
            link
            for address in everywhere
            for link in links_in(client.get(address).content.decode(), address)
            if not link.startswith(("/shared/", "/claims.csv", "/schemas/", "/data/", "/share/"))
        }
        assert len([link for link in links if "?" in link]) > 10
        factory = RequestFactory()
        assert [link for link in links if addresses.key_of(factory.get(link)) is None] == []

    def test_who_has_a_page_by_its_date_is_told_so_and_a_first_reader_with_an_old_one_fills_the_room(
        self, client: Client
    ) -> None:
        address = ArticleFactory().get_absolute_url()
        first = client.get(address, headers={"If-Modified-Since": LONG_AGO})
        assert (first.status_code, bool(first.content)) == (200, True)
        middleware.forget()
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert queries_of(client, address) == (200, 1)  # the whole page was kept
        known = {"If-Modified-Since": first["Last-Modified"]}
        assert queries_of(client, address, headers=known) == (304, 1)

    def test_the_order_of_parameters_makes_no_other_page(self, client: Client) -> None:
        client.get("/claims/?verdict=true&sort=oldest")
        assert queries_of(client, "/claims/?sort=oldest&verdict=true") == (200, 1)
        assert queries_of(client, "/claims/?sort=oldest&verdict=false")[1] > 1

    @pytest.mark.parametrize(
        "address",
        ["/?utm_source=post", "/claims/?colour=red", "/stories/?verdict=true", f"/search/?q={'a' * 600}"],
    )
    def test_a_parameter_that_the_page_does_not_know_keeps_nothing(
        self, client: Client, address: str
    ) -> None:
        client.get(address)
        assert middleware.PLAIN.size == middleware.ASKED.size == 0

    def test_a_former_address_is_kept_and_what_is_not_there_is_not(self, client: Client) -> None:
        story = ArticleFactory()
        old = story.get_absolute_url()
        story.slug = "another-address"
        story.save()
        client.get(old)
        assert queries_of(client, old) == (301, 1)
        for address in ("/stories/never/", ArticleFactory(withdrawn=True).get_absolute_url()):
            client.get(address)
            assert queries_of(client, address)[1] > 1

    def test_head_is_answered_from_what_get_kept_and_keeps_nothing(self, client: Client) -> None:
        client.head("/about/")
        assert middleware.PLAIN.size == 0
        whole = client.get("/about/")
        with CaptureQueriesContext(connection) as queries:
            head = client.head("/about/")
        assert (len(queries), head.content, head["ETag"]) == (1, b"", whole["ETag"])

    def test_a_host_that_the_site_is_not_called_gets_nothing_of_what_is_kept(
        self, client: Client, settings: Any
    ) -> None:
        client.get("/")
        settings.ALLOWED_HOSTS = ["testserver"]
        assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
        settings.SECURE_SSL_REDIRECT = True
        secure = Client()  # settings of https are read as a site starts
        assert [secure.get("/", secure=True).status_code for _ in range(2)] == [200, 200]
        middleware.forget()
        assert [secure.get("/").status_code for _ in range(2)] == [301, 301]


class TestForWhom:
    def test_who_is_signed_in_is_neither_shown_a_kept_page_nor_has_theirs_kept(self, client: Client) -> None:
        client.get("/about/")
        member = Client()
        member.force_login(UserFactory())
        assert queries_of(member, "/about/")[1] > 1
        middleware.forget()
        member.get("/about/")
        assert middleware.PLAIN.size == 0

    @pytest.mark.parametrize(
        "headers", [{"Authorization": "Basic eDp5"}, {"Range": "bytes=0-9"}, {"If-Match": '"x"'}]
    )
    def test_who_asks_for_something_of_their_own_gets_it_made(
        self, client: Client, headers: dict[str, str]
    ) -> None:
        client.get("/about/")
        assert queries_of(client, "/about/", headers=headers)[1] > 1

    def test_the_desk_shared_stories_and_pictures_have_no_key(self) -> None:
        factory = RequestFactory()
        for address in ("/admin/login/", "/shared/x:y/", "/media/a.png", "/static/a.css", "/claims.csv"):
            assert addresses.key_of(factory.get(address)) is None, address
        assert addresses.key_of(factory.post("/")) is None

    @pytest.mark.parametrize(
        ("headers", "cookie"),
        [
            ({}, False),
            ({"Cache-Control": "private, max-age=30"}, False),
            ({"Cache-Control": "public, no-store"}, False),
            ({"Cache-Control": "public", "Vary": "Cookie"}, False),
            ({"Cache-Control": "public", "Vary": "Accept-Language"}, False),
            ({"Cache-Control": "public", "Content-Security-Policy": "script-src 'nonce-abc'"}, False),
            ({"Cache-Control": "public"}, True),
        ],
    )
    def test_only_an_answer_that_is_for_everybody_is_kept(
        self, rf: RequestFactory, headers: dict[str, str], cookie: bool
    ) -> None:
        calls = []

        def view(request: HttpRequest) -> HttpResponse:
            calls.append(request)
            response = HttpResponse("A page", headers=headers)
            if cookie:
                response.set_cookie("seen", "1")
            return response

        site = middleware.keep_pages(view)
        for _ in range(2):
            site(rf.get("/about/"))
        assert len(calls) == 2

    def test_no_page_for_readers_has_a_nonce_or_a_token_or_a_cookie(self, client: Client) -> None:
        newsroom = build(1)
        for name, address in newsroom.addresses().items():
            answer = client.get(address)
            assert "nonce" not in answer.get("Content-Security-Policy", "") + answer.content.decode(), name
            assert "csrfmiddlewaretoken" not in answer.content.decode(), name
            assert not answer.cookies, name


class TestWhatIsWatched:
    def test_every_table_is_watched_or_is_the_desk_s_own(self) -> None:
        ours = set(apps.get_app_config("stories").get_models(include_auto_created=True)) | {Tag, TaggedItem}
        assert ours == {*change_counter.WATCHED, *OF_THE_DESK, *DERIVED}

    def test_what_is_said_to_be_unseen_are_columns_of_the_table(self) -> None:
        for model, watched in change_counter.WATCHED.items():
            assert {*watched.unseen} <= {field.column for field in model._meta.local_concrete_fields}, model

    def test_work_on_what_readers_do_not_see_leaves_every_page_as_it_is(self) -> None:
        public = ClaimFactory()
        appearance_of(public)
        before = site_version.read()
        claim = ClaimFactory(proposed=True, speaker=public.speaker, tags=["harbours"])
        draft = ArticleFactory(draft=True, tags=["harbours"], plain=f"She said “{claim.wording}”.")
        appearance_of(claim, draft)
        draft.body += "<p>More words.</p>"
        draft.save()
        claim.about.add(public.speaker)
        models.Evidence.objects.create(claim=claim, url="https://records.example/", title="Minutes")
        models.Politician.objects.create(name="Nobody Yet")
        models.Correction.objects.create(article=draft, text="It was seven.")
        models.Page.objects.create(title="Not yet")
        models.Article.objects.update(embargo_note="Not before noon.", version=9)
        claim.delete()
        draft.delete()
        assert site_version.read() == before

    def test_a_step_of_the_count_is_no_step_of_another_database(self) -> None:
        steps = set()
        for _ in range(3):
            before = change_counter.count(connection)
            ArticleFactory()
            steps.add(change_counter.count(connection) - before)
        assert len(steps) == 3

    def test_while_triggers_are_down_nothing_is_kept(self, client: Client) -> None:
        client.get("/about/")
        with bulk_load.triggers_disabled():
            for _ in range(2):
                assert queries_of(client, "/about/")[1] > 1
        client.get("/about/")
        assert queries_of(client, "/about/") == (200, 1)

    def test_where_a_trigger_is_missing_from_the_start_nothing_is_kept(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(site_version, "_databases_with_triggers", set())
        one = change_counter.watching(connection)[:1]
        triggers.take_down(connection, one)
        try:
            client.get("/about/")
            assert middleware.PLAIN.size == 0
        finally:
            triggers.put_up(connection, one)
        client.get("/about/")
        assert middleware.PLAIN.size > 0


def page(version: str = "1", size: int = 0) -> Page:
    return Page(version, 200, (), b"x" * size, None, None)


class TestRooms:
    def test_the_pages_not_used_for_longest_go_first_when_a_room_is_full(self) -> None:
        room = Room()
        for name in "abc":
            room.keep((name,), page(), within=3 * OVERHEAD)
        assert room.find(("a",), "1")
        room.keep(("d",), page(), within=3 * OVERHEAD)
        assert [name for name in "abcd" if room.find((name,), "1")] == ["a", "c", "d"]
        assert room.size == 3 * OVERHEAD

    def test_a_page_that_is_made_again_takes_the_place_of_the_old_one(self) -> None:
        room = Room()
        for version in ("1", "2"):
            room.keep(("a",), page(version, 10), within=5000)
        assert (room.find(("a",), "1"), room.size) == (None, OVERHEAD + 10)

    def test_a_page_too_large_for_the_room_is_not_kept(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(middleware, "LARGEST", 0.0001)
        client.get("/about/")
        assert middleware.PLAIN.size == 0

    def test_a_thousand_odd_addresses_push_out_no_page_and_take_no_more_than_their_share(
        self, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.PAGES_KEPT_MB = 1
        monkeypatch.setattr(middleware, "LARGEST", 1)
        cache.set("other things", "are there")
        client.get("/about/")
        for _ in range(40):
            client.get(f"/search/?q={uuid.uuid4()}")
        assert 100_000 < middleware.ASKED.size <= 300_000
        assert queries_of(client, "/about/") == (200, 1)
        assert cache.get("other things") == "are there"

    def test_with_no_memory_for_them_no_pages_are_kept(self, client: Client, settings: Any) -> None:
        settings.PAGES_KEPT_MB = 0
        client.get("/about/")
        assert middleware.PLAIN.size == 0


class TestWhenTenAskAtOnce:
    def asked(
        self, count: int, response: HttpResponse, monkeypatch: pytest.MonkeyPatch
    ) -> tuple[int, list[bytes]]:
        """How often the page was made for so many readers at once, and what they got."""
        monkeypatch.setattr(site_version, "read", lambda: "as it is now")
        made, waiting, got = [], threading.Semaphore(0), []
        begin = Room.begin

        def begun(*args: Any) -> Any:
            theirs = begin(*args)
            if theirs is not None:
                waiting.release()
            return theirs

        monkeypatch.setattr(Room, "begin", begun)

        def view(request: HttpRequest) -> HttpResponse:
            if not made:
                made.append(request)
                for _ in range(count - 1):
                    assert waiting.acquire(timeout=60)
            else:
                made.append(request)
            return response

        site = middleware.keep_pages(view)
        readers = [
            threading.Thread(target=lambda: got.append(site(RequestFactory().get("/about/")).content))
            for _ in range(count)
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(60)
        return len(made), got

    def test_one_makes_the_page_for_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        public = HttpResponse("A page", headers={"Cache-Control": "public"})
        assert self.asked(10, public, monkeypatch) == (1, [b"A page"] * 10)

    def test_what_cannot_be_kept_is_made_for_each(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.asked(3, HttpResponse("A page"), monkeypatch) == (3, [b"A page"] * 3)

    def test_who_fails_leaves_it_to_the_others(self, rf: RequestFactory) -> None:
        calls = []

        def view(request: HttpRequest) -> HttpResponse:
            calls.append(request)
            raise ZeroDivisionError

        site = middleware.keep_pages(view)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                site(rf.get("/about/"))
        assert len(calls) == 2


class TestWhileTheDatabaseIsAway:
    patches: pytest.MonkeyPatch

    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        now = [1_000_000.0]
        monkeypatch.setattr(middleware.time, "monotonic", lambda: now[0])
        return now

    @pytest.fixture
    def away(self, monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> Iterator[Callable[[], list[int]]]:
        """Takes the database away; returns how often it was asked since."""
        with monkeypatch.context() as patches:

            def go() -> list[int]:
                asked: list[int] = []

                def gone() -> str:
                    asked.append(1)
                    raise OperationalError("gone")

                patches.setattr(site_version, "read", gone)
                return asked

            type(self).patches = patches
            yield go

    def test_readers_get_the_last_good_page_and_no_cache_may_keep_it(
        self, client: Client, away: Callable[[], list[int]]
    ) -> None:
        good = client.get("/about/")
        asked = away()
        for _ in range(3):
            last = client.get("/about/")
            assert (last.status_code, last.content, last["Cache-Control"]) == (200, good.content, "no-cache")
        assert client.get("/about/", headers={"If-None-Match": good["ETag"]}).status_code == 304
        assert asked == [1]  # one waits for the database, the others do not

    def test_a_page_of_an_earlier_version_is_not_shown(
        self, client: Client, away: Callable[[], list[int]]
    ) -> None:
        story = ArticleFactory()
        client.get(story.get_absolute_url())
        models.Article.objects.update(status="withdrawn")
        client.get("/about/")  # this process knows that something changed
        away()
        assert client.get(story.get_absolute_url()).status_code == 410

    def test_after_ten_minutes_it_is_shown_no_more(
        self, client: Client, away: Callable[[], list[int]], clock: list[float]
    ) -> None:
        client.get("/about/")
        away()
        clock[0] += middleware.LAST_GOOD - 1
        assert client.get("/about/")["Cache-Control"] == "no-cache"
        clock[0] += 2
        assert client.get("/about/")["Cache-Control"] != "no-cache"

    def test_it_is_asked_again_after_a_while_and_believed(
        self, client: Client, away: Callable[[], list[int]], clock: list[float]
    ) -> None:
        client.get("/about/")
        away()
        client.get("/about/")
        self.patches.undo()
        assert client.get("/about/")["Cache-Control"] == "no-cache"
        clock[0] += middleware.RETRY_AFTER + 1
        assert client.get("/about/")["Cache-Control"] != "no-cache"
