"""Rows in the forms that other programs read: linked data, feeds, sitemaps; and pictures in other sizes."""
