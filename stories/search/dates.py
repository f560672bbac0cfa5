"""Dates as readers type them among other words: “4 March 2005”, “March 2005”, “since 2005”. Pure.

Only what is plainly a date is read as one: a year by itself is, a month without a year is not.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    **{name.lower(): number for number, name in enumerate(calendar.month_abbr) if name},
    "sept": 9,
}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR, _DAY = r"(?P<year>1[89]\d\d|20\d\d)", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_SIDE = r"(?:(?P<side>since|from|after|before|until|till|in|on|of|during)\s+)?"
# The first that fits counts; what has more to say stands before what has less.
_FORMS = [
    re.compile(rf"(?<![\w£$€.,/-]){_SIDE}{form}(?![\w%/-]|[.,]\d)", re.IGNORECASE)
    for form in (
        rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)",
        r"(?P<day>\d{1,2})/(?P<number>\d{1,2})/(?P<year>1[89]\d\d|20\d\d)",
        rf"{_MONTH},?\s+{_YEAR}",
        rf"{_YEAR}(?:\s*[-–]\s*|\s+to\s+)(?P<last>1[89]\d\d|20\d\d|\d\d)",
        _YEAR,
    )
]
_WORD_BEFORE = re.compile(r"[^\W\d_]\s+\Z")
_SINCE, _UNTIL = {"since", "after"}, {"before", "until", "till"}


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last; None where it is open. `label` says them as a reader reads them."""

    first: date | None
    last: date | None
    label: str

    def has(self, first: date | None, last: date | None) -> bool:
        """Whether something that held from one day to another, open where None, held on one of the days."""
        begins, ends = self.first or date.min, self.last or date.max
        return (first or date.min) <= ends and (last or date.max) >= begins


def days_in(text: str) -> tuple[Days, tuple[int, int]] | None:
    """Return the first date that is written in a text, and where it stands with the word that leads to it."""
    for found in chain.from_iterable(form.finditer(text) for form in _FORMS):
        if is_a_name(found, text):
            continue
        if days := _days(found):
            return days, found.span()
    return None


def is_a_name(found: re.Match[str], text: str) -> bool:
    """Whether “May 2016” may be somebody’s name and a year: a word stands before it, and no preposition."""
    parts = found.groupdict()
    may = (parts.get("month") or "").lower() == "may" and not parts["side"] and not parts.get("day")
    return may and bool(_WORD_BEFORE.search(text[: found.start()]))


def _days(found: re.Match[str]) -> Days | None:
    parts = found.groupdict()
    year, last_year = int(parts["year"]), parts.get("last")
    month = _MONTHS.get((parts.get("month") or "").lower()) or int(parts.get("number") or 0)
    if last_year:
        last_year = last_year if len(last_year) == 4 else parts["year"][:2] + last_year
        if int(last_year) < year:
            return None
        return Days(date(year, 1, 1), date(int(last_year), 12, 31), f"{year} to {last_year}")
    try:
        if parts.get("day"):
            first = last = date(year, month, int(parts["day"]))
            label = f"{first.day} {calendar.month_name[month]} {year}"
        elif month:
            first, last = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
            label = f"{calendar.month_name[month]} {year}"
        else:
            first, last, label = date(year, 1, 1), date(year, 12, 31), str(year)
    except ValueError:  # 31 February
        return None
    return _on_its_side((parts["side"] or "").lower(), first, last, label)


def _on_its_side(side: str, first: date, last: date, label: str) -> Days:
    a_day = timedelta(days=1)
    if side in _SINCE:
        begins = first if side == "since" else last + a_day
        return Days(begins, None, f"{side} {label}")
    if side in _UNTIL:
        ends = first - a_day if side == "before" else last
        return Days(None, ends, f"{'until' if side == 'till' else side} {label}")
    return Days(first, last, label)
