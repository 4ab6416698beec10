"""Whose account secrets open. What payments were asked for with never gets the key of another account.

Their refunds, and whatever is looked up of them, would be asked for where nobody has heard of them.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from fynlo.core.errors import InvalidInput
from fynlo.core.sealing import CannotUnseal
from payments.gateways.base import ConnectionFacts, GatewayFailure, NotConnected, OutcomeUnknown, RightMissing
from payments.gateways.errors import ConnectionUnchecked
from payments.gateways.models import Attempt, Connection
from payments.gateways.registry import gateway_of
from payments.gateways.services.connecting import connection_facts

_SECRETS: Final = "/secrets"
_OF_BELLS: Final = "webhook_secret"


def check_owner(*, connection: Connection, secrets: Mapping[str, str], settings: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` for secrets that open another account than the one payments of this one are at, or none,
    and `ConnectionUnchecked` while the vendor does not answer. Asks the vendor, in no transaction.

    Gateways that tell no account are believed; so is whoever takes all secrets away.
    """
    keys = _keys(secrets)
    if not keys or keys == _keys(_known_secrets(connection)):
        return
    is_local = getattr(gateway_of(connection.gateway), "is_local", False)
    if is_local or not Attempt.objects.filter(connection=connection).exists():
        return
    facts = connection_facts(connection=connection, secrets=secrets)
    try:
        told = _owner(replace(facts, settings=settings))
    except (NotConnected, RightMissing) as failure:
        raise InvalidInput(
            f"The provider does not let these in. {failure.text}", pointer=_SECRETS
        ) from failure
    except (GatewayFailure, OutcomeUnknown) as failure:
        detail = "The provider cannot be asked at the moment whose these secrets are."
        raise ConnectionUnchecked(detail, retry_after=5) from failure
    known = _known_owner(connection) if told else ""
    if known and told != known:
        detail = (
            f"These open the account {told}; the payments of this one are at {known}. "
            "Connect the other account beside it."
        )
        raise InvalidInput(detail, pointer=_SECRETS)


def _keys(secrets: Mapping[str, str]) -> dict[str, str]:
    """What opens the account: those that only sign bells do not."""
    return {name: value for name, value in secrets.items() if name.partition(":")[0] != _OF_BELLS}


def _known_secrets(connection: Connection) -> Mapping[str, str]:
    try:
        return connection_facts(connection=connection).secrets
    except CannotUnseal:
        return {}


def _known_owner(connection: Connection) -> str:
    """As the vendor told it, else asked with the secrets that are there, else what people wrote down."""
    known = str(connection.capabilities.get("account") or "")
    if known:
        return known
    try:
        return _owner(connection_facts(connection=connection)) or connection.account
    except (CannotUnseal, GatewayFailure, OutcomeUnknown):
        return str(connection.account)


def _owner(facts: ConnectionFacts) -> str:
    return gateway_of(facts.gateway).capabilities(connection=facts).account
