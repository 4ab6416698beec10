"""A repeat of a request has no second effect and gets the first answer, byte for byte.

The answer is stored in the transaction of the effect. Twins that arrive while the first is running are turned
away at once by an advisory lock; that is a courtesy. The promise is kept by the unique constraint on (scope,
key): whoever loses there is rolled back with everything done, and reads the winner's answer.

A refusal (most of 4xx) rolls its effect back and is stored in a transaction of its own, so that a repeat is
refused the same way. What may be different a moment later is not stored: 401, 403, 408, 409, 412, 425, 428, 429
and everything from 500 up.
"""

import functools
import re
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.utils import IntegrityError
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api import stored_answers
from fynlo.api.errors import IdempotencyKeyInUse, IdempotencyKeyMissing, InvalidQuery
from fynlo.api.models import UNIQUE_CLAIM
from fynlo.api.parsers import read_body
from fynlo.api.problems import problem_response, translate
from fynlo.api.stored_answers import Answer, Claim, claimed
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.events import log as feed
from fynlo.observability import metrics

NEEDS_KEY: Final = "needs_idempotency_key"
"""The mark of a decorated method; the OpenAPI document reads it."""
_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}")
_NOT_STORED: Final = frozenset({401, 403, 408, 409, 412, 425, 428, 429})


class _Refused(Exception):
    """Carries an error answer out of the unit of work, which thereby rolls back."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def idempotent(
    method: Callable[..., HttpResponse] | None = None, *, take: Callable[[Claim], Answer | None] = claimed
) -> Any:
    """Decorate the `post` of an `ApiView`: it needs an `Idempotency-Key` and runs in one unit of work.

    `take` claims the key and finds what was answered before; a test replaces it by one that does not lock.
    Not for answers that hold a secret (pairing, sign-in): the answer is stored as it is.
    """
    if method is None:
        return functools.partial(idempotent, take=take)

    @functools.wraps(method)
    def answer(view: ApiView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if view.public:
            raise ImproperlyConfigured(
                f"{type(view).__name__} is public: nobody owns an Idempotency-Key there"
            )
        claim = claim_of(request, view.actor)
        return _answer(view, claim, functools.partial(method, view, request, *args, **kwargs), take)

    setattr(answer, NEEDS_KEY, True)
    return answer


def claim_of(request: Request, actor: Actor) -> Claim:
    """The claim `request` makes; raises when its key is missing or unreadable.

    A key belongs to the device when there is one, so that a repeat is the same claim after a new sign-in.
    """
    key = request.headers.get("Idempotency-Key")
    if not key:
        raise IdempotencyKeyMissing("Send the header Idempotency-Key, a new one for every new request.")
    if not _KEY.fullmatch(key):
        raise InvalidQuery.of(
            "Idempotency-Key", "invalid", "1 to 255 printable ASCII characters are expected."
        )
    owner = f"device:{actor.device_id}" if actor.device_id else f"{actor.kind}:{actor.id}"
    return Claim(owner, key, str(request.method), request.get_full_path(), read_body(request))


# -- one request -------------------------------------------------------------------------------------------


def _answer(
    view: ApiView, claim: Claim, call: Callable[[], HttpResponse], take: Callable[[Claim], Answer | None]
) -> HttpResponse:
    try:
        return run_transaction(lambda: _attempt(view, claim, call, take))
    except _Refused as refused:
        return _keep_refusal(claim, refused.response)
    except IdempotencyKeyInUse:
        return _answer_of_twin(claim)
    except IntegrityError as error:
        if constraint(error).startswith(UNIQUE_CLAIM):
            return _answer_of_twin(claim)
        return _refuse_or_raise(claim, error)
    except Exception as error:  # noqa: BLE001  every failure has a status, which decides
        return _refuse_or_raise(claim, error)


def _attempt(
    view: ApiView, claim: Claim, call: Callable[[], HttpResponse], take: Callable[[Claim], Answer | None]
) -> HttpResponse:
    """Effect and answer in one unit of work, whose last statement is the feed's."""
    with feed.unit_of_work():
        kept = take(claim)
        if kept is None:
            response = _rendered(view, call())
            if response.status_code >= HTTPStatus.BAD_REQUEST:
                raise _Refused(response)
            answer = Answer.of(response, txn=feed.current_txn())
            stored_answers.keep(claim, answer, at=clock.now())
    if kept is not None:
        return _replay(kept)
    metrics.idempotency(outcome="executed")
    return _positioned(response, answer.txn)


def _rendered(view: ApiView, response: HttpResponse) -> HttpResponse:
    if isinstance(response, Response):
        finished = view.finalize_response(view.request, response, *view.args, **view.kwargs)
        return finished.render()
    return response


def _refuse_or_raise(claim: Claim, error: Exception) -> HttpResponse:
    status = translate(error).status
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _NOT_STORED:
        raise error
    return _keep_refusal(claim, problem_response(error))


def _keep_refusal(claim: Claim, response: HttpResponse) -> HttpResponse:
    """Store an error answer after the rollback; a twin that finished in between has the first word."""
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status_code in _NOT_STORED:
        return response
    with transaction.atomic():
        stored_answers.keep(claim, Answer.of(response, txn=None), at=clock.now(), unless_kept=True)
    kept = stored_answers.find(claim)
    if kept is None or kept.body == response.content:
        metrics.idempotency(outcome="refused")
        return response
    return _replay(kept)


def _answer_of_twin(claim: Claim) -> HttpResponse:
    """What the other one stored; while it is still running there is nothing to say yet."""
    kept = stored_answers.find(claim)
    if kept is None:
        metrics.idempotency(outcome="in_use")
        raise IdempotencyKeyInUse("Repeat the request after a moment.")
    return _replay(kept)


def _replay(kept: Answer) -> HttpResponse:
    metrics.idempotency(outcome="replayed")
    response = HttpResponse(kept.body, status=kept.status, content_type=kept.content_type)
    response["Idempotency-Replayed"] = "true"
    return _positioned(response, kept.txn)


def _positioned(response: HttpResponse, txn: uuid.UUID | None) -> HttpResponse:
    """Add `Feed-Position`: where the feed stands with this effect; a reader past it has seen the effect."""
    position = feed.last_position_of(txn) if txn is not None else None
    if position is not None:
        response["Feed-Position"] = str(position)
    return response
