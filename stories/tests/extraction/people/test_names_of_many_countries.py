"""Names as papers of many countries print them, and what beside a name is no part of it."""

import pytest

from stories.extraction import extract


def speakers(text):
    return [quotation.speaker for quotation in extract(text).quotations]


def people(text):
    return {person.name: (person.role, person.party) for person in extract(text).people}


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Neil Orde Garrow", "Mr Orde Garrow"),
        ("Neil Orde Garrow", "Orde Garrow"),
        ("Ana De Tarra", "Ms De Tarra"),
        ("Ana de Tarra", "Ms de Tarra"),
        ("Ulla von der Quay", "Ms von der Quay"),
        ("Ulla von der Quay", "von der Quay"),
        ("Pieter Van Ottel", "Mr Van Ottel"),
        ("Ana María de la Torda", "Ms de la Torda"),
        ("Cian Ó Gárra", "Mr Ó Gárra"),
        ("Cian Ó Gárra", "Ó Gárra"),
        ("Bríd Ní Ghárra", "Ms Ní Ghárra"),
        ("Hugh Mac Orda", "Mr Mac Orda"),
        ("Huw ap Garo", "Mr ap Garo"),
        ("Anne d’Orval", "Ms d’Orval"),
        ("Omar al-Tarrat", "Mr al-Tarrat"),
        ("Tan Wei Orr", "Mr Tan"),
        ("Micheál Garrow", "Mr Garrow"),
    ],
)
def test_a_surname_of_several_words_or_set_first_is_its_bearers(name, called):
    text = f"{name}, the Labour MP, said: “We will sail at dawn.”\n\n{called} said it was “late”."
    assert speakers(text) == [name, name]
    assert list(people(text)) == [name]


def test_an_initial_particle_that_is_a_given_name_too_begins_a_name():
    text = "Van Tarrant said: “We will sail.”\n\nMr Tarrant said it was “late”."
    assert speakers(text) == ["Van Tarrant", "Van Tarrant"]


def test_names_that_differ_in_accents_or_capitals_alone_are_one_persons():
    text = "\n\n".join(
        f"{name} said: “We will sail.”" for name in ("Micheál Orde", "Micheal Orde", "MICHEÁL ORDE")
    )
    assert speakers(text) == ["Micheál Orde"] * 3


def test_initials_without_a_blank_between_them_belong_to_the_name():
    text = "The meeting was told by Mr P.V. Tarrant Rao that it was late. Mr Rao said: “We will sail.”"
    assert list(people(text)) == ["P.V. Tarrant Rao"]


@pytest.mark.parametrize(
    ("printed", "name", "role"),
    [
        ("Tánaiste Aoife Ní Ghárra TD", "Aoife Ní Ghárra", "Tánaiste"),
        ("Siân ap Garo MS", "Siân ap Garo", "MS"),
        ("Sir Neil Orde KC MP", "Neil Orde", "MP"),
        ("PM Ann Tarrant", "Ann Tarrant", "PM"),
        ("Ceann Comhairle Neil Orde", "Neil Orde", "Ceann Comhairle"),
        ("Taoiseach (prime minister) Neil Orde", "Neil Orde", "Taoiseach"),
        ("Manager of Opposition Business Neil Orde", "Neil Orde", "Manager of Opposition Business"),
        ("Comedian Neil Orde", "Neil Orde", "Comedian"),
        ("Attorney-General Neil Orde", "Neil Orde", "Attorney-General"),
        ("ANGRY Neil Orde", "Neil Orde", None),
        ("Neil Orde Neil Garrow Orde", "Neil Garrow Orde", None),
    ],
)
def test_what_stands_beside_a_name_is_no_part_of_it(printed, name, role):
    text = f"{printed} said: “We will sail.”"
    assert speakers(text) == [name]
    assert people(text)[name][0] == role


@pytest.mark.parametrize(
    "text",
    [
        "A Labor MP said: “No.”",
        "A Harbour MP said: “No.”",
        "The prisoner in Aldmoor Prison said: “The food is cold.”",
        "The Chief Executive Officer said: “The food is cold.”",
        "An Leas-Cheann Comhairle said: “The House will come to order.”",
        "Mr Speaker said: “The House will come to order.”",
        "Fine Gael said: “The food is cold.”",
        "THE BOARD OF THE HARBOUR met. It said: “The food is cold.”",
    ],
)
def test_no_party_body_place_or_office_is_a_person(text):
    assert not people(text)
    assert speakers(text) == [None]


@pytest.mark.parametrize("word", ["Will", "May", "Mark", "Grant", "Rob"])
def test_a_word_that_opens_a_question_is_not_the_given_name_of_whom_it_asks(word):
    text = f"Ann Tarrant asked: “{word} Jo Garrow a boat?”\n\nJo Garrow was there. Garrow said it was “late”."
    assert set(people(text)) == {"Ann Tarrant", "Jo Garrow"}
    assert speakers(text)[-1] == "Jo Garrow"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Conservative Leader Neil Orde and NDP Leader Jo Garrow clashed.",
            {"Neil Orde": ("Conservative Leader", "Conservative"), "Jo Garrow": ("NDP Leader", "NDP")},
        ),
        (
            "Labour’s Ann Tarrant and SNP leader Jo Garrow clashed.",
            {"Ann Tarrant": (None, "Labour"), "Jo Garrow": ("SNP leader", "SNP")},
        ),
        (
            "The wife of Labour MP Neil Orde, Jo Garrow, left.",
            {"Neil Orde": ("Labour MP", "Labour"), "Jo Garrow": ("wife", None)},
        ),
    ],
)
def test_an_office_holds_nobody_elses_name_and_takes_no_neighbours_party(text, expected):
    assert people(text) == expected


def test_the_accused_holds_neither_the_office_nor_the_party_of_the_accuser():
    text = "Neil Orde spoke at length.\n\nThe Scottish Labour group leader accused Orde of having “no plan”."
    assert people(text) == {"Neil Orde": (None, None)}
    assert speakers(text) == [None]


@pytest.mark.parametrize(
    ("office", "party"),
    [
        ("the DUP MLA", "DUP"),
        ("the Sinn Féin TD", "Sinn Fein"),
        ("the Plaid Cymru MS", "Plaid Cymru"),
        ("MLA for Aldmoor", None),
        ("the TUV leader", "TUV"),
        ("the Counsel General", None),
        ("the NDP leader", "NDP"),
        ("the treasurer", None),
        ("leader of the Conservative group", "Conservative"),
        ("the Labor senator", "Labor"),
        ("the BJP MLA", "BJP"),
        ("the Fianna Fáil TD", "Fianna Fáil"),
    ],
)
def test_members_and_ministers_of_every_parliament_are_politicians(office, party):
    (person,) = extract(f"Ann Tarrant, {office}, said: “No.”").people
    assert person.politician
    assert person.party == party
