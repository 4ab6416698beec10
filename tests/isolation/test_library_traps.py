"""Traps 3–8 of the tenancy library, each with a twin that takes the guard out and shows what then happens.

A test that passes with and without its guard proves nothing; the twins are what makes these tests worth
having.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django_tenants.utils import schema_context

from fynlo.core import content_types
from fynlo.core.ids import new_id
from fynlo.core.models import TenantQuerySet
from fynlo.core.tenancy import (
    TenantContextMissing,
    WrongTenant,
    current_schema,
    leave,
    run_in_tenant,
    tenant_context,
)
from pos.models import Order, TaxClass
from staff.models import Role


def tax_class(code: str, name: str, *, pk: Any = None) -> TaxClass:
    """A tax class saved where the connection is."""
    row = TaxClass(code=code, name=name, rate="0.19", **({"id": pk} if pk else {}))
    row.save()
    return row


# --- 3: the content type cache is shared by threads ----------


@pytest.fixture
def shifted_content_types(cafe: Any, grocer: Any, as_owner: None) -> Iterator[dict[str, int]]:
    """Give the grocer's content types other ids than the café's, as schemas with other histories have.

    What other tests of this process looked up is forgotten before, and the shifted ids are afterwards.
    """
    content_types.install()
    with tenant_context(grocer), connection.cursor() as cursor:
        cursor.execute("DELETE FROM auth_permission")
        cursor.execute("UPDATE django_content_type SET id = id + 1000")
    ids = {}
    for tenant in (cafe, grocer):
        with tenant_context(tenant), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM django_content_type WHERE app_label = 'pos' AND model = 'order'")
            ids[tenant.schema_name] = cursor.fetchone()[0]
    yield ids
    content_types.install()


def _ids_seen_by_turns(tenants: list[Any]) -> dict[str, set[int]]:
    """Two threads ask for the content type of an order in turns, each in its own tenant."""
    turns = threading.Barrier(len(tenants))
    seen: dict[str, set[int]] = {tenant.schema_name: set() for tenant in tenants}

    def ask(tenant: Any) -> None:
        for _round in range(20):
            with tenant_context(tenant):
                turns.wait()
                seen[tenant.schema_name].add(ContentType.objects.get_for_model(Order).pk)
        connection.close()

    with ThreadPoolExecutor(len(tenants)) as pool:
        list(pool.map(ask, tenants))
    return seen


@pytest.mark.django_db(transaction=True)
def test_content_types_of_two_tenants_do_not_mix_in_threads(
    shifted_content_types: dict[str, int], cafe: Any, grocer: Any
) -> None:
    expected = {schema: {pk} for schema, pk in shifted_content_types.items()}
    assert _ids_seen_by_turns([cafe, grocer]) == expected


@pytest.mark.django_db(transaction=True)
def test_twin_one_cache_for_all_threads_hands_out_another_tenants_content_type(
    shifted_content_types: dict[str, int], cafe: Any, grocer: Any
) -> None:
    class OneForAll(dict[Any, Any]):
        """Django's own cache, without the library's clearing at every change of tenant."""

        def clear(self) -> None: ...

    ContentType.objects._cache = OneForAll()
    try:
        seen = _ids_seen_by_turns([cafe, grocer])
    finally:
        content_types.install()
    expected = {schema: {pk} for schema, pk in shifted_content_types.items()}
    assert seen != expected


# --- 4: an instance loaded in one tenant is saved in another ----------


@pytest.fixture
def same_key_in_both(cafe: Any, grocer: Any) -> Any:
    """One tax class with the same primary key in both tenants."""
    key = new_id()
    with tenant_context(cafe):
        tax_class("standard", "Regelsteuersatz", pk=key)
    with tenant_context(grocer):
        tax_class("standard", "Standard rate", pk=key)
    return key


def _name_at(tenant: Any, key: Any) -> str:
    with tenant_context(tenant):
        return str(TaxClass.objects.get(pk=key).name)


def test_an_instance_of_one_tenant_is_not_saved_in_another(
    cafe: Any, grocer: Any, same_key_in_both: Any
) -> None:
    with tenant_context(cafe):
        row = TaxClass.objects.get(pk=same_key_in_both)
    row.name = "overwritten"
    with tenant_context(grocer):
        for refused in (row.save, row.delete, row.refresh_from_db):
            with pytest.raises(WrongTenant):
                refused()
        with pytest.raises(WrongTenant):
            TaxClass.objects.bulk_update([row], ["name"])
        with pytest.raises(WrongTenant):
            TaxClass.objects.bulk_create([row], ignore_conflicts=True)
    assert _name_at(grocer, same_key_in_both) == "Standard rate"


def test_twin_djangos_own_save_overwrites_the_other_tenants_row(
    cafe: Any, grocer: Any, same_key_in_both: Any
) -> None:
    with tenant_context(cafe):
        row = TaxClass.objects.get(pk=same_key_in_both)
    row.name = "overwritten"
    with tenant_context(grocer):
        models.Model.save_base(row, force_update=True)
    assert _name_at(grocer, same_key_in_both) == "overwritten"


# --- 5: a lazy queryset is evaluated after its context ended ----------


def test_a_queryset_is_evaluated_only_where_it_was_made(cafe: Any, grocer: Any) -> None:
    with tenant_context(cafe):
        made_in_cafe = Role.objects.order_by("code")
    with pytest.raises(TenantContextMissing):
        list(made_in_cafe)
    with tenant_context(grocer):
        for evaluate in (list, len, bool):
            with pytest.raises(WrongTenant):
                evaluate(made_in_cafe.all())
        for ask in ("count", "exists", "first", "delete"):
            with pytest.raises(WrongTenant):
                getattr(made_in_cafe.all(), ask)()
        with pytest.raises(WrongTenant):
            made_in_cafe.update(name="x")
        with pytest.raises(WrongTenant):
            list(made_in_cafe.values_list("code").iterator())


def test_twin_a_plain_queryset_reads_the_other_tenants_rows(cafe: Any, grocer: Any) -> None:
    for tenant, name in ((cafe, "Café"), (grocer, "Grocer")):
        with tenant_context(tenant):
            Role.objects.create(code="only", name=name)
    with tenant_context(cafe):
        unguarded = models.QuerySet(Role).filter(code="only")
    with tenant_context(grocer):
        assert [role.name for role in unguarded] == ["Grocer"]


def test_rows_that_were_read_in_one_tenant_are_not_handed_out_in_another(cafe: Any, grocer: Any) -> None:
    with tenant_context(cafe):
        Role.objects.create(code="only", name="Café")
        read = Role.objects.filter(code="only")
        assert [role.name for role in read] == ["Café"]
    with tenant_context(grocer):
        for look in (list, len, bool, lambda found: found[0]):
            with pytest.raises(WrongTenant):
                look(read)
    with pytest.raises(TenantContextMissing):
        list(read)


def test_a_queryset_made_nowhere_is_bound_by_its_first_use(cafe: Any, grocer: Any) -> None:
    made_at_import = TenantQuerySet(Role).filter(code="only")
    with tenant_context(cafe):
        bound = made_at_import.all()
        assert list(bound) == []
    with tenant_context(grocer), pytest.raises(WrongTenant):
        bound.all().count()


# --- 6: a new thread starts somewhere ----------


def _in_thread(function: Callable[[], Any]) -> Any:
    def closing() -> Any:
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(closing).result()


def test_a_new_thread_is_nowhere_and_its_query_raises(in_cafe: Any) -> None:
    assert _in_thread(current_schema) is None
    with pytest.raises(TenantContextMissing):
        _in_thread(Role.objects.model.objects.count)


@pytest.mark.django_db(transaction=True)
def test_work_is_handed_to_a_thread_with_its_tenant(cafe: Any) -> None:
    def where() -> str | None:
        return current_schema()

    assert _in_thread(lambda: (run_in_tenant(cafe, where), current_schema())) == ("t_cafe", None)


@pytest.mark.django_db(transaction=True)
def test_twin_the_librarys_own_connection_starts_in_public() -> None:
    """Without the guard a new thread would look into the platform's tables and say nothing."""
    from django_tenants.postgresql_backend.base import DatabaseWrapper

    unguarded = DatabaseWrapper(dict(connection.settings_dict), alias="unguarded")
    try:
        with unguarded.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            assert cursor.fetchone() == ("public",)
    finally:
        unguarded.close()


