"""A database made by an older release and brought up to date has the schema of one made today."""

import hashlib
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stories import migrations
from stories.database import schema_check
from stories.models.migration_plan import tables_changed
from stories.tests.pictures import picture

# The SHA-256 of every migration that a release has carried, none of which is edited again: databases that
# have applied one will not apply it a second time. Each release adds those it brings.
LANDED = {
    "0001_initial": "7bf2dcf6d99113dda7cc566779ed97faa4ce954f239619c7ea573b09737ad88d",
    "0002_indexes_where_missing": "a48ef15edc43ddbef2115cf678532ea35902d8217fbf2fa5c1823532d1a6ba68",
    "0003_addresses_and_calendar": "e313611c22f7da2db43729e0506c0d5e2aebf6ce3e901b8d42281507d35ac83d",
    "0004_stance": "06fdc82a76dc16e524413b0e4397f29ac5982e86d5b84ce1742af84c98ecf48c",
    "0005_read_stances": "22f5b7b6c2cdb971a920138584c5054e67042596c652c23baa907a964a1891bc",
    "0006_words_as_printed": "773c9c730b8d1d93502e8f15e50bad1f500d85e4297a9ee9dcf043eb5b658cfb",
    "0007_picture_lookup": "8e66fccd28aa5893c1132ea4978bed2be4231bedd54fa5608a9828d282b0a688",
    "0008_undo_in_steps": "bda1e542af1da768cf49c1d433aa36b49baa968784f577cfe00c468fd5c6dde1",
    "0009_day_only": "328ffe713fa35fb30c6a213b4244d0ffe87d92628fd205c80c1056299c3fce9d",
    "0010_acts": "78b2cf68dd9a43444024007520dfb645e0f55ec5878905d180a5f2b40593842d",
    "0011_sort_names": "5642c4e9f5b29d65fdc1d83892e6af2cd3f9b42a3bb0551575679ebc3dc581d9",
    "0012_outlet": "023c3961aa0aa767fb8a93117db1152624460696b84af500c6b59bf08c676d08",
    "0013_topics_of_claims": "97fbf46a5544ae88998e46321d9aa84f4f718ddf21b22f671ad9c09fed80d16d",
    "0014_story_notes": "9ea91aa4e3380fb1dc79d6da009034a53edad901e1975c5f329bf204df5540f2",
    "0015_listed_on": "f3c35b94d202547a24d34077be3db1f7e6a136f467e04605ff06942f0131d02e",
    "0016_found_claims": "3c6fcdac311f41f74f66491b3567a0579ff1a1b13be381aa7e18a27e7316506a",
    "0017_plain_words": "85992d8213a35c09abd76a9f1065ecfd8858243f0aa270a5d42ad614671cd8fc",
    "0018_changed_at_and_saved_views": "1f3abf3913e840e6a16932069185fa4f9d7f619b2b714b96a9050477c51ee116",
    "0019_search_words": "f2600e33e9969f6a40c0aba26a24fd38f93a0eb0c5f957f58df5e487d649a5c6",
    "0020_claims_under_a_label": "54c32709cd81b868aeeb89cec4872ceaf168ec7cfa2e80a633866c783787df82",
    "0021_story_versions": "767de1362f50c021bce3c50bceb8e96f27ff30f05243492bce49c36d844dddd0",
    "0022_picture_library": "6c2126766a8daa19609d7e7afaf8fceabca75d8f71d1cb04ba4cc1f72b4bd923",
    "0023_front_page": "5773a247b1d327180d80079a3392b9cd7d1296f5da0ea8c9dbcb6d1e4b281a09",
    "0024_near_wordings": "fb253e7975959929d9503b82413e76fe1da3f3ec80121cdd97c5e4d90fd64897",
    "0025_outlets": "ea6c4cd8e5be7d00e777e80c472fd67f45bd851261c0e6f7494440494b1653f3",
    "0026_outlets_on_record": "7cee83d6ceff7ddb65e9f8fab68af9af52dc54c1f769a9965b065928ffd674f3",
    "0027_pending_versions": "ce3ef9f9ab0c610e01ca7c41a42dc223f97f899d713c6b61ec33e3d5b7c2ee4f",
    "0028_lead_pictures_in_library": "bfe205f5fb346a392fe7f812265fcaebe28e3679833c1b1be73bbc430cda2d16",
    "0029_related_stories": "aa34ff8df95b73b526ca74d8c5605338c33d5f1affe21f7e0f07105a55fae453",
    "0030_picture_uses": "47f2cbccb37da852c34a8a9ca07d27bbba6788b5acec1378a72194f811dbdb9c",
    "0031_search_fields": "187e6c519c6252057124dda00fedbd25bb77fd853f326379e7ab7395198bacd4",
    "0032_import_jobs": "f4dd8b14bb1a27084ce00ed2a77e2c6bd222424591fa53e08b417cdc4977bda4",
    "0033_waiting_uploads": "2f4a6ec16a92262b08ab52712a1a2aaf509237184776e65f72a396a0f7b71ac0",
}
# What release 1.0's own 0001 made otherwise than 0001 does since.
AS_RELEASE_1_0_MADE_IT = """
    DROP INDEX heading_claim;
    DROP INDEX article_changed;
    CREATE INDEX stories_claimheading_claim_81db3421 ON stories_claimheading (claim)
"""
SCHEMA = {
    "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%%'",
    "postgresql": """
        SELECT 'index', indexname, tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'constraint', conname, conrelid::regclass::text, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgname, tgrelid::regclass::text, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'column', column_name, table_name, concat_ws(' ', data_type, is_nullable,
            character_maximum_length, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'""",
}


