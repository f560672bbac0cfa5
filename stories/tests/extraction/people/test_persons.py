"""Who is a politician, by which office and in which party; and who or what is no person at all."""

from datetime import date

import pytest

from stories.extraction import KnownPerson, Role, extract

TABLE = [
    ("Labour MP Ann Tarrant left.", "Ann Tarrant", "Labour MP", "Labour", True),
    (
        "Bram Ottley, chairman of Stane Town football club, left.",
        "Bram Ottley",
        "chairman of Stane Town football club",
        None,
        False,
    ),
    (
        "Lord Ebbage, the Labour peer and broadcaster, left.",
        "Lord Ebbage",
        "Labour peer and broadcaster",
        "Labour",
        True,
    ),
    (
        "They moved Cal Dunmore to shadow transport secretary.",
        "Cal Dunmore",
        "shadow transport secretary",
        None,
        True,
    ),
    (
        "The resignation of Fay Orrin as leader of Scottish Labour came late.",
        "Fay Orrin",
        "leader of Scottish Labour",
        "Labour",
        True,
    ),
    ("The shadow chancellor, Joan Pettifer, left.", "Joan Pettifer", "shadow chancellor", None, True),
    ("Labour MPs, with Tom Garrow warning of worse, left.", "Tom Garrow", "Labour MP", "Labour", True),
    (
        "Ann Tarrant, general secretary of the teachers' union, left.",
        "Ann Tarrant",
        "general secretary of the teachers' union",
        None,
        False,
    ),
]


@pytest.mark.parametrize(("text", "name", "role", "party", "politician"), TABLE)
def test_an_office_tells_whether_somebody_is_a_politician(text, name, role, party, politician):
    (person,) = [p for p in extract(text).people if p.name == name]
    assert (person.role, person.party, person.politician) == (role, party, politician)


@pytest.mark.parametrize(
    "text",
    [
        "The result in Stane and Aldmoor was close.",
        "She supports Aldmoor United and reads the Daily Telegraph.",
        "The Liberal Democrats met the Welsh Assembly on Monday.",
        "Downing Street said nothing. The White House did.",
    ],
)
def test_places_clubs_papers_and_bodies_are_no_people(text):
    assert extract(text).people == ()


def test_a_journalist_is_the_one_told_not_the_one_saying():
    text = "One Labour MP told the BBC's Alice Tarrant:\n\nYou could hear a pin drop."
    found = extract(text)
    (quotation,) = found.quotations
    assert (quotation.status, quotation.speaker, quotation.source_text) == ("unnamed", None, "One Labour MP")
    assert quotation.addressee == "the BBC"
    assert [(p.name, p.kind, p.politician) for p in found.people] == [("Alice Tarrant", "journalist", False)]


def test_the_roster_gives_a_bare_surname_its_full_name_and_leaves_it_open_when_two_bear_it():
    text = "“We are ready,” Ms Tarrant said."
    one = KnownPerson("7", "Ann Tarrant", (), "Labour")
    found = extract(text, [one])
    assert (found.quotations[0].speaker, found.people[0].key) == ("Ann Tarrant", "7")
    two = extract(text, [one, KnownPerson("8", "Fay Tarrant", (), "Green")])
    assert two.people[0].key is None
    assert two.people[0].ambiguous


def test_an_alias_in_the_roster_gives_the_name_on_record():
    bess = KnownPerson("7", "Elizabeth Tarrant", ("Bess Tarrant",), "Labour")
    found = extract("“We are ready,” said Bess Tarrant.", [bess])
    assert (found.quotations[0].speaker, found.people[0].key) == ("Elizabeth Tarrant", "7")


def test_of_two_with_one_surname_the_one_in_office_when_the_copy_was_written_is_meant():
    text = "“We are ready,” said the ports minister, Ms Tarrant."
    ann = KnownPerson(
        "7", "Ann Tarrant", roles=(Role("ports minister", date(2028, 5, 1), date(2030, 4, 30)),)
    )
    fay = KnownPerson("8", "Fay Tarrant", roles=(Role("ports minister", date(2030, 5, 1)),))

    def speaker(written):
        return extract(text, [ann, fay], written).quotations[0].speaker

    assert speaker(date(2029, 1, 1)) == "Ann Tarrant"
    assert speaker(date(2031, 1, 1)) == "Fay Tarrant"
    assert extract(text, [ann, fay]).people[0].ambiguous


def test_an_office_of_the_roster_counts_only_while_it_is_held():
    text = (
        "Ann Tarrant and Joan Pettifer met on Monday.\n\n“It was short,” the ports minister said afterwards."
    )
    ann = KnownPerson(
        "7", "Ann Tarrant", roles=(Role("ports minister", date(2028, 5, 1), date(2030, 4, 30)),)
    )
    assert extract(text, [ann], date(2029, 1, 1)).quotations[0].speaker == "Ann Tarrant"
    assert extract(text, [ann], date(2031, 1, 1)).quotations[0].speaker is None
