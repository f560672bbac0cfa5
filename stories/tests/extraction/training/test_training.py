"""The weight files come out of marked stories again, byte for byte, and learn from the desk's decisions."""

import os
import subprocess
import sys
from io import StringIO
from itertools import product
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from stories.extraction.evaluation.gold import MarkedStory, MarkedWords, part
from stories.extraction.tagging.tagger import Model
from stories.extraction.training import ranker
from stories.extraction.training import train as training
from stories.extraction.training.corpus import examples
from stories.extraction.training.lbfgs import minimise
from stories.extraction.training.train import train
from stories.extraction.types import Span

ROOT = Path(__file__).resolve().parents[4]
SAYINGS = (
    "{0} said that the {1} would reopen.",
    "“The {1} is safe,” {0} said.",
    "“The {1} is old,” said {0}.",
)
TRAIN = (
    "import sys; from pathlib import Path; from stories.extraction.evaluation import gold; "
    "from stories.extraction.training.train import train; "
    "files = train(list(gold.read(Path(sys.argv[1])))).files; "
    "[sys.stdout.write(name + chr(10) + files[name]) for name in sorted(files)]"
)


def span(text, words):
    return Span(text.index(words), text.index(words) + len(words))


def made_up(name, speaker, thing):
    """A story of three attributions, all marked."""
    text, words = "", []
    for saying in SAYINGS:
        sentence = saying.format(speaker, thing)
        start = len(text)
        content = sentence.split("”")[0].lstrip("“") if "”" in sentence else sentence.split(" said ")[1][:-1]
        text += sentence + "\n\n"
        parts = (Span(*(start + at for at in span(sentence, part))) for part in (content, "said", speaker))
        words.append(MarkedWords(*((part,) for part in parts)))
    return MarkedStory(name, text, tuple(words))


def corpus():
    names = product(
        ("Ann Tarrant", "Bob Quill", "Cy Ebbage", "Di Orme"), ("harbour", "quay", "ferry", "mill")
    )
    return [made_up(f"story-{number}", *pair) for number, pair in enumerate(names)]


@pytest.fixture
def folder(tmp_path):
    for name in ("text", "attributions"):
        (tmp_path / name).mkdir()
    for story in corpus():
        lines = []
        for number, words in enumerate(story.words):
            for kind, (place,) in zip(("Content", "Cue", "Source"), words[:3], strict=True):
                lines.append(f"T{len(lines)}\t{kind} {place.start} {place.end}\tx")
            roles = zip(("Content", "Cue", "Source"), range(number * 4, number * 4 + 3), strict=True)
            lines.append(f"E{number}\tAttribution:T0 " + " ".join(f"{role}:T{at}" for role, at in roles))
        (tmp_path / "text" / f"{story.name}.txt").write_text(story.text, encoding="utf-8")
        (tmp_path / "attributions" / f"{story.name}_ab.ann").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def trained_afresh(folder, seed):
    """What a new interpreter makes of a folder, its sets and dictionaries of names in another order."""
    done = subprocess.run(
        [sys.executable, "-c", TRAIN, str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    return done.stdout


def test_the_same_stories_give_the_same_bytes(folder):
    first = trained_afresh(folder, "1")
    assert first == trained_afresh(folder, "2")
    assert all(part in first for part in (b"calibration.tsv", b"ranker.tsv", b"tagger.tsv", b"weight\t"))


def test_the_command_writes_the_files_and_can_hold_a_part_back(folder, tmp_path):
    out = StringIO()
    call_command(
        "train_extraction", str(folder), "--hold-back=0/4", f"--out={tmp_path / 'weights'}", stdout=out
    )
    left = [story for story in corpus() if part(story.name, 4)]
    assert 0 < len(left) < len(corpus())
    assert f"learning from {len(left)} stories" in out.getvalue()
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "weights").iterdir()}
    assert written == train(left).files


def test_a_folder_without_marks_is_refused(tmp_path):
    with pytest.raises(CommandError, match="attributions"):
        call_command("train_extraction", str(tmp_path))


