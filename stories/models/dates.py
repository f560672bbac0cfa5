"""Which days a story can bear. Knows nothing of the database or the site."""

from datetime import date

EARLIEST = 1600  # year: no newspaper is older
YEARS_AHEAD = 25

# What the site's addresses can hold, in whatever time zone: a constraint keeps all rows within.
FIRST_DAY, LAST_DAY = date(1000, 1, 2), date(9999, 12, 30)


def why_not(day: date, *, today: date) -> str:
    """Why a day cannot be meant, in a sentence; empty when it can."""
    if day.year < EARLIEST:
        return f"The year {day.year} is too long ago: the earliest is {EARLIEST}."
    if day.year > today.year + YEARS_AHEAD:
        return f"The year {day.year} is too far ahead: the latest is {today.year + YEARS_AHEAD}."
    return ""
