"""The journal of a register: a chain of hashes over what happened at it."""
