"""Writing, publishing and comparing stories; what stands around a story while people work on it."""
