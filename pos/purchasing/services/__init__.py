"""Writes of buying, one story per file."""
