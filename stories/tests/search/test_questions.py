"""What readers ask a political desk, and what has to be among the first five answers, on either database.

The parties are real; the people are made up, and so is all they say.
"""

import datetime
from typing import Any

import pytest

from stories.models import (
    Article,
    Claim,
    Membership,
    OtherName,
    Outlet,
    OutletName,
    Party,
    Politician,
    WordGroup,
)
from stories.models import topics as topic_names
from stories.search import Asked, Found, search
from stories.tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClaimFactory,
    PoliticianFactory,
    appearance_of,
    on_record,
)

pytestmark = pytest.mark.django_db
FIRST = 5


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def a_story(headline: str, on: str = "2004-06-01", plain: str = "", **values: Any) -> Article:
    moment = datetime.datetime.combine(day(on), datetime.time(12), tzinfo=datetime.UTC)
    values.setdefault("standfirst", "")
    return ArticleFactory(
        headline=headline, plain=plain or "It was a long day.", published_at=moment, **values
    )


def a_claim(speaker: Politician, wording: str, on: str, role: str = "", **values: Any) -> Claim:
    claim = ClaimFactory(speaker=speaker, wording=wording, said_on=day(on), **values)
    story = a_story("From the gallery", on, f"It was quiet. “{wording}.” Nobody answered.")
    appearance_of(claim, story, speaker_role=role)
    return claim


@pytest.fixture
def record() -> dict[str, Any]:
    """A small record with noise: more than five of everything that has one of the words."""
    labour, conservative, liberal = (
        Party.objects.create(name=name, short_name=short)
        for name, short in (("Labour", "Lab"), ("Conservative", "Con"), ("Liberal Democrats", "LD"))
    )
    people = {
        "ada": PoliticianFactory(name="Ada Thornbury", party=labour, role="MP for Eastmere"),
        "bram": PoliticianFactory(name="Bram Oakhollow", party=conservative, role="Prime Minister"),
        "cleo": PoliticianFactory(name="Cleo Marchbanks", party=labour, role="backbencher"),
        "dov": PoliticianFactory(name="Dov Winterbourne", party=liberal, role="peer"),
        "edda": PoliticianFactory(name="Edda Sallow", party=conservative, role="backbencher"),
    }
    OtherName.objects.create(politician=people["dov"], name="Lord Winterbourne")
    Membership.objects.create(
        politician=people["cleo"],
        role="Prime Minister",
        body="Government",
        start_date=day("2001-05-02"),
        end_date=day("2005-06-27"),
    )
    for number in range(7):
        a_story(f"Pay talks at mill {number}", plain="The MPs heard it. " + "Nothing. " * 40 + "Pay fell.")
        a_story(
            f"Labour and the Tories, week {number}", plain="The prime minister and the PM spoke of waiting."
        )
        a_claim(people["edda"], f"the harbour tax is item {number} of the lord’s list", "2004-06-01")
    return people | {
        "labour": labour,
        "conservative": conservative,
        "liberal": liberal,
        "author": AuthorFactory(name="Greta Inkwell"),
        "pay": a_story("Row over salaries", plain="The minister said MPs’ pay would rise. It may not."),
        "immigration": a_story("New rules at the port", tags=["immigration"], plain="Immigrants waited."),
        "budget_2005": a_story("Budget day", "2005-03-16", tags=["budget"]),
        "budget_2004": a_story("Budget day", "2004-03-17", tags=["budget"]),
        "fourth": a_story("Mills close", "2005-03-04"),
        "hunting": a_story("Hunting ban passes", plain="The Lords gave way."),
        "nhs": a_story(
            "Fewer beds, longer queues",
            plain="Patients wait eleven months for an operation in the National Health Service.",
        ),
        "council": a_story("Council-tax bills go out", tags=["council tax"]),
        "wait": a_story("NHS waiting list grows", tags=["health"]),
        "sallow": a_claim(people["edda"], "I shall cut the council tax", "2004-06-02", "home secretary"),
        "early": a_claim(people["dov"], "the prisons are full", "2002-01-10", "Home Secretary"),
        "topic": lambda name: topic_names.known([name])[name],
    }


QUESTIONS = [
    # (what is typed, what has to be first, what has to be among the first five)
    ("Ada Thornbury", "ada", ()),
    ("Thornbury", "ada", ()),
    ("ada", "ada", ()),
    ("Lord Winterbourne", "dov", ()),
    ("Labour", "labour", ()),
    ("labour party", "labour", ()),
    ('"Labour"', "labour", ()),
    ("tory", "conservative", ()),
    ("Tories", "conservative", ()),
    ("Con", "conservative", ()),
    ("lib dem", "liberal", ()),
    ("PM", "bram", ("cleo",)),
    ("prime minister", "bram", ("cleo",)),
    ("who is the prime minister?", "bram", ()),
    ("prime minister 2003", "cleo", ()),
    ("prime minister in March 2005", "cleo", ()),
    ("home secretary", "edda", ("dov",)),
    ("home secretary 2002", "dov", ()),
    ("immigration", "topic:immigration", ("immigration",)),
    ("immigrants", "topic:immigration", ("immigration",)),
    ("Council-Tax", "topic:council tax", ("council", "sallow")),
    ('"cut the council tax"', "sallow", ()),
    ("MPs' pay", "pay", ()),
    ("budget 2005", "topic:budget", ("budget_2005",)),
    ("4 March 2005", "fourth", ()),
    ("March 2005", "budget_2005", ("fourth",)),
    ("hunting ban", "hunting", ()),
    ("NHS waiting list", "wait", ()),
    ("How long do patients wait for an operation on the NHS?", "nhs", ()),
    ("Greta Inkwell", "author", ()),
]


