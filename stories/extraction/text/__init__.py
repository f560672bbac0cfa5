"""A text as tokens, sentences, paragraphs and marks, with its noun phrases and reporting verbs."""