def test_a_migration_that_has_landed_is_never_edited() -> None:
    """A new one is added to LANDED when it lands: somebody's database has been made by it from then on."""
    there = Path(migrations.__file__).parent.glob("0*.py")
    assert {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in there} == LANDED


@pytest.fixture
def empty_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """The alias of a database of its own without any table, beside the one that the tests share."""
    alias, shared = "older", connections["default"].settings_dict
    with django_db_blocker.unblock():
        # The pool's and the session's options stay the shared database's; only the name is another.
        connections.databases[alias] = shared | {"NAME": f"{shared['NAME']}_older"}
        made = connections[alias]
        if made.vendor == "postgresql":
            with connections["default"].cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{shared["NAME"]}_older"')
                cursor.execute(f'CREATE DATABASE "{shared["NAME"]}_older"')
        else:
            Path(f"{shared['NAME']}_older").unlink(missing_ok=True)
        try:
            yield alias
        finally:
            made.close()
            if made.vendor == "postgresql":
                made.close_pool()
                with connections["default"].cursor() as cursor:
                    cursor.execute(f'DROP DATABASE "{shared["NAME"]}_older" WITH (FORCE)')
            else:
                for ending in ("", "-wal", "-shm"):
                    Path(f"{shared['NAME']}_older{ending}").unlink(missing_ok=True)
            del connections[alias]
            del connections.databases[alias]


