"""Secrets and card numbers do not survive in text, however they got there."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fynlo.observability.masking import is_card_like, mask

CANARY = "Canary-7f3a9c"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"authorization=Basic {CANARY}",
        f"sent Bearer {CANARY} to the till",
        f"{{'Authorization': 'Bearer {CANARY}'}}",
        f"HTTP_AUTHORIZATION='Bearer {CANARY}'",
        f"Staff-Session: {CANARY}",
        f"Cookie: fynlo-session={CANARY}; other=1",
        f"password={CANARY}",
        f'{{"password": "{CANARY}"}}',
        f'{{"initial_pin":"{CANARY}","number":"1"}}',
        f"pin => {CANARY}",
        f"PIN: {CANARY}",
        f"pin_hash='{CANARY}'",
        f'"token" : "{CANARY} with \\"quotes\\" inside"',
        f"token='{CANARY}'",
        f"device_token={CANARY}&x=1",
        f"ticket={CANARY}",
        f"api_key={CANARY}",
        f"Api-Key: {CANARY}",
        f"client_secret={CANARY}",
        f"the device fyd_{CANARY} was refused",
        f"[fys_{CANARY}]",
        f"SecretKey('x', secret={CANARY})",
        f"postgres://fynlo:{CANARY}@db.internal:5432/fynlo",
        f"redis://:{CANARY}@127.0.0.1:6379/0",
        f"duplicate key\nDETAIL:  Key (email)=({CANARY}) already exists.",
        f"syntax error\nLINE 1: SELECT '{CANARY}'\n               ^",
        json.dumps({"body": json.dumps({"pin": CANARY})}),
    ],
)
def test_a_secret_does_not_survive(text):
    assert CANARY not in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "card 4111 1111 1111 1111 declined",
        "5500-0055-5555-5559",
        "378282246310005",
        "6011000990139424",
        "4222222222222",
        "6304000000000000000",
        '{"note":"4111111111111111"}',
    ],
)
def test_a_card_number_does_not_survive(text):
    assert not any(is_card_like("".join(run)) for run in runs(mask(text)))
    assert "[masked]" in mask(text)


def runs(text):
    return [part for part in text.replace(" ", "").replace("-", "").split() if part.isdigit()]


@pytest.mark.parametrize(
    "text",
    [
        "order 019a9c7e-5a53-7f5e-8b1c-6d1f0a3f1f11 placed",
        "4111111111111112 is no card",
        "4006381333931 is a barcode of 13 digits that fails the check",
        "position 123456789012",
        "duration_ms=12.5 status=200",
        "tokens are counted, pins are not shown, passwords neither",
        "POST api/v1/terminals/pair 201",
        "2026-11-22T13:00:00.000Z",
        "spinning=7 opinion=good",
    ],
)
def test_ordinary_text_stays(text):
    assert mask(text) == text


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{12,18}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_every_number_that_passes_the_luhn_check_is_masked(digits, joint):
    check = next(str(digit) for digit in range(10) if is_card_like(digits + str(digit)))
    number = joint.join(digits + check)
    assert mask(f"x{joint and ' '}{number}.").count("[masked]") >= 1


@settings(deadline=None)
@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_more(text):
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    "text", ["token=" + '"\\' * 20_000, "pin:" * 20_000, "1 " * 20_000, "a-" * 20_000 + "pin"]
)
def test_masking_reads_long_text_in_one_go(text):
    """Patterns that backtrack would need hours for these."""
    assert len(mask(text)) <= len(text) * 4
