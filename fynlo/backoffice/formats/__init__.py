"""How dates and times are written in the back office, by language."""
