"""The library of pictures: adding one, saying what it shows, and taking out what nothing shows."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import IO, Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from stories.actions import locking
from stories.actions.errors import NotReady
from stories.actions.permissions import require
from stories.models import Article, Picture, picture_notes, renditions
from stories.models.fields import line
from stories.text import body_pictures
from stories.text.body_pictures import BodyPicture

ADD = "stories.add_picture"
FOCUS = frozenset({"focus_x", "focus_y"})


@dataclass(frozen=True, slots=True)
class Added:
    """A picture of the library, whether it came in now, and the names of the fields its file has filled."""

    picture: Picture
    is_new: bool
    read: tuple[str, ...] = ()


@locking.act
def add(*, upload: "File[bytes]", by: User | None, **words: str) -> Added:
    """Put an upload into the library, described in `words` (columns of Picture) and by what its file says.

    A file that is there already is that picture, which stays as it is. Raises NotAllowed, and NotReady for
    what is no picture.
    """
    require(by, ADD, "add pictures")
    return enter(upload=upload, by=by, **words)


def enter(*, upload: "File[bytes]", by: User | None, **words: str) -> Added:
    """As :func:`add`, for an act that has asked already who may do it. Call it in a transaction."""
    content: IO[bytes] = getattr(upload, "file", None) or upload  # type: ignore[assignment]
    digest = _digest(content)
    if (there := Picture.objects.filter(sha256=digest).first()) is not None:
        return Added(there, is_new=False)
    try:
        notes = picture_notes.read(content)
        said = {name: getattr(notes, name) for name in notes.__slots__}
        columns = said | {name: text for name, text in words.items() if text.strip()}
        picture = Picture(sha256=digest, file_name=_last(upload.name), added_by=by, **columns)
        picture.file.save("picture", upload, save=False)
    except (renditions.NoPicture, ValidationError) as refusal:
        raise NotReady(str(getattr(refusal, "message", refusal))) from refusal
    picture.width, picture.height = picture.file.width, picture.file.height
    picture.save(force_insert=True)
    return Added(picture, is_new=True, read=tuple(name for name in said if said[name]))


def take_in(*, article: Article, by: User | None) -> None:
    """Make a picture of the library of the upload that a story, about to be saved, has as its lead picture.

    It is described as it is in the story. One that the library has is not stored twice. Raises NotReady.
    """
    lead = article.lead_image
    if not lead or getattr(lead, "_committed", True):
        return
    words = {
        "description": article.lead_image_alt,
        "caption": article.lead_image_caption,
        "credit": article.lead_image_credit,
    }
    picture = enter(upload=lead.file, by=by, **words).picture
    article.lead_image = picture.file.name  # type: ignore[assignment]


def keep_in(*, article: Article, by: User | None) -> None:
    """Put a story's stored pictures into the library again, if they were taken out of it meanwhile."""
    lead = BodyPicture(
        str(article.lead_image.name or ""),
        article.lead_image_alt,
        article.lead_image_caption,
        article.lead_image_credit,
    )
    article.lead_image = _kept(lead, by)  # type: ignore[assignment]
    article.body = body_pictures.replaced(  # type: ignore[assignment]
        article.body, lambda picture: picture._replace(file=_kept(picture, by)).html
    )


def _kept(shown: BodyPicture, by: User | None) -> str:
    """Put a stored picture into the library again if it was taken out; return the name of its file there."""
    name = shown.file
    if not name or Picture.objects.filter(file=name).exists() or renditions.changed(name) is None:
        return name
    picture = Picture(file=name)
    with picture.file.storage.open(name) as file:
        picture.sha256 = _digest(file)
    if (there := Picture.objects.filter(sha256=picture.sha256).first()) is not None:
        return str(there.file.name)
    picture.width, picture.height = picture.file.width, picture.file.height
    picture.description, picture.caption, picture.credit = shown.alt, shown.caption, shown.credit
    picture.added_by = by
    picture.save(force_insert=True)
    return name


def warnings(*, article: Article) -> list[str]:
    """Say of a story's pictures which are past their last day of use, and which are not in the library."""
    inside = [picture.file for picture in body_pictures.within(article.body)]
    names = list(dict.fromkeys(filter(None, [str(article.lead_image.name or ""), *inside])))
    if not names:
        return []
    found = {str(picture.file.name): picture for picture in Picture.objects.filter(file__in=names)}
    past = [found[name].past_use_in_words for name in names if name in found and found[name].is_past_use]
    gone = [name for name in dict.fromkeys(inside) if name not in found]
    return [*past, *(["A picture in the text is not in the library."] if gone else [])]


@locking.act
def save(*, picture: Picture, fields: Collection[str], by: User | None) -> None:
    """Write `fields` of a picture; with another focal point its crops are made anew. Raises NotAllowed."""
    require(by, "stories.change_picture", "change pictures")
    picture.save(update_fields=fields)
    if FOCUS & set(fields):
        name = str(picture.file.name)
        transaction.on_commit(lambda: renditions.forget_crops(name))


def why_not_deleted(picture: Picture) -> str:
    """Say which stories show a picture, for it cannot be deleted then; "" if none does."""
    stories = list(picture.stories().order_by("-pk")[:6])
    if not stories:
        return ""
    named = "; ".join(f"“{story.headline}” ({story.stage.lower()})" for story in stories[:5])
    more = " and others" if len(stories) > 5 else ""
    return f"The picture is used in {named}{more}. Take it out there first."


@locking.act
def delete(*, picture: Picture, by: User | None) -> None:
    """Take a picture out of the library. Its file stays stored: a story's earlier version may show it.

    Raises NotAllowed, and NotReady while a story shows it.
    """
    require(by, "stories.delete_picture", "delete pictures")
    locked = Picture.objects.select_for_update(no_key=True).get(pk=picture.pk)
    if why := why_not_deleted(locked):
        raise NotReady(why)
    locked.delete()


def _digest(file: IO[bytes]) -> str:
    digest = sha256()
    file.seek(0)
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _last(name: Any) -> str:
    """The last part of an upload's own name, as one line."""
    return str(line(str(name or "").replace("\\", "/").rpartition("/")[2]))[:200]


def make_sizes() -> int:
    """Make the sizes in which readers will see the pictures of a day's stories; of how many pictures.

    A size that is not there when it is asked for is made then: this spares the first reader the wait.
    """
    since = timezone.now() - timedelta(days=1)
    stories = Article.objects.published().filter(published_at__gte=since).exclude(lead_image="")
    names = set(stories.values_list("lead_image", flat=True))
    for name in sorted(names):
        for size in renditions.SIZES:
            with suppress(renditions.Unsizable, OSError, ValueError):
                renditions.make(size, name, Picture.objects.focus_of)
    return len(names)
