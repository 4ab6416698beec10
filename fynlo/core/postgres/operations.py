"""SQL dialect rules of Fynlo's PostgreSQL backend."""

from django.db.backends.postgresql.features import DatabaseFeatures as PostgresFeatures
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations


class DatabaseOperations(PostgresOperations):
    """Foreign keys are `DEFERRABLE INITIALLY IMMEDIATE`.

    Django defers them to COMMIT, where a violation surfaces far from its cause and, behind a sharding
    proxy, as an internal error. Checked at the statement they arrive as `IntegrityError`.
    """

    def deferrable_sql(self) -> str:
        """The clause every foreign key gets."""
        return " DEFERRABLE INITIALLY IMMEDIATE"


class DatabaseFeatures(PostgresFeatures):
    """PostgreSQL's features, where Django would otherwise probe for them with a table of its own."""

    supports_transactions = True
