"""The guard: nowhere raises, places nest, instances and querysets stay in their schema."""

import threading

import pytest
from django.db import connection

from fynlo.core.tenancy import (
    TenantContextMissing,
    WrongTenant,
    current_schema,
    platform_context,
    run_in_tenant,
    tenant_context,
    tenant_key,
)
from staff.models import Role


@pytest.mark.django_db
def test_a_query_nowhere_raises() -> None:
    with pytest.raises(TenantContextMissing):
        Role.objects.count()


def test_a_tenants_search_path_has_no_public(in_cafe: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == ("t_cafe, extensions",)
