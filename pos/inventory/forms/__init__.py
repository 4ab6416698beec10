"""Forms of stock in the back office, one story per file."""
