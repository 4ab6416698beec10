"""Buying over HTTP, one story per file."""
