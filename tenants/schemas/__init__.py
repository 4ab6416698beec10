"""How a merchant's schema comes to be, is kept current, and is checked.

One template schema is migrated; its dump is replayed for every new merchant; existing merchants are migrated
when their fingerprint is stale. Why: docs/decisions/0006-template-schema.md.
"""
