"""Reads of buying, one story per file."""
