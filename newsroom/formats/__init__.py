"""Formats of dates and times, in place of Django's for each language."""
