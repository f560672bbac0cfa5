"""Making, reviewing, rating and placing claims."""
