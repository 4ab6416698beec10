"""Forms of buying in the back office."""
