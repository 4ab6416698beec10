"""A merchant's catalogue file: the catalogue it states and the stock there was at the start, all or nothing.

Commands, onboarding, API and admin all come through here. Catalogue and stock are strangers to each other; this
is where a file joins them. Files are looked at first (`staging`), then applied, and taken back if need be.
"""
