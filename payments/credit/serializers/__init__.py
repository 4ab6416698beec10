"""Shapes of house accounts, gift cards and store credit."""

from payments.credit.serializers.houses import (
    HouseAccountChangeInput,
    HouseAccountInput,
    HouseAccountOutput,
    StatementOutput,
    statement_document,
)

__all__ = [
    "HouseAccountChangeInput",
    "HouseAccountInput",
    "HouseAccountOutput",
    "StatementOutput",
    "statement_document",
]
