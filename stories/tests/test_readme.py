"""The README says what is so: its commands, its settings, the import command's whole manual."""

import argparse
import re
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands, load_command_class

import stories
from stories.extraction.evaluation import figures
from stories.management.commands import serve

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
READING = ROOT / "stories" / "extraction" / "RESULTS.md"
# The pages for people, whose paths and commands must be there.
PAGES = [ROOT / "README.md", READING, ROOT / "stories" / "benchmarking" / "RESULTS.md"]
PAGES += [ROOT / "stories" / name for name in ("README.md", "CHANGELOG.md", "importing/README.md")]
PAGES += sorted((ROOT / "stories" / "decisions").glob("*.md"))
TEXT = "\n".join(page.read_text() for page in PAGES)


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def table(text: str) -> dict[str, str]:
    """First column → second column, of every table row that begins with code."""
    return dict(re.findall(r"^\| `([^`]+)` \| (.+?) \|", text, re.MULTILINE))


@pytest.fixture(scope="module")
def options() -> dict[str, argparse.Action]:
    parser = load_command_class("stories", "import_seeds").create_parser("manage.py", "import_seeds")
    everywhere = {"help", "version", "settings", "pythonpath", "traceback", "no_color", "force_color"}
    return {
        max(action.option_strings, key=len, default="PATH"): action
        for action in parser._actions
        if action.dest not in everywhere | {"skip_checks"}
    }


def test_the_manual_of_the_import_names_every_argument_and_no_other(options):
    named = {name.split()[0] for name in table(section("Importing copy"))}
    assert named == set(options)


def test_the_manual_says_what_the_help_says(options):
    for name, words in table(section("Importing copy")).items():
        told = options[name.split()[0]].help
        if name in ("--verbosity", "PATH", "--workers N"):
            continue  # Django's own words, or a default written out
        assert words.replace("`", "") == re.sub(r"\s+", " ", told), name


def test_the_usage_line_names_every_option(options):
    usage = section("Importing copy").split("```")[1]
    for name in options:
        assert name in usage or name == "--verbosity"


def test_the_reliability_of_a_confidence_is_the_one_measured():
    assert figures.table(figures.shipped()) in READING.read_text()


def test_every_setting_is_explained():
    paragraphs = re.split(r"^#?[A-Z_]+=.*\n", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    assert len(paragraphs) > 15
    for explained in paragraphs[:-1]:
        assert re.search(r"^# \S", explained, re.MULTILINE)


def test_the_site_is_served_in_one_way_whoever_starts_it():
    assert serve.GUNICORN in section("Growing it")
    for name in ("newsroom.service", "Dockerfile"):
        assert serve.GUNICORN in (ROOT / ".deploy" / name).read_text()


def test_the_containers_are_given_settings_that_there_are_and_run_the_steps_of_the_readme():
    sample = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".deploy" / "env.sample").read_text(), re.MULTILINE))
    known = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert {name for name in sample if not name.startswith("POSTGRES_")} <= known
    steps = re.findall(r"manage\.py (\w+)", section("Growing it").split("```")[3])
    image = (ROOT / ".deploy" / "Dockerfile").read_text()
    assert [step for step in steps if f"manage.py {step}" not in image] == ["createsuperuser", "check"]
    services = yaml.safe_load((ROOT / ".deploy" / "compose.yaml").read_text())["services"]
    assert set(services) == {"web", "worker", "filing", "beat", "database", "cache", "queue", "proxy"}


def test_the_visible_top_level_is_the_promised_one():
    visible = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    promised = {"newsroom", "stories", "seeds", "templates", "manage.py", "requirements.txt", "README.md"}
    assert visible == promised


@pytest.mark.parametrize("image", re.findall(r"!\[.*?\]\((.+?)\)", README))
def test_every_picture_is_there(image):
    assert (ROOT / image).stat().st_size > 10_000


PATHS = re.findall(r"`((?:stories|newsroom|seeds|templates)/[\w/.]*)`", TEXT)


@pytest.mark.parametrize("path", sorted(set(PATHS)))
def test_every_path_named_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"manage\.py ([a-z_]+)", TEXT))))
def test_every_command_named_exists(command):
    assert command in get_commands()


def test_every_requirement_is_pinned_exactly():
    for file in (ROOT / "requirements.txt", ROOT / "stories" / "tests" / "requirements.txt"):
        for line in file.read_text().splitlines():
            assert re.match(r"^[\w.-]+==[\w.]+( ; python_[\w <>=.\"]+)?(\s+#.*)?$", line), line


def test_every_path_in_the_map_exists():
    """Those in code marks are of the app's folder there."""
    page = (ROOT / "stories" / "README.md").read_text()
    app = page.split("stories/              the app\n")[1].split("```")[0]
    named = re.findall(r"^  (?=\S)((?:[\w/]+(?:\.py|/) ?)+)", app, re.MULTILINE)
    assert len(named) > 10
    for name in " ".join(named).split():
        assert (ROOT / "stories" / name).exists(), name
    for name in re.findall(r"`((?:desk|admin|importing|views|tests|extraction)/[\w/.]*)`", page):
        assert (ROOT / "stories" / name).exists(), name


def test_the_release_has_its_part_of_the_changelog():
    changes = (ROOT / "stories" / "CHANGELOG.md").read_text()
    assert f"\n## {stories.__version__}\n" in changes


def test_every_decision_is_in_the_list_of_them() -> None:
    folder = ROOT / "stories" / "decisions"
    listed = re.findall(r"^\| \[([^\]]+)\]\(\1\)", (folder / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")


def test_the_readme_is_short() -> None:
    assert README.count("\n") < 220