# --- 7: consumers share a thread ----------


async def _two_consumers_by_turns(enter: Callable[[Any], Any], cafe: Any, grocer: Any) -> list[str | None]:
    """The café's consumer enters its tenant, the grocer's enters its own, then the café's asks where it is."""
    await database_sync_to_async(enter)(cafe)
    await database_sync_to_async(enter)(grocer)
    found = [await database_sync_to_async(current_schema)()]
    await database_sync_to_async(leave)()  # the thread is shared with every other test
    return found


@pytest.mark.django_db(transaction=True)
def test_a_consumers_call_leaves_the_shared_thread_nowhere(cafe: Any, grocer: Any) -> None:
    def enter(tenant: Any) -> None:
        run_in_tenant(tenant, Role.objects.model.objects.count)

    assert asyncio.run(_two_consumers_by_turns(enter, cafe, grocer)) == [None]


@pytest.mark.django_db(transaction=True)
def test_twin_a_bare_switch_in_a_consumer_is_inherited_by_the_next_one(cafe: Any, grocer: Any) -> None:
    def enter(tenant: Any) -> None:
        connection.set_tenant(tenant)

    assert asyncio.run(_two_consumers_by_turns(enter, cafe, grocer)) == ["t_grocer"]


# --- 8: a decorated function recurses ----------


def _walk(tenant: Any, enter: Callable[[Any], Any], other: Any, depth: int = 1) -> str | None:
    """Enter `tenant`, go one level deeper into `other`, come back, and say where the connection is."""
    with enter(tenant):
        if depth:
            _walk(other, enter, tenant, depth - 1)
        return current_schema()


def test_nested_contexts_give_back_the_place_they_found(cafe: Any, grocer: Any) -> None:
    with tenant_context(cafe):
        assert _walk(grocer, tenant_context, cafe) == "t_grocer"
        assert current_schema() == "t_cafe"
    assert current_schema() is None


def test_a_context_is_entered_once_and_is_no_decorator(cafe: Any) -> None:
    context = tenant_context(cafe)
    with context:
        pass
    with pytest.raises(RuntimeError, match="entered once"), context:
        pass
    assert not callable(context)


def test_twin_the_librarys_decorator_loses_the_callers_place_in_a_recursion(cafe: Any, grocer: Any) -> None:
    @schema_context("t_grocer")
    def count_down(depth: int) -> None:
        if depth:
            count_down(depth - 1)

    with tenant_context(cafe):
        count_down(1)
        assert current_schema() == "t_grocer"
    leave()


# --- 12: an exception on the way out ----------


def test_a_context_left_by_an_exception_gives_back_the_place(cafe: Any) -> None:
    with pytest.raises(ZeroDivisionError), tenant_context(cafe):
        raise ZeroDivisionError
    assert current_schema() is None
