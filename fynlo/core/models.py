"""Abstract models of every tenant table: UUIDv7 keys, and rows that know which schema they came from."""

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn, Self

from django.db import models

from fynlo.core.ids import new_id
from fynlo.core.tenancy import TenantContextMissing, WrongTenant, current_schema


class HistoryIsAppendOnly(RuntimeError):
    """A row of a history table was about to be changed or deleted. Corrections are new rows."""


class TenantQuerySet(models.QuerySet[Any]):
    """A queryset bound to the schema it was made in; evaluated in another one it raises (trap 5).

    One made while nowhere (at import, by the admin) is bound by its first clone inside a tenant.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._schema = current_schema()

    @property
    def db(self) -> str:
        """The alias to use; every evaluation asks for it, so this is where the schema is compared."""
        self._check_schema()
        return super().db

    def __getitem__(self, key: Any) -> Any:
        """A row or a slice; rows that were read before are guarded like new ones."""
        if self._result_cache is not None:
            self._check_schema()
        return super().__getitem__(key)

    def _fetch_all(self) -> None:
        self._check_schema()
        super()._fetch_all()  # type: ignore[misc]

    def _check_schema(self) -> None:
        here = current_schema()
        if self._schema is not None and here != self._schema:
            if here is None:
                raise TenantContextMissing(
                    f"a {self.model.__name__} queryset of {self._schema} was evaluated after its context ended"
                )
            raise WrongTenant(
                f"a {self.model.__name__} queryset of {self._schema} was evaluated inside {here}"
            )

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._schema = self._schema or current_schema()
        return clone

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Insert many rows of this schema."""
        rows = list(objs)
        for row in rows:
            row.check_schema()
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> int:
        """Update many rows of this schema."""
        rows = list(objs)
        for row in rows:
            row.check_schema()
        return super().bulk_update(rows, *args, **kwargs)


class TenantModel(models.Model):
    """A row of one tenant. It remembers its schema and refuses to be saved or deleted in another (trap 4)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    objects: ClassVar[models.Manager[Any]] = TenantQuerySet.as_manager()

    history: ClassVar[bool] = False
    own_key: ClassVar[str] = ""
    """Why this table's key is no UUIDv7, where it is not."""

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._schema = current_schema()

    def check_schema(self) -> None:
        """Raise `WrongTenant` when the connection is in another schema than this row came from."""
        here = current_schema()
        if self._schema is None:
            self._schema = here
        elif here is not None and here != self._schema:
            raise WrongTenant(f"a {type(self).__name__} of {self._schema} was used inside {here}")

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Django's lowest save; guarded so that fixtures and admin pass through the check as well."""
        self.check_schema()
        super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row from its own schema."""
        self.check_schema()
        return super().delete(*args, **kwargs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row again, from its own schema only."""
        self.check_schema()
        super().refresh_from_db(*args, **kwargs)


class HistoryQuerySet(TenantQuerySet):
    """A queryset of facts: reads and inserts only."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise HistoryIsAppendOnly(f"{self.model.__name__} rows are never changed")

    def delete(self) -> NoReturn:
        """Refused."""
        raise HistoryIsAppendOnly(f"{self.model.__name__} rows are never deleted")

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        del objs, args, kwargs
        raise HistoryIsAppendOnly(f"{self.model.__name__} rows are never changed")

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Insert many facts; an upsert would be a change and is refused."""
        if kwargs.get("update_conflicts"):
            raise HistoryIsAppendOnly(f"{self.model.__name__} rows are never changed")
        return super().bulk_create(objs, *args, **kwargs)


class HistoryModel(TenantModel):
    """A fact: inserted once, corrected by another fact.

    This class refuses first and kindly; a trigger and missing rights of the run-time role refuse whoever
    comes past it (`fynlo.core.history`).
    """

    objects: ClassVar[models.Manager[Any]] = HistoryQuerySet.as_manager()

    history: ClassVar[bool] = True

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Insert the fact; saving it again is refused."""
        if not self._state.adding:
            raise HistoryIsAppendOnly(f"{type(self).__name__} rows are never changed")
        kwargs["force_insert"] = kwargs.get("force_insert") or True
        super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        del args, kwargs
        raise HistoryIsAppendOnly(f"{type(self).__name__} rows are never deleted")
