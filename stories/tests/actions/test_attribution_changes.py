"""Words that stand, in a sentence that says something else of them."""

import pytest

from stories.actions import attribution_changes, permissions, reanchoring
from stories.actions.claims import placing
from stories.actions.errors import NotReady
from stories.actions.stories import saving
from stories.actions.stories.edit_conflicts import mark_of
from stories.models import Appearance, Article, Claim, QuotationChange
from stories.tests.factories import ArticleFactory, ClaimFactory, PoliticianFactory, appearance_of
from stories.text import anchors, richtext

pytestmark = pytest.mark.django_db

SAID = "the ferry will sail in winter"


def turned(old: str, new: str, *names: str) -> bool:
    spans = [[(text.index(SAID), text.index(SAID) + len(SAID))] for text in (old, new)]
    return attribution_changes.turned(old, spans[0], new, spans[1], names or ("Ada Lowther",))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"Ada Lowther said “{SAID}”.", f"Bram Corran said “{SAID}”."),
        (f"Ada Lowther said “{SAID}”.", f"Ada Lowther denied having said “{SAID}”."),
        (f"Ada Lowther said “{SAID}”.", f"Ada Lowther did not say “{SAID}”."),
        (f"Ada Lowther said “{SAID}”.", f"Ada Lowther didn’t say “{SAID}”."),
        (f"Ada Lowther said “{SAID}”.", f"Nobody said “{SAID}”, Ada Lowther said."),
        (f"Ada Lowther said “{SAID}”.", f"It was said that “{SAID}”."),
        (f"Ada Lowther said “{SAID}”.", f"Bram Lowther said “{SAID}”."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Bram Corran. Ada Lowther left."),
        (f"Ada Lowther was angry. “{SAID},” she said.", f"Ada Lowther was angry. “{SAID},” he said."),
        (f"Ada Lowther spoke. “{SAID},” she said.", f"Ada Lowther spoke. “{SAID},” Bram Corran said."),
        (f"Ada Lowther spoke. “{SAID},” she said.", f"Cleo Aldous spoke. “{SAID},” she said."),
        (f"Ada Lowther said:\n\n“{SAID}”", f"Bram Corran said:\n\n“{SAID}”"),
        (f"Ada Lowther said {SAID}.", f"Bram Corran said {SAID}."),
        (f"Ada Lowther said {SAID}.", f"Ada Lowther never said {SAID}."),
        (f"Ada Lowther said “{SAID}”.", f"Ada Lowther declined to say “{SAID}”."),
        (f"Ada Lowther said “{SAID}”.", f"Ada Lowther asked whether “{SAID}”."),
        (f"Ada Lowther said “{SAID}”.", f"Ada Lowther dismissed reports that “{SAID}”."),
        (f"Ada Lowther said “{SAID}”.", f"Ada Lowther is alleged to have said “{SAID}”."),
        (f"Ada Lowther said “{SAID}”.", f"Ada Lowther stopped short of saying “{SAID}”."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” Ada Lowther hopes."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” asked Ada Lowther."),
        (f"Ada Lowther denied “{SAID}”.", f"Ada Lowther said “{SAID}”."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther’s brother."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said a spokesman for Ada Lowther."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” Bram Corran told Ada Lowther."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Bram Corran, who succeeded Ada Lowther."),
        (f"Ada Lowther said: “{SAID}.”", f"Asked about Ada Lowther, Bram Corran said: “{SAID}.”"),
        (f"Ada Lowther said: “{SAID}.”", f"Ada Lowther listened as Bram Corran said: “{SAID}.”"),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, quoting Bram Corran."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, citing the late Mr Corran."),
        (
            f"“{SAID},” said Ada Lowther.",
            f"“{SAID},” she said, repeating what Bram Corran had told Ada Lowther.",
        ),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, echoing her brother Bram Corran."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, reading out a letter by Bram Corran."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, quoting the mayor, Bram Corran."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, quoting the Harbours Act."),
        (f"Ada Lowther said “{SAID}”.", f"Paraphrasing Bram Corran, Ada Lowther said “{SAID}”."),
        (f"Ada Lowther said {SAID}.", f"Ada Lowther said {SAID}, quoting Bob."),
        (
            f"“{SAID},” said Ada Lowther, quoting Cleo Aldous.",
            f"“{SAID},” said Ada Lowther, quoting Bram Corran.",
        ),
        (f"Ada Lowther said “{SAID}”.", f"Had Ada Lowther said “{SAID}”? No."),
        (f"Ada Lowther said “{SAID}”.", f"Did Ada Lowther say “{SAID}”?"),
        (f"Ada Lowther said “{SAID}”.", f"Did Ada Lowther say, “{SAID}?”"),
        (f"Ada Lowther said “{SAID}”.", f"When did Ada Lowther say “{SAID}?”"),
        (f"Ada Lowther said “{SAID}”.", f"Was it Ada Lowther who said “{SAID}”? he wondered."),
        (f"Ada Lowther said “{SAID}”.", f"Ada Lowther said “{SAID}” – or did she?"),
        (f"Ada Lowther said “{SAID}”.", f"Had Ada Lowther said “{SAID}”, the council would have listened."),
        (f"Ada Lowther said “{SAID}”.", f"If Ada Lowther said “{SAID}”, the council did listen."),
        (f"Ada Lowther said “{SAID}”.", f"Bram Corran asked whether Ada Lowther had said “{SAID}”."),
        (f"Ada Lowther said {SAID}.", f"Had Ada Lowther really said {SAID}?"),
        (f"Ada Lowther spoke. “{SAID},” she said.", f"Ada Lowther spoke. Had she said “{SAID}”?"),
        (f"Ada Lowther said:\n\n“{SAID}.”", f"Did Ada Lowther say this?\n\n“{SAID}.”\n\nNo."),
    ],
)
def test_another_source_or_a_denial_is_seen(old, new):
    assert turned(old, new)
    assert not turned(old, old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"Ada Lowther said “{SAID}”.", f"On Monday Ada Lowther told the council: “{SAID}”."),
        (f"Ada Lowther said “{SAID}”.", f"Ms Lowther said “{SAID}”."),
        (f"“{SAID},” she said.", f"“{SAID},” Ada Lowther said."),
        (f"“{SAID},” said Ada Lowther. It rained.", f"“{SAID},” said Ada Lowther. It did not rain."),
        (f"Ada Lowther spoke. “{SAID},” she said.", f"Ada Lowther spoke.\n\n“{SAID},” she said."),
        (f"Ada Lowther said “{SAID}”.", f"Bram Corran left.\n\nAda Lowther said “{SAID}”."),
        (f"“Not now,” Ada Lowther said. “{SAID}.”", f"“Never now,” Ada Lowther said. “{SAID}.”"),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” Ada Lowther added."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” Ada Lowther told Bram Corran."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, who succeeded Bram Corran."),
        (f"Ada Lowther said: “{SAID}.”", f"Asked about Bram Corran, Ms Lowther said: “{SAID}.”"),
        (f"Ada Lowther said “{SAID}”.", f"Ada Lowther said “{SAID}”, wiping the rain away."),
        (f"“{SAID},” said Ada Lowther’s office.", f"“{SAID},” Ada Lowther’s office said."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, citing the price of coal."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, citing the Harbours Act."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, repeating it on Monday."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, quoting her own letter."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, repeating what she told Bram Corran."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther, repeating her call to Bram Corran."),
        (
            f"“{SAID},” said Ada Lowther.",
            f"“{SAID},” said Ada Lowther. Bram Corran, quoting Cleo Aldous, left.",
        ),
        (f"Ada Lowther said “{SAID}”.", f"Citing the price, Ada Lowther told Bram Corran: “{SAID}”."),
        (
            f"“{SAID},” said Ada Lowther, quoting Bram Corran.",
            f"“{SAID},” said Ada Lowther, quoting Mr Corran on Monday.",
        ),
        (f"“{SAID},” said Ada Lowther.", f"Lowther had said “{SAID}”."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” had said Ada Lowther, “{SAID}”."),
        (f"Ada Lowther said “{SAID}”.", f"Ada Lowther said “{SAID}”. Who will pay?"),
        (f"Ada Lowther said: “{SAID}.”", f"Ada Lowther said: “{SAID}.” Did she mean it?"),
        (f"“{SAID},” said Ada Lowther.", f"Will it sail? “{SAID},” said Ada Lowther."),
        (f"“{SAID},” said Ada Lowther.", f"“{SAID},” said Ada Lowther (who else?)."),
        (f"“{SAID},” said Ada Lowther.", f"Asked whether it would sail, Ada Lowther said “{SAID}.”"),
        (f"“{SAID},” said Ada Lowther.", f"Had she the money, Ada Lowther said, “{SAID}.”"),
        (f"“{SAID},” said Ada Lowther.", f"Asked “Will it sail?”, Ada Lowther said “{SAID}.”"),
        (f"Ada Lowther said: “{SAID}.", f"Ada Lowther said: “{SAID}, and who will pay?"),
        (f"Ada Lowther spoke.\n\n“{SAID}.”", f"Ada Lowther spoke.\n\n“{SAID}.” Who will pay?"),
        (f"Has Ada Lowther said “{SAID}”?", f"Had Ada Lowther said “{SAID}”?"),
    ],
)
def test_what_leaves_the_source_and_the_sense_is_passed_over(old, new):
    assert not turned(old, new)


