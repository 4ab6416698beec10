"""Shapes of buying, one story per file."""
