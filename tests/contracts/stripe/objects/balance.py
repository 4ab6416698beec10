"""Balance transactions: every movement of an account's money, gross, fee and net; the fees are the fake's own."""

import stripe

from tests.contracts.stripe.calls import PAGING, Call, handles, page
from tests.contracts.stripe.world import Body, Refusal, World

CATEGORY = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "payout": "payout",
}
SETTLES_AFTER = 2 * 86_400  # seconds until money is available


def fee_for(amount: int, *, kind: str) -> int:
    """The vendor's price in minor units: a share rounded down plus a fixed part."""
    permille, fixed = {"card_present": (14, 10), "interac_present": (0, 15)}.get(kind, (15, 25))
    return amount * permille // 1000 + fixed


def book(
    world: World,
    *,
    source: str | None,
    amount: int,
    fees: dict[str, int] | None = None,
    kind: str,
    category: str | None = None,
    currency: str | None = None,
    description: str | None = None,
) -> Body:
    """One line in the account's books; `fees` by Stripe's name for them."""
    named = {name: fee for name, fee in (fees or {}).items() if fee}
    application = "ca_fake" if "application_fee" in named else None
    spent = sum(named.values())
    details = [
        {
            "type": name,
            "amount": fee,
            "currency": currency or world.currency,
            "description": name.replace("_", " "),
            "application": application if name == "application_fee" else None,
        }
        for name, fee in named.items()
    ]
    return world.add(
        "txn",
        stripe.BalanceTransaction,
        amount=amount,
        available_on=world.now() + SETTLES_AFTER,
        balance_type="payments",
        currency=currency or world.currency,
        description=description,
        fee=spent,
        fee_details=details,
        net=amount - spent,
        reporting_category=category or CATEGORY.get(kind, kind),
        source=source,
        status="pending",
        type=kind,
    )


@handles("GET /v1/balance_transactions", knows=" ".join((*PAGING, "payout", "type", "source", "currency")))
def list_transactions(call: Call) -> Body:
    """Newest first; by payout only when the payout is automatic, as Stripe has it."""
    rows = call.world.all("balance_transaction")
    if key := call.get("payout"):
        payout = call.world.get("payout", key, param="payout")
        if not payout["automatic"]:
            text = "Balance transaction history can only be filtered on automatic payouts, not manual."
            raise Refusal(text, param="payout")
        paid_out = call.world.hidden[key]["lines"]
        rows = [row for row in rows if row["id"] in paid_out]
    for name in ("type", "source", "currency"):
        if wanted := call.get(name):
            rows = [row for row in rows if row[name] == wanted]
    return page(call, rows)


@handles("GET /v1/balance_transactions/{}")
def retrieve_transaction(call: Call) -> Body:
    """One line."""
    return call.world.get("balance_transaction", call.key)


@handles("GET /v1/balance")
def retrieve_balance(call: Call) -> Body:
    """What stands on the account, by currency: all lines with their payouts."""
    sums: dict[str, dict[str, int]] = {
        "available": {call.world.currency: 0},
        "pending": {call.world.currency: 0},
    }
    for line in call.world.all("balance_transaction"):
        is_due = (
            line["status"] == "available"
            or line["type"] == "payout"
            or line["available_on"] <= call.world.now()
        )
        part = sums["available" if is_due else "pending"]
        part[line["currency"]] = part.get(line["currency"], 0) + line["net"]
    rows = {
        name: [{"amount": amount, "currency": currency} for currency, amount in part.items()]
        for name, part in sums.items()
    }
    return {"object": "balance", "livemode": False, **rows}
