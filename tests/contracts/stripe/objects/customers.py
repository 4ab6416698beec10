"""Customers, as far as a till needs them."""

import stripe

from tests.contracts.stripe.calls import PAGING, Call, handles, page, put_metadata
from tests.contracts.stripe.world import Body

FIELDS = ("name", "email", "phone", "description")


@handles("POST /v1/customers", knows=" ".join(FIELDS))
def create_customer(call: Call) -> Body:
    """A name and ways to reach it."""
    fields = {name: call.get(name) for name in FIELDS}
    customer = call.world.add("cus", stripe.Customer, **fields, invoice_prefix="FAKE", tax_exempt="none")
    put_metadata(customer, call)
    return customer


@handles("GET /v1/customers/{}")
def retrieve_customer(call: Call) -> Body:
    """One customer."""
    return call.world.get("customer", call.key)


@handles("GET /v1/customers", knows=" ".join((*PAGING, "email")))
def list_customers(call: Call) -> Body:
    """Newest first, by e-mail."""
    rows = call.world.all("customer")
    return page(call, [row for row in rows if call.get("email") in (None, row["email"])])
