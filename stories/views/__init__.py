"""The pages and data of the public site."""
