"""Copy imported from the admin site, and how often the importer was right."""
