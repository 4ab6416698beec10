"""Pairing devices with registers, keeping their tokens alive, and revoking them."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Final

import structlog
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils.crypto import constant_time_compare

from fynlo.core.actors import Actor
from fynlo.core.database import constraint
from fynlo.core.errors import NotFound
from fynlo.env import SecretText
from fynlo.events.log import append, unit_of_work
from pos.registers.models import Register
from staff.access.services import end_sessions_on
from staff.access.tokens import token_hash
from sync.terminals import metrics, queries, tries
from sync.terminals.codes import Code, new_code
from sync.terminals.errors import PairingRefused, RegisterInactive, TerminalRevokedAlready
from sync.terminals.events import TerminalPaired, TerminalRevoked
from sync.terminals.models import PairingCode, Terminal
from sync.terminals.tokens import PairingRequest, request_hash, secret_hash, token_for

PAIR: Final = "terminals.pair"
REVOKE: Final = "terminals.revoke"
CODE_LIFETIME: Final = dt.timedelta(minutes=10)
TOKEN_LIFETIME: Final = dt.timedelta(days=180)
RENEW_BELOW: Final = dt.timedelta(days=90)
_KEPT_CODES: Final = dt.timedelta(days=90)
_DRAWS: Final = 5
_NOBODYS_HASH: Final = "0" * 64

log = structlog.get_logger("fynlo.terminals")


@dataclass(frozen=True, slots=True)
class NewPairingCode:
    """A code to be shown to a manager; its text is kept nowhere."""

    id: uuid.UUID
    code: SecretText
    expires_at: dt.datetime
    register: Register


@dataclass(frozen=True, slots=True)
class Paired:
    """A device that may work now; `token` is given to it and kept nowhere."""

    terminal: Terminal
    token: SecretText


def create_pairing_code(
    *, register_id: uuid.UUID, actor: Actor, at: dt.datetime, terminal_id: uuid.UUID | None = None
) -> NewPairingCode:
    """A code that pairs one device with a register within ten minutes.

    With `terminal_id` it installs that device anew. Raises `NotFound`, `RegisterInactive`,
    `TerminalRevokedAlready`.
    """
    actor.require(PAIR)
    register: Register | None = Register.objects.filter(pk=register_id).first()
    if register is None:
        raise NotFound("There is no such register.", pointer="/register_id")
    if not register.is_active:
        raise RegisterInactive(pointer="/register_id")
    if terminal_id is not None and queries.terminal(terminal_id=terminal_id).revoked_at is not None:
        raise TerminalRevokedAlready(pointer="/terminal_id")
    PairingCode.objects.filter(expires_at__lt=at - _KEPT_CODES).delete()
    code, row = _drawn(register, terminal_id, actor, at)
    log.info("pairing_code_created", pairing_code=str(row.pk), register=register.code)
    return NewPairingCode(id=row.pk, code=SecretText(code.text), expires_at=row.expires_at, register=register)


def pair_terminal(*, request: PairingRequest, at: dt.datetime) -> Paired:
    """Pair the device that knows a code. Every try is counted, whatever becomes of it.

    Raises `PairingRefused` for every code that cannot be used. The same request sent again within the code's
    ten minutes gets the same answer.
    """
    row = _proven(request, at)
    with unit_of_work():
        code = PairingCode.objects.select_for_update().get(pk=row.pk)
        if code.used_at is not None:
            return _again(code, request)
        former = _replaced(code, at)
        token = token_for(code, request)
        terminal = Terminal.objects.create(
            register_id=code.register_id,
            name=request.device_name,
            epoch=former.epoch + 1 if former else 1,
            replaces=former,
            token_hash=token_hash(token),
            token_expires_at=at + TOKEN_LIFETIME,
            public_key=request.public_key,
            paired_at=at,
        )
        code.used_at, code.terminal, code.request_hash = at, terminal, request_hash(request)
        code.save(update_fields=["used_at", "terminal", "request_hash"])
        append(_paired(terminal, at))
    metrics.pairings.labels("paired").inc()
    log.info("terminal_paired", terminal=str(terminal.pk), epoch=terminal.epoch)
    return Paired(terminal=queries.terminal(terminal_id=terminal.pk), token=token)


def revoke_terminal(*, terminal_id: uuid.UUID, actor: Actor, at: dt.datetime) -> Terminal:
    """Take every right from a device, at once; who is signed in on it is signed out. Twice changes nothing."""
    actor.require(REVOKE)
    with unit_of_work():
        terminal = _locked(terminal_id)
        if terminal.revoked_at is None:
            _close(terminal, at)
    log.info("terminal_revoked", terminal=str(terminal_id))
    return queries.terminal(terminal_id=terminal_id)


def keep_alive(*, terminal: Terminal, at: dt.datetime) -> None:
    """Put a token's end further away when it comes near: a till that is in use never stops by itself.

    One statement every ninety days or so. A device that has not spoken for 180 days has to be paired again.
    """
    if terminal.token_expires_at - at >= RENEW_BELOW:
        return
    Terminal.objects.filter(pk=terminal.pk, revoked_at__isnull=True).update(
        token_expires_at=at + TOKEN_LIFETIME
    )


def _drawn(
    register: Register, terminal_id: uuid.UUID | None, actor: Actor, at: dt.datetime
) -> tuple[Code, PairingCode]:
    """A code whose first half nobody has; drawn again when the constraint says otherwise."""
    for draw in range(1, _DRAWS + 1):
        code = new_code()
        row = PairingCode(
            register=register,
            for_terminal_id=terminal_id,
            selector=code.selector,
            secret_hash=secret_hash(code),
            created_at=at,
            created_by_id=actor.id,
            expires_at=at + CODE_LIFETIME,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            if not constraint(error).startswith("sync_pairingcode_selector") or draw == _DRAWS:
                raise
        else:
            return code, row
    raise AssertionError("unreachable")


def _proven(request: PairingRequest, at: dt.datetime) -> PairingCode:
    """The row of a code whose secret half is right; a try is taken before it is compared."""
    row = tries.take_try(selector=request.code.selector if request.code else "", at=at)
    given = secret_hash(request.code) if request.code else _NOBODYS_HASH
    is_right = constant_time_compare(given, row.secret_hash if row else _NOBODYS_HASH)
    if row is None or not is_right or not _is_open_to(row, request):
        raise _refused()
    return row


def _is_open_to(code: PairingCode, request: PairingRequest) -> bool:
    """Whether the code is unused, or was used by the very same request."""
    mine = request_hash(request)
    return code.used_at is None or (mine is not None and code.request_hash == mine)


def _again(code: PairingCode, request: PairingRequest) -> Paired:
    """The answer that was lost, once more: the same device and the same token."""
    if code.terminal_id is None or not _is_open_to(code, request):
        raise _refused()
    terminal = queries.terminal(terminal_id=code.terminal_id)
    if terminal.revoked_at is not None:
        raise _refused()
    metrics.pairings.labels("repeated").inc()
    return Paired(terminal=terminal, token=token_for(code, request))


def _replaced(code: PairingCode, at: dt.datetime) -> Terminal | None:
    """Close the installation that this code replaces; refused when it was revoked meanwhile."""
    if code.for_terminal_id is None:
        return None
    former = _locked(code.for_terminal_id)
    if former.revoked_at is not None:
        raise _refused()
    _close(former, at)
    return former


def _close(terminal: Terminal, at: dt.datetime) -> None:
    terminal.revoked_at = at
    terminal.save(update_fields=["revoked_at"])
    end_sessions_on(device_id=terminal.pk, at=at)
    append(TerminalRevoked(terminal.pk, register_id=terminal.register_id, at=at))


def _locked(terminal_id: uuid.UUID) -> Terminal:
    found: Terminal | None = Terminal.objects.select_for_update().filter(pk=terminal_id).first()
    if found is None:
        raise NotFound("There is no such device.")
    return found


def _paired(terminal: Terminal, at: dt.datetime) -> TerminalPaired:
    return TerminalPaired(
        terminal.pk,
        name=terminal.name,
        register_id=terminal.register_id,
        epoch=terminal.epoch,
        replaces=terminal.replaces_id,
        at=at,
    )


def _refused() -> PairingRefused:
    metrics.pairings.labels("refused").inc()
    log.info("pairing_refused")
    return PairingRefused("Ask a manager for a new code.")
