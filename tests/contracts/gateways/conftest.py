"""Scenarios assert outside of test files; what they compare shall be shown."""

import pytest

pytest.register_assert_rewrite(
    "tests.contracts.gateways.case",
    "tests.contracts.gateways.ending",
    "tests.contracts.gateways.returning",
    "tests.contracts.gateways.ringing",
    "tests.contracts.gateways.taking",
)
