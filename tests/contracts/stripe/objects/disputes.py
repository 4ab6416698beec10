"""Disputes: opened by a bank, answered with evidence, won or lost."""

import stripe

from tests.contracts.stripe import responses
from tests.contracts.stripe.calls import PAGING, Call, handles, page, put_metadata
from tests.contracts.stripe.lives import DISPUTE
from tests.contracts.stripe.objects import balance
from tests.contracts.stripe.world import Body, Refusal, World

DUE_AFTER = 7 * 86_400  # seconds to answer
FEE = 2000  # what the vendor charges for a dispute, in minor units
LARGEST = 4_500_000  # bytes of all its files
LONGEST = 150_000  # characters of all its texts
FILES = (
    "receipt",
    "customer_signature",
    "customer_communication",
    "service_documentation",
    "uncategorized_file",
)


def open_on(world: World, charge: Body, *, reason: str, amount: int | None, warning: bool) -> Body:
    """The bank asks back; a warning (inquiry) moves no money yet."""
    disputed = amount or charge["amount_captured"] - charge["amount_refunded"]
    dispute = world.add(
        "dp",
        stripe.Dispute,
        amount=disputed,
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence=responses.blank(stripe.Dispute.Evidence) | {"enhanced_evidence": {}},
        evidence_details={
            "due_by": world.now() + DUE_AFTER,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
            "enhanced_eligibility": {},
        },
        is_charge_refundable=warning,
        payment_intent=charge["payment_intent"],
        payment_method_details=_method(charge),
        reason=reason,
        status="warning_needs_response" if warning else "needs_response",
    )
    charge["disputed"] = True
    world.hidden[charge["id"]]["charged_back"] = not warning
    world.tell("charge.dispute.created", dispute)
    if not warning:
        _move(world, dispute, amount=-disputed, fee=FEE, category="dispute")
        world.tell("charge.dispute.funds_withdrawn", dispute)
    return dispute


def _method(charge: Body) -> Body | None:
    details = charge["payment_method_details"]
    card = details.get(details["type"], {})
    if details["type"] not in ("card", "card_present"):
        return None
    body = responses.blank(stripe.Dispute.PaymentMethodDetails.Card)
    body |= {
        "brand": card["brand"],
        "case_type": "chargeback",
        "network": card["network"],
        "network_reason_code": "10",
    }
    return {"type": "card", "card": body}


def _move(world: World, dispute: Body, *, amount: int, fee: int, category: str) -> None:
    line = balance.book(
        world,
        source=dispute["id"],
        amount=amount,
        fees={"stripe_fee": fee},
        kind="adjustment",
        category=category,
        currency=dispute["currency"],
        description="Chargeback withdrawal" if amount < 0 else "Chargeback reversal",
    )
    dispute["balance_transactions"] = [*dispute["balance_transactions"], line]


def close(world: World, dispute: Body, *, won: bool) -> None:
    """The bank decided; a won one brings the money back (the fee stays)."""
    DISPUTE.walk(dispute, "win" if won else "lose")
    world.hidden[dispute["charge"]]["charged_back"] = not won
    if won:
        _move(world, dispute, amount=dispute["amount"], fee=0, category="dispute_reversal")
        world.tell("charge.dispute.funds_reinstated", dispute)
    world.tell("charge.dispute.closed", dispute)


@handles("GET /v1/disputes", knows=" ".join((*PAGING, "charge", "payment_intent")))
def list_disputes(call: Call) -> Body:
    """Newest first."""
    rows = call.world.all("dispute")
    for name in ("charge", "payment_intent"):
        if wanted := call.get(name):
            rows = [row for row in rows if row[name] == wanted]
    return page(call, rows)


@handles("GET /v1/disputes/{}")
def retrieve_dispute(call: Call) -> Body:
    """One dispute."""
    return call.world.get("dispute", call.key)


@handles("POST /v1/disputes/{}", knows="evidence submit")
def update_dispute(call: Call) -> Body:
    """Evidence is staged; `submit` (the default) sends it to the bank, once."""
    dispute = call.world.get("dispute", call.key)
    DISPUTE.must_allow(dispute, "update")
    if "enhanced_evidence" in call.get("evidence", {}):
        raise Refusal("The fake does not know evidence.enhanced_evidence", code="fake_unknown_parameter")
    keys = {name: key for name in FILES if (key := call.get(f"evidence.{name}"))}
    files = [call.world.get("file", key, param=f"evidence[{name}]") for name, key in keys.items()]
    if sum(file["size"] for file in files) > LARGEST:
        raise Refusal(f"All files of a dispute together have {LARGEST} bytes at most", param="evidence")
    if sum(len(text) for name, text in call.get("evidence", {}).items() if name not in FILES) > LONGEST:
        raise Refusal(f"All texts of a dispute together have {LONGEST} characters at most", param="evidence")
    put_metadata(dispute, call)
    details = dispute["evidence_details"]
    if evidence := call.get("evidence"):
        dispute["evidence"] = {**dispute["evidence"], **evidence}
        details["has_evidence"] = True
    if call.get("submit", default=bool(call.get("evidence"))):
        if is_late(call.world, dispute):
            raise Refusal("The deadline for evidence has passed")
        DISPUTE.walk(dispute, "submit")
        details.update(submission_count=details["submission_count"] + 1, submission_method="manual")
    call.world.tell("charge.dispute.updated", dispute)
    return dispute


def is_late(world: World, dispute: Body) -> bool:
    """Whether the bank still listens."""
    return world.now() > (dispute["evidence_details"]["due_by"] or 0)


@handles("POST /v1/disputes/{}/close")
def accept_dispute(call: Call) -> Body:
    """The merchant gives up: lost at once."""
    dispute = call.world.get("dispute", call.key)
    DISPUTE.walk(dispute, "close")
    call.world.tell("charge.dispute.closed", dispute)
    return dispute
