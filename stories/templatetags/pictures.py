"""Tags for pictures of the library."""

from django import template

from stories.models import Picture, renditions

register = template.Library()


@register.simple_tag
def small_address(picture: Picture) -> str:
    """Return the address of a small version of a picture, cut about its focal point."""
    return renditions.address(picture.file, "card") if renditions.measured(picture.file) else picture.file.url
