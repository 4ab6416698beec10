"""Domains on which wallets may show their button; a status per wallet."""

import stripe

from tests.contracts.stripe.calls import PAGING, Call, handles, page
from tests.contracts.stripe.world import Body, Refusal, World

WALLETS = ("amazon_pay", "apple_pay", "google_pay", "klarna", "link", "paypal")


def check_wallets(world: World, domain: Body) -> None:
    """Apple Pay fetches a file from the domain; a test says which domains serve it."""
    proven = domain["domain_name"] in world.hidden.setdefault(
        "proven domains", {"all": True}
    ) or world.hidden["proven domains"].get("all")
    for wallet in WALLETS:
        working = proven or wallet != "apple_pay"
        domain[wallet] = {"status": "active" if working else "inactive"}
        if not working:
            text = "Domain verification failed: the association file was not found."
            domain[wallet]["status_details"] = {"error_message": text}


@handles("POST /v1/payment_method_domains", knows="domain_name enabled")
def create_domain(call: Call) -> Body:
    """Registers a domain once; a second time gives the first one back, as Stripe does."""
    name = call.params["domain_name"]
    if "/" in name or "." not in name:
        raise Refusal(f"Invalid domain name: {name}", param="domain_name")
    for domain in call.world.all("payment_method_domain"):
        if domain["domain_name"] == name:
            return domain
    fields = {wallet: {"status": "inactive"} for wallet in WALLETS}
    enabled = call.get("enabled", True)
    domain = call.world.add("pmd", stripe.PaymentMethodDomain, domain_name=name, enabled=enabled, **fields)
    check_wallets(call.world, domain)
    return domain


@handles("POST /v1/payment_method_domains/{}/validate")
def validate_domain(call: Call) -> Body:
    """Looks again."""
    domain = call.world.get("payment_method_domain", call.key)
    check_wallets(call.world, domain)
    return domain


@handles("POST /v1/payment_method_domains/{}", knows="enabled")
def update_domain(call: Call) -> Body:
    """On or off."""
    domain = call.world.get("payment_method_domain", call.key)
    domain["enabled"] = call.get("enabled", domain["enabled"])
    return domain


@handles("GET /v1/payment_method_domains/{}")
def retrieve_domain(call: Call) -> Body:
    """One domain."""
    return call.world.get("payment_method_domain", call.key)


@handles("GET /v1/payment_method_domains", knows=" ".join((*PAGING, "domain_name", "enabled")))
def list_domains(call: Call) -> Body:
    """Newest first."""
    rows = call.world.all("payment_method_domain")
    for name in ("domain_name", "enabled"):
        if name in call.params:
            rows = [row for row in rows if row[name] == call.params[name]]
    return page(call, rows)
