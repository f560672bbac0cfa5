"""Evaluation, explanation and calibration say what they claim."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from stories.extraction import extract
from stories.extraction import weights_io as weight_files
from stories.extraction.__main__ import main
from stories.extraction.evaluation import feature_labels, figures
from stories.extraction.evaluation.evaluate import difference, evaluate, kind_of
from stories.extraction.evaluation.explain import explain, trace
from stories.extraction.evaluation.gold import (
    PARTS,
    MarkedStory,
    MarkedWords,
    parse,
    part,
    read,
    right_source,
)
from stories.extraction.speakers import ranker
from stories.extraction.speakers.rules import label_of
from stories.extraction.text.layout import Layout
from stories.extraction.training import calibration
from stories.extraction.training.ranker import Choice, as_text, fit
from stories.extraction.types import Span

TEXT = "“We are ready,” said Ann Tarrant, the trade minister. Nobody clapped."


def span(words):
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def marks(content, source):
    lines = [
        f"T1\tSource {source.start} {source.end}\tx",
        f"T2\tContent {content.start} {content.end}\tx",
        "T3\tAttribution 0 1\tx",
        "E1\tAttribution:T3 Content:T2 Source:T1",
    ]
    return "\n".join(lines)


def marked_folder(folder, name):
    for part_of_it in ("text", "attributions"):
        (folder / part_of_it).mkdir(exist_ok=True)
    (folder / "text" / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    (folder / "attributions" / f"{name}_ab12.ann").write_text(
        marks(span("We are ready"), span("Ann Tarrant")), encoding="utf-8"
    )


def test_a_folder_of_marked_stories_is_read(tmp_path):
    marked_folder(tmp_path, "one")
    (story,) = read(tmp_path)
    assert (story.name, story.words[0].content) == ("one", (span("We are ready"),))


def test_words_marked_as_having_no_source_are_read_too():
    lines = marks(span("We are ready"), span("Ann Tarrant")).replace("Source:T1", "").splitlines()
    lines[-1] = lines[-1].replace("Attribution:", "Attribution-no-source:").rstrip()
    (words,) = parse("\n".join(lines))
    assert (words.content, words.source) == ((span("We are ready"),), ())


def test_a_folder_without_marks_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="attributions"):
        list(read(tmp_path))


def test_the_right_source_is_told_from_a_wrong_one_by_its_head():
    gold = [span("Ann Tarrant, the trade minister")]
    assert right_source(TEXT, span("Tarrant"), gold)
    assert not right_source(TEXT, span("Nobody"), gold)
    assert not right_source(TEXT, None, gold)
    assert right_source(TEXT, None, [])


def test_an_evaluation_counts_words_and_sources_and_tells_what_changed():
    right = evaluate([MarkedStory("one", TEXT, parse(marks(span("We are ready"), span("Ann Tarrant"))))])
    wrong = evaluate([MarkedStory("one", TEXT, parse(marks(span("We are ready"), span("Nobody"))))])
    assert (right.marked, right.met, right.met_with_source) == (1, 1, 1)
    assert (wrong.met, wrong.met_with_source) == (1, 0)
    key = next(iter(right.outcomes))
    assert difference(wrong.outcomes, right.outcomes) == {"gained": [key], "lost": []}
    assert right.as_json()["by_kind"]["direct"]["speaker_accuracy"] == 1.0


SAID = (
    "“We are ready,” said Ann Tarrant. Bo Carrick said that the ferry would sail at noon on Monday. "
    "Nobody clapped."
)


def found_and_marked(*marked):
    """The errors of reading ``SAID`` by class, when (words, source) are what is marked in it."""
    place = {
        words: Span(SAID.index(words), SAID.index(words) + len(words)) for pair in marked for words in pair
    }
    words = tuple(MarkedWords((place[said],), (), (place[by],)) for said, by in marked)
    result = evaluate([MarkedStory("one", SAID, words)])
    return {kind: len(places) for kind, places in result.errors.items()}


DIRECT, REPORTED = "We are ready,", "that the ferry would sail at noon on Monday"


@pytest.mark.parametrize(
    ("direct", "reported", "errors"),
    [
        ((DIRECT, "Ann Tarrant"), (REPORTED, "Bo Carrick"), {}),
        ((DIRECT, "Ann Tarrant"), ("the ferry", "Bo Carrick"), {"cut too wide": 1}),
        ((DIRECT, "Ann Tarrant"), (REPORTED + ". Nobody clapped", "Bo Carrick"), {"cut too narrow": 1}),
        (
            (DIRECT, "Bo Carrick"),
            (REPORTED, "Bo Carrick"),
            {"source: name taken, the right one was not thought likely": 1},
        ),
        (
            (DIRECT, "Ann Tarrant"),
            ("Nobody clapped", "Nobody"),
            {"missed": 1, "nobody’s words: indirect": 1},
        ),
    ],
)
def test_every_error_has_its_class(direct, reported, errors):
    assert found_and_marked(direct, reported) == errors


def test_kinds_are_told_of_marked_words_by_the_marks_around_them():
    layout = Layout("“We are ready,” she said. He said they were “not ready” at all. She said they were.")
    kinds = [
        kind_of(layout, [Span(layout.text.index(words), layout.text.index(words) + len(words))])
        for words in ("“We are ready,”", "they were “not ready” at all", "they were.")
    ]
    assert kinds == ["direct", "partial", "indirect"]


def test_the_command_tells_the_errors_and_the_words_gained_and_lost(tmp_path):
    marked_folder(tmp_path, "one")
    kept, out = tmp_path / "kept.json", StringIO()
    call_command("evaluate_extraction", str(tmp_path), json=kept, stdout=out)
    assert out.getvalue().splitlines()[6].split() == ["direct", "1", "1", *["1.000"] * 4]
    (tmp_path / "attributions" / "one_ab12.ann").write_text(
        marks(span("We are ready"), span("Nobody")), encoding="utf-8"
    )
    out = StringIO()
    call_command("evaluate_extraction", str(tmp_path), against=kept, errors=True, stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[lines.index("lost: 1") + 1] == "  one:1-13  We are ready"
    assert "source: name taken, the right one was not thought likely" in out.getvalue()


def test_each_story_is_measured_with_weights_that_have_not_seen_it(tmp_path):
    names = ("one", "two", "three", "four")
    for name in names:
        marked_folder(tmp_path, name)
    before = ranker.shipped(), extract(TEXT)
    silent = part("one", PARTS)
    for k in {part(name, PARTS) for name in names}:
        weights = tmp_path / "parts" / str(k)
        weights.mkdir(parents=True)
        for file in figures.WEIGHTS:
            (weights / file).write_text(weight_files.text(file), encoding="utf-8")
        if k == silent:
            (weights / "ranker.tsv").write_text("unsaid\t9.000\n", encoding="utf-8")
    out = StringIO()
    call_command("evaluate_extraction", str(tmp_path), parts=tmp_path / "parts", stdout=out)
    kept = sum(part(name, PARTS) != silent for name in names)
    assert f"4 stories, 4 marked, {kept} found" in out.getvalue()
    assert (ranker.shipped(), extract(TEXT)) == before
    (tmp_path / "parts" / str(silent) / "ranker.tsv").unlink()
    with pytest.raises(CommandError, match="ranker.tsv"):
        call_command("evaluate_extraction", str(tmp_path), parts=tmp_path / "parts", stdout=out)
    assert extract(TEXT) == before[1]


def test_figures_survive_the_file_and_gather_by_rule_and_by_band():
    result = evaluate(
        MarkedStory(name, TEXT, parse(marks(span("We are ready"), span(source))))
        for name, source in (("one", "Ann Tarrant"), ("two", "Nobody"))
    )
    kept = figures.parse(figures.as_text(figures.measured(result)))
    (rule, tally) = next(iter(kept.by_rule().items()))
    assert (kept.stories, kept.weights, rule) == (2, figures.weights_now(), "said-after")
    assert (tally.found, tally.said, tally.right_speaker, tally.right_source) == (2, 2, 1, 1)
    assert list(kept.by_band().values()) == [tally]
    assert kept.cells == result.cells


def test_a_file_that_holds_no_figures_is_refused():
    with pytest.raises(ValueError, match="does not name weights"):
        figures.parse("said-after\t0.90\t1\t1\t1\t1\t1\n")


def test_the_page_s_table_is_the_measured_one_and_is_put_in_its_place():
    shipped = figures.shipped()
    assert sum(tally.found for tally in shipped.by_rule().values()) > 0
    other = figures.parse("# weights 0a, 1 stories\nsaid-after\t0.90\t4\t2\t1\t1\t1\n")
    assert figures.table(other).endswith("| 0.90 to 0.95 | 4 | 50.0% | 50.0% | 25.0% |")
    page = f"Before.\n\n{figures.table(shipped)}\n\nAfter."
    assert figures.in_page(page, other) == f"Before.\n\n{figures.table(other)}\n\nAfter."
    assert figures.in_page("No table.", other) == "No table."


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(0, 0, 0, 1), (0, 10, 0, 0.278), (9, 10, 0.596, 0.982), (900, 1000, 0.880, 0.917)],
)
def test_an_interval_is_wide_when_little_is_known(right, of, low, high):
    assert figures.wilson(right, of) == pytest.approx((low, high), abs=0.001)


def test_the_command_measures_the_part_of_a_corpus_it_is_asked_for(tmp_path):
    names = ("one", "two", "three", "four")
    for name in names:
        marked_folder(tmp_path, name)
    for which in (0, 1):
        out = StringIO()
        call_command("evaluate_extraction", str(tmp_path), f"--part={which}/2", stdout=out)
        number = sum(part(name, 2) == which for name in names)
        assert out.getvalue().startswith(f"{number} stories, {number} marked")
    with pytest.raises(CommandError, match="such as 0/5"):
        call_command("evaluate_extraction", str(tmp_path), "--part=5/5")


def test_an_explanation_names_the_words_the_speaker_and_why():
    told = explain(TEXT)
    for words in (
        "“We are ready,”",
        "speaker: Ann Tarrant",
        "rule: said-after (“…,” said X)",
        "cue: “said”",
        "because named",
        "chose “Ann Tarrant",
        "\n      + ",
        "considered “",
    ):
        assert words in told


def test_a_trace_weighs_everybody_named_near_by_and_the_winner_comes_first():
    text = "Bo Carrick clapped. “We are ready,” Ann Tarrant told Bo Carrick.\n\n“Not yet.”"
    found, traces = trace(text)
    assert [one.quotation for one in traces] == list(found.quotations)
    first = traces[0].considered
    assert (first[0].printed, first[0].chosen) == ("Ann Tarrant", True)
    assert "Bo Carrick" in {row.printed for row in traces[1].considered}
    for considered in (first, traces[1].considered):
        assert sum(row.chosen for row in considered) == 1
        assert sum(row.chance for row in considered) <= 1.0001
        assert considered[0].favour


def test_the_machine_s_terms_have_words_an_editor_knows_and_unknown_ones_go_by_their_name():
    assert label_of("said-after") == "“…,” said X"
    assert label_of("a new one") == "a new one"
    assert feature_labels.group_of("never heard of 1 2") == "other"
    assert feature_labels.describe("other", ["never heard of 1 2"], favour=True) == ""
    assert feature_labels.describe("kind", ["kind phrase"], favour=False) == "is a phrase and no name"
    assert feature_labels.describe("kind", ["kind phrase"], favour=True) == ""


def test_the_terminal_explains_a_file(tmp_path, capsys):
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    assert main(["--explain", str(tmp_path / "one.txt")]) == 0
    assert "chose “Ann Tarrant" in capsys.readouterr().out


def test_the_terminal_tells_how_fast_files_are_read_and_nothing_of_what_they_say(tmp_path, capsys):
    (tmp_path / "one.txt").write_text(TEXT * 50, encoding="utf-8")
    assert main(["--speed", str(tmp_path / "one.txt")]) == 0
    assert re.fullmatch(r"[1-9]\d* stories of 800 words a second, [1-9]\d* MB\n", capsys.readouterr().out)


def test_calibration_rises_and_is_never_certain():
    pairs = [(k / 1000, k % 10 < 3 or k > 700) for k in range(1000)]
    steps = calibration.steps(pairs)
    assert steps == sorted(steps)
    assert all(0 < share < 1 for _, share in steps)
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert shares[0] < 0.5 < shares[-1]


def test_the_ranker_learns_the_same_weights_every_time():
    choices = [
        Choice(f"story {k}", (("near", "said"), ("far",), ("nobody",)), frozenset({0 if k % 5 else 2}))
        for k in range(40)
    ]
    weights = fit(choices)
    assert as_text(fit(list(choices))) == as_text(weights)
    assert weights["near"] > weights["far"]


def test_confidence_is_given_to_every_quotation_with_its_reasons():
    (quotation,) = extract(TEXT).quotations
    assert quotation.confidence > 0.8
    assert quotation.reasons
    assert quotation.candidates[0].name == "Ann Tarrant"
