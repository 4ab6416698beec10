"""Shapes of receipts over HTTP."""
