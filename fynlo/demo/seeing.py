"""What a check does with an answer: it is as it should be, or the check ends."""

import json

from fynlo.demo.web import Answer


class CheckError(Exception):
    """Something was not as it should be."""


def expect(answer: Answer, *statuses: int) -> Answer:
    """The answer, if its status is one of these. Raises `CheckError`."""
    if answer.status not in statuses:
        wanted = " or ".join(str(int(status)) for status in statuses)
        raise CheckError(f"{answer.status} instead of {wanted}: {json.dumps(answer.text)[:600]}")
    return answer


def same(what: str, found: object, wanted: object) -> None:
    """Raise `CheckError` unless both are equal."""
    if found != wanted:
        raise CheckError(f"{what}: {found!r} instead of {wanted!r}")
