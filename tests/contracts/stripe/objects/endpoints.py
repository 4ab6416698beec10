"""Webhook endpoints: where the vendor calls, what it tells there, and the secret that is told once."""

import stripe

from tests.contracts.stripe.calls import PAGING, Call, handles, page
from tests.contracts.stripe.world import Body, Refusal

AT_MOST = 16  # endpoints of an account


@handles("POST /v1/webhook_endpoints", knows="url enabled_events api_version connect description")
def create_endpoint(call: Call) -> Body:
    """A new one; the answer is the only place where its secret stands."""
    _must_be_address(call)
    if call.params.get("api_version") != call.vendor.api_version:
        raise Refusal("The fake only knows its own api_version", code="fake_unknown_parameter")
    if len(call.world.all("webhook_endpoint")) >= AT_MOST:
        raise Refusal(f"You have reached the maximum of {AT_MOST} webhook endpoints.")
    endpoint = call.world.add(
        "we",
        stripe.WebhookEndpoint,
        url=call.params["url"],
        enabled_events=call.params["enabled_events"],
        api_version=call.params["api_version"],
        description=call.get("description"),
        metadata=call.get("metadata", {}),
        status="enabled",
    )
    hidden = {"secret": f"whsec_of_{endpoint['id']}", "connect": call.get("connect", False)}
    call.world.hidden[endpoint["id"]].update(hidden)
    return endpoint | {"secret": hidden["secret"]}


@handles("GET /v1/webhook_endpoints", knows=" ".join(PAGING))
def list_endpoints(call: Call) -> Body:
    """Newest first, without secrets."""
    return page(call, call.world.all("webhook_endpoint"))


@handles("POST /v1/webhook_endpoints/{}", knows="url enabled_events disabled description")
def update_endpoint(call: Call) -> Body:
    """Its address, what it is told, on or off; the version stays."""
    endpoint = call.world.get("webhook_endpoint", call.key)
    if "url" in call.params:
        _must_be_address(call)
    for name in ("url", "enabled_events", "description"):
        endpoint[name] = call.get(name, endpoint[name])
    if "disabled" in call.params:
        endpoint["status"] = "disabled" if call.params["disabled"] else "enabled"
    return endpoint


@handles("DELETE /v1/webhook_endpoints/{}")
def delete_endpoint(call: Call) -> Body:
    """Gone; nothing is told there any more."""
    endpoint = call.world.get("webhook_endpoint", call.key)
    del call.world.tables["webhook_endpoint"][endpoint["id"]]
    return {"id": endpoint["id"], "object": "webhook_endpoint", "deleted": True}


def _must_be_address(call: Call) -> None:
    if not call.params["url"].startswith("https://"):
        raise Refusal("Invalid URL: An explicit scheme (such as https) must be provided.", param="url")
    if not call.params.get("enabled_events", ["*"]):
        raise Refusal("Invalid array: enabled_events is empty", param="enabled_events")
