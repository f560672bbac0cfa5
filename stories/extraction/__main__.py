"""``python -m stories.extraction FILE…``: what each file says, one JSON object a line; or why, in words."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import process_time

from stories.extraction import extract
from stories.extraction.evaluation.explain import explain
from stories.extraction.text.decoding import decode
from stories.extraction.types import Extraction, Span


def as_json(doc: str, found: Extraction) -> dict[str, object]:
    """One text's quotations and people as plain lists and dicts; spans are ``[start, end]`` in characters."""

    def pair(span: Span | None) -> list[int] | None:
        return [span.start, span.end] if span is not None else None

    return {
        "doc": doc,
        "quotes": [
            {
                "content": [pair(span) for span in q.content],
                "cue": pair(q.cue),
                "source": pair(q.source),
                "source_text": q.source_text,
                "speaker": q.speaker,
                "speaker_role": q.speaker_role,
                "politician": q.politician,
                "told": q.addressee,
                "about": [found.people[i].name for i in q.about],
                "kind": q.kind,
                "stance": q.stance,
                "verb": q.verb or None,
                "quoted_from": q.quoted_from,
                "fragments": [pair(span) for span in q.fragments],
                "status": q.status,
                "rule": q.rule,
                "confidence": q.confidence,
            }
            for q in found.quotations
        ],
        "people": [
            {
                "name": p.name,
                "role": p.role,
                "party": p.party,
                "politician": p.politician,
                "mentions": [pair(span) for span in p.mentions],
            }
            for p in found.people
        ],
    }


def main(arguments: list[str] | None = None) -> int:
    """Read every file named; 1 when one could not be read, the others are written all the same."""
    parser = argparse.ArgumentParser(prog="python -m stories.extraction", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--explain", action="store_true", help="tell of every quotation who was considered, and why"
    )
    parser.add_argument(
        "--speed", action="store_true", help="tell only how fast the files are read, and in how much memory"
    )
    options = parser.parse_args(arguments)
    failed = 0
    texts: list[str] = []
    for path in options.files:
        try:
            text = decode(path.read_bytes())
        except OSError as error:
            sys.stderr.write(f"{path}: {error.strerror}\n")
            failed = 1
            continue
        if options.speed:
            texts.append(text)
        elif options.explain:
            sys.stdout.write(f"{path}\n\n{explain(text)}\n\n")
        else:
            sys.stdout.write(json.dumps(as_json(path.stem, extract(text)), ensure_ascii=False) + "\n")
    if texts:
        sys.stdout.write(f"{speed(texts)}\n")
    return failed


def speed(texts: Sequence[str]) -> str:
    """Stories of 800 words read in a second of one core, the weights being loaded, and the peak of memory."""
    extract("Nobody spoke.")
    before = process_time()
    for text in texts:
        extract(text)
    stories = sum(len(text.split()) for text in texts) / 800
    unit = 1 if sys.platform == "darwin" else 1024  # what the system counts in: bytes, or 1,024 of them
    memory = getrusage(RUSAGE_SELF).ru_maxrss * unit / 1e6
    return f"{stories / (process_time() - before):.0f} stories of 800 words a second, {memory:.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
