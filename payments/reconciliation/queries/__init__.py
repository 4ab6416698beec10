"""Reading what was compared."""
