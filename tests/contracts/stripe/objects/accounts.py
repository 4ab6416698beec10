"""Connected accounts: made through v2, onboarded behind a link, with capabilities that come and go."""

from datetime import UTC, datetime
from typing import Any

import stripe
from stripe.v2.core import Account, AccountLink

from tests.contracts.stripe import responses
from tests.contracts.stripe.calls import Call, handles
from tests.contracts.stripe.world import PLATFORM, Body, Refusal, Vendor

INCLUDES = ("configuration", "defaults", "identity", "requirements", "future_requirements")
LINK_LIVES = 300  # seconds
STATUS_V1 = {"active": "active", "pending": "pending", "restricted": "inactive", "unsupported": "inactive"}


def iso(seconds: int) -> str:
    """v2 writes times as text."""
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def add_account(vendor: Vendor, *, key: str | None, country: str, currency: str, active: bool) -> Body:
    """The account's v2 object on the platform and its own empty world."""
    platform = vendor.worlds[PLATFORM]
    account = platform.add(
        "acct",
        Account,
        applied_configurations=["merchant"],
        created=iso(vendor.clock.now()),
        closed=False,
        dashboard="full",
        defaults={
            "currency": currency,
            "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"},
        },
        identity={"country": country},
    )
    if key is not None:
        del platform.tables["v2.core.account"][account["id"]]
        account["id"] = key
        platform.tables["v2.core.account"][key] = account
    merchant = responses.blank(Account.Configuration.Merchant) | {"applied": True}
    merchant["capabilities"] = {"card_payments": {"status": "pending", "status_details": []}}
    account["configuration"] = {"customer": None, "merchant": merchant, "recipient": None}
    vendor.connect(account["id"], country=country, currency=currency)
    set_capability(account, status="active" if active else "pending", code=None)
    return account


def set_capability(account: Body, *, status: str, code: str | None) -> None:
    """`code` says why a restricted one is restricted."""
    details = [{"code": code, "resolution": "provide_info"}] if code else []
    entries = [] if status == "active" else [_entry(code or "identity.individual.date_of_birth")]
    account["requirements"] = responses.blank(Account.Requirements) | {"entries": entries}
    merchant = account["configuration"]["merchant"]
    merchant["capabilities"]["card_payments"] = {"status": status, "status_details": details}


def _entry(what: str) -> Body:
    """One thing the vendor still wants to know."""
    return {
        "awaiting_action_from": "user",
        "description": what,
        "errors": [],
        "impact": {"restricts_capabilities": []},
        "minimum_deadline": {"status": "currently_due"},
        "reference": None,
        "requested_reasons": [],
    }


def card_payments(account: Body) -> Body:
    """The capability Terminal and everything else needs."""
    found: Body = account["configuration"]["merchant"]["capabilities"]["card_payments"]
    return found


def account_v1(vendor: Vendor, key: str) -> Body:
    """The same account as v1 and its events show it."""
    account = find_account(vendor, key)
    world, active = vendor.worlds[key], card_payments(account)["status"] == "active"
    due = [] if active else ["external_account"]
    return responses.blank(stripe.Account) | {
        "id": key,
        "object": "account",
        "capabilities": {"card_payments": STATUS_V1[card_payments(account)["status"]]},
        "charges_enabled": active,
        "country": world.country,
        "created": vendor.clock.now(),
        "default_currency": world.currency,
        "details_submitted": active,
        "metadata": account["metadata"],
        "payouts_enabled": active,
        "requirements": responses.blank(stripe.Account.Requirements)
        | {"currently_due": due, "eventually_due": due, "past_due": [], "pending_verification": []},
        "type": "none",
    }


def find_account(vendor: Vendor, key: str) -> Body:
    """The account, or 403: another platform's id looks like none at all."""
    if key == PLATFORM:
        return vendor.platform_account
    found = vendor.worlds[PLATFORM].tables.get("v2.core.account", {}).get(key)
    if found is None:
        text = f"The provided key does not have access to account '{key}' (or that account does not exist)."
        raise Refusal(text, status=403, code="account_invalid")
    return found


def _shown(account: Body, include: list[str]) -> Body:
    """v2 leaves out what nobody asked to include."""
    asked = {path.split(".")[0] for path in include}
    return account | {name: None for name in INCLUDES if name not in asked}


