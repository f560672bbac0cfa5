"""Names of topics as a headline has them."""

import re

# In any case these are written so: “nhs reform” is headed “NHS reform”.
ABBREVIATIONS = {
    word.casefold(): word
    for word in (
        "AI ANC ASBO ASBOs BBC BMA BNP CBI CPS CSA DEFRA DNA DUP DVLA DWP EC ECB EEC ERM EU FBI "
        "FTSE G7 G8 G20 GB GCSE  GCSEs GDP GM GMB GP GPs HIV HMRC HS2 HS3 ID IMF IRA IS ISIS IT ITV "
        "LGBT LSE MEP MEPs MG MI5 MI6 MoD MP  MPs MRSA MS MSP MSPs NATO NHS NI NUT OBR OECD Ofcom "
        "Ofgem Ofsted Ofwat PC PFI PM PMQs PR PSNI QC RAF RMT  RUC SAS SDLP SDP SNP TA TfL TUC TV "
        "UK UKIP UN UNESCO US USA UUP VAT WMD WMDs WTO"
    ).split()
}
# These are words, too: they are abbreviations only where a capital says so.
_LETTERS = re.compile(r"\w+")
_WORDS_TOO = frozenset("is it us ms pc pr ta ni mg ec id".split())


def topic_title(name: str) -> str:
    """Return a topic's name as it stands at the head of a page: “nhs reform” is “NHS reform”.

    Capitals that were typed stay; a small first letter is made one unless a capital follows it (“eBay”).
    """
    words = [_known(word) for word in name.split(" ")]
    first = words[0]
    if first[:2].islower():
        words[0] = first[0].upper() + first[1:]
    return " ".join(words)


def _known(word: str) -> str:
    letters = _LETTERS.match(word)
    said = letters.group() if letters else ""
    key = said.casefold()
    if said not in (key, key.capitalize()) or key in _WORDS_TOO or key not in ABBREVIATIONS:
        return word
    return ABBREVIATIONS[key] + word[len(said) :]