NAMES = [
    ("Łucja Żółtańska", "Ms Żółtańska", "Šimon Ďurica"),
    ("Ждан Вербный", "Г-н Вербный", "Олег Сушко"),
    ("Ἄννα Κορρή", "Κορρή", "Ὀρέστης Λάδης"),
    ("أحمد منصور", "منصور", "سالم حداد"),
    ("נועה ברזל", "ברזל", "דן אלון"),
]


@pytest.mark.parametrize(("name", "short", "other"), NAMES)
def test_names_of_every_script_are_told_apart(name, short, other):
    said = f"“{SAID},” said {name}."
    assert turned(said, f"“{SAID},” said {other}.", name)
    assert turned(said, f"“{SAID},” said {other}. {name} left.", name)
    assert turned(f"{name} left. “{SAID},” said {name}.", f"{name} left. “{SAID},” said {other}.", name)
    assert not turned(said, f"On Monday “{SAID},” said {short}.", name)
    # What the next sentence denies is none of this one's.
    assert not turned(said, f"{said} {other} did not.", name)
    assert not turned(said, f"{other} did not. {said}", name)


def test_a_label_that_is_no_name_is_looked_for_as_it_is_printed():
    old = f"A party source said “{SAID}”."
    assert turned(old, f"A council clerk said “{SAID}”.", "party source")
    assert not turned(old, f"A senior party source said “{SAID}”.", "party source")


