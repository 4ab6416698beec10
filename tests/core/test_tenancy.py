"""The guard: nowhere raises, the search path has no public, and keys carry their tenant."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from fynlo.core.tenancy import (
    TenantContextMissing,
    current_schema,
    current_tenant,
    is_platform,
    leave,
    platform_context,
    registry,
    tenant_context,
    tenant_key,
)
from staff.models import Role


@pytest.mark.django_db
def test_a_query_nowhere_raises() -> None:
    with pytest.raises(TenantContextMissing):
        Role.objects.model.objects.count()
    with pytest.raises(TenantContextMissing), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_a_tenants_search_path_has_no_public(in_cafe: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == ("t_cafe, extensions",)


def test_the_platforms_search_path_has_no_tenant(db: None) -> None:
    with platform_context(), connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == ("public, extensions",)
        assert is_platform()


def test_a_missing_tenant_table_is_an_error_and_never_the_platforms(in_cafe: Any) -> None:
    with pytest.raises(DatabaseError, match='relation "tenants_tenant" does not exist'):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM tenants_tenant")


def test_a_dropped_tenant_table_is_an_error_even_when_public_has_one(cafe: Any, as_owner: None) -> None:
    with platform_context(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.staff_role (LIKE t_cafe.staff_role)")
        cursor.execute("DROP TABLE t_cafe.staff_role CASCADE")
    with tenant_context(cafe), pytest.raises(DatabaseError, match="does not exist"):
        Role.objects.count()


def test_a_rolled_back_savepoint_does_not_bring_back_the_former_tenant(cafe: Any, grocer: Any) -> None:
    with tenant_context(cafe), transaction.atomic():
        Role.objects.create(code="cafe_only", name="x")
        try:
            with transaction.atomic(), tenant_context(grocer):
                assert Role.objects.count() == 0
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        assert [role.code for role in Role.objects.all()] == ["cafe_only"]


def test_the_current_tenant_is_known_inside_and_missing_elsewhere(cafe: Any) -> None:
    with tenant_context(cafe):
        assert current_tenant().slug == "cafe"
    for enter in (leave, platform_context().__enter__):
        enter()
        with pytest.raises(TenantContextMissing):
            current_tenant()


def test_keys_carry_the_tenant_and_raise_without_one(cafe: Any) -> None:
    with tenant_context(cafe):
        assert tenant_key("book", "7") == "t_cafe:book:7"
    with platform_context():
        assert tenant_key("book") == "platform:book"
    with pytest.raises(TenantContextMissing):
        tenant_key("book")


def test_the_cache_is_apart_for_each_tenant_and_refuses_nobody(cafe: Any, grocer: Any) -> None:
    with tenant_context(cafe):
        cache.set("greeting", "Guten Morgen", 30)
    with tenant_context(grocer):
        assert cache.get("greeting") is None
    with tenant_context(cafe):
        assert cache.get("greeting") == "Guten Morgen"
        cache.delete("greeting")
    with pytest.raises(TenantContextMissing):
        cache.get("greeting")


def test_the_registry_finds_merchants_and_leaves_the_connection_where_it_was(cafe: Any, grocer: Any) -> None:
    with tenant_context(grocer):
        assert registry.tenant_by_host("cafe.localhost") == cafe
        assert registry.tenant_by_schema("t_cafe") == cafe
        assert registry.tenant_by_host("www.cafe.localhost") is None
        assert [tenant.slug for tenant in registry.live_tenants()] == ["cafe", "grocer"]
        assert current_schema() == "t_grocer"
