"""Gift cards and store credit: what a sale needs to know, lists, statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from fynlo.core.errors import NotFound
from payments.credit.kinds import LIABILITY_KEYS, OPEN
from payments.credit.models import StoredValue, ValueActivity, ValueImport, ValueReservation


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueTerms:
    """A card or a credit, as a sale needs to know it. `is_new`: nobody has heard of it, and a fact needs it."""

    id: UUID
    kind: str
    shown: str
    digest: str
    has_pin: bool = False
    state: str = ""
    is_new: bool = False

    @property
    def posting_key(self) -> str:
        """What the merchant owes for it."""
        return LIABILITY_KEYS[self.kind]


def value_terms(*, ids: Iterable[UUID] = (), digests: Iterable[str] = ()) -> list[ValueTerms]:
    """The cards with these keys or these codes, in one statement; unknown ones are missing."""
    rows = StoredValue.objects.filter(Q(pk__in=set(ids)) | Q(code_digest__in=set(digests))).order_by("id")
    return [
        ValueTerms(id=key, kind=kind, shown=shown, digest=digest, has_pin=bool(pin), state=state)
        for key, kind, shown, digest, pin, state in rows.values_list(
            "id", "kind", "shown", "code_digest", "pin_hash", "state"
        )
    ]


def stored_values() -> QuerySet[StoredValue, StoredValue]:
    """All of them, for lists."""
    return StoredValue.objects.order_by("id")


def stored_value(*, account_id: UUID) -> StoredValue:
    """One of them. Raises `NotFound`."""
    found: StoredValue | None = StoredValue.objects.filter(pk=account_id).first()
    if found is None:
        raise NotFound("There is no such gift card.")
    return found


def activities_of(*, account_id: UUID) -> QuerySet[ValueActivity, ValueActivity]:
    """Everything that happened to it, for lists."""
    return ValueActivity.objects.filter(account_id=account_id).order_by("id")


def reservations_of(*, account_id: UUID) -> QuerySet[ValueReservation, ValueReservation]:
    """What is kept of it for tills now."""
    return ValueReservation.objects.filter(account_id=account_id, state=OPEN).order_by("id")


def value_imports() -> QuerySet[ValueImport, ValueImport]:
    """What was taken over from earlier systems, for lists."""
    return ValueImport.objects.order_by("id")