@pytest.fixture
def printed():
    speaker = PoliticianFactory(name="Ada Lowther")
    story = ArticleFactory(plain=f"It rained.\n\nAda Lowther said “{SAID}”.\n\nThe meeting ended.")
    return appearance_of(ClaimFactory(speaker=speaker, wording=SAID), story)


def save(story: Article, old: str, new: str, by=None) -> saving.Saved:
    row = Article.objects.get(pk=story.pk)
    row.body = richtext.from_text(row.text.replace(old, new))
    return saving.save(article=row, fields=["body"], opened=mark_of(story), by=by)


@pytest.mark.parametrize(
    ("old", "new"), [("Ada Lowther said", "Bram Corran said"), ("said", "denied having said")]
)
def test_the_claim_is_not_public_until_a_person_has_looked(client, person, printed, old, new):
    story = printed.article
    saved = save(story, old, new)
    assert saved.anchors
    assert saved.anchors.turned == [printed] == saved.anchors.adrift
    printed.refresh_from_db()
    assert (printed.state, printed.public_from) == ("ambiguous", None)
    assert printed.places == [[s, e] for s, e in anchors.places_of(Article.objects.get().text, SAID)]
    assert 'class="said"' not in client.get(story.get_absolute_url()).content.decode()
    story.refresh_from_db()
    save(story, "It rained", "It snowed")
    printed.refresh_from_db()
    assert printed.state == "ambiguous"
    story.refresh_from_db()
    chosen = {
        "appearance": printed,
        "spans": [tuple(printed.places[0])],
        "opened": reanchoring.text_mark(story.text),
        "by": person(permissions.FACT_CHECKER),
    }
    with pytest.raises(NotReady, match="to somebody else. Say why"):
        placing.place(**chosen)
    printed.refresh_from_db()
    assert printed.public_from is None
    placing.place(**chosen, reason="She says so in the recording.")
    printed.refresh_from_db()
    assert printed.state == "kept"
    assert printed.public_from is not None
    assert QuotationChange.objects.get().reason == "She says so in the recording."
    assert save(story, "ended", "ended late").anchors.turned == []


def test_the_claim_is_back_when_the_edit_is_taken_back(printed):
    story = printed.article
    save(story, "Ada Lowther said", "Bram Corran said")
    story.refresh_from_db()
    save(story, "Bram Corran said", "Ada Lowther said")
    printed.refresh_from_db()
    assert printed.state in Appearance.IN_PLACE


def test_a_claim_that_waits_for_review_goes_on_waiting(printed):
    Claim.objects.update(state=Claim.State.PROPOSED)
    assert save(printed.article, "Ada Lowther", "Bram Corran").anchors.turned == []


def test_the_source_in_the_sentence_itself_is_asked_before_one_in_the_paragraph_before():
    """A reviewer gave the claim to somebody else than it is printed of."""
    before = "Ada Lowther opened the meeting.\n\n"
    old = f"{before}“{SAID}”, said Bram Corran."
    assert turned(old, f"{before}“{SAID}”, said Eda Lowther.", "Ada Lowther", "Bram Corran")
    assert turned(old, f"{before}“{SAID}”, said Cleo Moss.", "Ada Lowther", "Bram Corran")
    assert not turned(old, f"{before}“{SAID}”, said Bram Corran at noon.", "Ada Lowther", "Bram Corran")


@pytest.mark.parametrize(
    ("sentence", "names", "another"),
    [
        ("said Eve Lowther", ("Ada Lowther",), True),
        ("said Ada Lowther", ("A. Lowther", "Bram Corran"), True),
        ("said Ada Lowther", ("Ada Lowther", "Lowther"), False),
        ("said Lowther", ("Ada Lowther",), False),
        ("said Ms Lowther", ("Ada Lowther",), False),
        ("said Ada Lowther", ("Lowther",), False),
        ("said Eda Lowther", ("Ada Lowther", "Eda Lowther"), False),
    ],
)
def test_one_of_the_same_family_name_is_another_source(sentence, names, another):
    text = f"“{SAID}”, {sentence}."
    span = (text.index(SAID), text.index(SAID) + len(SAID))
    assert attribution_changes.contradicted(text, [span], names, "direct", "said") is another