@handles(
    "POST /v2/core/accounts",
    knows="contact_email contact_phone display_name dashboard include identity.country identity.entity_type "
    "identity.business_details.registered_name defaults.currency defaults.locales defaults.responsibilities "
    "configuration.merchant.capabilities.card_payments.requested configuration.merchant.mcc "
    "configuration.merchant.statement_descriptor.descriptor configuration.merchant.support",
)
def create_account(call: Call) -> Body:
    """A merchant's account, pending until the merchant has answered Stripe's questions."""
    country = call.get("identity.country", "")
    if len(country) != 2:
        raise Refusal("identity.country is required as two letters", param="identity.country")
    currency = call.get("defaults.currency", "eur")
    account = add_account(call.vendor, key=None, country=country.upper(), currency=currency, active=False)
    fields: dict[str, Any] = {
        name: call.get(name) for name in ("contact_email", "contact_phone", "display_name")
    }
    account.update(fields, metadata=call.get("metadata", {}), dashboard=call.get("dashboard", "full"))
    return _shown(account, call.get("include", []))


@handles("GET /v2/core/accounts/{}", knows="include")
def retrieve_account(call: Call) -> Body:
    """One account, with what `include` names."""
    return _shown(find_account(call.vendor, call.key), call.get("include", []))


@handles("GET /v2/core/accounts", knows="limit closed applied_configurations")
def list_accounts(call: Call) -> Body:
    """All of the platform's."""
    rows = call.vendor.worlds[PLATFORM].all("v2.core.account")
    shown = rows[: call.get("limit", 20)]
    return {"data": [_shown(row, []) for row in shown], "next_page_url": None}


@handles(
    "POST /v2/core/account_links",
    knows="account use_case.type use_case.account_onboarding use_case.account_update",
)
def create_link(call: Call) -> Body:
    """Where the merchant answers Stripe's questions; good for minutes and one visit."""
    find_account(call.vendor, call.params["account"])
    use_case = call.params["use_case"]
    if use_case["type"] not in use_case:
        raise Refusal(f"use_case.{use_case['type']} is required", param="use_case")
    now = call.vendor.clock.now()
    return {
        "object": "v2.core.account_link",
        "account": call.params["account"],
        "created": iso(now),
        "expires_at": iso(now + LINK_LIVES),
        "livemode": False,
        "url": f"https://connect.stripe.com/setup/{call.params['account']}",
        "use_case": responses.blank(AccountLink.UseCase) | use_case,
    }


@handles("GET /v1/account")
def retrieve_own(call: Call) -> Body:
    """The account the key belongs to, or the one it speaks for."""
    return account_v1(call.vendor, call.world.account)


@handles("GET /v1/accounts/{}")
def retrieve_v1(call: Call) -> Body:
    """As `account.updated` shows it."""
    return account_v1(call.vendor, call.key)


@handles("GET /v1/accounts/{}/capabilities")
def list_capabilities(call: Call) -> Body:
    """The one we ask for."""
    return {
        "object": "list",
        "data": [capability(call.vendor, call.key)],
        "has_more": False,
        "url": call.route.path,
    }


@handles("GET /v1/accounts/{}/capabilities/{}")
def retrieve_capability(call: Call) -> Body:
    """`card_payments`, or 404."""
    key, name = call.ids.values()
    if name != "card_payments":
        raise Refusal(f"No such capability: '{name}'", status=404, code="resource_missing")
    return capability(call.vendor, key)


def capability(vendor: Vendor, key: str) -> Body:
    """`card_payments` in v1's words."""
    status = STATUS_V1[card_payments(find_account(vendor, key))["status"]]
    body = responses.blank(stripe.Capability) | {
        "id": "card_payments",
        "object": "capability",
        "account": key,
    }
    return body | {"requested": True, "requested_at": vendor.clock.now(), "status": status}


def thin_event(vendor: Vendor, key: str) -> Body:
    """v2's bell: it names the account and says nothing of it."""
    return {
        "id": vendor.new_id("evt_test", vendor.worlds[PLATFORM]),
        "object": "v2.core.event",
        "type": "v2.core.account[configuration.merchant].capability_status_updated",
        "created": iso(vendor.clock.now()),
        "livemode": False,
        "related_object": {"id": key, "type": "v2.core.account", "url": f"/v2/core/accounts/{key}"},
    }
