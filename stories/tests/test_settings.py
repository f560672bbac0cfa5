"""A wrong setting stops the start with one sentence, and the documented settings are the real ones."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stories.tests import empty_newsroom

ROOT = Path(__file__).resolve().parents[2]
# Each starts a process of its own, on SQLite.
pytestmark = pytest.mark.any_database
READ = re.compile(r'(?:env\.\w+|read_bool|read_int)\(\s*"([A-Z_]+)"')


def start(tmp_path, *command, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {"NEWSROOM_DATA_DIR": str(tmp_path / "data")} | environment
    return subprocess.run(
        [sys.executable, "manage.py", *(command or ["check"])],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("HTTPS", "maybe"),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", ","),
        ("DATABASE_URL", "mysql://localhost/news"),
        ("DATABASE_URL", "nonsense"),
        ("CACHE_URL", "memcached://127.0.0.1"),
        ("CELERY_BROKER_URL", "sqs://127.0.0.1"),
        ("SITE_URL", "news.example"),
        ("DATA_LICENCE_URL", "creativecommons.org"),
        ("IMPORT_MAX_BYTES", "many"),
        ("IMPORT_MAX_BYTES", "0"),
        ("KEEP_VERSIONS_DAYS", "-1"),
        ("SESSION_COOKIE_AGE", "10"),
        ("EMAIL_URL", "mail.example"),
        ("TIME_ZONE", "Europe/Eastmere"),
        ("LOG_LEVEL", "LOUD"),
        ("NEWSROOM_DATA_DIR", "/dev/null/data"),
        ("SENTRY_DSN", "sentry.example"),
        ("METRICS_TOKEN", "short"),
        ("SLOW_PAGE_MS", "soon"),
        ("SLOW_QUERY_MS", "-1"),
        ("MEDIA_BUCKET", "pictures"),
        ("EXTRACTION_WORDS", "/dev/null/words"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(tmp_path, name, value):
    done = start(tmp_path, **{name: value})
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("On the Record cannot start: ")
    assert name in lines[0]


def test_a_word_list_that_cannot_be_used_stops_the_start_with_its_line(tmp_path):
    (tmp_path / "parties.txt").write_text("Greenfolk Green Party")
    done = start(tmp_path, EXTRACTION_WORDS=str(tmp_path))
    assert done.stderr.count("\n") == 1
    assert "parties: 'Greenfolk Green Party' has less than 2 columns" in done.stderr


def test_a_wrong_pool_size_is_told_when_there_is_a_pool(tmp_path):
    done = start(tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1/none", DATABASE_POOL_SIZE="0")
    assert done.stderr.count("\n") == 1
    assert "DATABASE_POOL_SIZE" in done.stderr


def test_without_settings_it_starts_and_keeps_a_secret_of_its_own(tmp_path):
    assert start(tmp_path).returncode == 0
    kept = tmp_path / "data" / "secret_key"
    first = kept.read_text()
    assert len(first) >= 50
    assert kept.stat().st_mode & 0o077 == 0
    assert start(tmp_path).returncode == 0
    assert kept.read_text() == first


def test_a_damaged_key_is_told(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret_key").write_text("torn")
    done = start(tmp_path)
    assert done.returncode == 1
    assert "damaged" in done.stderr


def test_every_setting_is_in_the_example_and_no_other():
    read = set(READ.findall((ROOT / "newsroom" / "settings.py").read_text()))
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == read


def test_the_data_folder_and_what_is_made_in_it_are_for_this_account_alone(tmp_path):
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    older = data / "db.sqlite3"
    older.touch()
    older.chmod(0o644)  # as an older release left it
    assert start(tmp_path, "check", "--database", "default").returncode == 0
    assert data.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in data.iterdir()} == {0o600}
    assert {"db.sqlite3", "secret_key"} <= {path.name for path in data.iterdir()}


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgres://nobody@127.0.0.1:1/none", "“none” cannot be reached: "),
        ("sqlite:////none/db.sqlite3", "The database file /none/db.sqlite3 cannot be used"),
    ],
)
def test_a_database_that_cannot_be_reached_stops_the_command_with_one_sentence(tmp_path, address, told):
    done = start(tmp_path, "migrate", DATABASE_URL=address)
    assert done.returncode == 1
    [line] = done.stderr.strip().splitlines()
    assert told in line


def test_hsts_begins_small_and_leaves_other_hosts_of_the_house_alone(tmp_path):
    code = (
        "from django.conf import settings as s; "
        "print(s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD)"
    )
    assert start(tmp_path, "shell", "-v0", "-c", code, HTTPS="on").stdout.strip() == "3600 False False"


def test_the_check_before_going_live_names_a_missing_proxy_files_not_collected_and_unknown_roles(
    tmp_path,
):
    site = {"HTTPS": "on", "SITE_URL": "https://news.example", "ALLOWED_HOSTS": "news.example"}
    told = start(tmp_path, "check", "--deploy", SECOND_FACTOR_ROLES="Editor,Editors", **site).stderr
    assert "names what is no role: Editors." in told
    assert "stories.W002" in told
    assert "stories.E002" in told
    assert "stories.W002" not in start(tmp_path, "check", "--deploy", BEHIND_PROXY="on", **site).stderr


def test_a_thread_keeps_its_connection_to_sqlite_from_one_request_to_the_next(tmp_path, folder_of_run):
    code = """
from django.db.backends.signals import connection_created
from django.test import RequestFactory
from newsroom.wsgi import application
connection_created.connect(lambda **signal: print("opened"), weak=False)
for address in ("/about/", "/stories/"):
    asked = RequestFactory(SERVER_NAME="localhost").get(address)
    application(asked.environ, lambda status, headers: print(status)).close()
"""
    database = f"sqlite:///{empty_newsroom.sqlite(folder_of_run)}"
    told = start(tmp_path, "shell", "-v0", "-c", code, DEBUG="on", DATABASE_URL=database).stdout.split("\n")
    assert told[:-1] == ["opened", "200 OK", "200 OK"]
