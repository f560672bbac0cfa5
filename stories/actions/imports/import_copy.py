"""Importing copy and taking an import back: who may, and what the desk does with what comes in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from stories.actions.claims import review
from stories.actions.errors import NotReady
from stories.actions.permissions import require
from stories.actions.stories import publishing, story_permissions
from stories.database import bulk_load
from stories.importing.reader import Copy
from stories.importing.runs import DiskFull, Hooks, Options, Report, RunIsOver, run_import, unfinished_run
from stories.importing.sources import find_sources, printable
from stories.importing.store import Finish
from stories.importing.undo import AlreadyUndone, Undone, preview_undo, undo_run
from stories.models import Appearance, Article, Claim, ImportRun, ReviewDecision

DEFAULTS, NOBODY = Options(), Hooks()
RUN, UNDO = "stories.run_import", "stories.undo_import"
MANY = 500  # stories, after which the database's planner no longer knows what is in its tables
THRESHOLDS = (0.95, 0.9, 0.8)
FEWEST_DECIDED = 20  # below it a share says nothing


def import_copy(
    *,
    paths: Sequence[str],
    by: User | None,
    options: Options = DEFAULTS,
    hooks: Hooks = NOBODY,
) -> Report:
    """Import every file under `paths`, as `options` say, and tell `hooks` how it goes.

    Claims that are accepted unread are those whose speaker is not in doubt and whose words were said. Their
    confidence is the extraction's own estimate. Raises NotAllowed, NotReady (the run is taken back, the disk
    is full).
    """
    allow(by, options)
    sources = find_sources(paths, home=Path(settings.BASE_DIR))
    hooks.on_start(len(sources))
    try:
        report = run_import(
            sources,
            run=unfinished_run([printable(path) for path in paths], options, by),
            limit=settings.IMPORT_MAX_BYTES,
            options=options,
            finish=finisher(by, options.publish, options.accept_above),
            hooks=hooks,
        )
    except (RunIsOver, DiskFull) as error:
        raise NotReady(str(error)) from error
    if not options.dry_run and report.count("created") + report.count("updated") >= MANY:
        bulk_load.vacuum_analyze(connection)
    return report


def undo_import(
    *,
    run: ImportRun,
    by: User | None,
    dry_run: bool = False,
    enough: Callable[[], bool] = lambda: False,
) -> Undone:
    """Take an import back, until `enough` says so, or only say what would go.

    Asked again it goes on where it stopped. Raises NotAllowed, NotReady (taken back before).
    """
    require(by, UNDO, "undo an import")
    try:
        return preview_undo(run) if dry_run else undo_run(run, enough=enough)
    except AlreadyUndone as error:
        raise NotReady(str(error)) from error


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Of the claims found with a confidence of `above` or more: how many were decided, how many accepted."""

    above: float
    decided: int
    accepted: int

    @property
    def per_cent(self) -> int:
        """The accepted of the decided, in whole per cent, rounded down."""
        return int(100 * self.accepted / self.decided)


def track_record() -> list[TrackRecord]:
    """How far the importer's confidence was to be trusted here, by the reviewers' decisions that stand."""
    counts: dict[str, Count] = {}
    for number, above in enumerate(THRESHOLDS):
        sure = Q(confidence__gte=above)
        accepted = sure & Q(verb=ReviewDecision.Verb.ACCEPTED)
        counts |= {
            f"decided{number}": Count("pk", filter=sure),
            f"accepted{number}": Count("pk", filter=accepted),
        }
    found = ReviewDecision.objects.filter(undone_at__isnull=True).aggregate(**counts)
    records = [
        TrackRecord(above, found[f"decided{number}"], found[f"accepted{number}"])
        for number, above in enumerate(THRESHOLDS)
    ]
    return [record for record in records if record.decided >= FEWEST_DECIDED]


def allow(by: User | None, options: Options) -> None:
    """Raise NotAllowed unless `by` may import copy in this way."""
    require(by, RUN, "import copy")
    if options.publish:
        require(by, story_permissions.PUBLISH, "publish what is imported")
    if options.accept_above is not None:
        require(by, review.REVIEW, "accept claims unread")


def finisher(by: User | None, publish: bool, accept_above: float | None) -> Finish | None:
    """What the desk does with a story as soon as it is filed, or None."""
    if not publish and accept_above is None:
        return None

    def finish(article: Article, settled: Sequence[Appearance], copy: Copy) -> None:
        if accept_above is not None:
            for row in settled:
                _accept(row, accept_above, by)
        if publish and not copy.held:
            publishing.publish(
                article=article, by=by, at=_moment(copy), day_only=bool(copy.dateline and not copy.moment)
            )

    return finish


def _accept(row: Appearance, above: float, by: User | None) -> None:
    """Accept a claim this import made. What was there before, a person is to decide or has decided."""
    claim = row.claim
    new = claim.imported_in_id == row.imported_in_id and claim.state == Claim.State.PROPOSED
    said = claim.stance == Claim.Stance.SAID  # a denial, a question or another's words wait for a person
    if new and said and row.confidence is not None and row.confidence >= above:
        review.accept_unread(claim=claim, by=by)


def _moment(copy: Copy) -> datetime | None:
    """When a story with a date counts as published: at its hour, or at noon here where it has none."""
    if copy.moment is not None or copy.dateline is None:
        return copy.moment
    return timezone.make_aware(datetime.combine(copy.dateline, time(12)))
