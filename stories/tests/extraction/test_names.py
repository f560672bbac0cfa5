"""Names of the trade stand in the reader of copy: those they took the place of do not come back."""

import io
import keyword
import re
import tokenize
from pathlib import Path

from stories import extraction

ROOT = Path(extraction.__file__).parent
# The former name, and the term that stands for it now.
FORMER = {
    "Being": "Entity",
    "beings": "entities",
    "in_words": "feature_labels, or the label of a rule",
    "weight_files": "weights_io",
    "heard": "note_speaker",
    "heard_nameless": "note_unnamed_speaker",
    "nameless": "unnamed_speakers",
    "_settle": "settle_subjects",
    "set_apart": "give_to_passive_agents",
    "give_back": "give_to_accused",
    "leave_subjects": "",
    "part_clauses": "split_contrasted_clauses",
    "give_within": "give_to_nested_speakers",
    "kin": "clusters",
    "MOVES": "TRANSITIONS",
    "Moves": "Transitions",
    "levels": "biases",
    "LANE": "BITS",
    "GUARD": "BORROW_GUARD",
    "FREE": "UNIT_TRANSITIONS",
    "Known": "DefaultTable",
    "Packed": "PackedSums",
    "HALF_RIGHT": "DOUBTFUL_SHARE",
    "KEPT": "DOUBTFUL_LEAST",
    "LEFT_OPEN": "Objection.leaves_open",
    "ASIDE": "PARENTHESIS",
    "TOLD_OF": "IN_CLAUSE",
    "posts": "office_matching",
    "holders": "office_holders",
}


def names(path):
    """Every name of a module with its line, strings and comments aside."""
    source = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
            yield token.string, token.start[0]


def test_no_former_name_is_used():
    used = [
        f"{path.relative_to(ROOT)}:{line}: {name} is {FORMER[name] or 'gone'}"
        for path in sorted(ROOT.rglob("*.py"))
        for name, line in names(path)
        if name in FORMER
    ]
    assert used == []


def test_no_docstring_names_a_module_that_is_not_there():
    """``text/layout.py``, ``stories.extraction.words`` and the like lead somewhere."""
    lost = []
    for path in sorted(ROOT.rglob("*.py")):
        for named in re.findall(r"``((?!test_)[\w/]+\.(?:py|tsv))``", path.read_text(encoding="utf-8")):
            if not any(found.match(named) for found in ROOT.rglob(named.split("/")[-1])):
                lost.append(f"{path.relative_to(ROOT)}: {named}")
        for named in re.findall(r"``(stories\.extraction[\w.]*)``", path.read_text(encoding="utf-8")):
            place = ROOT.joinpath(*named.split(".")[2:])
            if not (place.exists() or place.with_suffix(".py").exists()):
                lost.append(f"{path.relative_to(ROOT)}: {named}")
    assert lost == []
