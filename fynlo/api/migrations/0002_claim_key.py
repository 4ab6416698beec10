"""Claiming a key and looking for its first answer in one round trip."""

from typing import ClassVar

from django.db import migrations

from fynlo.core.stored_functions import stored_function

# The look is a statement of its own after the lock, so it sees what a twin committed before it let go.
_CLAIM_KEY = """
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended(lock_name, 0)) THEN
        RETURN QUERY SELECT FALSE, NULL::varchar, NULL::text, NULL::varchar, NULL::smallint, NULL::varchar,
            NULL::bytea, NULL::uuid;
        RETURN;
    END IF;
    RETURN QUERY SELECT TRUE, kept.method, kept.path, kept.body_sha256, kept.status, kept.content_type, kept.body,
        kept.txn
    FROM (SELECT) AS always
    LEFT JOIN api_idempotencykey AS kept ON kept.scope = claimed_scope AND kept.key = claimed_key;
END
"""


class Migration(migrations.Migration):
    """A function only; no table changes."""

    dependencies: ClassVar = [("api", "0001_initial")]
    operations: ClassVar = [
        stored_function(
            name="claim_key",
            arguments="lock_name text, claimed_scope text, claimed_key text",
            returns="TABLE (is_free boolean, method varchar, path text, body_sha256 varchar, status smallint, "
            "content_type varchar, body bytea, txn uuid)",
            body=_CLAIM_KEY,
        )
    ]
