"""Text without Django or a database: sanitised HTML, its plain text, places in it, how two texts differ."""
