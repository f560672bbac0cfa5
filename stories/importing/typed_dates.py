"""Dates as people and machines write them: with a month in letters or figures, an hour, a zone.

A date that may be two days ("04/03/2031", a year of two figures) and a zone that may be several are refused.
"""

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

__all__ = ["typed_date"]

_LONGEST = 80  # characters
_MONTHS = {name[:3]: number for number, name in enumerate(
    "january february march april may june july august september october november december".split(), 1
)}  # fmt: skip
_MONTH = re.compile(
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
# Hours before or after Greenwich. Those that several countries use for different hours (IST) are left out.
_ZONES: dict[str, float] = {
    "z": 0,
    "ut": 0,
    "utc": 0,
    "gmt": 0,
    "wet": 0,
    "bst": 1,
    "west": 1,
    "cet": 1,
    "cest": 2,
    "eet": 2,
}
_ZONES |= {"eest": 3, "nst": -3.5, "ndt": -2.5, "ast": -4, "adt": -3, "est": -5, "edt": -4, "cst": -6}
_ZONES |= {"cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10}
_ZONES |= {"awst": 8, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13}
# Named without saying whether it is summer time.
_PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
_FILLING = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|the|of|at|on|time|local|hrs|hours|from|,|")
_HOUR = re.compile(
    r"(?<![\d.:/+-])(\d{1,2})(?:[:.](\d\d)(?:[:.](\d\d)(?:[.,]\d+)?)?)?\s*([ap])?(?:\.?m\b\.?)?"
    r"(?=[\s,)+-]|[a-z]{1,4}\b|$)"
)
_NOON = re.compile(r"(?:12 )?(?:noon|midday)")
_OFFSET = re.compile(r"(?:gmt|utc)?([+-])(\d\d?):?(\d\d)?")


def typed_date(text: str) -> tuple[datetime, bool]:
    """The date, with its zone if one is given, and whether it has an hour. Raises ValueError."""
    if len(text) > _LONGEST:
        raise ValueError("too long")
    if found := _iso(text):
        return found
    text = re.sub(r"(\d)t(?=\d)", r"\1 ", re.sub(r"[\[\]()]", " ", text.lower()).strip())
    rest, hour = _without_hour(text)
    words: list[str] = []
    zone: tzinfo | None = None
    for word in re.split(r"[\s,]+", rest):
        if hour is not None and (given := _zone(word)) is not None:
            zone = zone or given
        elif not _FILLING.fullmatch(word.rstrip(".")):
            words.append(word)
    year, month, day = _day(words)
    hours, minutes, seconds = hour or (0, 0, 0)
    return datetime(year, month, day, hours, minutes, seconds, tzinfo=zone), hour is not None


def _iso(text: str) -> tuple[datetime, bool] | None:
    """What a machine writes: 2031-03-04, 2031-3-4, 20310304, 2031-03-04T21:00:00.5Z, 2031-03-04 21:00 +01."""
    iso = re.sub(r"^(\d{4})-(\d)(?=-)", r"\1-0\2", text)
    iso = re.sub(r"^(\d{4}-\d\d)-(\d)(?!\d)", r"\1-0\2", iso)
    iso = re.sub(r"\s+(?=[+-]\d|Z$)", "", re.sub(r"([+-]\d\d)$", r"\1:00", iso) if ":" in iso else iso)
    try:
        return datetime.fromisoformat(iso), bool(re.search(r"\d[T ]\d", iso))
    except ValueError:
        return None


def _without_hour(text: str) -> tuple[str, tuple[int, int, int] | None]:
    """The text without its hour, and that hour: hours, minutes, seconds."""
    if noon := _NOON.search(text):
        return f"{text[: noon.start()]} {text[noon.end() :]}", (12, 0, 0)
    for found in _HOUR.finditer(text):
        hours, minutes, half = int(found[1]), found[2], found[4]
        if minutes is None and half is None:
            continue  # a day, or a year
        if half:
            if not 1 <= hours <= 12:
                raise ValueError("no hour")
            hours = hours % 12 + (12 if half == "p" else 0)
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        return rest, (hours, int(minutes or 0), int(found[3] or 0))
    return text, None


def _zone(word: str) -> tzinfo | None:
    if word in _ZONES:
        return timezone(timedelta(hours=_ZONES[word]))
    if word in _PLACES:
        return ZoneInfo(_PLACES[word])
    if found := _OFFSET.fullmatch(word):
        ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(-ahead if found[1] == "-" else ahead)
    return None


def _day(words: list[str]) -> tuple[int, int, int]:
    """Year, month and day of what is left of a date. Raises ValueError."""
    text = " ".join(words).replace(".", " ") if any(map(str.isalpha, "".join(words))) else " ".join(words)
    parts = re.split(r"[\s/.-]+", text.strip(" ./-"))
    if len(parts) != 3:
        raise ValueError("no date")
    parts = [re.sub(r"(\d)(?:st|nd|rd|th)\Z", r"\1", part) for part in parts]
    years = [number for number, part in enumerate(parts) if re.fullmatch(r"\d{4}", part)]
    months = [number for number, part in enumerate(parts) if _MONTH.fullmatch(part)]
    if len(years) != 1 or years == [1] or len(months) > 1:
        raise ValueError("no date")
    year = int(parts.pop(years[0]))
    if months:
        month = next(part for part in parts if _MONTH.fullmatch(part))
        parts.remove(month)
        return year, _MONTHS[month[:3]], int(parts[0])
    one, two = map(int, parts)
    if years == [0]:
        return year, one, two
    # With points the day comes first; with strokes and hyphens it does in one country and not in another.
    if "." not in text and one <= 12 and two <= 12 and one != two:
        raise ValueError("the day or the month may come first")
    return (year, one, two) if two > 12 else (year, two, one)
