"""What a line of a page is before its sentences are read: text, or furniture in which nobody speaks.

Credits of pictures, bylines, links to other stories and notes to editors are set aside: whoever is named
there is nobody of the story, and no words there are anybody's. Bullets and the words that a page prints
before a caption are no part of their line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stories.extraction.text.letters import CAPITALISED
from stories.extraction.types import Span

NAME = rf"{CAPITALISED}*(?:[ ](?:(?:de|van|von|der|al|bin|la|le|O)[ ])?{CAPITALISED}*){{0,4}}"
AGENCY = (
    r"(?:PA|AP|AFP|EPA|EPA-EFE|AAP|CP|PTI|ANI|Reuters|REUTERS|Getty|GETTY|Getty Images|GETTY IMAGES|"
    r"Bloomberg|Alamy|"
    r"Shutterstock|Rex|REX|Press Association|Associated Press|The Canadian Press|Canadian Press|Press "
    r"Eye|Pacemaker|"
    r"Xinhua|TASS|Anadolu|NurPhoto|SIPA|WireImage|Corbis|Flickr|Pool|POOL|i-Images|Zuma|UPI|PA Wire|PA "
    r"Media|PA Images)"
)
LEADS = re.compile(
    r"(?:[•·▪◦●‣■➤►✓]|\*(?!\*))\s+"
    r"|[-–—](?:\s+)(?=[^\n:“\"]{2,80}:[ \t]*[“\"‘'])"
    r"|(?:Image|Media) copyright [^\n]{2,60}? (?:Image|Media) caption\s+"
    r"|(?:Image|Media|Video) caption\s+"
    r"|(?:Facebook|Twitter|Pinterest|WhatsApp|Messenger|Share|Tweet|Email)(?: (?:Facebook|Twitter|"
    r"Pinterest|WhatsApp|"
    r"Messenger|Share|Tweet|Email))+ (?=[A-Z‘“\"'])"
)
# Where each stands, it goes to the end of its line, or of its brackets.
CREDIT = re.compile(
    r"(?:(?<=[.!?…”\"’')])|(?<=^)|(?<=\n)|(?<=[.!?…] ))[ \t]*[(\[]?"
    r"(?:Photographs?|Photos?|Pictures?|Images?|Pics?|Credits?|Illustration|Graphic|Video|Cartoon)"
    r"(?: credit| courtesy| by)?[ \t]*[:©][ \t]*[^\n]{2,70}",
    re.M,
)
AGENCY_CREDIT = re.compile(
    rf"[(\[]?\b{NAME}[ ]?/[ ]?{AGENCY}\b(?:[ ]?/[ ]?[\w ]{{2,30}})*[)\]]?"
    rf"|[(\[]?\b{AGENCY}[ ]?/[ ]?{NAME}[)\]]?"
    rf"|\({AGENCY} (?:[Pp]hoto|[Ff]ile|[Ii]mages?)\b[^)\n]{{0,60}}\)"
    rf"|^(?:{AGENCY})(?: (?:Image|Photo|Images|Photos)[^\n]{{0,40}})?$",
    re.M,
)
BYLINE = re.compile(
    rf"(?:^|(?<=[.!?] ))By:? (?:the )?{NAME}(?:(?:,| and| &) {NAME}){{0,3}}(?:[,|] [^\n.]{{2,60}})?[ \t]*$",
    re.M,
)
LINK = re.compile(
    r"^(?:[>»▶]\s*)?(?:READ (?:MORE|ALSO|NEXT|HERE)|ALSO READ|SEE (?:ALSO|MORE)|RELATED(?: \w+)?|"
    r"WATCH(?: \w+)?|LISTEN|"
    r"DON['’]T MISS|JUST WATCHED|MORE ON THIS|MORE FROM|(?:Read|Watch|See|Listen) (?:more|also|next|"
    r"here)(?: on this)?"
    r"(?=:)|Related(?: \w+)?(?=:)|Also read(?=:)|Top (?:stories|videos)(?=:)|Related Coverage)\b[^\n]*$"
    r"|\((?:RELATED|READ|SEE|WATCH)(?: \w+)?:[^()\n]{5,200}\)",
    re.M,
)
LINKED = re.compile(r"^[^\n]{10,160} Read more$", re.M)
NOTES = re.compile(
    r"^[ \t]*(?:[-#*]+ ?)?(?:Notes? (?:to|for) (?:the )?editors?|NOTES? (?:TO|FOR) (?:THE )?EDITORS?|"
    r"Editor['’]?s['’]? notes?)"
    r"[ \t]*:?[ \t]*$",
    re.M | re.I,
)
# Quickly looked for: without one of them the pattern of their kind is not tried at every letter.
CREDIT_SIGN = re.compile(
    r"[PIVGC](?:hoto|icture|mage|ic|redit|llustration|raphic|ideo|artoon)[\w ]{0,16}[:©]"
)
AGENCY_SIGNS = ("/", "Getty", "GETTY", "REUTERS", "(AP", "\nPA\n")
BYLINE_SIGNS = ("\nBy", ". By", "! By", "? By")


def lead_of(text: str, start: int, end: int) -> int:
    """Where the words of the line ``text[start:end]`` begin: behind a bullet or what a page puts "
    "before them."""
    if text[start].isalnum() and text[start] not in "IMVFTPWSE":
        return start
    match = LEADS.match(text, start, end)
    return match.end() if match is not None and match.end() < end else start


def set_aside(text: str) -> list[Span]:
    """The stretches of a text in which nobody is named or speaks, in reading order."""
    found: list[Span] = []
    if CREDIT_SIGN.search(text) is not None:
        found += [Span(*match.span()) for match in CREDIT.finditer(text)]
    if any(sign in text for sign in AGENCY_SIGNS):
        found += [Span(*match.span()) for match in AGENCY_CREDIT.finditer(text)]
    if text.startswith("By") or any(sign in text for sign in BYLINE_SIGNS):
        found += [Span(*match.span()) for match in BYLINE.finditer(text)]
    found += [Span(*match.span()) for match in LINK.finditer(text)]
    if " Read more" in text:
        found += [Span(*match.span()) for match in LINKED.finditer(text)]
    notes = NOTES.search(text)
    if notes is not None and notes.start():
        found.append(Span(notes.start(), len(text)))
    return _joined(sorted(found))


def _joined(found: Sequence[Span]) -> list[Span]:
    out: list[Span] = []
    for span in found:
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out
