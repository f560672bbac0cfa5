"""People merged, parted again, confirmed; names that may be one person's."""
