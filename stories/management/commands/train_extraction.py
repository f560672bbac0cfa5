"""Train the extraction on annotated stories and write its weight files."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stories import extraction
from stories.importing import training_examples
from stories.management import corpora

WEIGHTS = Path(extraction.__file__).parent / "weights"


class Command(BaseCommand):
    help = "Make the extraction's weights from marked stories; the same stories give the same bytes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "gold", nargs="+", type=Path, help="folders with text/ and attributions/ (brat standoff)"
        )
        parser.add_argument(
            "--hold-back",
            type=corpora.part,
            metavar="K/N",
            help="leave part K of N out, by a hash of each name, to be measured on",
        )
        parser.add_argument(
            "--reviewed",
            action="store_true",
            help="learn also from the importer’s claims that people accepted, reassigned or rejected",
        )
        parser.add_argument(
            "--parts",
            type=Path,
            metavar="DIR",
            help="keep there also the weights learned without each tenth, for evaluate_extraction --parts",
        )
        parser.add_argument(
            "--out", type=Path, default=WEIGHTS, help="where the files go (default: the shipped ones)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from stories.extraction.training.train import train
        except ImportError as error:
            raise CommandError(
                f"Training needs python-crfsuite: pip install python-crfsuite ({error})."
            ) from error
        try:
            stories = [
                story
                for folder in options["gold"]
                for story in corpora.stories_in(folder, without=options["hold_back"])
            ]
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        if not stories:
            raise CommandError("No marked stories there.")
        desk = list(training_examples.marked_stories()) if options["reviewed"] else []
        if options["reviewed"]:
            self._tell(f"reviewed: {sum(len(story.words) for story in desk)} claims in {len(desk)} stories")
        trained = train(stories, desk, self._tell)
        self._write(options["out"], trained.files)
        for k, files in trained.without.items() if options["parts"] else ():
            self._write(options["parts"] / str(k), files)

    def _write(self, folder: Path, files: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in sorted(files.items()):
            (folder / name).write_text(content, encoding="utf-8")
            self.stdout.write(f"{folder / name}: {len(content.encode())} bytes")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
