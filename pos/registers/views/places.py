"""Locations, registers and drawers over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.etags import answer_tagged, etag, require_match
from fynlo.api.fields import StrictSerializer
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import identifier
from fynlo.api.renderers import dumps
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from fynlo.core.tenancy import current_tenant
from pos.registers import queries
from pos.registers.denominations import denominations
from pos.registers.places import CONFIGURE, save_location, save_register
from pos.registers.policy import drawer_policy
from pos.registers.serializers import (
    DenominationsOutput,
    DrawerInput,
    DrawerOutput,
    LocationInput,
    LocationOutput,
    RegisterInput,
    RegisterOutput,
)
from pos.registers.services.drawers import save_drawer


class _OneView(ApiView):
    """One thing that is set up: read under an `ETag`, made or changed by a PUT."""

    permissions: ClassVar = {"GET": "registers.read", "PUT": CONFIGURE}
    shape: ClassVar[type[serializers.Serializer[Any]]]
    stated: ClassVar[type[StrictSerializer]]
    save: ClassVar[Callable[..., str]]
    rows: ClassVar[Callable[[], QuerySet[Any]]]

    def answered(self, request: Request, key: UUID) -> HttpResponse:
        """The thing under an `ETag` of its content."""
        document = self._document(key)
        if document is None:
            raise NotFound
        return answer_tagged(request, tag=self._tag(document), build=lambda: document)

    def saved(self, request: Request, key: UUID) -> HttpResponse:
        """Make it, or bring it to what is said; one that is there needs the `ETag` it was read under."""
        draft = replace(self.body(self.stated), id=key)
        before = self._document(key)
        if before is not None:
            require_match(request, current=self._tag(before))
        outcome = type(self).save(draft=draft, actor=self.actor, at=clock.now())
        document = self._document(key)
        status = 201 if outcome == "created" else 200
        return Response(document, status=status, headers={"ETag": self._tag(document)})

    def _document(self, key: UUID) -> dict[str, Any] | None:
        row: Model | None = type(self).rows().filter(pk=key).first()
        return None if row is None else dict(self.shape(row).data)

    def _tag(self, document: Any) -> str:
        return etag(self.shape.__name__, dumps(document))


class LocationsView(ApiView):
    """The merchant's locations."""

    permission: ClassVar[str | None] = "registers.read"
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("LocationPage", LocationOutput))
    def get(self, request: Request) -> Response:
        """The locations."""
        return Response(paginate(queries.locations(), request, LocationOutput))


class LocationView(_OneView):
    """One location, with its hours and tax address."""

    shape = LocationOutput
    stated = LocationInput
    save = staticmethod(save_location)
    rows = staticmethod(queries.locations)

    @extend_schema(responses=LocationOutput)
    def get(self, request: Request, location_id: UUID) -> HttpResponse:
        """The location, under an `ETag` of its content."""
        return self.answered(request, location_id)

    @extend_schema(request=LocationInput, responses={200: LocationOutput, 201: LocationOutput})
    def put(self, request: Request, location_id: UUID) -> HttpResponse:
        """Make the location, or change it; one that is there needs `If-Match`."""
        return self.saved(request, location_id)


class RegistersView(ApiView):
    """The merchant's registers."""

    permission: ClassVar[str | None] = "registers.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"location_id"}

    @extend_schema(responses=page_of("RegisterPage", RegisterOutput))
    def get(self, request: Request) -> Response:
        """The registers, with their locations and drawers."""
        found = queries.registers(location_id=identifier(self.query, "location_id"))
        return Response(paginate(found, request, RegisterOutput))


class RegisterView(_OneView):
    """One register, with its drawer."""

    shape = RegisterOutput
    stated = RegisterInput
    save = staticmethod(save_register)
    rows = staticmethod(queries.registers)

    @extend_schema(responses=RegisterOutput)
    def get(self, request: Request, register_id: UUID) -> HttpResponse:
        """The register, under an `ETag` of its content."""
        return self.answered(request, register_id)

    @extend_schema(request=RegisterInput, responses={200: RegisterOutput, 201: RegisterOutput})
    def put(self, request: Request, register_id: UUID) -> HttpResponse:
        """Make the register, or change it; one that is there needs `If-Match`."""
        return self.saved(request, register_id)


class DrawersView(ApiView):
    """The merchant's drawers."""

    permission: ClassVar[str | None] = "registers.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"location_id"}

    @extend_schema(responses=page_of("DrawerPage", DrawerOutput))
    def get(self, request: Request) -> Response:
        """The drawers, with their locations."""
        found = queries.drawers(location_id=identifier(self.query, "location_id"))
        return Response(paginate(found, request, DrawerOutput))


class DrawerView(_OneView):
    """One drawer."""

    shape = DrawerOutput
    stated = DrawerInput
    save = staticmethod(save_drawer)
    rows = staticmethod(queries.drawers)

    @extend_schema(responses=DrawerOutput)
    def get(self, request: Request, drawer_id: UUID) -> HttpResponse:
        """The drawer, under an `ETag` of its content."""
        return self.answered(request, drawer_id)

    @extend_schema(request=DrawerInput, responses={200: DrawerOutput, 201: DrawerOutput})
    def put(self, request: Request, drawer_id: UUID) -> HttpResponse:
        """Make the drawer, or change it; one that is there needs `If-Match`."""
        return self.saved(request, drawer_id)


class DenominationsView(ApiView):
    """Coins and notes."""

    permission: ClassVar[str | None] = "registers.read"

    @extend_schema(responses=DenominationsOutput)
    def get(self, request: Request) -> Response:
        """The coins and notes that drawers are counted by."""
        del request
        currency = current_tenant().currency
        known = denominations(currency=currency, stated=drawer_policy().denominations)
        return Response({"currency": currency, "values_minor": list(known)})
