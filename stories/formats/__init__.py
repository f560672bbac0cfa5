"""Rows in other formats: linked data, feeds and sitemaps."""
