"""Fields that keep their promise on every way in: form, import, API, shell, bulk_create and update()."""

import datetime
import secrets
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.db.models.fields.files import ImageFieldFile
from django.utils import timezone
from django_prose_editor.fields import ProseEditorField

from stories.models import dates, renditions
from stories.text import richtext

if TYPE_CHECKING:  # only the stubs know what a field takes and gives
    CharColumn = models.CharField[str, str]
    TextColumn = models.TextField[str, str]
    DayColumn = models.DateField[Any, Any]
    MomentColumn = models.DateTimeField[Any, Any]
else:
    CharColumn, TextColumn = models.CharField, models.TextField
    DayColumn, MomentColumn = models.DateField, models.DateTimeField

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Heading": {"levels": [2, 3]},
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "HardBreak": True,
    "History": True,
    "HTML": False,
    "NoSpellCheck": False,
    "Typographic": False,
}


# A picture is no block, so that no quotation and no list has one in it.
WITH_PICTURES: dict[str, Any] = EXTENSIONS | {
    "Document": False,
    "StoryDocument": True,
    "Picture": {
        "media": settings.MEDIA_URL,
        "sized": f"{settings.MEDIA_URL}{renditions.FOLDER}/640/",
        "ending": renditions.ENDING,
    },
}


class SafeHTMLField(ProseEditorField):
    """HTML in the newsroom's few elements; whatever is written, only sanitised HTML reaches the row."""

    pictures = False  # of the library, between its blocks

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", EXTENSIONS)
        kwargs.setdefault("sanitize", self._sanitised)
        super().__init__(*args, **kwargs)

    def _sanitised(self, html: str) -> str:
        return richtext.sanitise(html, pictures=self.pictures)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Sanitise the value and put it on the row, too."""
        clean = self._sanitised(super().pre_save(model_instance, add) or "")
        setattr(model_instance, self.attname, clean)
        return clean

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Sanitise what `update()` and the like write past `pre_save`."""
        if isinstance(value, str):
            value = self._sanitised(value)
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs: Any) -> Any:
        """What is typed or pasted has its letters put in order; what is stored already is left as it is."""
        return super().formfield(**{"sanitize": partial(richtext.clean, pictures=self.pictures)} | kwargs)


class BodyField(SafeHTMLField):
    """A story's body, which has pictures of the library between its blocks."""

    pictures = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"extensions": WITH_PICTURES} | kwargs)


