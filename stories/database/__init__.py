"""What the database keeps by itself: triggers, columns and tables derived from others, and its state."""
