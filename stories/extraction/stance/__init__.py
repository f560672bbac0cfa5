"""What the source did with the words: said, denied, asked, hoped, or quoted from somebody else."""
