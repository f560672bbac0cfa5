"""A story whose copy gave no hour is shown with its day alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stories", "0008_undo_in_steps")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="day_only",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
