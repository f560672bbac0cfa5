"""People whose place in the order nobody set by hand are sorted by their family name with its particles."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from stories.models.politicians import sort_name_of


def sort_with_particles(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    people = apps.get_model("stories", "Politician").objects.using(editor.connection.alias)
    for pk, name, sort_name in people.values_list("pk", "name", "sort_name").iterator():
        given, _, family = name.strip().rpartition(" ")
        kept = sort_name_of(name)
        if given and sort_name == f"{family}, {given}" != kept:
            people.filter(pk=pk).update(sort_name=kept)


class Migration(migrations.Migration):
    dependencies = [("stories", "0010_acts")]

    operations = [migrations.RunPython(sort_with_particles, migrations.RunPython.noop, elidable=True)]
