"""Which ways to pay a merchant offers: set up at onboarding, renamed or put away in the back office."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import Conflict, FieldProblem, InvalidInput, RuleViolation
from fynlo.core.money import CURRENCIES, MAX_MINOR
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from payments.gateways.models import Connection
from payments.tenders.events import TenderTypeChanged
from payments.tenders.kinds import CARD, EXCHANGE, OTHER, TENDER_KINDS
from payments.tenders.models import TenderType
from payments.tenders.queries import TenderTerms, terms_of_kind
from payments.tenders.rules import NO_RULES, REFUSE, TIP, TenderRules

CONFIGURE: Final = "configuration.write"
LONGEST_CODE: Final = 20
LONGEST_NAME: Final = 80
CHANNELS: Final = ("", "present", "remote", "qr", "manual")
ASKED: Final = (CARD, OTHER)
"""The kinds whose money a provider can be asked for."""


class TenderCodeTaken(Conflict):
    """Another way to pay has this code."""

    code: ClassVar[str] = "code_taken"
    title: ClassVar[str] = "This code is already taken"


class TenderTypeFixed(RuleViolation):
    """Code and kind of a way to pay name accounts of the books and never change."""

    code: ClassVar[str] = "tender_type_fixed"
    title: ClassVar[str] = "Code and kind of a way to pay cannot change"


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTypeDraft:
    """A way to pay as it shall be; `kind` says what happens to the money."""

    id: UUID
    code: str
    name: str
    kind: str
    is_active: bool = True
    connection_id: UUID | None = None
    channel: str = ""
    rules: TenderRules = NO_RULES

    def facts(self) -> dict[str, Any]:
        """What of it may change, by column."""
        return {
            "name": self.name,
            "is_active": self.is_active,
            "connection_id": self.connection_id,
            "channel": self.channel,
            **asdict(self.rules),
        }


def save_tender_type(*, draft: TenderTypeDraft, actor: Actor, at: dt.datetime) -> str:
    """Make the way to pay or bring it to `draft`; returns created, changed or kept.

    Raises `InvalidInput`, `TenderCodeTaken`, `TenderTypeFixed`.
    """
    actor.require(CONFIGURE)
    _check(draft)
    with unit_of_work():
        known = TenderType.objects.select_for_update().filter(pk=draft.id).first()
        if known is None and TenderType.objects.filter(code=draft.code).exists():
            raise TenderCodeTaken(f"There is a way to pay {draft.code} already.", pointer="/code")
        if known is not None and (known.code, known.kind) != (draft.code, draft.kind):
            raise TenderTypeFixed(pointer="/code")
        facts = draft.facts()
        if known is not None and all(getattr(known, name) == value for name, value in facts.items()):
            return "kept"
        TenderType.objects.update_or_create(
            pk=draft.id, defaults={"code": draft.code, "kind": draft.kind, **facts}
        )
        outcome = "created" if known is None else "changed"
        append(
            TenderTypeChanged(
                entity_id=draft.id,
                at=at,
                change=outcome,
                code=draft.code,
                name=draft.name,
                tender_kind=draft.kind,
                is_active=draft.is_active,
                changed_by=actor.id,
            )
        )
    return outcome


def exchange_terms() -> TenderTerms:
    """The way to pay that is the money of an exchange; made when the first exchange needs it."""
    known = terms_of_kind(kind=EXCHANGE)
    if known is None:
        row = TenderType(code=EXCHANGE, name="Exchange", kind=EXCHANGE)
        TenderType.objects.bulk_create([row], ignore_conflicts=True)
        known = terms_of_kind(kind=EXCHANGE)
    if known is None:
        raise TenderCodeTaken("The code exchange is taken by another kind of way to pay.")
    return known


def _check(draft: TenderTypeDraft) -> None:
    problems = []
    plain = draft.code.replace("-", "").replace("_", "")
    if not (0 < len(draft.code) <= LONGEST_CODE and plain.isascii() and plain.isalnum()):
        detail = f"A code has 1 to {LONGEST_CODE} letters, digits, - and _."
        problems.append(FieldProblem("/code", "code", detail))
    if not 0 < len(draft.name.strip()) <= LONGEST_NAME or not draft.name.isprintable():
        detail = f"A name has 1 to {LONGEST_NAME} printable characters."
        problems.append(FieldProblem("/name", "name", detail))
    if draft.kind not in TENDER_KINDS:
        detail = f"The kinds are {', '.join(TENDER_KINDS)}."
        problems.append(FieldProblem("/kind", "unknown_kind", detail))
    problems += _rule_problems(draft)
    if problems:
        raise InvalidInput(problems[0].detail, errors=problems)


def _rule_problems(draft: TenderTypeDraft) -> Iterator[FieldProblem]:
    rules = draft.rules
    if draft.channel not in CHANNELS:
        yield FieldProblem(
            "/channel", "unknown_channel", f"The channels are {', '.join(filter(None, CHANNELS))}."
        )
    if draft.connection_id is not None and draft.kind not in ASKED:
        yield FieldProblem(
            "/connection", "no_account", "This kind of way to pay has no account at a provider."
        )
    if draft.connection_id is not None and not Connection.objects.filter(pk=draft.connection_id).exists():
        yield FieldProblem("/connection", "unknown_connection", "There is no such account.")
    for name in ("smallest_minor", "largest_minor"):
        limit = getattr(rules, name)
        if limit is not None and not 0 < limit <= MAX_MINOR:
            yield FieldProblem(f"/{name}", "out_of_range", "A limit is above zero.")
    if (rules.smallest_minor or 0) > (rules.largest_minor or MAX_MINOR):
        yield FieldProblem("/largest_minor", "out_of_order", "The largest amount is below the smallest.")
    if rules.over not in (REFUSE, TIP):
        yield FieldProblem("/over", "unknown_rule", "More than is due is refused, or it is a tip.")
    if bool(rules.foreign_currency) != (rules.foreign_rate is not None):
        yield FieldProblem("/foreign_rate", "rate_needed", "A foreign currency and its rate go together.")
    elif rules.foreign_currency and rules.foreign_currency not in CURRENCIES:
        yield FieldProblem(
            "/foreign_currency", "unknown_currency", "This is not a currency code of ISO 4217."
        )
    elif rules.foreign_currency == current_tenant().currency:
        yield FieldProblem("/foreign_currency", "own_currency", "This is the merchant's own currency.")
    elif rules.foreign_currency and draft.kind != OTHER:
        detail = "Foreign notes are of the kind other: the drawer's own cash is counted apart."
        yield FieldProblem("/kind", "foreign_kind", detail)
