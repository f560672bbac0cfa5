"""An import's undo goes in steps: when it ended stands beside when it began."""

from django.db import migrations, models


def those_before_ended_at_once(apps, schema_editor):
    runs = apps.get_model("stories", "ImportRun").objects
    runs.filter(undone_at__isnull=False).update(undo_finished_at=models.F("undone_at"))


class Migration(migrations.Migration):
    dependencies = [("stories", "0007_picture_lookup")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="undo_finished_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="undone_at",
            field=models.DateTimeField(blank=True, help_text="When taking it back was begun.", null=True),
        ),
        migrations.RunPython(those_before_ended_at_once, migrations.RunPython.noop),
    ]
