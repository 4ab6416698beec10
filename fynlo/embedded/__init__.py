"""PostgreSQL and a Redis-compatible server for a machine that has neither.

Used only when `DATABASE_URL` or `REDIS_URL` is unset (each on its own), never in production. Everything a
server needs lives in `.fynlo/` of the clone. Independent of Django; front door: `fynlo.embedded.services`.
Why it is built this way: docs/decisions/0003-embedded-services.md.
"""
