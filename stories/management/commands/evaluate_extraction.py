"""Evaluate the extraction on a folder of annotated stories."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from stories.extraction import weights_io as weight_files
from stories.extraction.evaluation import figures
from stories.extraction.evaluation.evaluate import KINDS, Result, Tally, difference, evaluate
from stories.extraction.evaluation.gold import PARTS, MarkedStory, part
from stories.management import corpora


class Command(BaseCommand):
    help = "Measure the extraction on marked stories, and tell what has changed since an earlier time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "gold", type=Path, metavar="GOLD_DIR", help="a folder with text/ and attributions/"
        )
        parser.add_argument(
            "--json", type=Path, metavar="FILE", help="keep the result for a later comparison"
        )
        parser.add_argument("--against", type=Path, metavar="FILE", help="a result kept earlier")
        parser.add_argument("--errors", action="store_true", help="list where each error is, by its class")
        parser.add_argument(
            "--parts",
            type=Path,
            metavar="DIR",
            help="read each story with the weights of train_extraction --parts that have not seen it",
        )
        parser.add_argument(
            "--part",
            type=corpora.part,
            metavar="K/N",
            help="only part K of N, by a hash of each name: what train_extraction --hold-back leaves out",
        )
        parser.add_argument(
            "--write-figures",
            action="store_true",
            help="keep each rule’s and band’s figures beside the weights, and their table in RESULTS.md",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            earlier = json.loads(options["against"].read_text("utf-8")) if options["against"] else None
            result = self._evaluate(
                corpora.stories_in(options["gold"], only=options["part"]), options["parts"]
            )
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        if not result.stories:
            raise CommandError(f"No marked stories in {options['gold']}.")
        self._print(result)
        self._errors(result, options["errors"])
        if earlier is not None:
            changed = difference(earlier["outcomes"], result.outcomes)
            for word, keys in changed.items():
                self.stdout.write(f"{word}: {len(keys)}")
                self._places(result, keys)
        if options["json"]:
            options["json"].write_text(json.dumps(result.as_json(), indent=1), encoding="utf-8")
        if options["write_figures"]:
            self._keep(figures.measured(result))

    def _evaluate(self, stories: Iterable[MarkedStory], parts: Path | None) -> Result:
        """Evaluate with the shipped weights, or each story with the weights trained without it.

        These are in one folder of `parts` for each part, see `train_extraction --parts`.
        """
        if parts is None:
            return evaluate(stories)
        result = Result()
        by_part: dict[int, list[MarkedStory]] = {}
        for story in stories:
            by_part.setdefault(part(story.name, PARTS), []).append(story)
        for k, mine in sorted(by_part.items()):
            with weight_files.taken_from(parts / str(k)):
                evaluate(mine, result)
        return result

    def _keep(self, measured: figures.Figures) -> None:
        """Write the figures to the file beside the weights and the table to RESULTS.md."""
        place = Path(figures.__file__).parent / "weights" / figures.NAME
        place.write_text(figures.as_text(measured), encoding="utf-8")
        results = Path(settings.BASE_DIR) / "stories" / "extraction" / "RESULTS.md"
        results.write_text(figures.in_page(results.read_text("utf-8"), measured), encoding="utf-8")
        self.stdout.write(f"\n{figures.table(measured)}\n\nKept in {place} and {results}.")

    def _errors(self, result: Result, places: bool) -> None:
        self.stdout.write(f"\n{'errors':<64}{'number':>8}")
        for kind, where in sorted(result.errors.items(), key=lambda item: (-len(item[1]), item[0])):
            self.stdout.write(f"{kind:<64}{len(where):>8}")
            if places:
                self._places(result, where)

    def _places(self, result: Result, places: Iterable[str]) -> None:
        for place in places:
            self.stdout.write(f"  {place}  {result.printed.get(place, '')}")

    def _print(self, result: Result) -> None:
        self.stdout.write(
            f"{result.stories} stories, {result.marked} marked, {result.found} found\n"
            f"words: precision {result.met / max(1, result.found):.3f}  "
            f"recall {result.recall:.3f}  F1 {result.f1:.3f}\n"
            f"words and source: F1 {result.f1_with_source:.3f}\n"
            f"{result.stories_a_second:.0f} stories of 800 words a second"
        )
        self._kinds(result)
        self._table("rule", result.by_rule)
        self._table("confidence from", {f"{low:.2f}": tally for low, tally in sorted(result.bands.items())})

    def _kinds(self, result: Result) -> None:
        columns = ("found", "marked", "precision", "recall", "F1", "source right")
        self.stdout.write(f"\n{'kind':<12}" + "".join(f"{column:>14}" for column in columns))
        for kind in KINDS:
            tally = result.by_kind.get(kind, Tally())
            scores = (tally.precision, result.recall_of(kind), result.f1_of(kind), tally.speaker_accuracy)
            self.stdout.write(
                f"{kind:<12}{tally.found:>14}{result.marked_kinds[kind]:>14}"
                + "".join(f"{score:>14.3f}" for score in scores)
            )

    def _table(self, title: str, groups: Mapping[str, Tally]) -> None:
        self.stdout.write(f"\n{title:<24}{'found':>8}{'words right':>14}{'source right':>14}")
        for name, tally in sorted(groups.items()):
            self.stdout.write(
                f"{name:<24}{tally.found:>8}{tally.precision:>14.3f}{tally.speaker_accuracy:>14.3f}"
            )
