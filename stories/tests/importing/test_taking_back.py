"""An import taken back by its record: just what it set goes, and the preview has said so before."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from stories.actions import undo
from stories.actions.claims import review
from stories.actions.errors import NotReady
from stories.actions.imports import import_copy
from stories.actions.people import confirmation, merging
from stories.actions.stories import publishing, revisions, saving, share_links
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.topics import tagging
from stories.extraction import Extraction
from stories.importing import receipts
from stories.importing.reader import read
from stories.importing.roster import Roster
from stories.importing.store import Filed, Finish, file_story
from stories.models import (
    Appearance,
    Article,
    Author,
    Claim,
    Evidence,
    ImportedText,
    ImportRun,
    Party,
    Politician,
    topics,
)
from stories.tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClaimFactory,
    PoliticianFactory,
    UserFactory,
    appearance_of,
    roles,
)
from stories.tests.importing.conftest import Import
from stories.tests.importing.dispatches import dispatch, write_dispatches
from stories.tests.importing.rows import counts, everything
from stories.tests.importing.test_store import WORDS, person, quotation

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_dispatches(tmp_path / "copy", range(4))


def run_of(report: dict[str, Any]) -> ImportRun:
    return ImportRun.objects.get(pk=report["run"])


def file(run: ImportRun, headline: str, *, finish: Finish | None = None, **values: Any) -> Filed:
    """One story in which Ada Birkett speaks of Bram Corran, filed by `run`."""
    copy = read(f"{headline}\n\nSomebody said: “{WORDS}”.\n\nThen tea.".encode())
    people = (
        person("Ada Birkett", politician=True, party="Harbour Party"),
        person("Bram Corran", politician=True),
    )
    values = {"person": 0, "status": "accepted", "source_text": "Ada Birkett", "about": (1,)} | values
    said = quotation(f"{copy.headline}\n\n{copy.text}", **values)
    filed = file_story(copy, Extraction((said,), people), run=run, roster=Roster(), finish=finish)
    ImportedText.objects.create(
        run=run, file=headline, outcome="created", article=filed.article, before=filed.receipt
    )
    return filed


def take_back(run: ImportRun) -> import_copy.Undone:
    """Take the import back, which does what its preview said."""
    told = import_copy.undo_import(run=run, by=None, dry_run=True)
    undone = import_copy.undo_import(run=run, by=None)
    assert undone == told
    return undone


def left() -> dict[str, int]:
    return {name: count for name, count in counts().items() if count}


# The record


def test_the_record_has_no_words_of_the_story_in_it(import_seeds: Import, folder: Path) -> None:
    import_seeds(folder)
    for text in ImportedText.objects.select_related("article"):
        assert text.before["format"] == undo.FORMAT
        told = json.dumps(text.before, ensure_ascii=False)
        for paragraph in text.article.text.split("\n\n"):
            assert paragraph not in told
        made = text.before["made"]
        assert made["stories.article"][str(text.article_id)]["body"].keys() == {"sha256"}
        assert len(made["stories.appearance"]) == text.article.appearances.count()


def test_what_an_earlier_release_filed_is_refused(import_seeds: Import, folder: Path) -> None:
    run = run_of(import_seeds(folder))
    ImportedText.objects.filter(article__headline__endswith="number 0").update(
        before={"left": {"headline": "0123"}, "claims": {}, "people": {}, "made": {}, "was": None}
    )
    before = everything()
    for dry_run in (True, False):
        with pytest.raises(NotReady, match="earlier release and cannot be taken back"):
            import_copy.undo_import(run=run, by=None, dry_run=dry_run)
    assert everything() == before
    (folder / "000.txt").write_text(dispatch(90))
    entry = import_seeds(folder, update=True)["files"][0]
    assert entry["outcome"] == "kept"
    assert "earlier release" in entry["message"]


# Claims and people that others use


def test_a_claim_that_another_import_uses_is_that_import_s_with_all_that_belongs_to_it() -> None:
    first, second = ImportRun.objects.create(), ImportRun.objects.create()
    claim = file(first, "One").appearances[0].claim
    assert file(second, "Two").appearances[0].claim == claim
    undone = take_back(first)
    assert (undone.stories, undone.claims, undone.people, undone.stayed) == (1, 0, 0, [])
    claim = Claim.objects.get()
    assert (claim.imported_in, claim.speaker.imported_in) == (second, second)
    assert [about.name for about in claim.about.all()] == ["Bram Corran"]
    undone = take_back(second)
    assert (undone.stories, undone.claims, undone.people) == (1, 1, 2)
    assert not Claim.about.through.objects.exists()
    assert left().keys() <= {"ImportRun", "ImportedText", "Party"}


def test_a_claim_that_a_person_s_story_prints_stays_whole() -> None:
    run = ImportRun.objects.create()
    claim = file(run, "One").appearances[0].claim
    appearance_of(claim)
    undone = take_back(run)
    assert undone.stories == 1
    assert undone.stayed == ["Ada Birkett: is in use", "Bram Corran: is in use"]
    assert [about.name for about in Claim.objects.get().about.all()] == ["Bram Corran"]


def test_work_on_a_claim_whose_story_is_deleted_stays() -> None:
    run = ImportRun.objects.create()
    filed = file(run, "One")
    Evidence.objects.create(claim=filed.appearances[0].claim, url="https://post.example/", title="Minutes")
    Article.objects.all().delete()
    undone = take_back(run)
    assert undone.stayed[0] == f"The claim “{WORDS}”: a person has worked on it"
    assert Evidence.objects.get().claim.speaker.name == "Ada Birkett"


def test_a_story_deleted_since_leaves_nothing_behind() -> None:
    run = ImportRun.objects.create()
    file(run, "One")
    Article.objects.all().delete()
    undone = take_back(run)
    assert (undone.stories, undone.claims, undone.people) == (0, 1, 2)
    assert left().keys() == {"ImportRun", "ImportedText", "FormerSlug"} & left().keys()


def test_a_story_that_was_deleted_and_brought_back_is_a_person_s() -> None:
    run = ImportRun.objects.create()
    story = file(run, "One").article
    saving.keep_first_state(article=story)
    Article.objects.all().delete()
    revisions.bring_back(version=revisions.deleted()[0].pk, by=None)
    assert take_back(run).stories == 0
    assert Article.objects.get().appearances.get().claim.wording == WORDS
    assert [about.name for about in Claim.objects.get().about.all()] == ["Bram Corran"]


def accept_all(article: Article, settled: Any, copy: Any) -> None:
    for row in settled:
        review.accept_unread(claim=row.claim, by=None)


def test_whom_the_import_vouched_for_is_as_before_it() -> None:
    ada = PoliticianFactory(name="Ada Birkett", confirmed=False)
    run = ImportRun.objects.create()
    file(run, "One", finish=accept_all)
    ada.refresh_from_db()
    assert ada.confirmed
    assert take_back(run).stayed == []
    ada.refresh_from_db()
    assert not ada.confirmed


def test_who_was_vouched_for_since_stays_so_and_it_is_said() -> None:
    ada = PoliticianFactory(name="Ada Birkett", confirmed=False)
    run = ImportRun.objects.create()
    file(run, "One", finish=accept_all)
    review.accept(claim=ClaimFactory(proposed=True, speaker=ada, wording="Not the same"), by=None)
    assert take_back(run).stayed == ["Ada Birkett stays confirmed: a claim of theirs was accepted since."]
    ada.refresh_from_db()
    assert ada.confirmed


def test_a_claim_that_a_later_file_accepted_makes_no_story_a_person_s() -> None:
    run = ImportRun.objects.create()
    first = file(run, "One")
    file(run, "Two", finish=accept_all)
    first.appearances[0].claim.refresh_from_db()
    assert first.appearances[0].claim.state == "accepted"
    text = ImportedText.objects.get(file="One")
    assert receipts.touched(text, receipts.beside(text)) == ""
    undone = take_back(run)
    assert (undone.stories, undone.claims, undone.people, undone.stayed) == (2, 1, 2, [])


BARE = "Talk of the pier\n\nAda Birkett said: “The ferry will sail before winter.”"
OFFICE = (
    "Council meets\n\nAda Birkett, the leader of the Labour party, said: “The wall has cost us four million.”"
)


@pytest.mark.parametrize("edited", [False, True])
def test_claims_that_were_given_to_who_was_entered_later(
    edited: bool, import_seeds: Import, tmp_path: Path
) -> None:
    copy = tmp_path / "pier"
    copy.mkdir()
    (copy / "a.txt").write_text(BARE)
    (copy / "b.txt").write_text(OFFICE)
    run = run_of(import_seeds(copy))
    claim = Claim.objects.get(appearances__article__headline="Talk of the pier")
    assert claim.speaker.name == "Ada Birkett"
    if edited:
        Article.objects.filter(headline="Talk of the pier").update(standfirst="At last.")
    undone = take_back(run)
    if edited:
        assert undone.stayed == ["“Talk of the pier”: it has been edited"]
        claim.refresh_from_db()
        assert claim.speaker.name == "Ada Birkett"
    else:
        assert left().keys() <= {"ImportRun", "ImportedText"}


# Addresses


NAMED = "---\ntags: [Ferry]\nbyline: Mina Tallis\n---\n"


def publish_and_delete(story: Article) -> None:
    publishing.publish(article=story, by=None)
    story.delete()


def publish_and_strip(story: Article) -> None:
    publishing.publish(article=story, by=None)
    publishing.withdraw(article=story, by=None, reason="Wrong.")
    tagging.take_off(row=story, names=["Ferry"], by=None)
    story.authors.clear()


def another_story(story: Article) -> None:
    other = ArticleFactory()
    other.tags.add("Ferry")
    other.authors.add(*Author.objects.all())
    other.delete()


def tag_a_claim(story: Article) -> None:
    claim = appearance_of(ClaimFactory()).claim
    claim.tags.add("Ferry")
    claim.delete()


def another_draft(story: Article) -> None:
    other = ArticleFactory(draft=True)
    other.tags.add("Ferry")
    other.authors.add(*Author.objects.all())
    other.delete()


@pytest.mark.parametrize(
    ("do", "topic", "author"),
    [
        (lambda story: None, "ferry", "mina-tallis"),
        (Article.delete, "ferry", "mina-tallis"),
        (another_draft, "ferry", "mina-tallis"),
        (publish_and_delete, "ferry-2", "mina-tallis-2"),
        (publish_and_strip, "ferry-2", "mina-tallis-2"),
        (another_story, "ferry-2", "mina-tallis-2"),
        (tag_a_claim, "ferry-2", "mina-tallis"),
    ],
)
def test_an_address_that_was_public_goes_to_nothing_else(
    do: Callable[[Article], None], topic: str, author: str, import_seeds: Import, tmp_path: Path
) -> None:
    copy = write_dispatches(tmp_path / "copy", [0])
    (copy / "000.txt").write_text(f"{NAMED}{dispatch(0)}")
    run = run_of(import_seeds(copy))
    do(Article.objects.get())
    import_copy.undo_import(run=run, by=None)
    assert (topics.address("Ferry"), AuthorFactory(name="Mina Tallis").slug) == (topic, author)


@pytest.mark.parametrize("vouched", [False, True])
def test_who_was_vouched_for_was_public_and_so_was_the_party(vouched: bool) -> None:
    run = ImportRun.objects.create()
    file(run, "One")
    ada = Politician.objects.get(name="Ada Birkett")
    if vouched:
        confirmation.confirm(person=ada, by=None)
        confirmation.unconfirm(person=ada, by=None)
    take_back(run)
    assert not Politician.objects.exists()
    end = "-2" if vouched else ""
    assert PoliticianFactory(name="Ada Birkett").slug == f"ada-birkett{end}"
    assert Party.objects.create(name="Harbour Party").slug == f"harbour-party{end}"


# Updates


def test_an_update_taken_back_brings_back_the_same_rows(import_seeds: Import, folder: Path) -> None:
    import_seeds(folder)
    rows = [
        list(model.objects.order_by("pk").values_list(*columns))
        for model, columns in (
            (Article, ("pk", "headline", "text")),
            (Claim, ("pk", "speaker", "wording", "state", "imported_in")),
            (Appearance, ("pk", "claim", "article", "start", "end", "state")),
            (Claim.about.through, ("claim", "politician")),
        )
    ]
    (folder / "000.txt").write_text(f"---\ntags: [ferry]\nbyline: Dov Eskdale\n---\n{dispatch(90)}")
    run = run_of(import_seeds(folder, update=True))
    assert take_back(run).restored == 1
    assert rows == [
        list(model.objects.order_by("pk").values_list(*columns))
        for model, columns in (
            (Article, ("pk", "headline", "text")),
            (Claim, ("pk", "speaker", "wording", "state", "imported_in")),
            (Appearance, ("pk", "claim", "article", "start", "end", "state")),
            (Claim.about.through, ("claim", "politician")),
        )
    ]


def test_words_on_record_again_are_not_doubled_when_an_update_is_taken_back(
    import_seeds: Import, folder: Path
) -> None:
    import_seeds(folder)
    article = Article.objects.get(headline__endswith="number 0")
    claim = Claim.objects.filter(appearances__article=article, speaker__isnull=False).order_by("pk").first()
    (folder / "000.txt").write_text("Quiet on the quay\n\nNobody spoke.")
    run = run_of(import_seeds(folder, update=True))
    Claim.objects.filter(pk=claim.pk).delete()
    again = ClaimFactory(speaker=claim.speaker, wording=claim.wording, stance=claim.stance)
    assert take_back(run).restored == 1
    assert article.appearances.filter(claim=again).count() == 1


# What is promised


def edit(story: Article, pick: random.Random) -> None:
    row = Article.objects.get(pk=story.pk)
    opened = mark_of(row)
    row.body = f"<p>A line by hand, {pick.random()}.</p>{row.body}"
    saving.save(article=row, fields={"body"}, opened=opened, by=UserFactory(is_superuser=True))


def tag(story: Article, pick: random.Random) -> None:
    tagging.put_on(row=story, names=[pick.choice(["ferry", "walls"])], by=None)


def decide(story: Article, pick: random.Random) -> None:
    claim = pick.choice(list(Claim.objects.order_by("pk")))
    verb = pick.choice([review.accept, review.reject])
    if claim.speaker or claim.speaker_label:
        verb(claim=claim, by=UserFactory(is_superuser=True))


def prove(story: Article, pick: random.Random) -> None:
    claim = pick.choice(list(Claim.objects.order_by("pk")))
    Evidence.objects.create(claim=claim, url="https://post.example/", title="Minutes")


def print_again(story: Article, pick: random.Random) -> None:
    appearance_of(pick.choice(list(Claim.objects.order_by("pk"))))


def speak_again(story: Article, pick: random.Random) -> None:
    ClaimFactory(speaker=pick.choice(list(Politician.objects.current().order_by("pk"))))


def merge_people(story: Article, pick: random.Random) -> None:
    loser = pick.choice(list(Politician.objects.current().order_by("pk")))
    merging.merge(winner=PoliticianFactory(), loser=loser, by=None)


def work_on_a_person(story: Article, pick: random.Random) -> None:
    person = pick.choice(list(Politician.objects.order_by("pk")))
    person.summary = "A councillor."
    person.save()


def credit(story: Article, pick: random.Random) -> None:
    story.authors.add(
        pick.choice([*Author.objects.order_by("pk"), Author.objects.create(name="Mina Tallis")])
    )


def delete(story: Article, pick: random.Random) -> None:
    Article.objects.filter(pk=story.pk).delete()


def share(story: Article, pick: random.Random) -> None:
    if story.status == Article.Status.DRAFT:
        share_links.share(article=story, by=UserFactory(is_superuser=True), lasting=timedelta(days=1))


def publish(story: Article, pick: random.Random) -> None:
    if story.status == Article.Status.DRAFT:
        publishing.publish(article=story, by=None)


WORK: list[Callable[[Article, random.Random], None]] = [
    *(edit, tag, decide, prove, print_again, speak_again, merge_people, work_on_a_person, credit),
    *(delete, share, publish),
]


@pytest.mark.parametrize("seed", range(16))
def test_an_import_is_taken_back_as_its_preview_promised(
    seed: int, import_seeds: Import, tmp_path: Path
) -> None:
    """Some imports that share their people, claims, topics and authors, and people at work in between."""
    roles()
    pick = random.Random(seed)
    copy = tmp_path / "copy"
    runs = set()
    for round_ in range(3):
        for number in pick.sample(range(12), 3):
            matter = f"---\ntags: [{pick.choice(['ferry', 'harbour'])}]\nbyline: Dov Eskdale\n---\n"
            folder = write_dispatches(copy, range(number, number + 1))
            text = dispatch(number if pick.random() < 0.5 else number + 100 * round_)
            (folder / f"{number:03}.txt").write_text(f"{matter if pick.random() < 0.5 else ''}{text}")
        options = pick.choice([{}, {"accept_above": 0.5}, {"publish": True, "accept_above": 0.5}])
        runs.add(import_seeds(copy, update=True, **options)["run"])
        for _ in range(pick.randrange(4)):
            stories = list(Article.objects.order_by("pk"))
            pick.choice(WORK)(pick.choice(stories), pick)
    for number in pick.sample(sorted(runs - {None}), len(runs - {None})):
        run = ImportRun.objects.get(pk=number)
        theirs = {row.pk: row for row in Article.objects.filter(imported_in=None)}
        undone = take_back(run)
        said = " ".join(undone.stayed)
        for claim in Claim.objects.filter(imported_in=run, appearances=None):
            assert claim.short_wording in said
        assert {row.pk: row for row in Article.objects.filter(imported_in=None)} == theirs
        for row in Appearance.objects.filter(state__in=Appearance.IN_PLACE).select_related("article"):
            assert row.article.text[row.start : row.end] == row.exact
        assert not Claim.objects.filter(speaker__merged_into__isnull=False).exists()
