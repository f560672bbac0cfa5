"""Sources as they are printed: whether a person is named, and an office that can stand by itself."""

import re

# Who is called only this has no name in print. Of “a spokesman for the council” the word before “for” counts.
_PEOPLE = frozenset(
    "adviser advisers aide aides ally allies analyst analysts backbencher backbenchers campaigner "
    "campaigners "
    "candidate candidates colleague colleagues councillor councillors critic critics delegate delegates "
    "diplomat diplomats donor donors expert experts figure figures friend friends insider insiders lawyer "
    "lawyers lord lords loyalist loyalists man men member members minister ministers moderniser modernisers "
    "mp mps msp msps negotiator negotiators observer observers officer officers official officials opponent "
    "opponents peer peers people politician politicians rebel rebels resident residents source sources "
    "spokesman spokesmen spokesperson spokespeople spokeswoman spokeswomen strategist strategists supporter "
    "supporters voter voters woman women worker workers".split()
)
_SOME = frozenset("many some others most few several both one another critics sources insiders".split())
# What begins the part of a description that says of whom or what.
_FURTHER = re.compile(r"\b(?:of|for|in|at|from|to|on|who|with|within|inside|close|near|speaking)\b|,")
_WORD = re.compile(r"[^\W\d_]+")


def is_unnamed(source: str) -> bool:
    """Return whether a printed source describes people without naming one: “a Labour MP”, “many”."""
    head = _WORD.findall(_FURTHER.split(source.casefold(), maxsplit=1)[0])
    return bool(head) and (head[-1] in _PEOPLE or (len(head) == 1 and head[0] in _SOME))


def described(source: str) -> str:
    """Return a printed source as readers are shown it: “a Labour MP, not named”; others as they are."""
    return f"{source}, not named" if is_unnamed(source) else source


# What may stand before an office as printed and is no part of it; and where its own noun phrase ends.
_BEFORE = re.compile(r"(?:(?:and|but|new|the|a|an|his|her|its|their|our)\s+)+", re.IGNORECASE)
_ENDS = re.compile(
    r"\s*(?:[,;:–(]|\s-\s|\s(?:who|whom|whose|which|that|when|where|while|after|before|since|until|as|but"
    r"|representing|speaking|calling|writing|appearing|defending)\b)",
    re.IGNORECASE,
)
_LEFT_OPEN = re.compile(
    r"(?:\s+(?:and|or|of|for|in|at|to|on|with|from|by|the|a|an|his|her|its|their))+$", re.IGNORECASE
)
_OF_THE_PARTY = r"(?<=\w)\s+(?:of|for|in|from)\s+(?:the\s+)?{}(?:\s+party)?\Z"


def office(role: str, party: str = "") -> str:
    """Return an office as printed in a form that can stand behind a name, beside the party.

    “new Harbour Party MP, who lost” of the Harbour Party is “MP”, “leader of the Harbour Party” is “Leader”;
    nothing is left of a role that is no more than the party.
    """
    role = " ".join(role.split())
    role = _BEFORE.sub("", role, count=1) if _BEFORE.match(role) else role
    if (end := _ENDS.search(role)) and end.start():
        role = role[: end.start()]
    role = _LEFT_OPEN.sub("", role)
    for name in (party, party.removesuffix(" Party")):
        if name and role.casefold() == name.casefold():
            return ""
        if name and role.casefold().startswith(f"{name.casefold()} "):
            role = role[len(name) + 1 :]
            break
        if name and (end := re.search(_OF_THE_PARTY.format(re.escape(name)), role, re.IGNORECASE)):
            role = role[: end.start()]
            break
    return role[0].upper() + role[1:] if role[:1].islower() and not role[1:2].isupper() else role
