"""Fixtures of tests with rivals: merchants whose rows are really committed."""

from tests.committed import committed, shared_cafe, shared_grocer

__all__ = ["committed", "shared_cafe", "shared_grocer"]
