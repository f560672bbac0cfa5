"""Made-up dispatches to import: nobody in them exists, and no words of theirs were ever said."""

import random
from pathlib import Path

PEOPLE = [
    ("Ada Birkett", "Harbour Party", "the leader of the Harbour Party"),
    ("Bram Corran", "Hill League", "the Hill League MP for Saltby"),
    ("Cleo Dunmore", "Harbour Party", "the shadow transport secretary"),
    ("Dov Eskdale", "Hill League", "the trade secretary"),
]
CLAIMS = [
    "the ferry will sail again before the winter is out",
    "nobody on this bench has ever voted to close a school",
    "the wall has cost four million pounds and holds back nothing",
    "we have built more houses in a year than they did in ten",
    "the levy was promised to the nurses and never reached them",
    "every family in the valley pays for this twice over",
]


def dispatch(number: int) -> str:
    """A short story: a headline, and some paragraphs with quotations."""
    pick = random.Random(number)
    name, party, office = pick.choice(PEOPLE)
    other, _, second_office = pick.choice([person for person in PEOPLE if person[0] != name])
    first, second, third = pick.sample(CLAIMS, 3)
    return (
        f"Valley council hears case number {number}\n\n"
        f"{name}, {office}, told the Eastmere Post: “{first[0].upper()}{first[1:]}.”\n\n"
        f"“{second[0].upper()}{second[1:]},” {name.split()[-1]} said. "
        f"“That much is plain on page {number}.”\n\n"
        f"{other}, {second_office}, said {third}.\n\n"
        f"A source close to the {party} called report {number} “a paper ship”.\n"
    )


def write_dispatches(folder: Path, numbers: range) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"{number:03}.txt").write_text(dispatch(number), encoding="utf-8")
    return folder
