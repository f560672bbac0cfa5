"""Who said a quotation: the candidates, the rules, the ranker and how confident the choice is."""
