"""Uploads that wait in the data folder, where earlier releases kept them, come into the database.

Their folder stays as it is: `manage.py tidy` deletes it when it is a day old. On the way back they are lost, and
are still there if that is done within a day.
"""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.db import migrations
from django.utils import timezone


def take_over(apps, schema_editor):
    job_model, file_model, run_model, user_model = (
        apps.get_model(label)
        for label in (
            "stories.ImportJob",
            "stories.ImportJobFile",
            "stories.ImportRun",
            settings.AUTH_USER_MODEL,
        )
    )
    for place in sorted((Path(settings.DATA_DIR) / "uploads").glob("*/about.json")):
        folder, about = place.parent, json.loads(place.read_text(encoding="utf-8"))
        if not user_model.objects.filter(pk=about["by"]).exists():
            continue
        begun = folder / "run"
        number = int(begun.read_text()) if begun.exists() else None
        run = run_model.objects.filter(pk=number).first()
        if number is not None and run is None:
            continue
        job = job_model.objects.create(
            token=folder.name,
            by_id=about["by"],
            options=about["options"],
            total=len(about["names"]),
            run=run,
            begun_at=run and run.started_at,
            finished_at=run and run.finished_at,
            moved_at=timezone.now(),
        )
        for number, path in enumerate(sorted((folder / "copy").iterdir())):
            name, size = about["names"][number], path.stat().st_size
            notes = {what: folder / what / f"{number:03}.json" for what in ("tried", "done")}
            tried, done = (json.loads(note.read_text()) if note.exists() else None for note in notes.values())
            fits = size <= settings.IMPORT_MAX_BYTES
            data = path.read_bytes() if fits and done is None else None
            file_model.objects.create(
                job=job,
                number=number,
                name=name,
                key=f"upload/{name}",
                suffix=path.suffix,
                problem="" if fits else "It is larger than the import takes (IMPORT_MAX_BYTES).",
                sha256=hashlib.sha256(data).hexdigest() if data is not None else "",
                size=size if fits else 0,
                data=data,
                tried=tried,
                outcome=done["outcome"] if done else "",
                entry=done,
            )


class Migration(migrations.Migration):
    dependencies = [("stories", "0032_import_jobs")]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
