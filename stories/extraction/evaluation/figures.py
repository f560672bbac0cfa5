"""What the shipped weights were measured to do: ``weights/figures.tsv``, for the desk to hold its own beside.

A line for each rule and band of confidence: rule, the band's least confidence, quotations found, those whose
words somebody is marked to have said, those of these with the right speaker, those with the right words,
those with the right words and speaker. The first line names the weights and how many stories they were
measured on; ``manage.py evaluate_extraction --write-figures`` writes the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import dropwhile
from math import sqrt

from stories.extraction.evaluation.evaluate import BANDS, Result, Tally
from stories.extraction.weights_io import SHIPPED

NAME = "figures.tsv"
WEIGHTS = ("tagger.tsv", "ranker.tsv", "calibration.tsv")
SURE = 1.96  # standard deviations that hold 95 in 100


HEADING = "| confidence | claims found | somebody’s words | of these, the right speaker | both right |"
RULING = "|---|--:|--:|--:|--:|"


@dataclass(frozen=True, slots=True)
class Figures:
    """Tallies by rule and band, how many stories stand behind them, and the weights they are of."""

    cells: Mapping[tuple[str, float], Tally]
    stories: int
    weights: str

    def by_rule(self) -> dict[str, Tally]:
        """Each rule over all bands."""
        out: dict[str, Tally] = {}
        for (rule, _), tally in self.cells.items():
            out.setdefault(rule, Tally()).add(tally)
        return out

    def by_band(self) -> dict[float, Tally]:
        """Each band over all rules, the least sure first."""
        out: dict[float, Tally] = {}
        for (_, band), tally in sorted(self.cells.items()):
            out.setdefault(band, Tally()).add(tally)
        return dict(sorted(out.items()))


def measured(result: Result) -> Figures:
    """The figures of an evaluation made with the shipped weights, or with their parts for unseen stories."""
    return Figures(result.cells, result.stories, weights_now())


def weights_now() -> str:
    """What the shipped weight files are known by: the beginning of the SHA-256 of all of them."""
    together = b"".join(SHIPPED.joinpath(name).read_bytes() for name in WEIGHTS)
    return sha256(together).hexdigest()[:16]


def as_text(figures: Figures) -> str:
    """The file."""
    lines = [f"# weights {figures.weights}, {figures.stories} stories"]
    for (rule, band), t in sorted(figures.cells.items()):
        row = (rule, f"{band:.2f}", t.found, t.said, t.right_speaker, t.right_words, t.right_source)
        lines.append("\t".join(map(str, row)))
    return "\n".join(lines) + "\n"


def parse(text: str) -> Figures:
    """The figures of a file. Raises ``ValueError`` when it is none."""
    first, *rows = text.splitlines() or [""]
    head = HEAD.fullmatch(first)
    if head is None:
        raise ValueError("The first line of the figures does not name weights and stories.")
    cells = {}
    for row in rows:
        rule, band, *counts = row.split("\t")
        found, said, right_speaker, right_words, right_source = map(int, counts)
        cells[rule, float(band)] = Tally(found, right_words, right_source, said, right_speaker)
    return Figures(cells, int(head["stories"]), head["weights"])


HEAD = re.compile(r"# weights (?P<weights>[0-9a-f]+), (?P<stories>\d+) stories")


@cache
def shipped() -> Figures:
    """The figures the shipped weights were measured to have."""
    return parse(SHIPPED.joinpath(NAME).read_text(encoding="utf-8"))


def wilson(right: int, of: int) -> tuple[float, float]:
    """Between which shares the true one lies, 95 times in 100 (Wilson, 1927). (0, 1) of nothing."""
    if not of:
        return 0.0, 1.0
    share, z = right / of, SURE * SURE / of
    middle = share + z / 2
    reach = SURE * sqrt(share * (1 - share) / of + z / (4 * of))
    return max(0.0, (middle - reach) / (1 + z)), min(1.0, (middle + reach) / (1 + z))


def band_name(band: float) -> str:
    """A band in figures: "0.90 to 0.95"."""
    return f"{band:.2f} to {(*BANDS[1:], 1.0)[BANDS.index(band)]:.2f}"


def band_in_per_cent(band: float) -> str:
    """A band in whole per cent: "90% to 95%"."""
    return f"{band:.0%} to {(*BANDS[1:], 1.0)[BANDS.index(band)]:.0%}"


def table(figures: Figures) -> str:
    """The reliability of each band as a Markdown table, the surest first."""
    lines = [HEADING, RULING]
    for band, t in reversed(figures.by_band().items()):
        speaker = t.right_speaker / t.said if t.said else 0.0
        shares = (t.said / t.found, speaker, t.right_speaker / t.found)
        lines.append(f"| {band_name(band)} | {t.found} | " + " | ".join(f"{s:.1%}" for s in shares) + " |")
    return "\n".join(lines)


def in_page(page: str, figures: Figures) -> str:
    """A page with the table of ``figures`` in the place of the one it has."""
    before, heading, after = page.partition(HEADING)
    if not heading:
        return page
    rest = after.lstrip("\n").splitlines(keepends=True)
    tail = dropwhile(lambda line: line.startswith("|"), rest)
    return before + table(figures) + "\n" + "".join(tail)
