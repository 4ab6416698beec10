"""Pairing: a code becomes a device once, within ten minutes, in five tries; refusals tell nothing."""

import base64
import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden, NotFound
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from pos.registers.models import Register
from staff.access.models import StaffSession
from staff.access.tokens import token_hash
from sync.terminals.codes import ALPHABET, Code, read_code
from sync.terminals.errors import PairingRefused, RegisterInactive, TerminalRevokedAlready
from sync.terminals.models import PairingCode, Terminal
from sync.terminals.services import (
    NewPairingCode,
    Paired,
    create_pairing_code,
    pair_terminal,
    revoke_terminal,
)
from sync.terminals.tokens import PairingRequest
from tests.factories import RegisterFactory
from tests.sync.tills import hired, paired_till

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def register(in_cafe: Any) -> Register:
    """Register K1 of the café, inside the café."""
    return RegisterFactory.create(code="K1")


def a_code(register: Register, **changes: Any) -> NewPairingCode:
    return create_pairing_code(**{"register_id": register.pk, "actor": SYSTEM, "at": NOON} | changes)


def pair(code: NewPairingCode | str, *, at: dt.datetime = NOON, **changes: Any) -> Paired:
    text = code if isinstance(code, str) else str(code.code)
    request: dict[str, Any] = {"code": read_code(text), "device_name": "Front"}
    return pair_terminal(request=PairingRequest(**(request | changes)), at=at)


def other_secret(code: NewPairingCode) -> str:
    text = str(code.code)
    last = ALPHABET[(ALPHABET.index(text[-1]) + 1) % len(ALPHABET)]
    return text[:-1] + last


def tries_of(code: NewPairingCode) -> int:
    return int(PairingCode.objects.values_list("tries", flat=True).get(pk=code.id))


@pytest.mark.django_db
def test_a_code_pairs_a_device_with_its_register(register: Register) -> None:
    code = a_code(register)
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", str(code.code))
    assert code.expires_at == NOON + dt.timedelta(minutes=10)
    before = head()
    paired = pair(code, public_key=KEY)
    terminal = Terminal.objects.get()
    assert (terminal.pk, terminal.register_id, terminal.name) == (paired.terminal.pk, register.pk, "Front")
    assert (terminal.epoch, terminal.public_key, terminal.paired_at) == (1, KEY, NOON)
    assert terminal.token_expires_at == NOON + dt.timedelta(days=180)
    assert terminal.token_hash == token_hash(paired.token)
    assert re.fullmatch(r"fyd_[A-Za-z0-9_-]{43}", paired.token)
    [said] = read_after(before)
    assert (said.t, said.id, said.at) == ("terminal.paired", terminal.pk, NOON)
    assert said.data == {"name": "Front", "register_id": str(register.pk), "epoch": 1, "replaces": None}


@pytest.mark.django_db
def test_nothing_in_the_database_helps_to_guess_a_code_or_a_token(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.terminals.services.new_code", lambda: Code("ABCD", "WXYZ"))
    code = a_code(register)
    paired = pair(code, idempotency_key="a till's own key")
    read = read_code(str(code.code))
    assert read is not None
    stored = repr(PairingCode.objects.values()) + repr(Terminal.objects.values())
    assert read.text not in stored
    assert paired.token not in stored
    assert "a till's own key" not in stored
    kept = PairingCode.objects.get()
    assert kept.secret_hash not in {token_hash(read.secret), token_hash(read.text)}
    assert repr(code.code) == repr(paired.token) == "'********'"
    assert read.secret not in repr(kept) + repr(code) + repr(paired)


@pytest.mark.django_db
def test_a_code_works_once(register: Register) -> None:
    code = a_code(register)
    pair(code)
    with pytest.raises(PairingRefused):
        pair(code)
    assert Terminal.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "works"), [(599.999, True), (600, False), (3600, False)])
def test_a_code_is_good_for_ten_minutes(register: Register, seconds: float, works: bool) -> None:
    code = a_code(register)
    at = NOON + dt.timedelta(seconds=seconds)
    if works:
        assert pair(code, at=at).terminal.paired_at == at
    else:
        with pytest.raises(PairingRefused):
            pair(code, at=at)
        assert not Terminal.objects.exists()


@pytest.mark.django_db
def test_the_fifth_try_may_still_be_the_right_one(register: Register) -> None:
    code = a_code(register)
    for wrong_tries in range(1, 5):
        with pytest.raises(PairingRefused):
            pair(other_secret(code))
        assert tries_of(code) == wrong_tries
    assert pair(code).terminal.register_id == register.pk


@pytest.mark.django_db
def test_after_five_wrong_tries_the_right_code_is_worth_nothing(register: Register) -> None:
    code = a_code(register)
    for _ in range(5):
        with pytest.raises(PairingRefused):
            pair(other_secret(code))
    with pytest.raises(PairingRefused):
        pair(code)
    assert tries_of(code) == 5
    assert not Terminal.objects.exists()


@pytest.mark.django_db
def test_tries_at_one_code_cost_another_one_nothing(register: Register) -> None:
    tried_out, fresh = a_code(register), a_code(register)
    for _ in range(5):
        with pytest.raises(PairingRefused):
            pair(other_secret(tried_out))
    assert pair(fresh).terminal.register_id == register.pk


@pytest.mark.django_db
def test_every_refusal_says_the_same_after_the_same_statements(register: Register) -> None:
    wrong, used, old, tried_out = (a_code(register) for _ in range(4))
    pair(used)
    for _ in range(5):
        with pytest.raises(PairingRefused):
            pair(other_secret(tried_out))
    said = set()
    for text, at in (
        (other_secret(wrong), NOON),
        (str(used.code), NOON),
        (other_secret(used), NOON),
        (str(old.code), NOON + dt.timedelta(minutes=11)),
        (str(tried_out.code), NOON),
        ("0000-0000", NOON),
        ("no code at all", NOON),
    ):
        with CaptureQueriesContext(connection) as captured, pytest.raises(PairingRefused) as refused:
            pair(text, at=at)
        statements = tuple(query["sql"].split()[0] for query in captured)
        said.add((refused.value.code, refused.value.detail, str(refused.value.data), statements))
    assert len(said) == 1


