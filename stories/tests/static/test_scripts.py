"""The tests of the site's and the desk's scripts: Node's test runner runs `*.test.mjs` beside this file.

Scripts that must answer as the server does are given its answers.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import django_prose_editor
import pytest

from stories.actions.claims import creation
from stories.text import normalise, richtext

HERE = Path(__file__).parent
NODE = shutil.which("node")
LIBRARIES = HERE.parents[2] / ".eslint" / "node_modules"
TESTS = sorted(HERE.glob("*.test.mjs"))
PATIENCE = 120  # seconds: a machine with other work to do is no failure

WALL = '<img data-picture="stories/2026/12/wall.png" alt="A wall">'
# Bodies of stories: the editor's plain text must be the server's, character by character.
BODIES = [
    "<p>One paragraph.</p>",
    "<p>One.</p><p>Two.</p><h2>A heading</h2><blockquote><p>Said.</p><p>And said.</p></blockquote>",
    "<ul><li><p>Roads</p><ol><li><p>The coast road</p></li></ol></li><li><p>Ferries</p></li></ul>",
    "<p>The <strong>har</strong>bour <em>wall </em>stands.</p>",
    "<p>A wave 🌊 and a family 👩‍👩‍👧, then words.</p>",
    "<p>A line<br>and another</p><p>Two<br><br>breaks end it</p><p><br>None at the ends<br></p>",
    "<p>Seven\u00a0pounds, a\u202fthin space and\u2003a wide one</p>",
    "<p>Spaces <strong> on both </strong> sides  of marks</p>",
    "<p></p><p>After an empty one</p><p> </p><p>and one of a space</p>",
    "<p>Gone\x01 char\x7facter\ufffes</p>",
    "<h2>Nothing</h2><h3>but headings</h3>",
    f"{WALL}<p>A picture on top, </p>{WALL}<p>two</p>{WALL}{WALL}<p>between, and one at the end</p>{WALL}",
    f"<blockquote><p>Said.</p>{WALL}<p>And said.</p></blockquote>{WALL}<p>After two</p>",
    WALL,
    "",
]
# Words that stand in a text more than once, typed with the marks of the text or with others.
REPEATED = [
    ("We will not pay, he said. We will not pay, she said.", "We will not pay"),
    ("🌊 One wall, 🌊 one wall, one wall.", "one wall"),
    ("“It’s (no) joke.” It’s (no) joke. It's (no) joke.", "It’s (no) joke."),
    ("two – three, two - three, two — three", "two – three"),
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    every = "".join(chr(code) for code in range(0x11_0000) if not 0xD800 <= code < 0xE000)
    pairs = zip(every, normalise.plain_marks(every), strict=True)
    file = tmp_path_factory.mktemp("scripts") / "answers.json"
    answer = {
        "marks": {mark: plain for mark, plain in pairs if mark != plain},
        "bodies": [{"html": html, "text": richtext.to_text(html)} for html in BODIES],
        "repeated": [
            {"text": text, "words": words, "places": creation.find_words(text, words)}
            for text, words in REPEATED
        ],
    }
    file.write_text(json.dumps(answer), encoding="utf-8")
    return file


@pytest.mark.skipif(NODE is None, reason="no node: install nodejs and npm")
@pytest.mark.skipif(not LIBRARIES.exists(), reason="no jsdom: npm ci --prefix .eslint")
@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name.removesuffix(".test.mjs"))
def test_a_script_does_what_its_tests_say(file: Path, answers: Path) -> None:
    editor = Path(django_prose_editor.__file__).parent / "static" / "django_prose_editor"
    run = subprocess.run(
        [NODE, "--experimental-vm-modules", "--no-warnings", "--test-reporter=spec", file],
        env=os.environ | {"PROSE_EDITOR": str(editor), "SERVER_ANSWERS": str(answers)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_script_has_tests() -> None:
    scripts = HERE.parents[1] / "static" / "stories"
    tested = {file.name.removesuffix(".test.mjs") for file in TESTS}
    # early.js holds what editors say until forms.js and story.js run, and claim-box.js is a part of story.js:
    # they are tested with them; review-person.js in a browser.
    assert {file.stem for file in scripts.rglob("*.js")} - {"early", "claim-box", "review-person"} == tested
