"""A lost database or message store outside the API (admin, tenant look-up) is a 503 as well, and passes."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from fynlo.api.problems import page_or_problem, translate

Handler = Callable[[HttpRequest], HttpResponse]


class OutageMiddleware:
    """Answers what Django views raise when something they need is away: 503 with `Retry-After`.

    The lost connection is dropped on the way, so the next request makes a new one. Exceptions of other
    middleware do not come by here; Django hands those to `handler500`, which answers the same.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The 503 page or problem document; None for every other failure."""
        if translate(exception).status == HTTPStatus.SERVICE_UNAVAILABLE:
            return page_or_problem(exception, request)
        return None
