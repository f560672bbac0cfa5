"""Whose words a claim becomes: known people found again, namesakes and bare surnames left to a person."""

from pathlib import Path
from typing import Any

import pytest

from stories.extraction import Candidate, Extraction, Person, Quotation, Span
from stories.importing.reader import Copy, read
from stories.importing.roster import Roster, known_people
from stories.importing.store import Filed, file_story
from stories.models import Article, Claim, ImportRun, OtherName, Party, Politician
from stories.tests.factories import ClaimFactory, PartyFactory, PoliticianFactory
from stories.tests.importing.conftest import Import
from stories.text.normalise import name_key

pytestmark = pytest.mark.django_db

WORDS = "the ferry will sail again before the winter is out"


def person(name: str, **values: Any) -> Person:
    given: dict[str, Any] = {
        "role": None,
        "party": None,
        "politician": None,
        "kind": "other",
        "why": "",
        "mentions": (),
        "names": (name,),
    }
    return Person(name=name, **given | values)


def quotation(text: str, words: str = WORDS, **values: Any) -> Quotation:
    start = text.index(words)
    given: dict[str, Any] = {
        "content": (Span(start, start + len(words)),),
        "cue": None,
        "source": None,
        "source_text": None,
        "speaker": None,
        "person": None,
        "status": "unknown",
        "speaker_role": None,
        "speaker_party": None,
        "politician": None,
        "addressee": None,
        "addressee_span": None,
        "about": (),
        "kind": "direct",
        "fragments": (),
        "rule": "a rule",
        "confidence": 0.9,
        "reasons": ("it is written",),
        "stance": "said",
    }
    return Quotation(**given | values)


def file(*people: Person, words: str = WORDS, headline: str = "Head", **values: Any) -> Filed:
    """One story with one quotation in it, filed."""
    copy: Copy = read(f"{headline}\n\nSomebody said: “{words}”.\n\nThen tea.".encode())
    said = quotation(f"{copy.headline}\n\n{copy.text}", words, **values)
    run = ImportRun.objects.create()
    return file_story(copy, Extraction((said,), people), run=run, roster=Roster())


def file_said_by(speaker: Person, **values: Any) -> Claim:
    filed = file(
        speaker, person=0, status="accepted", speaker=speaker.name, source_text=speaker.name, **values
    )
    claim: Claim = filed.appearances[0].claim
    return claim


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Birkett", "ADA  BIRKETT"),
        ("Ada Birkett", "Ms Ada Birkett MP"),
        ("Sir Bram Corran", "Bram Corran"),
        ("Zoë O’Hara", "Zoe O'Hara"),
        ("J. R. Dunmore", "J R Dunmore"),
    ],
)
def test_two_printings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Ada Birkett", "Ida Birkett"), ("Lord Corran", "Bram Corran")])
def test_two_people_have_two_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_politician_is_entered_with_office_and_party_as_printed() -> None:
    claim = file_said_by(
        person("Ada Birkett", politician=True, role="leader of the council", party="Harbour Party")
    )
    assert claim.speaker is not None
    assert (claim.speaker.name, claim.speaker.role) == ("Ada Birkett", "Leader of the council")
    assert claim.speaker.party == Party.objects.get(name="Harbour Party")
    assert not claim.speaker.confirmed
    assert (claim.state, claim.speaker_label, claim.wording) == ("proposed", "", WORDS)


def test_a_party_is_known_by_its_short_name_too() -> None:
    party = PartyFactory(name="The Harbour Party of Eastmere", short_name="Harbour")
    claim = file_said_by(person("Ada Birkett", politician=True, party="harbour"))
    assert claim.speaker is not None
    assert claim.speaker.party == party
    assert Party.objects.count() == 1


def test_a_politician_on_record_is_found_by_any_of_their_names() -> None:
    known = PoliticianFactory(name="Ada Birkett")
    OtherName.objects.create(politician=known, name="Ada Corran")
    assert file_said_by(person("Ms Ada Corran", politician=None)).speaker == known
    assert Politician.objects.count() == 1


