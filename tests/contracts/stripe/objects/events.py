"""Events: what happened on an account, for those whose bell never rang."""

from tests.contracts.stripe.calls import PAGING, Call, handles, page
from tests.contracts.stripe.world import Body


@handles("GET /v1/events", knows=" ".join((*PAGING, "type", "types")))
def list_events(call: Call) -> Body:
    """Newest first, by type and time; a trailing `*` stands for anything."""
    wanted = [*([call.params["type"]] if "type" in call.params else []), *call.get("types", [])]
    rows = call.world.all("event")
    return page(call, [row for row in rows if not wanted or any(_fits(row["type"], one) for one in wanted)])


def _fits(kind: str, wanted: str) -> bool:
    return kind.startswith(wanted[:-1]) if wanted.endswith("*") else kind == wanted


@handles("GET /v1/events/{}")
def retrieve_event(call: Call) -> Body:
    """One event, as it was told."""
    return call.world.get("event", call.key)
