"""How much room a claim takes in somebody else's page."""

import math

from stories.models import Claim

EMBED_WIDTH = 560  # pixels, when nobody says how wide it is to be
# In pixels, with room to spare: letters differ from one system's fonts to another's.
PADDING, FRAME = 24, 52  # beside the text; above, below and between
WORDS, SMALL = (9.6, 27), (8.2, 24)  # of a letter the width, and of a line the height
MOST_LINES = 8  # of the words, as in .embed .claim-words


def embed_height(claim: Claim, width: int) -> int:
    """The height in pixels of a claim's embed (as claim_embed.html shows it) that is `width` pixels wide."""
    room = max(width - 2 * PADDING, 120)
    first = claim.printed[0]  # type: ignore[attr-defined]
    who = [
        claim.get_rating_display(),
        claim.public_speaker_name,
        first.speaker_role,
        first.speaker_party,
        first.told,
    ]
    about = ", ".join(person.name for person in claim.about.all())
    height = FRAME + min(MOST_LINES, lines(claim.words, room, WORDS[0])) * WORDS[1]
    small = [
        "    ".join(filter(None, who)),
        claim.verdict.summary if claim.verdict else "",
        "" if claim.is_read else claim.UNREAD,
        f"4 September 2031 about {about} in 12 stories",
        "The full record, with every story that printed it – On the Record",
    ]
    return height + sum(lines(text, room, SMALL[0]) * SMALL[1] for text in small if text)


def lines(text: str, room: int, letter: float) -> int:
    """How many lines a text takes in that room, in pixels."""
    return math.ceil((len(text) + 4) * letter / room)
