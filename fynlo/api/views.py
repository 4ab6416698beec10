"""The base of every view of the API: who acts, what may be asked, and what came in."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.cache import patch_vary_headers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from fynlo.api.fields import StrictSerializer
from fynlo.api.parsers import read_body
from fynlo.api.permissions import UNDECLARED
from fynlo.api.query import read_query
from fynlo.api.strict_json import refused_body
from fynlo.core.actors import Actor
from fynlo.core.errors import NotAuthenticated
from fynlo.core.tenancy import current_tenant, is_platform
from fynlo.observability import context


class ApiView(APIView):
    """A view that declares who may use it and which query parameters it knows.

    - `permission`: the permission every method needs; None means that being signed in is enough.
    - `permissions`: the same by method, `{"GET": "orders.read", "POST": "orders.place"}`.
    - `public`: True for the few views that answer without a credential.
    - `query_parameters`: the names it knows; others are refused.
    - `allowed_when_read_only`: whether a merchant who may only read can still do this (closing a drawer).
    """

    permission: ClassVar[str | None] = UNDECLARED
    permissions: ClassVar[Mapping[str, str | None]] = {}
    public: ClassVar[bool] = False
    query_parameters: ClassVar[frozenset[str]] = frozenset()
    allowed_when_read_only: ClassVar[bool] = False

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    metadata_class = None

    @property
    def actor(self) -> Actor:
        """Who makes the request; raises `NotAuthenticated` on a public view without a credential."""
        if not isinstance(self.request.auth, Actor):
            raise NotAuthenticated
        return self.request.auth

    def body(self, serializer_class: type[StrictSerializer]) -> Any:
        """The validated draft of the request's body, as `serializer_class.to_draft` makes it.

        The serializer's context holds `currency` (the merchant's) and `actor`. Raises `InvalidJson`,
        `UnsupportedMediaType` or a validation error, all of them with pointers.
        """
        if not read_body(self.request):
            raise refused_body("empty_body", "The body is empty; a JSON document is expected.")
        serializer = serializer_class.reading(data=self.request.data, context=self._serializer_context())
        serializer.is_valid(raise_exception=True)
        draft = serializer.to_draft()
        serializer.put_back()
        return draft

    @property
    def query(self) -> dict[str, str]:
        """The query parameters by name, checked before the view ran."""
        return self._query

    def get_authenticators(self) -> list[BaseAuthentication]:
        """None on a public view: a credential is not even looked at there."""
        return [] if self.public else super().get_authenticators()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, ask for the permission, then look at the query parameters."""
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, Actor):
            context.bind(actor=f"{request.auth.kind}:{request.auth.id}")
        self._query = read_query(request, self.query_parameters)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Answers are for one caller: no cache between may keep them (trap 37)."""
        done = super().finalize_response(request, response, *args, **kwargs)
        if not done.has_header("Cache-Control"):
            done["Cache-Control"] = "no-store"
        if not self.public:
            patch_vary_headers(done, ["Authorization", "Staff-Session"])
        return done

    def _serializer_context(self) -> dict[str, Any]:
        values: dict[str, Any] = {"view": self}
        if isinstance(self.request.auth, Actor):
            values["actor"] = self.request.auth
        if not is_platform():
            values["currency"] = current_tenant().currency
        return values
