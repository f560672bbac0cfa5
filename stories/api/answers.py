"""Response types of the API. Their docstrings and descriptions are part of the OpenAPI document."""

from datetime import date, datetime

from ninja import Field, Schema

# The day alone where the imported copy gave no hour.
Moment = datetime | date


class Topic(Schema):
    """A topic, with the number of stories and claims that carry it."""

    name: str
    slug: str
    url: str
    stories: int = Field(description="How many published stories carry it.")
    claims: int = Field(description="How many claims on the record carry it.")


class Outlet(Schema):
    """A newspaper, broadcaster or programme that people spoke to."""

    name: str
    slug: str
    url: str
    data: str = Field(description="The outlet as Popolo.")
    kind: str = Field(description="newspaper, broadcaster, programme, agency, website, social, or empty")
    website: str
    other_names: list[str] = Field(description="Other names that stories print for it.")
    claims: int = Field(description="How many claims on the record were made to it.")


class Name(Schema):
    """Something with a page of its own on the site."""

    name: str
    slug: str
    url: str


class StoryLine(Schema):
    """A story in short."""

    headline: str
    url: str
    published: Moment


class Story(Schema):
    """A story without its text, which is at `data`."""

    id: int
    slug: str
    url: str
    data: str = Field(description="The whole story, with an annotation for each claim in it.")
    headline: str
    standfirst: str
    published: Moment = Field(description="The day alone where the copy gave no hour.")
    updated: Moment
    authors: list[Name]
    topics: list[Name]
    source: str = Field(description="The agency or desk that the copy came from; empty when it is our own.")


class Claim(Schema):
    """A claim: what somebody said, in their words."""

    id: int
    url: str
    data: str = Field(description="The claim as schema.org's ClaimReview.")
    words: str = Field(description="In one line; “ … ” where an interrupted quotation goes on.")
    parts: list[str] = Field(description="The words part by part, as the first story prints them.")
    read_by_an_editor: bool = Field(
        description="False: found by software and accepted as found; no editor has read it yet."
    )
    kind: str = Field(description="direct, partial or indirect")
    stance: str = Field(
        description="What the speaker did with the words: said, denied, asked, hoped, quoted or unknown."
    )
    verb: str = Field(description="The verb as it was printed, with its negation.")
    title: str = Field(description="Who did what with the words, in a line.")
    said_on: date | None
    on_record_since: Moment
    speaker: str = Field(description="The name readers see; also for people who are not politicians.")
    politician: Name | None = Field(description="The speaker's record, when there is one.")
    role: str = Field(description="The speaker's office as described when the words were printed.")
    party: str = Field(description="The speaker's party as described when the words were printed.")
    speaker_party: Name | None = Field(description="The party on the speaker’s record now.")
    told: str = Field(description="To whom the words were said, as it was printed.")
    outlet: Name | None = Field(description="The outlet that `told` means, when it is on record.")
    nearly_the_same: list[str] = Field(
        description="Addresses of claims of the same speaker in nearly the same words."
    )
    about: list[Name]
    topics: list[Name]
    verdict: str = Field(description="true, mostly_true, misleading, false, unproven, or empty")
    verdict_summary: str
    checked: datetime | None
    stories: list[StoryLine] = Field(description="Every story that prints it, the first one first.")


class Person(Schema):
    """A politician."""

    id: int
    slug: str
    url: str
    data: str = Field(description="The person as Popolo.")
    name: str
    sort_name: str
    role: str
    party: Name | None


class Listed(Schema):
    """A part of a list."""

    next: str | None = Field(description="Where the list goes on; null at its end.")


class Stories(Listed):
    """A part of the list of stories."""

    results: list[Story]


class Claims(Listed):
    """A part of the list of claims."""

    results: list[Claim]


class People(Listed):
    """A part of the list of people."""

    results: list[Person]


class Topics(Listed):
    """A part of the list of topics."""

    results: list[Topic]


class Outlets(Listed):
    """A part of the list of outlets."""

    results: list[Outlet]


class Refusal(Schema):
    """The request has filters that cannot be applied; nothing was listed."""

    detail: str
    problems: list[str] = Field(description="A sentence for each thing that was asked and cannot be done.")


class Told(Schema):
    """An error, in one sentence."""

    detail: str


class Fault(Schema):
    """One parameter that is not valid."""

    type: str
    loc: list[str | int] = Field(description="Which part of the request it is about.")
    msg: str


class Malformed(Schema):
    """Parameters of the request are not valid."""

    detail: list[Fault]