def test_a_record_merged_into_another_speaks_for_it() -> None:
    kept = PoliticianFactory(name="Ada Birkett")
    PoliticianFactory(name="Ada Birkett-Corran", merged_into=kept)
    assert file_said_by(person("Ada Birkett-Corran", politician=True)).speaker == kept
    assert "Ada Birkett-Corran" in known_people()[0].other_names


def test_two_namesakes_are_left_to_a_person() -> None:
    first, second = PoliticianFactory(name="Ada Birkett"), PoliticianFactory(name="Ada Birkett")
    filed = file(
        person("Ada Birkett", politician=True), person=0, status="accepted", source_text="Ms Birkett"
    )
    row = filed.appearances[0]
    assert row.claim.speaker is None
    assert row.claim.speaker_label == "Ms Birkett"
    assert [found["politician"] for found in row.candidates] == [first.pk, second.pk]
    assert Politician.objects.count() == 2


@pytest.mark.parametrize("known", [1, 2])
def test_a_bare_surname_is_never_a_guess(known: int) -> None:
    bearers = [PoliticianFactory(name=name) for name in ("Ada Birkett", "Ida Birkett")[:known]]
    filed = file(person("Birkett", politician=True), person=0, status="accepted", source_text="Mr Birkett")
    row = filed.appearances[0]
    assert (row.claim.speaker, row.claim.speaker_label) == (None, "Mr Birkett")
    assert [found["politician"] for found in row.candidates] == [bearer.pk for bearer in bearers]
    assert Politician.objects.count() == known


def test_what_the_extraction_found_ambiguous_keeps_its_candidates() -> None:
    ada = PoliticianFactory(name="Ada Birkett")
    filed = file(
        person("Ada Birkett"),
        status="ambiguous",
        source_text="Birkett",
        candidates=(
            Candidate("Ada Birkett", None, 0, 0.6, ("the last one named",)),
            Candidate("a clerk", None, None, 0.3, ()),
        ),
    )
    row = filed.appearances[0]
    assert (row.claim.speaker, row.claim.speaker_label) == (None, "Birkett")
    assert row.candidates == [
        {"name": "Ada Birkett", "politician": ada.pk, "score": 0.6, "reasons": ["the last one named"]},
        {"name": "a clerk", "politician": None, "score": 0.3, "reasons": []},
    ]


def test_whoever_speaks_under_a_whole_name_is_entered_and_whoever_is_only_named_is_not() -> None:
    chairman = person("Dov Eskdale", politician=False, role="chairman of the football club, who")
    filed = file(
        *(chairman, person("Nora Ingram"), person("Eskdale")),
        **{"person": 0, "status": "accepted", "speaker": "Dov Eskdale", "source_text": "Dov Eskdale"},
    )
    speaker = filed.appearances[0].claim.speaker
    assert speaker == Politician.objects.get()
    assert (speaker.name, speaker.role, speaker.confirmed) == (
        "Dov Eskdale",
        "Chairman of the football club",
        False,
    )


@pytest.mark.parametrize("ambiguous", [True, False])
def test_a_bare_surname_or_a_name_of_two_is_entered_for_nobody(ambiguous: bool) -> None:
    claim = file_said_by(person("Dov Eskdale" if ambiguous else "Eskdale", ambiguous=ambiguous))
    assert claim.speaker is None
    assert not Politician.objects.exists()


def test_an_unnamed_source_stays_as_printed() -> None:
    filed = file(status="unnamed", source_text="one member of  the\ncommittee", addressee="the Eastmere Post")
    row = filed.appearances[0]
    assert (row.claim.speaker, row.claim.speaker_label) == (None, "one member of the committee")
    assert (row.attribution, row.outlet) == ("one member of the committee", "the Eastmere Post")