class LineField(CharColumn):
    """A line of text, such as a headline or a name: letters composed, nothing in it that nobody sees."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As a CharField's: migrations need not know this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def to_python(self, value: Any) -> Any:
        """The value as `line()` has it."""
        return line(super().to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Put the value in order, on the row, too."""
        value = line(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class WordsField(TextColumn):
    """Words that may run over several lines: letters composed, nothing in them that nobody sees."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As a TextField's: migrations need not know this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def to_python(self, value: Any) -> Any:
        """The value with its letters as `richtext.letters` has them."""
        value = super().to_python(value)
        return richtext.letters(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Put the value in order, on the row, too."""
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


def line(value: Any) -> Any:
    """Return text as one line, its letters as `richtext.letters` has them; other values as they are."""
    return " ".join(richtext.letters(value).split()) if isinstance(value, str) else value


class PlainTextField(TextColumn):
    """The plain-text projection of a SafeHTMLField named `of`, derived again at every save."""

    def __init__(self, *args: Any, of: str = "body", **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"editable": False, "blank": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As a TextField's: migrations need not know this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Make the text anew from the HTML and put it on the row, too."""
        text = richtext.to_text(richtext.sanitise(getattr(model_instance, self.of) or ""))
        setattr(model_instance, self.attname, text)
        return text


class KeptByDatabaseField(MomentColumn):
    """A time that triggers keep (stories/database/public_from.py); they put right what is written over it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"null": True, "editable": False})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As a DateTimeField's: migrations need not know this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Leave the column as the database has it."""
        return None if add else models.F(self.attname)


class ListedOnField(DayColumn):
    """A day that triggers keep (stories/database/public_from.py): `said_on`, or the day of `public_from`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"null": True, "editable": False})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As a DateField's: migrations need not know this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Leave the column as the database has it; of a new row it is the day that is given."""
        return models.F(self.attname) if not add else model_instance.said_on  # type: ignore[attr-defined]


def check_picture(upload: Any) -> None:
    """A validator: refuse with a sentence what cannot be kept as a picture."""
    if not getattr(upload, "_committed", False):
        try:
            renditions.read(upload.file if hasattr(upload, "file") else upload)
        except renditions.NoPicture as refusal:
            raise ValidationError(str(refusal)) from refusal


class PictureFile(ImageFieldFile):
    """The file of a picture, cleaned of its metadata when it is saved."""

    @property
    def url(self) -> str:
        """Its address on this site. Raises ValueError if there is no file."""
        self._require_file()  # type: ignore[attr-defined]  # the stubs leave it out
        return renditions.url_of(str(self.name))

    def save(self, name: str, content: Any, save: bool = True) -> None:
        """As Django's, but what is stored is the picture written anew without metadata, under a random name.

        Raises ValidationError for what is no picture.
        """
        try:
            clean, ending = renditions.cleaned(content.file if hasattr(content, "file") else content)
        except renditions.NoPicture as refusal:
            raise ValidationError(str(refusal)) from refusal
        super().save(f"{secrets.token_hex(16)}{ending}", ContentFile(clean), save)


class PictureFormField(forms.ImageField):
    """An upload in a form, refused with a sentence when it is no picture."""

    default_validators = [check_picture]  # by what the file holds, whatever its name ends in


class PictureField(models.ImageField):
    """A picture that can be shown to readers: on every way in it loses its name and its metadata."""

    attr_class = PictureFile

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As an ImageField's: migrations need not know this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ImageField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """The form field that looks into the file."""
        return super().formfield(**{"form_class": PictureFormField} | kwargs)


class NewestFirstIndex(models.Index):
    """An index with an expression like `F("listed_on").desc(nulls_last=True)`, which lists are ordered by.

    In SQLite empty is last anyway, and the words for it are refused in an index.
    """

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        """Django's statement, for SQLite without NULLS LAST."""
        statement = super().create_sql(model, schema_editor, using, **kwargs)
        if schema_editor.connection.vendor == "sqlite":
            columns = str(statement.parts["columns"]).replace(" NULLS LAST", "")
            statement.parts["columns"] = columns  # type: ignore[assignment]
        return statement


def on_the_web(field: str, name: str) -> models.CheckConstraint:
    """An address that readers are sent to leads to a page: not to a script, a file or nowhere."""
    begins = models.Q(**{f"{field}__istartswith": "http://"}) | models.Q(
        **{f"{field}__istartswith": "https://"}
    )
    return models.CheckConstraint(
        condition=begins | models.Q(**{field: ""}),
        name=name,
        violation_error_message="The address must begin with http:// or https://.",
    )


def a_day_that_can_be_meant(day: datetime.date) -> None:
    """A form's field names a slip such as the year 312 or 9999. Raises ValidationError."""
    if why := dates.why_not(day, today=timezone.localdate()):
        raise ValidationError(why)


def within_the_calendar(field: str, name: str) -> models.CheckConstraint:
    """A time that the archive's addresses can hold, in whatever time zone they are read."""
    first, last = (
        datetime.datetime.combine(day, datetime.time.min, datetime.UTC)
        for day in (dates.FIRST_DAY, dates.LAST_DAY)
    )
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__isnull": True})
        | models.Q(**{f"{field}__gte": first, f"{field}__lt": last}),
        name=name,
        violation_error_message="The date is outside what the site's addresses can hold.",
    )
