"""Narrowing lists of stories, claims and people, and the counts shown beside each choice (faceted search)."""
