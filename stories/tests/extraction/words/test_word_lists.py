"""A newsroom's own word lists: each does what it is for, in the call it is passed to and nowhere else."""

import ast
import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stories.extraction import WordLists, extract, words
from stories.extraction.text.layout import Layout
from stories.extraction.text.noun_phrases import adverb, phrase_ending, speaks
from stories.extraction.words import lists as plain
from stories.extraction.words import using

ROOT = Path(words.__file__).parent.parent


def first(text, lists=None):
    return extract(text, lists=lists).quotations[-1]


def names(text, lists=None):
    return [person.name for person in extract(text, lists=lists).people]


def role(text, lists=None):
    return extract(text, lists=lists).people[0].role


def in_use(answer):
    """A reading that asks `answer` while the lists are in use."""

    def reading(lists=None):
        with using(lists):
            return answer()

    return reading


# For every list an entry of its own, and a reading that it changes.
EXAMPLES = {
    "abbreviations": ("supt", in_use(lambda: len(Layout("Ann Lee met Supt. Roe there.").sentences))),
    "auxiliaries": ("hath", in_use(lambda: adverb("hath"))),
    "breaks": (
        "anent",
        lambda lists: first("Bo Roe anent Ann Tarrant said: “We will sail.”", lists).source_text,
    ),
    "claim_nouns": ("yarn", in_use(lambda: "yarn" in plain.claim_nouns())),
    "cues": ("quay\tsay", lambda lists: first("“We are ready to sail,” quayed Ann Tarrant.", lists).verb),
    "determiners": (
        "yon",
        lambda lists: first("Ann Tarrant yon claims the wall is safe and sound here.", lists).stance,
    ),
    "given_names": ("Harbour\tf", lambda lists: names("Harbour Tarrant left. Tarrant came back.", lists)),
    "letters": ("ZZQQX\tpol", lambda lists: names("Ann Tarrant ZZQQX said: “We will sail.”", lists)),
    "notnames": ("Zorb", lambda lists: names("Zorb Tarrant left. Ms Tarrant came back.", lists)),
    "pronouns": ("xe\tp", in_use(lambda: phrase_ending(Layout("the old xe said"), 2, 0))),
    "roles": ("harbouring", lambda lists: role("The harbouring minister Ann Tarrant left.", lists)),
    "speakers": ("flotilla", in_use(lambda: speaks("flotilla"))),
    "stances": (
        "say\tdenied\t\tsays said said saying",
        lambda lists: first("Ann Tarrant said that she would sail.", lists).stance,
    ),
    "surnames_too": ("Committee", lambda lists: names("Ann Committee said: “We will sail.”", lists)),
    "unfinished": ("anent", lambda lists: first("Ann Tarrant said anent\n“We will sail.”", lists).kind),
    "verbs_only": (
        "claims",
        lambda lists: first("Ann Tarrant of claims the wall is safe and sound here.", lists).stance,
    ),
    "outlet_nouns": ("Ferrygram", in_use(lambda: "Ferrygram" in plain.outlet_nouns())),
    "word_nouns": ("yarn", in_use(lambda: "yarn" in plain.word_nouns())),
    "bodies": ("Harbourwide\tx", lambda lists: names("Ann Harbourwide said: “We will sail.”", lists)),
    "places": ("Zorb", lambda lists: names("Quill Zorb said: “We will sail.”", lists)),
    "holders": (
        "prime minister\tZara Quillon\t2001-05-03\t2009-02-01",
        lambda lists: first("Zara Quillon met Mr Ottley. Later the PM said: “We will sail.”", lists).speaker,
    ),
    "offices": ("harbourgrave\tpol", lambda lists: role("The harbourgrave, Ann Tarrant, left.", lists)),
    "outlets": (
        "Quay Gazette",
        lambda lists: first("Speaking to Quay Gazette, Ann Tarrant said: “We will sail.”", lists).addressee,
    ),
    "parties": (
        "Blues\tBlue Party",
        lambda lists: extract("Blues leader Ann Tarrant said: “Aye.”", lists=lists).people[0].party,
    ),
    "titles": ("Shri\tm", lambda lists: names("Shri Tarrant left. Shri Tarrant came back.", lists)),
}


@pytest.mark.parametrize("name", words.names())
def test_a_list_of_its_own_changes_what_it_is_for_and_only_while_it_is_passed(name):
    line, reading = EXAMPLES[name]
    before = reading(None)
    lists = WordLists({name: f"# ours\n{line}\n"})
    assert reading(lists) != before
    assert reading(lists) == reading(WordLists({name: line}))
    assert reading(None) == before


