"""A sale is told the rules of its ways to pay, where there are any."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

from fynlo.core.stored_functions import changed_function

_PATH = import_module("pos.migrations.0024_sale_path")
_FIVE = "SELECT jsonb_agg(jsonb_build_array(id, code, name, kind, is_active))"
# A sixth member only where a rule is not as usual: the release before this one reads five.
_SIX = """SELECT jsonb_agg(jsonb_build_array(id, code, name, kind, is_active) || COALESCE(
                '[]' || NULLIF(jsonb_strip_nulls(jsonb_build_object(
                    'smallest_minor', smallest_minor, 'largest_minor', largest_minor, 'over', NULLIF(over, 'refuse'),
                    'is_partial', CASE WHEN NOT is_partial THEN false END,
                    'needs_reference', CASE WHEN needs_reference THEN true END,
                    'is_asked', CASE WHEN connection_id IS NOT NULL AND channel <> 'manual' THEN true END,
                    'foreign_currency', NULLIF(foreign_currency, ''), 'foreign_rate', foreign_rate::text)), '{}'), '[]'))"""


class Migration(migrations.Migration):
    """A function only."""

    dependencies: ClassVar = [("pos", "0026_running_sums"), ("payments", "0005_gateways")]
    operations: ClassVar = [
        changed_function(
            name="sale_terms",
            arguments="register uuid, sold_at timestamptz, stated_book uuid, sold uuid[], modifiers uuid[], "
            "tenders text[]",
            returns="jsonb",
            before=_PATH._SALE_TERMS,
            after=_PATH._SALE_TERMS.replace(_FIVE, _SIX),
        ),
    ]
