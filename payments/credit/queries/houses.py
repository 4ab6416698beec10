"""House accounts: their terms for a sale, and for lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from fynlo.core.errors import NotFound
from payments.credit.models import HouseAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseTerms:
    """A house account, as a sale needs to know it."""

    id: UUID
    code: str
    name: str
    is_active: bool


def house_terms(*, account_ids: Iterable[UUID]) -> dict[UUID, HouseTerms]:
    """The house accounts with these keys, in one statement; unknown ones are missing."""
    rows = HouseAccount.objects.filter(pk__in=set(account_ids)).order_by("id")
    return {
        key: HouseTerms(id=key, code=code, name=name, is_active=is_active)
        for key, code, name, is_active in rows.values_list("id", "code", "name", "is_active")
    }


def house_accounts() -> QuerySet[HouseAccount, HouseAccount]:
    """All of them, for lists."""
    return HouseAccount.objects.order_by("id")


def house_account(*, account_id: UUID) -> HouseAccount:
    """One of them. Raises `NotFound`."""
    found: HouseAccount | None = HouseAccount.objects.filter(pk=account_id).first()
    if found is None:
        raise NotFound("There is no such house account.")
    return found
