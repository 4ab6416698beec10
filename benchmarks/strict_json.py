"""What strict input costs: an ordinary order body, and the bodies meant to hurt.

.venv/bin/python -m benchmarks.strict_json
"""

import json
import platform
import time
import timeit
from collections.abc import Callable

import orjson

from fynlo.api.strict_json import InvalidJson, parse

MEGABYTE = 1 << 20
LINE = {
    "id": "01920000-0000-7000-8000-0000000000bb",
    "variant_id": "01920000-0000-7000-8000-0000000000cc",
    "quantity": "1.000",
    "unit_price": {"amount_minor": 450, "currency": "EUR"},
    "note": "ohne Zucker, bitte: café",
}
ORDER = {
    "id": "01920000-0000-7000-8000-0000000000aa",
    "register_id": "01920000-0000-7000-8000-0000000000dd",
    "lines": [LINE] * 8,
    "tenders": [{"tender_type": "cash", "amount": {"amount_minor": 5000, "currency": "EUR"}}],
    "expected_total": {"amount_minor": 3600, "currency": "EUR"},
}
HOSTILE = {
    "a megabyte of open lists": b"[" * MEGABYTE,
    "a megabyte of escaped quotes": b'"' + b'\\"' * (MEGABYTE // 2 - 1),
    "a syntax error after half a million items": b"[" + b"0," * (MEGABYTE // 2 - 4) + b"x]",
    "half a million items": b"[" + b"0," * (MEGABYTE // 2 - 4) + b"0]",
    "a third of a million objects": b"[" + b"{}," * (MEGABYTE // 3 - 4) + b"0]",
    "75,000 objects with a repeated key": b"[" + b'{"a":1,"a":1},' * (MEGABYTE // 14 - 4) + b"0]",
    "an integer of a million digits": b"[" + b"9" * 1_000_000 + b"]",
}


def microseconds(call: Callable[[], object], *, number: int = 2_000) -> float:
    """The best of seven runs, per call: other work on the machine only ever adds."""
    return min(timeit.repeat(call, number=number, repeat=7)) / number * 1e6


def main() -> None:
    """Print the table."""
    print(f"Python {platform.python_version()} on {platform.machine()}")
    for name, body in (("ASCII escapes", json.dumps(ORDER).encode()), ("plain UTF-8", orjson.dumps(ORDER))):
        print(f"order of {len(body)} bytes, {name}:")
        for label, call in (("strict", parse), ("json.loads", json.loads), ("orjson.loads", orjson.loads)):
            print(f"  {label:<14}{microseconds(lambda call=call, body=body: call(body)):8.1f} µs")
    print("hostile bodies, once each:")
    for name, body in HOSTILE.items():
        started = time.perf_counter()
        try:
            parse(body)
            outcome = "accepted"
        except InvalidJson as refused:
            outcome = f"refused: {refused.errors[0].code}"
        print(f"  {name:<44}{(time.perf_counter() - started) * 1e3:8.1f} ms  {outcome}")


if __name__ == "__main__":
    main()
