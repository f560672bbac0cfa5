"""Give databases made by release 1.0 the indexes that 0001 has made since.

0001 was edited after that release: two indexes came and one went, so databases made before and after it
differ. PostgreSQL builds and drops them beside running saves (CONCURRENTLY), which asks for no transaction.
"""

from typing import Any

from django.db import migrations

MISSING = {
    "heading_claim": (
        "stories_claimheading",
        "claim, person, topic, outlet, speaker, rating, said_on, public_from, kind",
    ),
    "article_changed": ("stories_article", "status, published_at, updated_at, id"),
}
LEFT_OVER = "stories_claimheading_claim_81db3421"
# What a CREATE INDEX CONCURRENTLY that was stopped half-way leaves: a name without a working index.
BROKEN = (
    "SELECT 1 FROM pg_index WHERE NOT indisvalid AND indexrelid = "
    "(SELECT oid FROM pg_class WHERE relname = %s AND pg_table_is_visible(oid))"
)


def mend(apps: Any, schema_editor: Any) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    beside = "CONCURRENTLY" if postgresql else ""
    with schema_editor.connection.cursor() as cursor:
        for name, (table, columns) in MISSING.items():
            if postgresql:
                cursor.execute(BROKEN, [name])
                if cursor.fetchone():
                    cursor.execute(f"DROP INDEX CONCURRENTLY {name}")
            quoted = ", ".join(f'"{column}"' for column in columns.split(", "))
            cursor.execute(f'CREATE INDEX {beside} IF NOT EXISTS "{name}" ON "{table}" ({quoted})')
        cursor.execute(f"DROP INDEX {beside} IF EXISTS {LEFT_OVER}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("stories", "0001_initial")]
    # Taken back there is nothing to do: the indexes are those of 0001.
    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