def test_no_story_teaches_the_ranker_by_a_tagger_that_has_seen_it(monkeypatch):
    read = {}

    class InThisProcess:
        def __init__(self, workers):
            assert workers > 0

        __enter__ = __exit__ = lambda self, *_: self
        map = staticmethod(map)

    monkeypatch.setattr(training, "ProcessPoolExecutor", InThisProcess)
    monkeypatch.setattr(training, "_tagger", lambda stories: "\n".join(story.name for story in stories))
    monkeypatch.setattr(training, "Model", lambda rows: set(rows.split("\n")))
    monkeypatch.setattr(training, "examples", lambda story, model: read.update({story.name: model}) or [])
    files = train(corpus()).files
    names = {story.name for story in corpus()}
    assert set(files["tagger.tsv"].split("\n")) == names == set(read)
    assert all(name not in model and len(model) > 1 for name, model in read.items())


def test_words_nobody_said_teach_what_is_no_speech():
    story = made_up("story", "Ann Tarrant", "harbour")
    title = "A book called “The Harbour Wall” lay on the desk.\n\n"
    added = MarkedStory("story", story.text + title, story.words)
    model = Model(train(corpus()).files["tagger.tsv"])
    taught = [example for example in examples(added, model) if example.choice is None]
    assert taught
    assert all(example.speech.right == {1} for example in taught)
    assert all(example.speech.right == {0} for example in examples(story, model))
    part_marked = added._replace(whole=False)
    assert all(example.choice is not None for example in examples(part_marked, model))


@pytest.mark.parametrize("start", [(0.0, 0.0), (-3.0, 40.0)])
def test_the_least_of_a_function_is_found(start):
    def bowl(place):
        x, y = place
        return (x - 2) ** 2 + 100 * (y + 1) ** 2 + x * y, [2 * (x - 2) + y, 200 * (y + 1) + x]

    x, y = minimise(bowl, start)
    assert bowl((x, y))[1] == pytest.approx([0, 0], abs=0.05)


def denied(name, speaker, other):
    """A story in which it is marked only who did not say the words: the one the word of saying stands by."""
    text = f"{other} nodded. “The weir is safe,” {speaker} said."
    words = MarkedWords((span(text, "The weir is safe"),), (), (span(text, speaker),), denied=True)
    return MarkedStory(name, text, (words,))


def test_what_a_desk_denies_makes_the_ranker_and_the_confidence_less_sure():
    stories = corpus()
    reviewed = [
        denied(f"story {number}", *pair)
        for number, pair in enumerate(product(("Fay Hurst", "Gus Ibbot"), ("Jo Kerr", "Lee Moss") * 5))
    ]
    before, after = train(stories).files, train(stories, reviewed).files
    assert after["tagger.tsv"] == before["tagger.tsv"]
    assert after["ranker.tsv"] != before["ranker.tsv"]
    assert surest(after) < surest(before)


def surest(files):
    """The highest share of direct quotations that calibration expects to be right."""
    rows = (row.split("\t") for row in files["calibration.tsv"].splitlines())
    return max(float(share) for kind, _, share in rows if kind.split()[-1] == "direct")


def test_a_clause_without_marks_counts_for_less_than_a_quotation():
    near, far = ("near",), ("far",)
    quotations = [ranker.Choice(f"story {k}", (near, far), frozenset({0})) for k in range(9)]
    clauses = [ranker.Choice(f"story {k}", (near, far), frozenset({1}), weight=0.5) for k in range(12)]
    learned = ranker.fit(quotations + clauses)
    assert learned["near"] > learned["far"]
    assert ranker.fit(quotations + [clause._replace(weight=1.0) for clause in clauses])["near"] < 0


def test_examples_of_clauses_are_told_from_those_of_quotations():
    taught = examples(made_up("one", "Ann Tarrant", "harbour"), Model(""))
    weights = {example.kind: example.choice.weight for example in taught if example.choice is not None}
    assert weights.pop("indirect") == 0.5
    assert set(weights.values()) == {1.0}
