"""Shapes of the books."""

from payments.ledger.serializers.chart import (
    AccountOutput,
    AccountSerializer,
    ChartSerializer,
    ChartsOutput,
    MappingSerializer,
    MappingsOutput,
    account_document,
    charts_document,
    mappings_document,
)
from payments.ledger.serializers.transfers import (
    AccountStatementOutput,
    TransferOutput,
    TrialBalanceOutput,
    statement_document,
    trial_balance_document,
)

__all__ = [
    "AccountOutput",
    "AccountSerializer",
    "AccountStatementOutput",
    "ChartSerializer",
    "ChartsOutput",
    "MappingSerializer",
    "MappingsOutput",
    "TransferOutput",
    "TrialBalanceOutput",
    "account_document",
    "charts_document",
    "mappings_document",
    "statement_document",
    "trial_balance_document",
]
