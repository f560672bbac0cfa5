"""Fill an empty database with an invented newsroom."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from stories.benchmarking.made_up_newsroom import populate


class Command(BaseCommand):
    help = "Fill a newsroom with made-up people, stories and claims, to measure on or to try the screens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stories", type=int, default=1000, help="how many (default: %(default)s)")
        parser.add_argument("--claims", type=int, help="how many (default: ten for each story)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same newsroom")

    def handle(self, *args: Any, **options: Any) -> None:
        stories = options["stories"]
        claims = stories * 10 if options["claims"] is None else options["claims"]
        if stories < 1 or claims < 0:
            raise CommandError("Give at least one story, and no fewer than no claims.", returncode=2)
        console = Console(file=getattr(self.stdout, "_out", None))
        with Progress(console=console, disable=not console.is_terminal) as progress:
            bar = progress.add_task("Making stories", total=stories)
            try:
                populate(
                    stories=stories,
                    claims=claims,
                    seed=options["seed"],
                    on_progress=lambda made: progress.update(bar, completed=made),
                )
            except ValueError as refused:
                raise CommandError(str(refused)) from refused
        self.stdout.write(f"{stories:,} stories and {claims:,} claims, all of them made up.")
