"""Finding what is sold: by typing, by scanning, and trying a barcode pattern before it is used."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.errors import InvalidQuery
from fynlo.api.fields import DateField, IdField, MoneyField, QuantityField, StrictSerializer, TextField
from fynlo.api.query import choice, integer
from fynlo.api.views import ApiView
from fynlo.core.errors import FieldProblem
from fynlo.core.tenancy import current_tenant
from pos.catalog.barcode_patterns import PatternInvalid, compile_pattern
from pos.catalog.errors import DraftInvalid
from pos.catalog.gs1 import MAX_LENGTH
from pos.catalog.queries.scans import Scan, read_scan, try_pattern
from pos.catalog.queries.search import SearchHit, search_variants
from pos.catalog.searching import MAX_QUERY
from pos.catalog.wall_clock import wall_clock

MAX_SAMPLES: Final = 50
_SEPARATOR, _SHOWN_SEPARATOR = "\x1d", "␝"


class CodeField(TextField):
    """A code as a scanner sends it: printable, except for GS1's separator (U+001D, or U+241D where it is shown)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_LENGTH, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """The code, with separators as scanners send them."""
        shown = data.replace(_SEPARATOR, _SHOWN_SEPARATOR)
        return super().to_internal_value(shown).replace(_SHOWN_SEPARATOR, _SEPARATOR)


class ScanInput(StrictSerializer):
    """What a scanner read."""

    code = CodeField()

    def to_draft(self) -> str:
        """The code."""
        return str(self.validated_data["code"])


class PatternTrialInput(StrictSerializer):
    """A pattern that is not saved yet, and codes to try it on."""

    pattern = TextField(max_length=80)
    codes = serializers.ListField(child=CodeField(), min_length=1, max_length=MAX_SAMPLES)

    def to_draft(self) -> tuple[str, list[str]]:
        """The pattern and the codes."""
        return self.validated_data["pattern"], self.validated_data["codes"]


class SearchHitOutput(serializers.Serializer[Any]):
    """A variant that was found."""

    variant_id = IdField()
    item_id = IdField()
    name = serializers.CharField(help_text="Item and variant: `Espresso, double`.")
    item_name = serializers.CharField()
    variant_name = serializers.CharField()
    sku = serializers.CharField()
    unit = serializers.CharField()
    price = MoneyField(help_text="The list price now, per unit.")
    category_id = IdField()
    is_active = serializers.BooleanField()
    found_by = serializers.ChoiceField(choices=["barcode", "sku", "name", "similar"])


class SearchOutput(serializers.Serializer[Any]):
    """What was found, the surest first."""

    items = SearchHitOutput(many=True)


class ScannedVariantOutput(serializers.Serializer[Any]):
    """The variant a code means."""

    variant_id = IdField()
    item_id = IdField()
    name = serializers.CharField()
    sku = serializers.CharField()
    unit = serializers.CharField()
    price = MoneyField()
    is_active = serializers.BooleanField()


class ScanOutput(serializers.Serializer[Any]):
    """A code, read. `quantity` is in the variant's unit; `amount` is the price printed on the label."""

    code = serializers.CharField()
    read_by = serializers.ChoiceField(choices=["barcode", "gs1", "pattern", ""])
    pattern = serializers.CharField(help_text="The name of the pattern that fits, else empty.")
    article = serializers.CharField()
    variant = ScannedVariantOutput(allow_null=True)
    quantity = QuantityField(allow_null=True)
    amount = MoneyField(allow_null=True)
    lot = serializers.CharField()
    serial = serializers.CharField()
    use_by = DateField(allow_null=True)
    best_before = DateField(allow_null=True)
    problem = serializers.CharField(help_text="Why it cannot be sold as it stands, else empty.")


class PatternTrialOutput(serializers.Serializer[Any]):
    """What the pattern makes of each code, in the order given."""

    items = ScanOutput(many=True)


