"""Template tags and filters: `record` and `metadata` for public pages, `desk` for the admin."""
