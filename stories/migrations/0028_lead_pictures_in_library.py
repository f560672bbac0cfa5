"""The lead pictures of stories, put into the library; undone, they stand in the stories alone again."""

import hashlib

from django.apps.registry import Apps
from django.core.files.storage import default_storage
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from PIL import Image

BATCH = 200
ORIENTATION, TURNED = 0x0112, {5, 6, 7, 8}


def put_in(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Each file once, described as the last story that shows it has it; what cannot be read is left out."""
    using = editor.connection.alias
    stories = apps.get_model("stories", "Article").objects.using(using)
    pictures = apps.get_model("stories", "Picture").objects.using(using)
    last = ""
    while True:
        rows = stories.exclude(lead_image="").filter(lead_image__gt=last)
        names = list(rows.order_by("lead_image").values_list("lead_image", flat=True).distinct()[:BATCH])
        if not names:
            return
        last = names[-1]
        read = {name: found for name in names if (found := _read(name)) is not None}
        with transaction.atomic(using=using):
            known = set(pictures.filter(file__in=names).values_list("file", flat=True))
            for name, (digest, width, height) in read.items():
                if name in known:
                    continue
                same = pictures.filter(sha256=digest).first()
                if same is not None:
                    stories.filter(lead_image=name).update(lead_image=same.file.name)
                    continue
                story = stories.filter(lead_image=name).order_by("-pk").first()
                pictures.create(
                    file=name,
                    sha256=digest,
                    width=width,
                    height=height,
                    description=story.lead_image_alt,
                    caption=story.lead_image_caption,
                    credit=story.lead_image_credit,
                    added_at=story.created_at,
                    added_by_id=story.created_by_id,
                )


def _read(name: str) -> tuple[str, int, int] | None:
    try:
        with default_storage.open(name) as file:
            digest = hashlib.sha256(file.read()).hexdigest()
            file.seek(0)
            with Image.open(file) as image:
                turned = image.getexif().get(ORIENTATION) in TURNED
                width, height = image.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return (digest, height, width) if turned else (digest, width, height)


def take_out(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Nothing: the stories have their pictures as they had them, and the library goes with its table."""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("stories", "0027_pending_versions")]
    operations = [migrations.RunPython(put_in, take_out)]
