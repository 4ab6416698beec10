"""Payouts: automatic ones explain themselves line by line, manual ones do not."""

import stripe

from tests.contracts.stripe.calls import PAGING, Call, handles, page
from tests.contracts.stripe.lives import PAYOUT
from tests.contracts.stripe.objects import balance
from tests.contracts.stripe.world import Body, Refusal, World


def pay_out(world: World, *, automatic: bool, amount: int | None = None) -> Body:
    """Sends what is on the account to the bank: every line not yet paid out, or `amount` of a manual payout."""
    hidden = world.hidden.setdefault("paid out", {})
    lines = [
        row for row in world.all("balance_transaction") if row["id"] not in hidden and row["type"] != "payout"
    ]
    total = sum(line["net"] for line in lines) if automatic else (amount or 0)
    payout = world.add(
        "po",
        stripe.Payout,
        amount=total,
        arrival_date=world.now() + 86_400,
        automatic=automatic,
        currency=world.currency,
        destination="ba_000000fake",
        method="standard",
        reconciliation_status="in_progress" if automatic else "not_applicable",
        source_type="card",
        status="pending",
        type="bank_account",
    )
    own = balance.book(world, source=payout["id"], amount=-total, kind="payout")
    payout["balance_transaction"] = own["id"]
    world.hidden[payout["id"]]["lines"] = {own["id"], *(line["id"] for line in lines if automatic)}
    if automatic:
        hidden |= {line["id"]: payout["id"] for line in lines}
        for line in lines:
            line["status"] = "available"
    world.tell("payout.created", payout)
    return payout


def arrive(world: World, payout: Body) -> None:
    """The bank has it; an automatic one can be traced from now on."""
    PAYOUT.walk(payout, "send")
    PAYOUT.walk(payout, "arrive")
    world.tell("payout.paid", payout)
    if payout["automatic"]:
        payout["reconciliation_status"] = "completed"
        world.tell("payout.reconciliation_completed", payout)


def bounce(world: World, payout: Body, *, code: str) -> None:
    """The bank sent it back; the money is on the balance again."""
    if payout["status"] == "pending":
        PAYOUT.walk(payout, "send")
    PAYOUT.walk(payout, "fail")
    line = balance.book(world, source=payout["id"], amount=payout["amount"], kind="payout_failure")
    payout.update(
        failure_code=code, failure_message=f"The bank refused: {code}", failure_balance_transaction=line["id"]
    )
    world.tell("payout.failed", payout)


@handles("POST /v1/payouts", knows="amount currency description statement_descriptor")
def create_payout(call: Call) -> Body:
    """A manual payout of what is there."""
    if call.params["currency"] != call.world.currency:
        raise Refusal(f"You have no balance in {call.params['currency']}", param="currency")
    hidden = call.world.hidden.setdefault("paid out", {})
    there = sum(row["net"] for row in call.world.all("balance_transaction") if row["id"] not in hidden)
    if call.params["amount"] > there:
        raise Refusal("You have insufficient funds in your Stripe account.", code="balance_insufficient")
    return pay_out(call.world, automatic=False, amount=call.params["amount"])


@handles("GET /v1/payouts", knows=" ".join((*PAGING, "status")))
def list_payouts(call: Call) -> Body:
    """Newest first."""
    rows = call.world.all("payout")
    return page(call, [row for row in rows if call.get("status") in (None, row["status"])])


@handles("GET /v1/payouts/{}")
def retrieve_payout(call: Call) -> Body:
    """One payout."""
    return call.world.get("payout", call.key)