@pytest.mark.django_db
def test_the_same_request_sent_again_gets_the_same_answer(register: Register) -> None:
    code = a_code(register)
    first = pair(code, idempotency_key="a till's key", public_key=KEY)
    again = pair(code, idempotency_key="a till's key", public_key=KEY, at=NOON + dt.timedelta(minutes=9))
    assert (again.terminal.pk, again.token) == (first.terminal.pk, first.token)
    assert again.terminal.token_expires_at == first.terminal.token_expires_at
    assert Terminal.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"idempotency_key": "another key"},
        {"idempotency_key": ""},
        {"device_name": "Back"},
        {"public_key": base64.b64encode(bytes(32)).decode()},
    ],
)
def test_another_request_with_a_used_code_is_refused(register: Register, changes: dict[str, Any]) -> None:
    code = a_code(register)
    first = {"idempotency_key": "a till's key", "public_key": KEY}
    pair(code, **first)
    with pytest.raises(PairingRefused):
        pair(code, **(first | changes))


@pytest.mark.django_db
def test_repeats_are_counted_and_end_with_the_code(register: Register) -> None:
    code = a_code(register)
    for _ in range(5):
        pair(code, idempotency_key="k")
    with pytest.raises(PairingRefused):
        pair(code, idempotency_key="k")
    late = a_code(register)
    pair(late, idempotency_key="k")
    with pytest.raises(PairingRefused):
        pair(late, idempotency_key="k", at=NOON + dt.timedelta(minutes=10))


@pytest.mark.django_db
def test_a_revoked_device_is_not_given_its_token_again(register: Register) -> None:
    code = a_code(register)
    paired = pair(code, idempotency_key="k")
    revoke_terminal(terminal_id=paired.terminal.pk, actor=SYSTEM, at=NOON)
    with pytest.raises(PairingRefused):
        pair(code, idempotency_key="k")


@pytest.mark.django_db
def test_a_device_installed_anew_is_a_new_epoch_and_the_old_one_is_closed(cafe: Any) -> None:
    hired(cafe)
    old = paired_till(cafe).signed_in()
    with tenant_context(cafe):
        register = Register.objects.get(pk=old.terminal.register_id)
        new = pair(a_code(register, terminal_id=old.terminal.pk), device_name="Front, new disk")
        closed = Terminal.objects.get(pk=old.terminal.pk)
        sessions = list(StaffSession.objects.values_list("revoked_at", flat=True))
        events = [(item.t, item.id) for item in read_after(0) if item.t.startswith("terminal.")]
    assert (new.terminal.epoch, new.terminal.replaces_id) == (2, old.terminal.pk)
    assert closed.revoked_at == NOON
    assert sessions == [NOON]
    assert events[-2:] == [("terminal.revoked", old.terminal.pk), ("terminal.paired", new.terminal.pk)]
    assert old.get("terminals/me").status_code == 401


@pytest.mark.django_db
def test_a_revoked_device_is_not_installed_anew(register: Register) -> None:
    old = pair(a_code(register)).terminal
    in_time = a_code(register, terminal_id=old.pk)
    revoke_terminal(terminal_id=old.pk, actor=SYSTEM, at=NOON)
    with pytest.raises(TerminalRevokedAlready):
        a_code(register, terminal_id=old.pk)
    with pytest.raises(PairingRefused):
        pair(in_time)
    assert Terminal.objects.count() == 1


@pytest.mark.django_db
def test_of_two_codes_for_one_device_only_the_first_installs_it(register: Register) -> None:
    old = pair(a_code(register)).terminal
    first, second = a_code(register, terminal_id=old.pk), a_code(register, terminal_id=old.pk)
    assert pair(first).terminal.epoch == 2
    with pytest.raises(PairingRefused):
        pair(second)


@pytest.mark.django_db
def test_codes_are_made_for_registers_in_use_by_those_who_may(register: Register) -> None:
    with pytest.raises(NotFound):
        a_code(register, register_id=new_id())
    with pytest.raises(Forbidden):
        a_code(register, actor=Actor(kind="device", id=new_id(), name="till"))
    register.is_active = False
    register.save(update_fields=["is_active"])
    with pytest.raises(RegisterInactive):
        a_code(register)
    assert not PairingCode.objects.exists()


@pytest.mark.django_db
def test_a_first_half_in_use_is_drawn_again(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    draws = iter([Code("AAAA", "0001"), Code("AAAA", "0002"), Code("BBBB", "0003")])
    monkeypatch.setattr("sync.terminals.services.new_code", lambda: next(draws))
    assert [str(a_code(register).code) for _ in range(2)] == ["AAAA-0001", "BBBB-0003"]


@pytest.mark.django_db
def test_old_codes_go_after_ninety_days(register: Register) -> None:
    a_code(register, at=NOON - dt.timedelta(days=91))
    kept = a_code(register, at=NOON - dt.timedelta(days=89))
    newest = a_code(register)
    assert set(PairingCode.objects.values_list("pk", flat=True)) == {kept.id, newest.id}


@pytest.mark.django_db
def test_a_code_of_one_merchant_is_unknown_at_another(register: Register, grocer: Any) -> None:
    code = a_code(register)
    with tenant_context(grocer), pytest.raises(PairingRefused):
        pair(code)
    assert tries_of(code) == 0
