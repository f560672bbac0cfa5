"""The read-only API for researchers: what readers may see, as JSON, at /api/v1/."""