class CatalogSearchView(ApiView):
    """Search while typing."""

    permission: ClassVar[str | None] = "catalog.read"
    query_parameters: ClassVar = frozenset({"q", "limit", "active"})

    @extend_schema(
        responses=SearchOutput,
        parameters=[OpenApiParameter("q", OpenApiTypes.STR, required=True), OpenApiParameter("limit", int)],
    )
    def get(self, request: Request) -> Response:
        """Variants by name, SKU or barcode, also with typing errors; the surest first.

        `limit` is 1 to 50 (20); with `active=true` only what is sold. At most six statements, whatever the size.
        """
        del request
        text = self.query.get("q", "").strip()
        if not text or len(text) > MAX_QUERY:
            raise InvalidQuery.of("q", "invalid", f"1 to {MAX_QUERY} characters to look for are expected.")
        hits = search_variants(
            text=text,
            at=wall_clock(),
            limit=integer(self.query, "limit", default=20, minimum=1, maximum=50),
            only_active=choice(self.query, "active", known=("true",)) is not None,
        )
        currency = current_tenant().currency
        return Response({"items": [_hit(hit, currency) for hit in hits]})


class ScansView(ApiView):
    """What a scanned code means. Saves nothing, so it needs no idempotency key."""

    permission: ClassVar[str | None] = "catalog.read"
    allowed_when_read_only: ClassVar[bool] = True  # it only looks

    @extend_schema(request=ScanInput, responses=ScanOutput)
    def post(self, request: Request) -> Response:
        """Read a code: a barcode of the catalogue, GS1 element strings, or one of the merchant's patterns.

        An unknown code is an answer too: `variant` is null and `problem` says why.
        """
        del request
        currency = current_tenant().currency
        return Response(
            _scan(read_scan(code=self.body(ScanInput), currency=currency, at=wall_clock()), currency)
        )


class PatternTrialView(ApiView):
    """Trying a barcode pattern on sample codes before it is saved."""

    permission: ClassVar[str | None] = "catalog.read"
    allowed_when_read_only: ClassVar[bool] = True  # it only looks

    @extend_schema(request=PatternTrialInput, responses=PatternTrialOutput)
    def post(self, request: Request) -> Response:
        """What the pattern makes of up to 50 codes."""
        del request
        pattern, codes = self.body(PatternTrialInput)
        try:
            compiled = compile_pattern(pattern)
        except PatternInvalid as error:
            detail = f"The pattern cannot be used: {error}."
            raise DraftInvalid(detail, errors=[FieldProblem("/pattern", "pattern", detail)]) from error
        currency = current_tenant().currency
        scans: Sequence[Scan] = try_pattern(pattern=compiled, codes=codes, currency=currency, at=wall_clock())
        return Response({"items": [_scan(scan, currency) for scan in scans]})


def _hit(hit: SearchHit, currency: str) -> dict[str, Any]:
    return {
        "variant_id": str(hit.variant_id),
        "item_id": str(hit.item_id),
        "name": _name(hit.item_name, hit.variant_name),
        "item_name": hit.item_name,
        "variant_name": hit.variant_name,
        "sku": hit.sku,
        "unit": hit.unit,
        "price": _money(hit.price_minor, currency),
        "category_id": str(hit.category_id),
        "is_active": hit.is_active,
        "found_by": hit.found_by,
    }


def _scan(scan: Scan, currency: str) -> dict[str, Any]:
    variant = scan.variant
    return {
        "code": scan.code,
        "read_by": scan.read_by,
        "pattern": scan.pattern,
        "article": scan.article,
        "variant": None
        if variant is None
        else {
            "variant_id": str(variant.variant_id),
            "item_id": str(variant.item_id),
            "name": _name(variant.item_name, variant.variant_name),
            "sku": variant.sku,
            "unit": variant.unit,
            "price": _money(variant.price_minor, currency),
            "is_active": variant.is_active,
        },
        "quantity": None if scan.quantity is None else f"{scan.quantity.normalize():f}",
        "amount": None if scan.amount_minor is None else _money(scan.amount_minor, currency),
        "lot": scan.lot,
        "serial": scan.serial,
        "use_by": None if scan.use_by is None else scan.use_by.isoformat(),
        "best_before": None if scan.best_before is None else scan.best_before.isoformat(),
        "problem": scan.problem,
    }


def _name(item_name: str, variant_name: str) -> str:
    return f"{item_name}, {variant_name}" if variant_name else item_name


def _money(minor: int, currency: str) -> dict[str, Any]:
    return {"amount_minor": minor, "currency": currency}
