"""Dates and times in the one form that people read: "8 November 2014", "8 November 2014, 21:00"."""

from datetime import date, datetime


def day(when: date) -> str:
    """Return a date without a leading nought."""
    return f"{when.day} {when:%B %Y}"


def moment(when: datetime) -> str:
    """Return a date and the time by the clock of 24 hours; `when` is in the zone of who reads it."""
    return f"{day(when)}, {when:%H:%M}"
