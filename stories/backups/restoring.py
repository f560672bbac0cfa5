"""Loading a backup into a database: the one it is from, an empty one, or one of the other kind."""

# The SQL is put together from the names of tables.
# ruff: noqa: S608

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from stories.backups import archive, rows
from stories.backups.archive import Manifest, Table, Upload
from stories.database import bulk_load, change_counter, claim_index, picture_uses, public_from, triggers
from stories.models import Article, Claim, Politician, renditions
from stories.search import schema

FILLED: tuple[type[Model], ...] = (Article, Claim, Politician)


class Refused(Exception):
    """The backup is not loaded; says why in a sentence. Nothing was changed."""


def restore(
    path: Path,
    *,
    using: str = DEFAULT_DB_ALIAS,
    replace: bool = False,
    on_table: Callable[[str], None] = lambda name: None,
) -> Manifest:
    """Make the database and the uploads what the backup has, in one transaction, and compare afterwards.

    An empty database gets its tables first. One that has stories, claims, people or accounts is refused
    unless `replace`. While it is loaded readers see what was there before; who wants to save, waits. Raises
    Refused and `archive.Damaged`.
    """
    manifest = archive.check(path)
    connection = connections[using]
    if not replace and (there := _what_is_there(connection)):
        raise Refused(f"The database has {there} already; --replace puts the backup in their place.")
    older = _make_ready(connection, manifest)
    with archive.opened(path) as opened:
        for upload in manifest.uploads:
            _store(opened, upload)
        if older:
            with transaction.atomic(using=using):
                _load(connection, opened, manifest, on_table)
            call_command("migrate", database=using, verbosity=0)
        else:
            with transaction.atomic(using=using), _without_triggers(connection, manifest.tables):
                _load(connection, opened, manifest, on_table)
                _compare(manifest, using)
    ContentType.objects.clear_cache()
    cache.clear()
    bulk_load.vacuum_analyze(connection)
    return manifest


def _what_is_there(connection: BaseDatabaseWrapper) -> str:
    """What a person would miss, such as "5 stories, 1 account"; "" for nothing."""
    if Article._meta.db_table not in connection.introspection.table_names():
        return ""
    counts = [
        (model._base_manager.using(connection.alias).count(), model) for model in (*FILLED, get_user_model())
    ]
    return ", ".join(
        f"{number} {model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural}"
        for number, model in counts
        if number
    )


def _make_ready(connection: BaseDatabaseWrapper, manifest: Manifest) -> bool:
    """Give the database the tables that the backup was made of; whether those are an older release's.

    Raises Refused where it cannot have them.
    """
    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    ours = set(manifest.migrations)
    if ours - known:
        raise Refused(
            f"It was made by release {manifest.release}, which is newer than this one or had other settings."
        )
    applied = set(MigrationRecorder(connection).applied_migrations()) & known
    if ours == known:
        if applied != known:
            call_command("migrate", database=connection.alias, verbosity=0)
        return False
    if applied:
        raise Refused(
            f"It was made by release {manifest.release}, whose tables were others: restore it into a new, "
            "empty database, which is brought up to date with it."
        )
    graph = executor.loader.graph
    last = [one for one in ours if not any(child.key in ours for child in graph.node_map[one].children)]
    executor.migrate(sorted(last))
    return True


@contextmanager
def _without_triggers(connection: BaseDatabaseWrapper, tables: list[Table]) -> Iterator[None]:
    """Within, rows are written as they are; after it what is made of them is there, and the triggers watch.

    Inside a transaction. PostgreSQL's are disabled and not taken down, for which readers would have to wait.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
        else:
            schema.remove(connection)
            public_from.remove(connection)
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')
        else:
            triggers.put_up(connection, public_from.every_trigger(connection))
        claim_index.fill(connection)
        picture_uses.fill(connection)
        change_counter.resume(connection)
    schema.install(connection)


def _load(
    connection: BaseDatabaseWrapper,
    opened: zipfile.ZipFile,
    manifest: Manifest,
    on_table: Callable[[str], None],
) -> None:
    with connection.cursor() as cursor:
        for table in manifest.tables:
            cursor.execute(f'DELETE FROM "{table.name}"')
    for table in manifest.tables:
        on_table(table.name)
        rows.write(connection, table, archive.lines(opened, table))
        rows.go_on_after(connection, table.name, table.last)


def _compare(manifest: Manifest, using: str) -> None:
    """Read back every row. Raises Refused, which takes all of it back."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    for table in manifest.tables:
        if rows.digest(models[table.name], using) != table.sha256:
            raise Refused(f"The rows loaded into {table.name} are not those of the backup; none was changed.")


def _store(opened: zipfile.ZipFile, upload: Upload) -> None:
    """Put an upload where it was, unless it is there; others stay, for no page shows them."""
    try:
        with default_storage.open(upload.name) as there:
            digest = sha256()
            for part in there.chunks():
                digest.update(part)
        if digest.hexdigest() == upload.sha256:
            return
    except FileNotFoundError:
        pass
    renditions.put(opened.read(upload.member), upload.name)
