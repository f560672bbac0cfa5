"""Plainer names and help texts of the desk; no table changes."""

import stories.models.fields
import taggit.managers
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0016_found_claims"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="appearance",
            options={
                "ordering": ["article", "start", "pk"],
                "verbose_name": "claim in a story",
                "verbose_name_plural": "claims in stories",
            },
        ),
        migrations.AlterModelOptions(
            name="distinctpair",
            options={
                "verbose_name": "pair of different people",
                "verbose_name_plural": "pairs of different people",
            },
        ),
        migrations.AlterModelOptions(
            name="formerslug",
            options={"verbose_name": "former address", "verbose_name_plural": "former addresses"},
        ),
        migrations.AlterModelOptions(
            name="importedtext",
            options={"ordering": ["run", "pk"], "verbose_name": "imported file"},
        ),
        migrations.AlterModelOptions(
            name="importrun",
            options={
                "ordering": ["-started_at", "-pk"],
                "permissions": [("run_import", "Can import copy"), ("undo_import", "Can undo an import")],
                "verbose_name": "import",
            },
        ),
        migrations.AlterModelOptions(
            name="politician",
            options={
                "ordering": ["sort_name", "pk"],
                "permissions": [("merge_politician", "Can merge and unmerge people")],
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.AlterField(
            model_name="article",
            name="dateline",
            field=models.DateField(
                blank=True,
                help_text="The date on the copy, if it has one.",
                null=True,
                validators=[stories.models.fields.a_day_that_can_be_meant],
                verbose_name="date of the copy",
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="published_at",
            field=models.DateTimeField(
                blank=True,
                db_index=True,
                help_text="A time in the future: the story is scheduled.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of the page’s address. Left empty, it is made; old addresses redirect.",
                max_length=100,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="taggit.TaggedItem",
                to="taggit.Tag",
                verbose_name="topics",
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="withdrawn_reason",
            field=models.TextField(blank=True, help_text="Readers see this at the story’s address."),
        ),
        migrations.AlterField(
            model_name="author",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of the page’s address. Left empty, it is made; old addresses redirect.",
                max_length=100,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="claim",
            name="tags",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="taggit.TaggedItem",
                to="taggit.Tag",
                verbose_name="topics",
            ),
        ),
        migrations.AlterField(
            model_name="importedtext",
            name="file",
            field=models.CharField(help_text="The file’s name as given, or “-”.", max_length=1000),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="undone_at",
            field=models.DateTimeField(blank=True, help_text="When undoing it began.", null=True),
        ),
        migrations.AlterField(
            model_name="page",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of the page’s address. Left empty, it is made; old addresses redirect.",
                max_length=100,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="party",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of the page’s address. Left empty, it is made; old addresses redirect.",
                max_length=100,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="politician",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of the page’s address. Left empty, it is made; old addresses redirect.",
                max_length=100,
                unique=True,
            ),
        ),
    ]
