"""Give the claims on file their stance, read from the stories around their words, a batch at a time.

One that cannot be told stays without: readers are not shown it as said, and an editor can say it.
"""

from typing import Any

from django.db import migrations, transaction

from stories.importing.rereading import batches, fill_stances
from stories.models.claims import wording_key


def fill(apps: Any, schema_editor: Any) -> None:
    claims = apps.get_model("stories", "Claim").objects.using(schema_editor.connection.alias)
    appearances = apps.get_model("stories", "Appearance").objects.using(schema_editor.connection.alias)
    for rows in batches(claims):
        with transaction.atomic(using=schema_editor.connection.alias):
            places = appearances.filter(claim__in=[row.pk for row in rows]).select_related("article")
            fill_stances(rows, places.order_by("article", "pk"))


def empty(apps: Any, schema_editor: Any) -> None:
    """The keys of the words alone again; of two claims in the same words one keeps its own."""
    claims = apps.get_model("stories", "Claim").objects.using(schema_editor.connection.alias)
    for claim in claims.exclude(stance="").order_by("pk").iterator():
        key = wording_key(claim.wording)
        if not claims.filter(speaker=claim.speaker_id, wording_key=key).exists():
            claims.filter(pk=claim.pk).update(wording_key=key, shingled_key="")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("stories", "0004_stance")]
    operations = [migrations.RunPython(fill, empty)]
