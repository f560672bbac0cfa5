"""A claim has its stories’ topics unless an editor says otherwise; a topic page has an introduction."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0012_outlet"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="own_topics_only",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="A claim without topics of its own has those of the stories that print it, unless this is ticked.",
                verbose_name="not the topics of its stories",
            ),
        ),
        migrations.CreateModel(
            name="TopicIntroduction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "text",
                    models.TextField(help_text="What the topic is about, in a few sentences for readers."),
                ),
                (
                    "topic",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="introduction",
                        to="taggit.tag",
                    ),
                ),
            ],
            options={
                "verbose_name": "introduction to a topic",
                "verbose_name_plural": "introductions to topics",
                "ordering": ["topic__name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="topic_introduction_has_text"
                    )
                ],
            },
        ),
    ]