@pytest.mark.parametrize("name", words.names())
def test_what_is_added_to_a_list_counts_beside_what_is_there(name):
    line, reading = EXAMPLES[name]
    lists = WordLists(more={name: line})
    assert reading(lists) != reading(None)
    shipped, first_column = WordLists().rows(name), line.split("\t")[0]
    assert set(shipped) - set(lists.rows(name)) <= {row for row in shipped if row[0] == first_column}


def test_a_line_that_is_added_counts_in_place_of_the_one_with_the_same_first_column():
    party = EXAMPLES["parties"][1]
    lists = WordLists({"parties": "Blues\tBlue Party"}, {"parties": "Blues\tTrue Blues\nReds\tRed Party"})
    assert party(lists) == "True Blues"
    assert lists.rows("parties") == (("Blues", "True Blues"), ("Reds", "Red Party"))


def test_a_folder_replaces_lists_and_adds_to_them(tmp_path):
    (tmp_path / "parties.txt").write_text("\ufeffBlues\tBlue Party\n", encoding="utf-8")
    (tmp_path / "outlets.more.txt").write_text("# ours\nQuay Gazette\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("Who looks after these lists.")
    lists = WordLists.of_folder(tmp_path)
    assert lists.rows("parties") == (("Blues", "Blue Party"),)
    assert lists.rows("outlets") == (("Quay Gazette",), *WordLists().rows("outlets"))
    assert lists.rows("cues") == WordLists().rows("cues")
    (tmp_path / "places.txt").write_bytes(b"Quay\xff")
    with pytest.raises(ValueError, match=r"places\.txt is not UTF-8"):
        WordLists.of_folder(tmp_path)


def test_lists_go_to_another_process_without_what_was_made_of_them():
    line, reading = EXAMPLES["parties"]
    lists = WordLists({"parties": line})
    reading(lists)
    assert lists.made
    there = pickle.loads(pickle.dumps(lists))  # noqa: S301  our own bytes
    assert not there.made
    assert reading(there) == reading(lists)


def test_two_newsrooms_are_read_for_at_once():
    line, reading = EXAMPLES["parties"]
    lists = [None, WordLists({"parties": line}), WordLists({"parties": line.replace("Party", "Union")})]
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(reading, lists * 20))
    assert found == [None, "Blue Party", "Blue Union"] * 20


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("partys", "Blues\tBlue Party", "there is no list 'partys'; there are abbreviations, "),
        ("parties", "# none\n", "parties has no entries"),
        ("parties", "Blues Blue Party", "parties: 'Blues Blue Party' has less than 2 columns"),
        (
            "cues",
            "quay\tshout",
            "cues: 'quay | shout' has none of judge, say, tell, think in its second",
        ),
        ("cues", "quay\tsay\tquays quayed", "has not four irregular forms"),
        ("stances", "quay\tdenied\tnobody", "has none of claims, to, other, passive in its third column"),
        ("given_names", "Zorb\tx", "has none of f, m, u in its second column"),
        ("holders", "prime minister\tZara Quillon\t2001\t2009-02-01", "two days such as 2001-05-03"),
        ("holders", "prime minister\tQuillon\t2001-05-03\t2009-02-01", "a given name and surname"),
    ],
)
def test_lists_that_cannot_be_used_are_refused_with_the_line(name, content, told):
    for own, more in (({name: content}, {}), ({}, {name: content})):
        with pytest.raises(ValueError, match=re.escape(told)):
            WordLists(own, more)


def test_a_newsroom_may_have_nobody_on_record():
    assert extract("Nobody spoke.", lists=WordLists({"holders": ""})).quotations == ()


def test_no_module_keeps_what_is_made_of_a_list():
    """A constant would be of whatever lists were in use when the module was imported."""
    made = {"rows", "words", "phrases", "table", "heads", "titles", "tenures", "lexicon", "helping_words"}
    made |= {name for name in vars(plain) if not name.startswith("_")} - {"per_lists", "partial"}
    kept = []
    for path in sorted(ROOT.rglob("*.py")):
        inside = set()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                inside |= {id(node) for node in ast.walk(function)}
        for node in ast.walk(tree):
            called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if called in made and id(node) not in inside:
                kept.append(f"{path.name}:{node.lineno}")
    assert kept == []
