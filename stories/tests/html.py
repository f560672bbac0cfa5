"""A page's HTML, to be compared without regard to where its template breaks a line."""

import re


def flat(page: str) -> str:
    """Return the page with white space as HTML counts it: a run is one space, and none stands before ">"."""
    return re.sub(r"\s+", " ", page).replace(" >", ">")
