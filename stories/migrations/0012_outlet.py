"""`Appearance.told` is named `outlet`. The column keeps its name, so nothing is asked of the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stories", "0011_sort_names")]

    # Of the state alone: operations that name a table would take its triggers down and fill what they keep anew.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("appearance", "appearance_public_by_outlet"),
                migrations.AlterField(
                    "appearance", "told", models.CharField(blank=True, db_column="told", max_length=150)
                ),
                migrations.RenameField("appearance", "told", "outlet"),
                migrations.AddIndex(
                    "appearance",
                    models.Index(
                        fields=["outlet", "claim", "public_from"], name="appearance_public_by_outlet"
                    ),
                ),
                migrations.AlterField(
                    "politician",
                    "confirmed",
                    models.BooleanField(
                        db_index=True,
                        default=False,
                        help_text="The record has been checked. Readers see only confirmed records.",
                    ),
                ),
            ]
        )
    ]
