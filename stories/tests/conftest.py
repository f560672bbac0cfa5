"""What every test stands on. With NEWSROOM_REQUIRE_ALL=1 a skipped test is a failed one."""

import gc
import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import SimpleTestCase, TransactionTestCase, override_settings
from factory import Factory
from psycopg import OperationalError

REQUIRE_ALL = os.environ.get("NEWSROOM_REQUIRE_ALL") == "1"


# Folders of what asks no database: `text` and `extraction` load nothing of Django, scripts run in node.
NO_DATABASE = [Path(__file__).parent / name for name in ("text", "extraction", "static")]
OPENS = {"_django_db_helper", "db", "transactional_db", "live_server"}
OTHER_WAYS = re.compile(
    r"\b(django\.db import|db_blocker|subprocess|multiprocessing|other_process|prepared)\b"
)
LONGEST = Path(__file__).parent / "promise"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only a server can do wrong is no test of SQLite, and what no database can do wrong is tested with
    SQLite alone: each run has its own, and two runs have everything. The longest tests come first, so that
    at the end no process waits for another."""
    if connection.vendor == "sqlite":
        elsewhere = [item for item in items if item.get_closest_marker("postgresql")]
    else:
        elsewhere = [item for item in items if item.get_closest_marker("any_database") or asks_none(item)]
    if elsewhere:
        left_out = set(elsewhere)
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=elsewhere)
    items.sort(key=lambda item: not item.path.is_relative_to(LONGEST))


def asks_none(item: pytest.Item) -> bool:
    return any(item.path.is_relative_to(folder) for folder in NO_DATABASE) or is_shut_out(item)


def is_shut_out(item: pytest.Item) -> bool:
    """Whether a test can reach no database: it asks for no fixture that opens one, without which every query
    fails, and its module has no word of Django's connections nor of another process, which has its own.
    `no_other_process` sees to the latter."""
    asked = item.get_closest_marker("django_db") or OPENS & set(getattr(item, "fixturenames", ()))
    unittest = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    return not asked and not unittest and not OTHER_WAYS.search(source(item.path))


@cache
def source(path: Path) -> str:
    return path.read_text()


@pytest.fixture(autouse=True)
def no_other_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that is thought to reach no database starts no process, by which it might."""
    if is_shut_out(request.node) and not any(request.path.is_relative_to(folder) for folder in NO_DATABASE):

        def refuse(*args: Any, **options: Any) -> None:
            raise AssertionError("This test starts a process: tell conftest's OTHER_WAYS by which word")

        monkeypatch.setattr(subprocess.Popen, "__init__", refuse)
        monkeypatch.setattr(os, "fork", refuse)


def pytest_collection_finish() -> None:
    """All that is loaded by now stays to the end: the collector need not walk through it again and again.
    Measured over every 25th test: 8 % of their processor time. What a test makes is few rows, thrown away at
    its end: looking for circles after every 700 of them finds next to nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Any:
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: NEWSROOM_REQUIRE_ALL=1 allows no skip: {report.longrepr}"
    return report


@pytest.fixture(autouse=True, scope="session")
def settings_of_tests() -> Iterator[None]:
    """Static files need no collecting, passwords are quickly made, and each test has its own keys in a cache:
    emptying a shared Redis would pull it from under the tests beside this one. Set once, for Django makes
    storages, caches and their connections anew after each change of its settings."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": storage},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        AXES_ENABLED=False,
        WHITENOISE_AUTOREFRESH=True,  # else every test client reads all static files to list them
        CACHES={name: one | {"KEY_FUNCTION": OF_THIS_TEST.key} for name, one in settings.CACHES.items()},
    ):
        yield


class OfThisTest:
    """The name by which a test's keys in the cache are its own."""

    name = ""

    def key(self, key: str, prefix: str, version: int) -> str:
        return f"{self.name}:{prefix}:{version}:{key}"


OF_THIS_TEST = OfThisTest()


@pytest.fixture(scope="session")
def media_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that are thrown away, another each time: `mktemp` reads the names of all each time."""
    parent = tmp_path_factory.mktemp("media")
    return (parent / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def a_quiet_newsroom(settings: Any, media_folders: Iterator[Path]) -> None:
    """Uploads go to a folder of the test's own, and nothing is kept from the test before."""
    from stories.pages import middleware  # which needs Django to be set up
    from stories.templatetags.cards import kept  # models, which need Django to be set up
    from stories.views import articles, feeds

    settings.MEDIA_ROOT = next(media_folders)
    settings.MEDIA_ROOT.mkdir()
    OF_THIS_TEST.name = uuid4().hex
    for one in caches.all(initialized_only=True):
        one.key_prefix = ""
    kept.cache_clear()
    articles.KEPT.clear()
    feeds.KEPT.clear()
    middleware.forget()


@pytest.fixture
def pages_made_anew(settings: Any) -> None:
    """No page is kept: what is measured is what it costs to make one."""
    settings.PAGES_KEPT_MB = 0


@pytest.fixture(scope="session")
def folder_of_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of one run of the tests share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def django_db_keepdb(
    django_db_keepdb: bool, django_db_modify_db_settings_parallel_suffix: None, folder_of_run: Path
) -> bool:
    """Whether the tests' database is there already: a copy of one that was migrated once for all processes.
    Of PostgreSQL's only the template is there, by which its server makes copies."""
    from stories.tests import empty_newsroom  # which needs Django to be set up

    if django_db_keepdb:
        return True
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = empty_newsroom.postgresql(folder_of_run)
        return False
    name = connection.settings_dict["TEST"]["NAME"]
    forget_file(name)
    shutil.copyfile(empty_newsroom.sqlite(folder_of_run), name)
    return True


def forget_file(name: str) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{name}{end}").unlink(missing_ok=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    from stories.tests import empty_newsroom

    if connection.vendor == "postgresql" and not hasattr(session.config, "workerinput"):
        with suppress(OperationalError):  # no server: nothing was made on it
            empty_newsroom.forget_on_server()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """The four groups are made once: most tests have somebody who is in one. After a test that commits, all
    is put back as it is now."""
    from stories.tests.emptying import Beginning  # models, which need Django to be set up
    from stories.tests.factories import roles

    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            commit_without_waiting()
        roles()
        beginning = Beginning()
    emptied = TransactionTestCase._fixture_teardown

    def put_back(case: TransactionTestCase) -> None:
        if beginning.is_out_of_reach():
            emptied(case)
            roles()
            beginning.remember()
        else:
            beginning.put_back()

    TransactionTestCase._fixture_teardown = put_back
    yield
    TransactionTestCase._fixture_teardown = emptied
    if connection.vendor == "sqlite" and not request.config.getvalue("reuse_db"):
        with django_db_blocker.unblock():
            connection.close()
            forget_file(connection.settings_dict["NAME"])


def commit_without_waiting() -> None:
    """Have each commit answered before it is on the disk, in this process and in those that a test starts: a
    database of tests outlives no machine."""
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    connection.close()
    connection.close_pool()


@pytest.fixture(autouse=True)
def made_up_rows_numbered_from_the_start() -> None:
    """A test's rows are called the same whichever tests came before it, so that a page is as wide as ever."""
    from stories.tests import factories  # models, which need Django to be set up

    for made in vars(factories).values():
        if isinstance(made, type) and issubclass(made, Factory):
            made.reset_sequence(0, force=True)


@pytest.fixture
def seeds_folder() -> Path:
    return Path(__file__).resolve().parents[2] / "seeds"
