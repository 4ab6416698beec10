"""A worker in a process of its own: `python -m tests.payments.reconciliation.dying <schema> <run>`."""

import os
import sys
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")

import django

django.setup()

from fynlo.core import clock
from fynlo.core.tenancy import registry, run_in_tenant
from payments.reconciliation.services import run_reconciliation

if __name__ == "__main__":
    tenant = registry.tenant_by_schema(sys.argv[1])
    assert tenant is not None
    run_in_tenant(tenant, run_reconciliation, run_id=UUID(sys.argv[2]), clock=clock.now)
