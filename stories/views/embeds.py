"""Estimate the size of an embedded claim."""

import math

from stories.models import Claim

EMBED_WIDTH = 560  # pixels, unless the embedding site asks for less
# In pixels and rather too large: fonts differ from system to system.
PADDING, FRAME = 24, 52  # left and right of the text; above, below and between
WORDS, SMALL, REASON = (9.6, 27), (8.2, 24), (9.6, 26)  # width of a letter and height of a line
BAND = 76  # the verdict in a word, and what is above, below and between it and its reason
MOST_LINES = 8  # of the sentence; the style sheet cuts it there (.embed .claim-words)


def embed_height(claim: Claim, width: int) -> int:
    """Return the height in pixels of a claim's embed (claim_embed.html) that is `width` pixels wide.

    `claim` is loaded with its card, see `models.prefetch.claim_cards`.
    """
    room = max(width - 2 * PADDING, 120)
    first = claim.printed[0]
    who = [claim.public_speaker_name, first.speaker_role, first.speaker_party, first.outlet]
    about = ", ".join(person.name for person in claim.people)
    sentence = f"{claim.stance_label} {''.join(piece.text for piece in claim.sentence)}"
    height = FRAME + min(MOST_LINES, lines(sentence, room, WORDS[0])) * WORDS[1]
    if claim.verdict:
        height += BAND + lines(claim.verdict.summary, room, REASON[0]) * REASON[1]
    small = [
        "    ".join(filter(None, who)),
        "" if claim.is_read else claim.UNREAD,
        f"4 September 2031 about {about} in 12 stories",
        "The full record, with every story that printed it – On the Record",
    ]
    return height + sum(lines(text, room, SMALL[0]) * SMALL[1] for text in small if text)


def lines(text: str, room: int, letter: float) -> int:
    """Return the number of lines of a text, from the line's width and a letter's width in pixels."""
    return math.ceil((len(text) + 4) * letter / room)
