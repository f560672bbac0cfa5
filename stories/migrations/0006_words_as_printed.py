"""Say of release 1.0's claims what was printed, and which of them nobody has read.

Parts of an interrupted quotation were joined by a blank: they are joined as `wordings.as_printed` says. Claims
that an import accepted unread had a time of review: it goes where no reviewer has decided anything. Rows are
written a few at a time, and the index is built beside running saves: editors work on meanwhile.
"""

from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.db.models import F, Q

import stories.models.fields
from stories.anchors import Selector
from stories.wordings import as_printed

A_FEW = 500
READ = Q(reviewed_at__isnull=False) | ~Q(rating="")
FRONT = stories.models.fields.NewestFirstIndex(
    F("said_on").desc(nulls_last=True),
    F("id").desc(),
    "public_from",
    condition=Q(state="accepted") & READ & ~Q(kind="indirect"),
    name="claim_front",
)


def interrupted(apps: Any) -> Iterator[tuple[int, str, str]]:
    """(claim, its words with their parts joined by blanks, its words as printed)."""
    appearances = apps.get_model("stories", "Appearance").objects.exclude(further=[]).order_by("pk")
    columns = appearances.values_list("claim", "exact", "prefix", "further")
    for claim, exact, prefix, further in columns.iterator(chunk_size=A_FEW):
        parts = [Selector(exact, prefix), *(Selector(**part) for part in further)]
        yield claim, " ".join(" ".join(part.exact.split()) for part in parts), as_printed(parts)


def words_as_printed(apps: Any, schema_editor: Any) -> None:
    claims = apps.get_model("stories", "Claim").objects
    for claim, joined, printed in interrupted(apps):
        claims.filter(pk=claim, wording__in=(joined, joined.rstrip(",; "))).update(wording=printed)


def words_joined(apps: Any, schema_editor: Any) -> None:
    claims = apps.get_model("stories", "Claim").objects
    for claim, joined, printed in interrupted(apps):
        claims.filter(pk=claim, wording=printed).update(wording=joined.rstrip(",; "))


def accepted_unread(apps: Any) -> Iterator[Any]:
    """Claims that an import accepted and about which nobody has decided anything, a few at a time."""
    runs = apps.get_model("stories", "ImportRun").objects.values_list("pk", "options")
    unread = [pk for pk, options in runs if (options or {}).get("accept_above") is not None]
    decided = apps.get_model("stories", "ReviewDecision").objects.filter(undone_at=None, claim__isnull=False)
    claims = apps.get_model("stories", "Claim").objects.filter(state="accepted", rating="")
    claims = claims.filter(imported_in__in=unread).exclude(pk__in=decided.values("claim")).order_by("pk")
    # Whoever imported accepted them by that; anybody else has read them.
    claims = claims.filter(Q(reviewed_by=None) | Q(reviewed_by=F("imported_in__by")))
    last = 0
    while pks := list(claims.filter(pk__gt=last).values_list("pk", flat=True)[:A_FEW]):
        yield apps.get_model("stories", "Claim").objects.filter(pk__in=pks)
        last = pks[-1]


def told_unread(apps: Any, schema_editor: Any) -> None:
    for claims in accepted_unread(apps):
        claims.update(reviewed_at=None)


def told_reviewed(apps: Any, schema_editor: Any) -> None:
    for claims in accepted_unread(apps):
        claims.filter(reviewed_at=None).update(reviewed_at=F("created_at"))


def build(apps: Any, schema_editor: Any) -> None:
    beside = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    schema_editor.add_index(apps.get_model("stories", "Claim"), FRONT, **beside)


def drop(apps: Any, schema_editor: Any) -> None:
    beside = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
    schema_editor.remove_index(apps.get_model("stories", "Claim"), FRONT, **beside)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("stories", "0005_read_stances")]
    operations = [
        migrations.RunPython(words_as_printed, words_joined),
        migrations.RunPython(told_unread, told_reviewed),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(build, drop)],
            state_operations=[migrations.AddIndex(model_name="claim", index=FRONT)],
        ),
    ]
