"""Who is named in a text: mentions, persons, their offices, and who held which office when."""
