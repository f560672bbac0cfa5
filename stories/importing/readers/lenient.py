"""What a machine wrote about a story: a value that cannot be used is left out and told."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from stories.importing.faulty import ReadError, shortened
from stories.importing.frontmatter import Details, Matter

__all__ = ["details_of"]


def details_of(values: Mapping[str, Any], zone: tzinfo) -> tuple[Details, list[str]]:
    """The details in values by front matter's names, and a remark for each that cannot be used."""
    good: dict[str, Any] = {}
    remarks = []
    for name, value in values.items():
        try:
            Details.of(Matter({name: value}, {}, 0), zone=zone)
        except ReadError as error:
            remarks.append(f"The file’s {name}, {shortened(repr(value))}, is left out. {error}")
        else:
            good[name] = value
    return Details.of(Matter(good, {}, 0), zone=zone), remarks
