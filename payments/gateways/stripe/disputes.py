"""Disputes: as they are now, and what speaks for the merchant, sent once and for good.

The vendor's statuses are an open list; a new one counts as "being looked at", because nothing may be sent to what
we do not understand, and nothing is over before we know how.
"""

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from stripe import StripeClient

from payments.gateways.base import ConnectionFacts, DisputeFact, Evidence, OutcomeUnknown, Refused, TooLate
from payments.gateways.stripe import intents
from payments.gateways.stripe.amounts import from_vendor
from payments.gateways.stripe.answers import identifier, instant
from payments.gateways.stripe.client import client_of, plain
from payments.gateways.stripe.errors import Behind, reading, writing
from payments.gateways.stripe.webhooks import attempt_id

State = Literal["needs_response", "under_review", "won", "lost", "closed"]
STATES: Final[Mapping[str, State]] = {
    "warning_needs_response": "needs_response",
    "needs_response": "needs_response",
    "appeal_needs_response": "needs_response",
    "warning_under_review": "under_review",
    "under_review": "under_review",
    "appeal_under_review": "under_review",
    "won": "won",
    "lost": "lost",
    "warning_closed": "closed",
    "prevented": "closed",
}
_LIVES: Final = dt.timedelta(days=180)
"""How long a dispute may still change after it was opened; those older are not looked at again."""
_TEXTS: Final = {
    "order": "product_description",
    "served_on": "service_date",
    "activity": "access_activity_log",
}
_PAPERS: Final = {"receipt": "receipt", "signature": "customer_signature", "other": "uncategorized_file"}
_LONGEST: Final = 20_000
"""What one field takes; all of them together 150,000."""
_LARGEST: Final = 4_500_000
"""Bytes that all papers together may have."""
_HEADINGS: Final = {"receipt": "Receipt", "card": "Card", "log": "Log", "note": "From the merchant"}
_SENT_AS: Final = "fynlo_evidence"
"""Of the dispute's metadata: the key it was answered under, by which an answer that was lost is known again."""


def disputes_since(*, connection: ConnectionFacts, since: dt.datetime) -> Iterator[DisputeFact]:
    """Those that were opened, or may have changed, since then. Raises `NotConnected`, `TryAgain`."""
    opened = int((since - _LIVES).timestamp())
    params: Any = {"created": {"gte": opened}, "limit": 100, "expand": ["data.payment_intent"]}
    with client_of(connection) as client, reading():
        for item in client.v1.disputes.list(params).auto_paging_iter():
            yield fact_of(plain(item))


def submit(
    *, connection: ConnectionFacts, dispute_id: str, evidence: Evidence, key: str, is_draft: bool = False
) -> DisputeFact:
    """Send what speaks for the merchant, or leave it there as a draft. Raises `TooLate` when it is over.

    Sent twice under one key it is sent once: papers too are kept under keys of theirs. Raises `Refused` for papers
    that are too large together.
    """
    papers = {_PAPERS[name]: paper for name, paper in evidence.papers.items() if name in _PAPERS}
    if sum(len(content) for _, _, content in papers.values()) > _LARGEST:
        raise Refused("All papers together may have 4.5 MB.", code="papers_too_large")
    with client_of(connection) as client:
        before = _over(client, dispute_id, key)
        if before is not None:
            return before
        files = {field: _upload(client, paper, key=f"{key}:{field}") for field, paper in papers.items()}
        params: Any = {
            "evidence": {**evidence_of(evidence.texts), **files},
            "submit": not is_draft,
            "expand": ["payment_intent"],
            **({} if is_draft else {"metadata": {_SENT_AS: key}}),
        }
        try:
            with writing():
                return fact_of(plain(client.v1.disputes.update(dispute_id, params, intents.options(key))))
        except (Behind, Refused):
            after = _over(client, dispute_id, key)
            if after is not None:
                return after
            raise


def _over(client: StripeClient, dispute_id: str, key: str) -> DisputeFact | None:
    """The dispute if this very evidence was sent before; None while it may be sent. Raises `TooLate`."""
    fact, sent_as = _read(client, dispute_id)
    if fact.state == "needs_response":
        return None
    if sent_as == key:
        return fact
    raise TooLate


def evidence_of(texts: Mapping[str, str]) -> dict[str, str]:
    """Our sentences in the vendor's fields; those that have none of their own are told together. Pure."""
    fields = {_TEXTS[name]: text[:_LONGEST] for name, text in texts.items() if name in _TEXTS and text}
    told = [
        f"{_HEADINGS.get(name, name)}\n{text}" for name, text in texts.items() if name not in _TEXTS and text
    ]
    return {**fields, **({"uncategorized_text": "\n\n".join(told)[:_LONGEST]} if told else {})}


def _upload(client: StripeClient, paper: tuple[str, str, bytes], *, key: str) -> str:
    name, _kind, content = paper
    file = io.BytesIO(content)
    file.name = name
    params: Any = {"purpose": "dispute_evidence", "file": file}
    with writing():
        return str(client.v1.files.create(params, intents.options(key)).id)


def _read(client: StripeClient, dispute_id: str) -> tuple[DisputeFact, str]:
    """How it stands, and the key it was answered under."""
    params: Any = {"expand": ["payment_intent"]}
    try:
        with reading():
            dispute = plain(client.v1.disputes.retrieve(dispute_id, params))
            return fact_of(dispute), str((dispute.get("metadata") or {}).get(_SENT_AS) or "")
    except Behind as behind:
        raise OutcomeUnknown(f"Stripe says {behind.code}.") from None


def fact_of(dispute: Mapping[str, Any]) -> DisputeFact:
    """The vendor's dispute in our words. Pure."""
    intent = dispute.get("payment_intent")
    currency = str(dispute["currency"]).upper()
    opened = instant(dispute["created"])
    if opened is None:
        raise ValueError("a dispute without a time")
    return DisputeFact(
        id=str(dispute["id"]),
        payment=identifier(intent) or identifier(dispute.get("charge")),
        amount_minor=from_vendor(int(dispute["amount"]), currency),
        currency=currency,
        state=STATES.get(str(dispute.get("status")), "under_review"),
        opened_at=opened,
        due_at=instant((dispute.get("evidence_details") or {}).get("due_by")),
        reason=str(dispute.get("reason") or "")[:80],
        attempt_id=attempt_id(intent) if isinstance(intent, Mapping) else None,
    )
