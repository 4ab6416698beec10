"""Many prices in one go: all of them, or none when somebody else changed one meanwhile."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.catalog.documents.reading import read_documents
from pos.catalog.errors import PricesChangedSince
from pos.catalog.models import Variant
from pos.catalog.services.documents import apply_documents
from pos.catalog.services.publishing import publish
from pos.catalog.services.writing import write


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """The list price of a variant as the caller saw it, and as it shall be; minor units."""

    before_minor: int
    after_minor: int


def set_prices(*, prices: Mapping[UUID, PriceChange], actor: Actor, at: dt.datetime) -> int:
    """Give variants their new list prices, as one version of the price book; returns how many changed.

    Raises `PricesChangedSince` with a problem at `/<variant id>` for each whose price is not what the caller saw
    (or that is gone), `DocumentsRefused` for a price that cannot be, and `Forbidden` without `catalog.write`.
    """
    wanted = {key: price for key, price in prices.items() if price.before_minor != price.after_minor}

    def change() -> int:
        owners = dict(Variant.objects.filter(pk__in=wanted).values_list("pk", "item_id"))
        found = read_documents(kind="item", ids=set(owners.values()))
        variants = {variant["id"]: variant for item in found.values() for variant in item["variants"]}
        _refuse_changed(wanted, variants)
        for key, price in wanted.items():
            variants[str(key)]["price_minor"] = price.after_minor
        documents: list[tuple[str, Any]] = [("item", found[key]) for key in sorted(found)]
        touched = apply_documents(documents=documents)
        publish(touched=touched, cause="prices changed", by=actor.id, at=at)
        return len(wanted)

    return write(actor, change)


def _refuse_changed(wanted: Mapping[UUID, PriceChange], variants: Mapping[str, dict[str, Any]]) -> None:
    currency = current_tenant().currency
    problems = []
    for key, price in wanted.items():
        there = variants.get(str(key))
        if there is None:
            problems.append(FieldProblem(f"/{key}", "gone", "This variant is not there any more."))
        elif there["price_minor"] != price.before_minor:
            now = format_money(Money(there["price_minor"], currency))
            detail = f"Somebody else made it {now} meanwhile."
            problems.append(FieldProblem(f"/{key}", "changed_since", detail))
    if problems:
        raise PricesChangedSince(
            f"{len(problems)} of these prices changed since the page was opened; nothing was saved.",
            errors=problems,
        )
