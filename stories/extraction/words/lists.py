"""The plain lists in use, one function each: a set of words, or the first column to the second."""

from __future__ import annotations

from functools import partial

from stories.extraction.words import per_lists, phrases, rows, table, words


@per_lists
def letters_after() -> dict[str, str]:
    """Letters printed after a name (MP, KC) to "pol", for a member of a parliament, or to a blank."""
    return {row[0]: row[1] if len(row) > 1 else "" for row in rows("letters")}


abbreviations = per_lists(partial(words, "abbreviations"))
auxiliaries = per_lists(partial(words, "auxiliaries"))
bodies = per_lists(partial(words, "bodies"))
breaks = per_lists(partial(words, "breaks"))
claim_nouns = per_lists(partial(words, "claim_nouns"))
determiners = per_lists(partial(words, "determiners"))
given_names = per_lists(partial(table, "given_names"))  # to gender: m, f, u
not_names = per_lists(partial(words, "notnames"))
outlet_nouns = per_lists(partial(words, "outlet_nouns"))
outlets = per_lists(partial(phrases, "outlets"))
parties = per_lists(partial(table, "parties"))  # every printed form of a party to the name it goes by
places = per_lists(partial(words, "places"))
pronouns = per_lists(partial(table, "pronouns"))  # to gender: m, f, p for plural, s for the writer
role_words = per_lists(partial(words, "roles"))
speakers = per_lists(partial(words, "speakers"))
surnames_too = per_lists(partial(words, "surnames_too"))
unfinished = per_lists(partial(words, "unfinished"))
verbs_only = per_lists(partial(words, "verbs_only"))
word_nouns = per_lists(partial(words, "word_nouns"))
