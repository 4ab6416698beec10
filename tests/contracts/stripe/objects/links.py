"""Payment links: one address, a session for everybody who opens it."""

import stripe

from tests.contracts.stripe import responses
from tests.contracts.stripe.calls import PAGING, Call, handles, page, put_metadata
from tests.contracts.stripe.objects import items, sessions
from tests.contracts.stripe.world import PLATFORM, Body, Refusal, World

Link = stripe.PaymentLink
DATA = "payment_intent_data.metadata payment_intent_data.description payment_intent_data.capture_method"


@handles(
    "POST /v1/payment_links",
    knows=f"application_fee_amount inactive_message restrictions.completed_sessions.limit {items.KNOWN} {DATA}",
)
def create(call: Call) -> Body:
    """An address to pay at; `restrictions` may close it after so many payments."""
    lines = items.lines_of(call.world, call.get("line_items"))
    restrictions = None
    if limit := call.get("restrictions.completed_sessions.limit"):
        restrictions = {"completed_sessions": {"count": 0, "limit": limit}}
    link = call.world.add(
        "plink",
        Link,
        active=True,
        after_completion={"type": "hosted_confirmation", "hosted_confirmation": {"custom_message": None}},
        allow_promotion_codes=False,
        application="ca_fake" if call.world.account != PLATFORM else None,
        application_fee_amount=call.get("application_fee_amount"),
        automatic_tax={"enabled": False, "liability": None},
        billing_address_collection="auto",
        currency=lines[0]["currency"],
        custom_fields=[],
        custom_text=responses.blank(Link.CustomText),
        customer_creation="if_required",
        inactive_message=call.get("inactive_message"),
        payment_method_collection="always",
        phone_number_collection={"enabled": False},
        restrictions=restrictions,
        shipping_options=[],
        submit_type="auto",
        tax_id_collection={"enabled": False, "required": "never"},
    )
    del link["line_items"]
    link["url"] = f"https://buy.stripe.com/test_{link['id']}"
    data = call.get("payment_intent_data", {}) | {
        "application_fee_amount": call.get("application_fee_amount")
    }
    call.world.hidden[link["id"]] = {"lines": lines, "data": data}
    put_metadata(link, call)
    return link


def visit(world: World, link: Body) -> Body:
    """Somebody opens the link: a session of a day."""
    if not link["active"]:
        raise AssertionError(f"{link['id']} is not active: its page shows the inactive message")
    hidden = world.hidden[link["id"]]
    session = sessions.opened(world, hidden["lines"], ends=world.now() + sessions.LONGEST)
    session.update(payment_link=link["id"], metadata=dict(link["metadata"]))
    world.hidden[session["id"]]["data"] = hidden["data"]
    return session


def count(link: Body) -> None:
    """One payment more; the limit closes the link."""
    if restrictions := link["restrictions"]:
        completed = restrictions["completed_sessions"]
        completed["count"] += 1
        link["active"] = completed["count"] < completed["limit"]


@handles("POST /v1/payment_links/{}", knows="active inactive_message")
def update(call: Call) -> Body:
    """Closed or opened again."""
    link = call.world.get("payment_link", call.key)
    restrictions = link["restrictions"]
    if call.get("active") and restrictions:
        completed = restrictions["completed_sessions"]
        if completed["count"] >= completed["limit"]:
            raise Refusal("This payment link has reached its limit of completed sessions", param="active")
    link.update({name: call.params[name] for name in ("active", "inactive_message") if name in call.params})
    put_metadata(link, call)
    return link


@handles("GET /v1/payment_links/{}")
def retrieve(call: Call) -> Body:
    """One link."""
    return call.world.get("payment_link", call.key)


@handles("GET /v1/payment_links", knows=" ".join((*PAGING, "active")))
def list_links(call: Call) -> Body:
    """Newest first."""
    rows = call.world.all("payment_link")
    return page(call, [row for row in rows if call.get("active") in (None, row["active"])])
