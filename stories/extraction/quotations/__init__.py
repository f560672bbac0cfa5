"""Which words are quotations: their spans, their kind, and to whom they were said."""
