"""Words are never put into a mouth by nearness alone: each of these was once read wrongly."""

from stories.extraction import extract


def outcomes(text):
    return [
        (q.source_text, q.speaker, q.status, q.addressee)
        for q in extract(text).quotations
        if q.kind != "indirect"
    ]


def test_an_office_nobody_is_called_by_is_not_given_to_a_leader_of_another_party():
    text = (
        "Ukip leader Bram Ottley called the result 'completely stunning'.\n\n"
        "The Labour leader spoke up for vigilance that night. 'There won't be any ease from us\", he told "
        "reporters, and he has had little cause for any since."
    )
    first, second = outcomes(text)
    assert first[1] == "Bram Ottley"
    assert second == ("he", None, "unknown", "reporters")
    assert [person.role for person in extract(text).people] == ["Ukip leader"]


def test_a_journalist_to_whom_something_is_described_is_credited_with_nothing():
    text = (
        "The mood was described to Alice Tarrant of the BBC by one Labour MP:\n\nYou could hear a pin drop."
    )
    assert [(source, name) for source, name, _, _ in outcomes(text)] == [("one Labour MP", None)]
    (person,) = extract(text).people
    assert (person.name, person.kind) == ("Alice Tarrant", "journalist")


def test_the_member_who_goes_on_is_the_nameless_one_and_not_somebody_named():
    text = (
        "Two backbenchers went to Dov Hartnell, the chairman of the parliamentary Labour party.\n\n"
        "One Labour MP told Alice Tarrant of the BBC:\n\nYou could hear a pin drop.\n\n"
        'The MP said: "We have a problem in Stane".'
    )
    assert [(name, status) for _, name, status, _ in outcomes(text)] == [(None, "unnamed"), (None, "unnamed")]


def test_words_after_a_mere_and_belong_to_the_sentence_s_subject():
    text = "A Labour source said the party was 'as one family\", and added:\n\nWe shall not be moved."
    assert [source for source, _, _, _ in outcomes(text)] == ["A Labour source", "A Labour source"]


def test_an_office_is_told_even_when_its_words_are_about_the_party():
    text = (
        "The Labour leader told reporters on the quay at Stane that Labour would show “no idle hands” "
        "this summer. Fay Tarrant, the Labour leader, left at noon."
    )
    assert outcomes(text)[0] == ("The Labour leader", "Fay Tarrant", "accepted", "reporters")


def test_marks_closed_by_another_kind_do_not_swallow_the_next_sentence():
    text = (
        'Ann Tarrant, the trade minister, said that the toll was a “rotten plan" and a "road breaker\'. '
        "In a word, she told the Times, it would be 'disastrous\"."
    )
    found = [(q.speaker, q.addressee, len(q.fragments)) for q in extract(text).quotations]
    assert found == [("Ann Tarrant", None, 2), ("Ann Tarrant", "the Times", 1)]


def test_nobody_is_credited_where_no_phrase_for_somebody_stands():
    for quotation in extract("The complaint went on:\n\nIt was cold. There was no soup.").quotations:
        assert quotation.status == "unknown"
        assert quotation.confidence <= 0.3
