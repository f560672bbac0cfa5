"""What probes are told, and that a service that is away takes no page down."""

import contextlib
import datetime
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, connections
from django.test import Client
from django.utils import timezone

from stories import caching, static_files
from stories.database import availability
from stories.facets import counts
from stories.models import Article
from stories.search import schema as search_schema
from stories.tests.factories import ArticleFactory, ClaimFactory, UserFactory, appearance_of
from stories.views import health

pytestmark = pytest.mark.django_db
EIGHT = (
    "/",
    "/claims/",
    "/claims/?verdict=true",
    "/search/?q=labour",
    "/api/v1/claims",
    "/sitemap.xml",
    "/feed/",
    "/admin/login/",
)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def redis(settings: Any, tmp_path: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis of this test's own, in which the site keeps its caches."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server")
    port = free_port()
    how = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen([program, *how], stdout=subprocess.DEVNULL)
    server = {"BACKEND": "stories.caching.ForgivingRedisCache", "LOCATION": f"redis://127.0.0.1:{port}/0"}
    settings.CACHES = {"default": server}
    while cache.get("up") is None:
        caching.ForgivingRedisCache._away.clear()
        cache.set("up", 1)
        time.sleep(0.05)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        caching.ForgivingRedisCache._away.clear()


class TestWithoutACache:
    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
    def test_pages_are_answered_and_one_wait_and_one_line_is_all_it_costs(
        self,
        client: Client,
        redis: subprocess.Popen[bytes],
        how: signal.Signals,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        appearance_of(ClaimFactory(rating="true"))
        assert client.get("/readyz").status_code == 200
        waits: list[str] = []

        class Counted(dict[str, float]):
            def __setitem__(self, server: str, until: float) -> None:
                waits.append(server)
                super().__setitem__(server, until)

        monkeypatch.setattr(caching.ForgivingRedisCache, "_away", Counted())
        monkeypatch.setattr(caching, "RETRY_AFTER", 3600)
        os.kill(redis.pid, how)
        for address in EIGHT:
            assert client.get(address).status_code == 200, address
        assert len(waits) == 1
        assert [line.levelname for line in caplog.records if line.name == "stories.caching"] == ["ERROR"]
        response = client.get("/readyz")
        assert (response.status_code, response.json()["cache"]) == (503, "does not answer")

    def test_once_it_is_back_it_is_used_again(
        self, redis: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(caching, "RETRY_AFTER", 0)
        os.kill(redis.pid, signal.SIGSTOP)
        asked = []
        for _ in range(2):
            assert counts.cached("list", "question", lambda: asked.append(1) or len(asked)) == len(asked)
        os.kill(redis.pid, signal.SIGCONT)
        while cache.get("up") is None:
            cache.set("up", 1)
        assert [counts.cached("list", "question", lambda: 7) for _ in range(2)] == [7, 7]
        assert counts.cached("list", "question", lambda: 8) == 7

    def test_each_wait_is_half_a_second_and_is_not_repeated(self, redis: subprocess.Popen[bytes]) -> None:
        how = cache._cache._pool_options
        assert (how["socket_timeout"], how["socket_connect_timeout"]) == (0.5, 0.5)
        assert how["retry"].get_retries() == 0


class TestProbes:
    @pytest.mark.parametrize("probe", ["/healthz", "/readyz"])
    def test_they_are_answered_whatever_the_host_and_without_https(
        self, client: Client, settings: Any, probe: str
    ) -> None:
        settings.SECURE_SSL_REDIRECT = True
        settings.ALLOWED_HOSTS = ["news.example"]
        response = client.get(probe, headers={"Host": "10.0.0.7"})
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert client.post(probe).status_code == 405

    def test_alive_without_asking_anybody(self, client: Client, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert client.get("/healthz").json() == {"status": "ok"}

    def test_ready_when_all_is_there(self, client: Client) -> None:
        response = client.get("/readyz")
        names = ("status", "database", "migrations", "tables", "search", "clock", "static", "cache", "queue")
        assert (response.status_code, response.json()) == (200, dict.fromkeys(names, "ok"))

    def test_not_ready_without_the_search_index(self, client: Client) -> None:
        search_schema.remove(connection)
        response = client.get("/readyz")
        assert (response.status_code, response.json()["search"]) == (
            503,
            "to be made: run manage.py reindex",
        )

    def test_not_ready_with_a_migration_to_apply(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(health.schema_check, "migrations_waiting", lambda connection: 1)
        response = client.get("/readyz")
        assert (response.status_code, response.json()["migrations"]) == (503, "1 to apply")

    def test_what_an_error_says_is_not_repeated(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(connection: object) -> list[str]:
            raise ConnectionError("postgres://editor:password@database")

        monkeypatch.setattr(health.schema_check, "missing", away)
        response = client.get("/readyz")
        assert response.json()["tables"] == "does not answer (ConnectionError)"
        assert b"password" not in response.content

    def test_without_the_database_nothing_else_asks_it(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
    ) -> None:
        def away(alias: str) -> None:
            raise availability.Unreachable("host 10.0.0.9")

        monkeypatch.setattr(health, "reach", away)
        with django_assert_num_queries(0):
            response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json() == {
            **{"status": "not ready", "database": "does not answer"},
            **{"static": "ok", "cache": "ok", "queue": "ok"},
        }
        assert client.get("/healthz").status_code == 200

    def test_a_clock_before_the_newest_change_is_a_warning(self, client: Client) -> None:
        story = ArticleFactory()
        ahead = timezone.now() + datetime.timedelta(hours=1)
        Article.objects.filter(pk=story.pk).update(created_at=ahead)
        response = client.get("/readyz")
        assert response.status_code == 200
        assert response.json()["clock"] == "warning: the clock is before the newest change"


@pytest.fixture
def away() -> Iterator[str]:
    """The alias of a PostgreSQL at whose port nobody listens."""
    options = {"pool": {"min_size": 1, "max_size": 2, "timeout": 4}}
    postgresql = {"ENGINE": "django.db.backends.postgresql", "NAME": "news", "HOST": "127.0.0.1"}
    connections.databases["away"] = connections.configure_settings(
        {"default": {}, "away": postgresql | {"PORT": str(free_port()), "OPTIONS": options}}
    )["away"]
    yield "away"
    del connections["away"]
    del connections.databases["away"]


def test_a_database_that_cannot_be_reached_is_one_sentence_with_the_reason(away: str) -> None:
    with pytest.raises(CommandError) as told:
        call_command("migrate", database=away)
    [sentence] = str(told.value).splitlines()
    assert sentence.startswith("The database “news” cannot be reached: ")
    assert "refused" in sentence
    assert connections[away].get_connection_params().get("connect_timeout") is None
    assert availability.WAIT == 2


@pytest.mark.django_db(transaction=True)
def test_connections_that_the_server_has_cut_are_replaced(client: Client) -> None:
    """As after a restart of PostgreSQL. SQLite has no server, and nothing to cut."""
    ArticleFactory()
    assert client.get("/").status_code == 200
    if connection.vendor == "postgresql":
        connection.close()  # back into the pool
        params = connection.get_connection_params()
        with connection.Database.connect(**params, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    for _ in range(4):
        assert client.get("/").status_code == 200


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_every_connection_of_the_pool_is_replaced_when_one_is_cut(client: Client) -> None:
    """The pool itself would try one dead connection after another, with ever longer pauses, and give up."""
    client.get("/")
    connection.close()
    held = [connection.pool.getconn() for _ in range(4)]
    with connection.Database.connect(**connection.get_connection_params(), autocommit=True) as other:
        for each in held:
            other.execute("SELECT pg_terminate_backend(%s)", [each.info.backend_pid])
    for each in held:
        connection.pool.putconn(each)
    assert client.get("/").status_code == 200


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_whose_server_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    pool = connection.pool
    assert pool._check is availability.check
    connection.close()
    monkeypatch.setattr(availability, "WAIT", 0.2)
    silent, end = socket.socketpair()
    taken = pool.getconn()
    with silent, end:
        own = os.dup(taken.fileno())
        try:
            os.dup2(end.fileno(), taken.fileno())  # takes what is sent, answers nothing
            with pytest.raises(connection.Database.Error):
                availability.check(taken)
        finally:
            os.dup2(own, taken.fileno())
            os.close(own)
            pool.putconn(taken)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


class Between:
    """Stands between the site and its PostgreSQL, as a network does: it can be cut, or hang.

    `port` is where the site connects to.
    """

    def __init__(self, host: str, port: int) -> None:
        self.there = (host, port)
        self.flows = threading.Event()
        self.flows.set()
        self.open: list[socket.socket] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        """Take connections until the socket is closed."""
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                far = socket.create_connection(self.there)
                self.open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        """Pass on what one side sends, while it flows."""
        with contextlib.suppress(OSError):
            while part := one.recv(65536):
                self.flows.wait()
                other.sendall(part)

    def cut(self) -> None:
        """Refuse new connections and end all there are."""
        self.listening.close()
        with contextlib.suppress(OSError):  # wakes who accepts
            socket.create_connection(("127.0.0.1", self.port)).close()
        for one in self.open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Iterator[Between]:
    """The site's database, reached through a Between."""
    how = connection.settings_dict
    it = Between(how["HOST"] or "127.0.0.1", int(how["PORT"] or 5432))

    def reached_through(port: int) -> None:
        connection.close()
        connection.close_pool()
        monkeypatch.setitem(how, "PORT", str(port))

    before = how["PORT"]
    monkeypatch.setitem(how["OPTIONS"]["pool"], "timeout", 1)
    reached_through(it.port)
    yield it
    it.flows.set()
    reached_through(before)
    it.cut()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["cut", "hangs"])
def test_while_the_database_is_away_readers_and_the_desk_get_a_sentence(
    client: Client, between: Between, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    ArticleFactory()
    client.force_login(UserFactory())
    assert client.get("/").status_code == 200
    client.raise_request_exception = False
    between.cut() if how == "cut" else between.flows.clear()
    for address in ("/claims/?q=anything", "/admin/stories/article/"):
        connection.close()  # the test's client does not, between requests
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "10"), address
        assert "temporarily unavailable" in response.content.decode()
    assert {line.levelname for line in caplog.records if "does not answer" in line.message} == {"ERROR"}
    assert not [line for line in caplog.records if line.name == "django.request"]
    connection.close()
    probe = client.get("/readyz")
    assert (probe.status_code, probe.json()["database"]) == (503, "does not answer")
    if how == "hangs":
        between.flows.set()
        assert client.get("/readyz").json()["database"] == "ok"
        assert client.get("/").status_code == 200


def test_a_wrong_statement_is_a_fault_and_no_outage(client: Client) -> None:
    with pytest.raises(DatabaseError) as wrong, connection.cursor() as cursor:
        cursor.execute("SELECT none FROM nowhere")
    assert not availability.is_outage(wrong.value)


def test_compiling_is_off_without_an_option_that_a_pooler_refuses() -> None:
    assert "options" not in connection.settings_dict["OPTIONS"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW jit")
            assert cursor.fetchone() == ("off",)


class TestStaticFiles:
    @pytest.fixture
    def not_collected(self, settings: Any, tmp_path: Any) -> None:
        settings.STATIC_ROOT = tmp_path / "static"
        settings.STORAGES = settings.STORAGES | {
            "staticfiles": {"BACKEND": "stories.static_files.StaticFiles"}
        }

    def test_without_the_manifest_pages_are_answered_and_the_probe_and_the_check_say_so(
        self, not_collected: None, client: Client
    ) -> None:
        page = client.get("/")
        assert page.status_code == 200
        assert 'href="/static/stories/site.css"' in page.content.decode()
        response = client.get("/readyz")
        assert (response.status_code, response.json()["static"][:13]) == (503, "not collected")
        with pytest.raises(CommandError, match="have not been collected"):
            call_command("check", deploy=True)

    def test_collected_files_have_names_of_their_own(self, not_collected: None, tmp_path: Any) -> None:
        (tmp_path / "site.css").write_text("p { color: red }")
        storage = static_files.StaticFiles(location=tmp_path, base_url="/static/")
        list(storage.post_process({"site.css": (storage, "site.css")}))
        assert re.fullmatch(r"/static/site\.[0-9a-f]{12}\.css", storage.url("site.css"))
        assert storage.url("none.css") == "/static/none.css"
