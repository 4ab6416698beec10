"""A signature as an HTTP answer: a picture that can do nothing, is kept by nobody, and is found by nobody."""

from django.http import HttpResponse

from payments.gateways.models import AttemptSignature
from payments.gateways.signatures import MEDIA_TYPE


def signature_page(row: AttemptSignature) -> HttpResponse:
    """The picture itself."""
    made = HttpResponse(bytes(row.content), content_type=MEDIA_TYPE)
    made["Content-Disposition"] = 'inline; filename="signature.png"'
    made["Cache-Control"] = "private, no-store"
    made["X-Content-Type-Options"] = "nosniff"
    made["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    made["Content-Security-Policy"] = "default-src 'none'; sandbox"
    made["Cross-Origin-Resource-Policy"] = "same-origin"
    return made
