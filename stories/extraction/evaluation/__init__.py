"""How well the reader of copy does: figures against marked stories, and traces of one text."""
