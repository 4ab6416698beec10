"""Addresses on which guests pay live on while the platform's secret is changed, each of one kind and merchant."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.gateways.simulator import links as simulated
from payments.gateways.stripe import online

pytestmark = pytest.mark.django_db
OLD, NEW = "the secret of last year", "the secret of this year"


def simulated_token(key: UUID) -> str:
    return simulated.page_address(key=key, origin="").rpartition("/")[2]


KINDS = [(online.token, online.opened), (simulated_token, simulated.opened)]


@pytest.mark.parametrize(("token", "opened"), KINDS, ids=["stripe", "simulator"])
def test_an_address_made_with_the_old_secret_opens_as_long_as_that_is_kept(
    in_cafe: Any, grocer: Any, token: Callable[[UUID], str], opened: Callable[[str], UUID | None]
) -> None:
    key = new_id()
    with override_settings(SECRET_KEY=OLD):
        text = token(key)
    with override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[OLD]):
        assert (opened(text), opened(token(key)), token(key) == text) == (key, key, False)
        with tenant_context(grocer):
            assert opened(text) is None
    with override_settings(SECRET_KEY=NEW):
        assert opened(text) is None


def test_an_address_of_one_kind_is_none_of_the_other(in_cafe: Any) -> None:
    key = new_id()
    assert online.opened(simulated_token(key)) is None
    assert simulated.opened(online.token(key)) is None
