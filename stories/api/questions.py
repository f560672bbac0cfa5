"""Query parameters of the API's lists: the same names and values as in the readers' lists."""

from typing import Annotated, Literal

from ninja import Field, Schema

Slugs = list[Annotated[str, Field(max_length=200)]]
DAY = "A day, like 2014-11-08."


class Page(Schema):
    """Where a part of a list begins, and how long it is."""

    limit: int = Field(50, ge=1, le=100, description="How many at once.")
    cursor: int | None = Field(
        None,
        ge=1,
        le=10**18,
        description="From where the list goes on: “next” has it.",
    )


class StoryFilters(Page):
    """Filters of the list of stories."""

    topic: Slugs = Field([], description="Slugs of topics; a story needs one of them.")
    author: Slugs = Field([], description="Slugs of authors; a story needs one of them.")
    person: Slugs = Field([], description="Slugs of people; the story quotes one, or a claim about one.")
    after: str | None = Field(None, max_length=10, description=f"Published on or after. {DAY}")
    before: str | None = Field(None, max_length=10, description=f"Published on or before. {DAY}")


class ClaimFilters(Page):
    """Filters of the list of claims."""

    q: str | None = Field(None, max_length=200, description="Words, all of which the claim has to hold.")
    speaker: Slugs = Field([], description="Slugs of people; none for whoever is not a named person.")
    party: Slugs = Field([], description="Slugs of parties.")
    about: Slugs = Field([], description="Slugs of people.")
    topic: Slugs = Field([], description="Slugs of topics.")
    verdict: list[Literal["true", "mostly_true", "misleading", "false", "unproven", "none"]] = Field(
        [], description="none: not rated."
    )
    kind: list[Literal["direct", "partial", "indirect"]] = Field([])
    stance: list[Literal["said", "denied", "asked", "hoped", "quoted", "unknown"]] = Field(
        [], description="What the speaker did with the words."
    )
    outlet: str | None = Field(
        None, max_length=200, description="The outlet the words were given to: its slug, or any of its names."
    )
    after: str | None = Field(None, max_length=10, description=f"Said on or after. {DAY}")
    before: str | None = Field(None, max_length=10, description=f"Said on or before. {DAY}")


class PersonFilters(Page):
    """Filters of the list of people."""

    q: str | None = Field(None, max_length=200, description="Words, all of which the name has to hold.")
    party: Slugs = Field([], description="Slugs of parties.")
    letter: str | None = Field(None, max_length=1, description="The first letter of the family name.")