def schema_of(alias: str) -> set[tuple[str, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(SCHEMA[connections[alias].vendor])
        rows = {tuple(" ".join(str(word).split()) for word in row) for row in cursor.fetchall()}
    # SQLite tells of a table with its columns in the order in which they came, which differs.
    return {(*names, *sorted(re.split(r", | \(|\)$", told))) for *names, told in rows}


def test_a_database_of_release_1_0_brought_up_to_date_has_the_schema_of_a_new_one(
    empty_database: str,
) -> None:
    call_command("migrate", "stories", "0001", database=empty_database, verbosity=0)
    with connections[empty_database].cursor() as cursor:
        for statement in AS_RELEASE_1_0_MADE_IT.split(";"):
            cursor.execute(statement)
    assert {"index heading_claim on stories_claimheading", "index article_changed on stories_article"} <= set(
        schema_check.missing(connections[empty_database])
    )
    call_command("migrate", database=empty_database, verbosity=0)
    assert schema_of(empty_database) ^ schema_of("default") == set()
    assert schema_check.missing(connections[empty_database]) == []


def test_lead_pictures_go_into_the_library_each_once_and_stay_in_their_stories_when_that_is_undone(
    empty_database: str,
) -> None:
    call_command("migrate", "stories", "0027", database=empty_database, verbosity=0)
    made = connections[empty_database]
    plan = MigrationLoader(made).project_state(("stories", "0027_pending_versions")).apps
    stories = plan.get_model("stories", "Article").objects.using(empty_database)
    wall, again, pier = (
        default_storage.save(f"stories/{name}.png", ContentFile(picture(64, height)))
        for name, height in (("wall", 40), ("wall-again", 40), ("pier", 30))
    )
    for number, name in enumerate([wall, again, pier, pier, "stories/gone.png", ""]):
        stories.create(
            slug=f"s{number}", headline="H", lead_image=name, lead_image_alt=f"Alt {number}" if name else ""
        )
    call_command("migrate", "stories", "0028", database=empty_database, verbosity=0)
    pictures = plan.get_model("stories", "Picture").objects.using(empty_database)
    first = min(wall, again)
    assert set(pictures.values_list("file", "width", "height")) == {(first, 64, 40), (pier, 64, 30)}
    assert pictures.get(file=pier).description == "Alt 3"
    shown = [first, first, pier, pier, "stories/gone.png", ""]
    assert list(stories.order_by("slug").values_list("lead_image", flat=True)) == shown
    call_command("migrate", "stories", "0027", database=empty_database, verbosity=0)
    assert list(stories.order_by("slug").values_list("lead_image", flat=True)) == shown


def test_renaming_the_outlet_asks_nothing_of_the_database_in_either_direction(empty_database: str) -> None:
    call_command("migrate", "stories", "0012", database=empty_database, verbosity=0)
    before = schema_of(empty_database)
    for name, backwards in (("0011", True), ("0012", False)):
        said = StringIO()
        options = {"database": empty_database, "backwards": backwards, "no_color": True}
        call_command("sqlmigrate", "stories", "0012", stdout=said, **options)
        lines = said.getvalue().splitlines()
        assert {line for line in lines if not line.startswith("--")} <= {"BEGIN;", "COMMIT;"}
        with CaptureQueriesContext(connections[empty_database]) as queries:
            call_command("migrate", "stories", name, database=empty_database, verbosity=0)
        assert not [query["sql"] for query in queries if "stories_appearance" in query["sql"]]
        assert schema_of(empty_database) == before
    renaming = MigrationLoader(connections[empty_database]).get_migration("stories", "0012_outlet")
    assert tables_changed([(renaming, False)]) == set()


@pytest.mark.django_db
class TestWhatTheDatabaseLacks:
    def test_nothing_when_it_is_whole_and_it_is_asked_in_four_queries(self) -> None:
        with CaptureQueriesContext(connection) as asked:
            assert schema_check.missing(connection) == []
        assert len(asked) == 4

    @pytest.mark.parametrize(
        ("by_hand", "told"),
        [
            ("ALTER TABLE stories_presence DROP COLUMN since", "column stories_presence.since"),
            ("DROP TABLE stories_sharelink", "table stories_sharelink"),
            ("DROP INDEX heading_claim", "index heading_claim on stories_claimheading"),
            (
                "DROP TABLE stories_formerslug; CREATE TABLE stories_formerslug "
                "(id bigint PRIMARY KEY, kind text, slug text, object_id bigint, since timestamp)",
                "constraint former_slug_once on stories_formerslug",
            ),
        ],
    )
    def test_what_was_taken_away_by_hand_is_named_by_the_probe_and_by_the_check(
        self, client: Client, by_hand: str, told: str
    ) -> None:
        with connection.cursor() as cursor:
            for statement in by_hand.split(";"):
                cursor.execute(statement)
        response = client.get("/readyz")
        assert response.status_code == 503
        assert told in response.json()["tables"]
        with pytest.raises(SystemCheckError, match=told):
            call_command("check", databases=["default"])

    def test_a_trigger_that_is_down_is_named_and_migrate_puts_it_up(self, client: Client) -> None:
        on = "" if connection.vendor == "sqlite" else "ON stories_claim"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER public_claim_changed {on}")
        response = client.get("/readyz")
        assert response.status_code == 503
        assert "trigger public_claim_changed on stories_claim" in response.json()["tables"]
        call_command("migrate", verbosity=0, skip_checks=False, stderr=StringIO())
        assert schema_check.missing(connection) == []

    def test_while_a_migration_waits_the_check_lets_migrate_through(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX heading_claim")
        monkeypatch.setattr(
            schema_check.MigrationExecutor, "migration_plan", lambda *args: [("stories", "0003")]
        )
        call_command("check", databases=["default"])
