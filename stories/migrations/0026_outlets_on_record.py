"""The words that stories print for who was told, and a record for each outlet that they name."""

from django.db import migrations
from django.utils.text import slugify

from stories.text.normalise import outlet_key
from stories.word_lists import outlet_named

BATCH = 500


def put_on_record(apps, editor):
    """Whatever number of stories there is, each of the words is looked at once; no story is written."""
    using = editor.connection.alias
    appearances, words, outlets, names = (
        apps.get_model("stories", name).objects.using(using)
        for name in ("Appearance", "OutletWords", "Outlet", "OutletName")
    )
    told = appearances.exclude(outlet="").order_by("outlet").values_list("outlet", flat=True).distinct()
    told = [one for one in told if outlet_key(one)]
    on_record = {one.key: one.outlet for one in names.select_related("outlet")}
    for start in range(0, len(told), BATCH):
        batch = told[start : start + BATCH]
        rows = [words.model(words=one, key=outlet_key(one)) for one in batch]
        words.bulk_create(rows, ignore_conflicts=True)
        for one in batch:
            if name := outlet_named(one):
                key = outlet_key(name)
                outlet = on_record.get(key)
                if outlet is None:
                    outlet = outlets.create(name=name, key=key, slug=_slug(outlets, name))
                    on_record[key] = names.create(outlet=outlet, name=name, key=key).outlet
                if outlet_key(one) not in on_record:
                    bare = one.removeprefix("the ").removeprefix("The ")
                    names.create(outlet=outlet, name=bare, key=outlet_key(one))
                    on_record[outlet_key(one)] = outlet


def _slug(outlets, name):
    base = slugify(name)[:90] or "outlet"
    base = f"{base}-outlet" if base == "feed" else base
    slug, number = base, 2
    while outlets.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


class Migration(migrations.Migration):

    dependencies = [
        ("stories", "0025_outlets"),
    ]

    operations = [
        migrations.RunPython(put_on_record, migrations.RunPython.noop, elidable=True),
    ]
