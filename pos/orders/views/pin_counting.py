"""PINs of gift cards are tried before the unit of work of a sale begins, so that a wrong try stays counted."""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from fynlo.api.views import ApiView
from fynlo.core import clock
from payments.credit.codes import NoCode, presented
from payments.credit.queries import value_terms
from payments.credit.services import guesses_counted, prove_pin


def pins_counted(method: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate an idempotent `post` that takes tenders: each PIN takes its slot and is compared before it runs.

    Whatever else is wrong with the body is the method's to say. Raises `PinWrong`, `PinDelayed`, `TooManyRequests`.
    """

    @functools.wraps(method)
    def counted(view: ApiView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        tries = list(_with_pins(request.data))
        with guesses_counted(actor=view.actor, is_guess=bool(tries)):
            for pointer, tender in tries:
                for account_id in _accounts(tender):
                    prove_pin(account_id=account_id, pin=tender["pin"], at=clock.now(), pointer=pointer)
        return method(view, request, *args, **kwargs)

    return counted


def _with_pins(body: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Tenders that say a PIN, with the place of it; what has happened already is not asked for one."""
    if not isinstance(body, Mapping):
        return
    parts = [("", body)]
    if isinstance(body.get("order"), Mapping):
        parts.append(("/order", body["order"]))
    for prefix, part in parts:
        tenders = part.get("tenders")
        if part.get("placed_at") or part.get("at") or not isinstance(tenders, list):
            continue
        for place, tender in enumerate(tenders):
            if isinstance(tender, Mapping) and isinstance(tender.get("pin"), str):
                yield f"{prefix}/tenders/{place}/pin", tender


def _accounts(tender: Mapping[str, Any]) -> list[UUID]:
    ids, digests = [], []
    try:
        if isinstance(tender.get("value_id"), str):
            ids.append(UUID(tender["value_id"]))
        if isinstance(tender.get("value_code"), str):
            digests.append(presented(tender["value_code"]).digest)
    except (NoCode, ValueError):
        return []
    return [terms.id for terms in value_terms(ids=ids, digests=digests)] if ids or digests else []
