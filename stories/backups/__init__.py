"""Backups of the whole site, rows and uploads, in one form for both databases.

`archive` is that form, `write` makes one while the site serves, `restore` loads one into either database.
"""