def test_the_right_answer_is_among_the_first_five(record: dict[str, Any]) -> None:
    a_story("By our own reporter", authors=[record["author"]])
    wrong = []
    for typed, first, others in QUESTIONS:
        found = [hit.row for hit in search(typed)[:FIRST]]
        wanted = record["topic"](first[6:]) if first.startswith("topic:") else record[first]
        if found[:1] != [wanted] or not all(record[other] in found for other in others):
            wrong.append(f"{typed}: {found}")
    assert not wrong, "\n".join(wrong)


def test_what_was_not_held_then_is_not_made_up(record: dict[str, Any]) -> None:
    for typed, not_there in (("prime minister 2003", "bram"), ("home secretary 1998", "dov")):
        assert record[not_there] not in [hit.row for hit in search(typed)[:FIRST]], typed
    notes = {hit.row: hit.note for hit in search("prime minister")[:FIRST]}
    assert notes[record["cleo"]] == "Prime Minister, 2 May 2001 to 27 June 2005"
    assert search("home secretary 2002")[:1][0].note.startswith(
        "Named as “Home Secretary” here on 10 January 2002"
    )


def test_one_slip_in_a_name_is_forgiven_beside_other_words(record: dict[str, Any]) -> None:
    for typed in ("Ada Thornbry", "Thronbury", "Oakholow harbour tax"):
        people, _ = search(typed).people_meant()
        assert people[:1] in ([record["ada"]], [record["bram"]]), typed


def test_noise_finds_nothing_or_what_has_its_words(record: dict[str, Any]) -> None:
    for typed in ('xx" AND (', "😀", "the and of", "what is it?"):
        assert len(search(typed)) == 0, typed
    assert search("the and of").query.is_small_words
    assert not search("😀").query.is_small_words
    many = "eleven months " + " ".join(f"word{number}" for number in range(28))
    assert [hit.row for hit in search(many)[:FIRST]] == [record["nhs"]]


def test_a_date_narrows_and_without_anything_from_then_other_days_are_shown(record: dict[str, Any]) -> None:
    def stories(found: Found) -> set[Any]:
        return {hit.row for hit in found[:50] if hit.kind == "article"}

    assert stories(search("budget 2005")) == {record["budget_2005"]}
    assert stories(search("budget since 2005")) == {record["budget_2005"]}
    assert stories(search("budget before March 2005")) == {record["budget_2004"]}
    missed = search("hunting ban 1999")
    assert missed.any_time
    assert record["hunting"] in stories(missed)
    assert not search("budget 2005").any_time
    assert stories(search('budget "2005"')) == set()
    assert record["early"] in [hit.row for hit in search("prisons 2002")[:FIRST]]
    assert search("prisons 2004").any_time


def test_the_desks_words_take_the_place_of_the_shipped_ones(record: dict[str, Any]) -> None:
    assert [hit.row for hit in search("levy")[:FIRST]] == []
    WordGroup.objects.create(words="levy, council tax")
    assert record["sallow"] in [hit.row for hit in search("levy")[:FIRST]]
    assert [hit.row for hit in search('"levy"')[:FIRST]] == []
    WordGroup.objects.create(words="tory")
    assert record["conservative"] not in [hit.row for hit in search("tory")[:FIRST]]


def test_filters_and_the_order_hold_for_what_is_found(record: dict[str, Any]) -> None:
    Claim.objects.filter(pk=record["sallow"].pk).update(rating=Claim.Rating.FALSE)

    def rows(typed: str, **asked: Any) -> list[Any]:
        return [hit.row for hit in search(typed, Asked(**asked))[:50]]

    assert rows("tax", verdicts=["false"]) == [record["sallow"]]
    assert rows("budget", after=day("2005-01-01")) == [record["budget_2005"]]
    assert rows("budget", before=day("2004-12-31"), kinds=("article",)) == [record["budget_2004"]]
    assert rows("budget", newest=True)[:2] == [record["budget_2005"], record["budget_2004"]]
    newest = search("budget", Asked(kinds=("article",)))
    assert newest.totals["topic"] == 1  # still told, though not shown


def test_an_outlet_is_found_by_any_of_its_names_and_is_first_when_it_is_called_just_so() -> None:
    for printed in ("the Quay Echo", "Radio Tidewick", "Echo Weekly"):
        appearance_of(ClaimFactory(wording=f"nobody heard it on {printed}"), outlet=printed)
    hidden = on_record("the Echo Gazette")
    echo, radio = on_record("the Quay Echo"), on_record("Radio Tidewick")
    Outlet.objects.filter(pk=echo.pk).update(name="The Quay Echo", kind="newspaper")
    OutletName.objects.create(outlet=radio, name="Tidewick FM")
    for typed, first in (("quay echo", echo), ("The Quay Echo", echo), ("tidewick FM", radio)):
        hit = search(typed)[:1][0]
        assert (hit.kind, hit.row.pk, hit.row.number) == ("outlet", first.pk, 1), typed
    found = search("echo", Asked(kinds=("outlet",)))[:10]
    assert {hit.row.pk for hit in found} == {echo.pk, on_record("Echo Weekly").pk}
    assert hidden.pk not in {hit.row.pk for hit in found}
    echo.delete()
    assert search("quay echo", Asked(kinds=("outlet",)))[:1] == []
