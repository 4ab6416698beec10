"""Stock from files and to files: levels, targets, suppliers, what they sell, orders, counts.

A file is kept and looked at row by row first (`services.staging`), then applied in one transaction, and taken back
if need be. Rows are worked on in pieces, so a hundred thousand take no more memory than a few thousand.
"""
