"""The fiscal core: what makes a register's journal provable. Pure, standard library only, versioned by itself.

Whoever changes this package becomes, in the eyes of some tax offices, the editor of the till. So it is small, it
has a version of its own (`pos.fiscal.version`), and a test holds its digest: it changes with its version or not.
"""
