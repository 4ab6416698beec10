"""The journal as accounting programs read it: one file per format, each a pure function from entries to lines."""
