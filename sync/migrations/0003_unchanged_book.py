"""Whether a till may ask and which price book is the newest, in one round trip. The room above both owns it."""

from typing import ClassVar

from django.db import migrations

from fynlo.core.stored_functions import stored_function

# The newest version as pos.catalog.queries.book_pages.newest_version asks for it: a test compares them.
_UNCHANGED_BOOK = """
BEGIN
    RETURN QUERY SELECT terminal.id::text, (
        SELECT version.digest::text FROM pos_pricebookversion AS version ORDER BY version.revision DESC LIMIT 1
    ) FROM sync_terminal AS terminal
    WHERE terminal.token_hash = given_hash AND terminal.revoked_at IS NULL AND terminal.token_expires_at >= lasting;
END
"""


class Migration(migrations.Migration):
    """A function only; no table changes."""

    dependencies: ClassVar = [("sync", "0002_fewer_indexes"), ("pos", "0025_cost_of_goods")]
    operations: ClassVar = [
        stored_function(
            name="unchanged_book",
            arguments="given_hash text, lasting timestamptz",
            returns="TABLE (device_id text, newest_digest text)",
            body=_UNCHANGED_BOOK,
        ),
    ]
