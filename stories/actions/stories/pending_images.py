"""A picture sent with a save that did not go through waits here, so that nobody has to choose it again."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from uuid import uuid4

from django.contrib.auth.models import User
from django.core import signing
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from stories.models import renditions

FOLDER = "waiting"
KEPT_FOR = timedelta(days=2)
_SALT = "stories.desk.pictures"


@dataclass(frozen=True, slots=True)
class Waiting:
    """`token` is what the form carries, for the person who sent the picture; `address` shows it."""

    token: str
    name: str
    address: str


def keep(*, picture: "File[bytes]", by: User) -> Waiting:
    """Let the picture wait for `by`; what others never came back for is thrown away."""
    throw_away_old()
    clean, ending = renditions.cleaned(picture)
    name = f"{PurePath(picture.name or '').stem.lstrip('.') or 'picture'}{ending}"
    stored = default_storage.save(f"{FOLDER}/{uuid4().hex}/{name}", ContentFile(clean))
    token = signing.dumps([stored, by.pk], salt=_SALT)
    return Waiting(token, name, renditions.url_of(stored))


def waiting(*, token: str, by: User) -> SimpleUploadedFile | None:
    """The picture as if it were sent again; None when it has gone, or is somebody else's."""
    stored = _stored(token, by)
    if stored is None or not default_storage.exists(stored):
        return None
    with default_storage.open(stored) as file:
        return SimpleUploadedFile(PurePath(stored).name, file.read())


def clean_all() -> tuple[int, int]:
    """Take the metadata out of every stored picture that has some; how many had, of how many files.

    Uploads that came in before they were rewritten on the way in are cleaned when first asked for; this
    does it for all at once, those included that no page shows any more. Safe to repeat.
    """
    files = list(renditions.stored_files())
    return sum(renditions.clean_in_place(name) for name in files), len(files)


def discard(*, token: str, by: User) -> None:
    """It has gone in with the story, or another was chosen."""
    stored = _stored(token, by)
    if stored is not None:
        _delete(stored)


def _stored(token: str, by: User) -> str | None:
    try:
        stored, owner = signing.loads(token, salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return str(stored) if owner == by.pk else None


def throw_away_old() -> int:
    """Delete the pictures that nobody came back for in time; how many they were."""
    gone = 0
    if not default_storage.exists(FOLDER):
        return gone
    for folder in default_storage.listdir(FOLDER)[0]:
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            stored = f"{FOLDER}/{folder}/{name}"
            if default_storage.get_modified_time(stored) < timezone.now() - KEPT_FOR:
                _delete(stored)
                gone += 1
    return gone


def _delete(stored: str) -> None:
    default_storage.delete(stored)
    default_storage.delete(str(PurePath(stored).parent))  # an empty folder of its own
