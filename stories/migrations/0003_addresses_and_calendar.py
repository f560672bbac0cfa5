"""Every topic has an address, and no story a date that an address cannot hold."""

import datetime

import stories.models.fields
from django.conf import settings
from django.db import migrations, models


FIRST = datetime.datetime(1000, 1, 2, tzinfo=datetime.UTC)
END = datetime.datetime(9999, 12, 30, tzinfo=datetime.UTC)


def give_topics_an_address(apps, schema_editor):
    """A slug of which nothing was left, or that no address holds, becomes "topic-" and the row's number."""
    tags = apps.get_model("taggit", "Tag").objects
    for tag in tags.exclude(slug__regex=r"^[-a-zA-Z0-9_]*[a-zA-Z0-9][-a-zA-Z0-9_]*$"):
        slug = f"topic-{tag.pk}"
        while tags.filter(slug=slug).exists():
            slug += "-2"
        tags.filter(pk=tag.pk).update(slug=slug)


def mend_dates(apps, schema_editor):
    """A story dated too early is dated by when it came in; one scheduled past the calendar is a draft again."""
    stories = apps.get_model("stories", "Article").objects
    stories.filter(published_at__lt=FIRST).update(published_at=models.F("created_at"))
    stories.filter(first_published_at__lt=FIRST).update(first_published_at=models.F("created_at"))
    never = stories.filter(models.Q(published_at__gte=END) | models.Q(first_published_at__gte=END))
    never.filter(status="published").update(status="draft")
    never.update(published_at=None, first_published_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('stories', '0002_indexes_where_missing'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(give_topics_an_address, migrations.RunPython.noop),
        migrations.RunPython(mend_dates, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='article',
            name='dateline',
            field=models.DateField(blank=True, help_text='The day the copy is from, when it says so.', null=True, validators=[stories.models.fields.a_day_that_can_be_meant], verbose_name='date of the copy'),
        ),
        migrations.AlterField(
            model_name='claim',
            name='said_on',
            field=models.DateField(blank=True, db_index=True, null=True, validators=[stories.models.fields.a_day_that_can_be_meant]),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('published_at__isnull', True), models.Q(('published_at__gte', datetime.datetime(1000, 1, 2, 0, 0, tzinfo=datetime.timezone.utc)), ('published_at__lt', datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='article_published_within_calendar', violation_error_message="The date is outside what the site's addresses can hold."),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('first_published_at__isnull', True), models.Q(('first_published_at__gte', datetime.datetime(1000, 1, 2, 0, 0, tzinfo=datetime.timezone.utc)), ('first_published_at__lt', datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='article_first_published_within_calendar', violation_error_message="The date is outside what the site's addresses can hold."),
        ),
    ]
