"""The pictures in a story's text, as they are printed: on its page, in feeds and in the JSON form."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from stories.models import Picture, renditions
from stories.text import body_pictures
from stories.text.body_pictures import BodyPicture


@dataclass(frozen=True, slots=True)
class InText:
    """A picture in a story's text: its file, and what the story says of it."""

    image: Any
    alt: str
    caption: str
    credit: str

    @classmethod
    def of(cls, picture: BodyPicture) -> "InText":
        """Return the picture that stands in a body."""
        return cls(Picture(file=picture.file).file, picture.alt, picture.caption, picture.credit)

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height in pixels; None if they cannot be told."""
        return renditions.measured(self.image)

    @property
    def whole_address(self) -> str:
        """The absolute address of the file as it was uploaded."""
        return f"{settings.SITE_URL}{self.image.url}"


def in_text(body: str) -> list[InText]:
    """Return the pictures of a canonical body, in order."""
    return [InText.of(picture) for picture in body_pictures.within(body)]


def with_figures(body: str) -> str:
    """Return a canonical body as HTML that stands by itself: its pictures are figures, addresses absolute."""
    return body_pictures.replaced(
        body, lambda picture: render_to_string("feeds/picture.html", {"picture": InText.of(picture)}).strip()
    )
