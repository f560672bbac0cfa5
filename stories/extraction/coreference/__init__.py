"""Which person a printed phrase means: pronouns, offices, relative clauses, the same words said again."""
