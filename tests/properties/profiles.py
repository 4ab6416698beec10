"""How long to search: the same few hundred examples on every run, or as many random ones as the caller wants.

`PROPERTY_EXAMPLES=20000 bin/test tests/properties/test_pricing_reference.py` searches deep: that many fresh
examples for each property instead of the fixed ones.
"""

import os

from hypothesis import HealthCheck, settings

WANTED = int(os.environ.get("PROPERTY_EXAMPLES", "0"))


def examples(usual: int) -> settings:
    """Settings for a property: deterministic unless a deep run is asked for; time proves nothing."""
    return settings(
        max_examples=WANTED or usual,
        derandomize=not WANTED,
        database=None,
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )
