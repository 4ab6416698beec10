"""The frame of the merchant's back office; each app hangs its tables into it."""
