"""The page at the platform's own address."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    """Says what this is."""
    del request
    return HttpResponse("Fynlo\n", content_type="text/plain; charset=utf-8")
