"""What a guest signed, for the pages of a payment and of a dispute."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from fynlo.backoffice.pages import page
from fynlo.backoffice.site import merchant_admin
from fynlo.core.errors import NotFound
from payments.gateways.queries import signature, signature_told
from payments.gateways.signature_pages import signature_page

READ: Final = "payments.read"
FLAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "signed_earlier": "It came later than it was signed: the till was offline, or somebody waited.",
        "clock_ahead": "The till's clock was ahead.",
        "signed_before_asked": "It was signed before the money was asked for.",
        "nothing_taken": "Nothing was taken when it came.",
    }
)
"""What is odd about a signature, in words."""


def signature_shown(*, attempt_id: UUID | None) -> dict[str, Any]:
    """What `backoffice/payment_signature.html` needs; nothing where nobody signed."""
    row = None if attempt_id is None else signature_told(attempt_id=attempt_id)
    flags = [] if row is None else [FLAGS.get(flag, flag) for flag in row.flags]
    return {"signature": row, "signature_flags": flags}


@page(
    merchant_admin,
    "payments/attempt/<uuid:attempt_id>/signature.png",
    name="payments_attempt_signature",
    permission=READ,
)
def signature_picture(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """The picture."""
    del request
    try:
        return signature_page(signature(attempt_id=attempt_id))
    except NotFound:
        raise Http404 from None
