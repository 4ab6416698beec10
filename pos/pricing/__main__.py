"""Run pricing vectors: `python -m pos.pricing tests/vectors/pricing`. Needs only the standard library.

Exit status: 0 all passed, 1 some failed, 2 the input could not be read.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from pos.pricing.vectors import Unreadable, read_cases, run_case, vector_files


def main(arguments: Sequence[str]) -> int:
    """Print every failure and, last, how many cases passed and failed."""
    if not arguments or any(argument.startswith("-") for argument in arguments):
        print("usage: python -m pos.pricing PATH…  (vector files, or folders of them)", file=sys.stderr)
        return 2
    passed = failed = 0
    try:
        for path in vector_files([Path(argument) for argument in arguments]):
            for case in read_cases(path):
                differences = run_case(case)
                passed, failed = passed + (not differences), failed + bool(differences)
                for difference in differences:
                    print(f"{path}: {case['name']}: {difference.path or '/'}")
                    print(f"    expected {difference.expected}")
                    print(f"    got      {difference.actual}")
    except Unreadable as reason:
        print(f"cannot run the vectors: {reason}", file=sys.stderr)
        return 2
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a case may hold any text
    sys.exit(main(sys.argv[1:]))
