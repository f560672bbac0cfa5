"""Outlets as records with other names; the index of claims has their numbers in place of printed words.

The index is made anew from the rows after `migrate`: see stories/database/claim_index.py.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stories', '0024_near_wordings'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutletWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=150, unique=True)),
                ('key', models.CharField(db_index=True, editable=False, max_length=300)),
            ],
            options={
                'verbose_name': 'words for who was told',
                'verbose_name_plural': 'words for who was told',
                'ordering': ['words'],
            },
        ),
        migrations.AlterField(
            model_name='act',
            name='verb',
            field=models.CharField(choices=[('topics', 'Topics merged'), ('outlets', 'Outlets merged'), ('restored', 'Story put back'), ('found', 'Found claim made'), ('given', 'Claims given to a person'), ('front', 'Front page changed'), ('joined', 'Claims joined')], max_length=10),
        ),
        migrations.RemoveIndex(model_name='claimheading', name='heading_claim'),
        migrations.RemoveIndex(model_name='claimheading', name='heading_outlet'),
        migrations.RemoveField(model_name='claimheading', name='outlet'),
        migrations.AddField(
            model_name='claimheading',
            name='outlet',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='claimheading',
            index=models.Index(fields=['claim', 'person', 'topic', 'outlet', 'speaker', 'rating', 'said_on', 'public_from', 'kind'], name='heading_claim'),
        ),
        migrations.AddIndex(
            model_name='claimheading',
            index=models.Index(condition=models.Q(('outlet__isnull', False)), fields=['outlet', 'speaker', 'rating', 'said_on', 'public_from', 'kind', 'claim'], name='heading_outlet'),
        ),
        migrations.CreateModel(
            name='Outlet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(blank=True, help_text='The last part of the page’s address. Left empty, it is made; old addresses redirect.', max_length=100, unique=True)),
                ('name', models.CharField(help_text='As readers know it: The Guardian, BBC One.', max_length=150)),
                ('key', models.CharField(editable=False, max_length=300, unique=True)),
                ('kind', models.CharField(blank=True, choices=[('newspaper', 'Newspaper or magazine'), ('broadcaster', 'Broadcaster'), ('programme', 'Programme'), ('agency', 'News agency'), ('website', 'Website'), ('social', 'Social network')], max_length=15)),
                ('website', models.URLField(blank=True)),
            ],
            options={
                'ordering': ['key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='outlet_has_name'), models.CheckConstraint(condition=models.Q(('website__istartswith', 'http://'), ('website__istartswith', 'https://'), ('website', ''), _connector='OR'), name='outlet_website_on_the_web', violation_error_message='The address must begin with http:// or https://.')],
            },
        ),
        migrations.CreateModel(
            name='OutletName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150)),
                ('key', models.CharField(editable=False, max_length=300, unique=True)),
                ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='stories.outlet')),
            ],
            options={
                'verbose_name': 'other name',
                'ordering': ['key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='outlet_name_has_letters')],
            },
        ),
    ]