def test_the_same_words_by_the_same_politician_in_two_stories_are_one_claim() -> None:
    first = file_said_by(person("Ada Birkett", politician=True))
    second = file_said_by(
        person("Ada Birkett", politician=True),
        headline="Other",
        words="“The ferry will sail — again before the Winter is out,",
    )
    assert first == second
    assert [row.article.headline for row in first.appearances.order_by("pk")] == ["Head", "Other"]


@pytest.mark.parametrize(
    ("words", "label", "joined"),
    [
        (WORDS, "A party source", True),
        (WORDS, "Another party source", False),
        ("no comment", "A party source", False),
    ],
)
def test_an_unnamed_sources_words_are_joined_only_when_they_say_enough(
    words: str, label: str, joined: bool
) -> None:
    for source in ("A party source", label):
        file(words=words, status="unnamed", source_text=source)
    assert Claim.objects.count() == (1 if joined else 2)


def test_words_nobody_is_named_for_are_not_joined() -> None:
    for _ in range(2):
        file(status="unknown")
    assert Claim.objects.count() == 2


def test_different_words_are_never_joined() -> None:
    file_said_by(person("Ada Birkett", politician=True))
    file_said_by(person("Ada Birkett", politician=True), words=WORDS.replace("will", "will not"))
    assert Claim.objects.count() == 2


def test_a_claim_already_rated_is_pointed_out() -> None:
    ada = PoliticianFactory(name="Ada Birkett")
    ClaimFactory(speaker=ada, wording=WORDS, state="accepted", rating="false")
    filed = file(person("Ada Birkett"), person=0, status="accepted", speaker="Ada Birkett")
    assert filed.rated == 1


def test_whom_it_is_about_is_linked() -> None:
    filed = file(
        person("Ada Birkett", politician=True),
        person("Bram Corran", politician=True),
        person("a clerk"),
        person=0,
        status="accepted",
        about=(1, 2),
    )
    assert [about.name for about in filed.appearances[0].claim.about.all()] == ["Bram Corran"]


def test_words_in_the_headline_make_no_claim() -> None:
    copy = read(f"“{WORDS}”\n\nThen tea.".encode())
    said = quotation(f"{copy.headline}\n\n{copy.text}")
    filed = file_story(copy, Extraction((said,), ()), run=ImportRun.objects.create(), roster=Roster())
    assert filed.appearances == []


def test_an_interrupted_quotation_keeps_all_its_parts() -> None:
    copy = read("Head\n\n“The wall,” she said, “has cost four million.”".encode())
    text = f"{copy.headline}\n\n{copy.text}"
    parts = tuple(
        Span(text.index(w), text.index(w) + len(w)) for w in ("The wall,", "has cost four million.")
    )
    filed = file_story(
        copy,
        Extraction((quotation(text, "The wall", content=parts),), ()),
        run=ImportRun.objects.create(),
        roster=Roster(),
    )
    row = filed.appearances[0]
    assert row.claim.wording == "The wall … has cost four million."
    assert [copy.text[s.start : s.end] for s in row.selectors] == ["The wall,", "has cost four million."]


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_which_file_says_what_somebody_is_does_not_matter(
    order: tuple[str, str], import_seeds: Import, tmp_path: Path
) -> None:
    """One file calls her the leader of a party, the other only by her name: her words are hers in both."""
    office, bare = order
    tmp_path = tmp_path / "copy"
    tmp_path.mkdir()
    (tmp_path / f"{office}.txt").write_text(
        "Council meets\n\n"
        "Ada Birkett, the leader of the Labour party, said: “The wall has cost us four million.”"
    )
    (tmp_path / f"{bare}.txt").write_text(
        "Talk of the pier\n\nAda Birkett said: “The ferry will sail before winter.”"
    )
    import_seeds(tmp_path)
    ada = Politician.objects.get(name="Ada Birkett")
    assert ada.claims.filter(appearances__article__in=Article.objects.all()).distinct().count() == 2
    (tmp_path / f"{bare}.txt").write_text("Talk of the pier\n\nIt is over.")
    assert {e["outcome"] for e in import_seeds(tmp_path, update=True)["files"]} == {"updated", "unchanged"}
