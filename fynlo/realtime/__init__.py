"""The feed over websockets: hints that may all be lost, because every gap is filled from the log."""
