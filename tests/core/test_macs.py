"""What was made here is told from what was not, also while the platform's secret is changed."""

from typing import Any

import pytest
from django.test import override_settings

from fynlo.core.macs import is_genuine, mac
from fynlo.core.tenancy import tenant_context

OLD, NEW = "the secret of last year", "the secret of this year"


@pytest.fixture
def made(in_cafe: Any) -> bytes:
    with override_settings(SECRET_KEY=OLD):
        return mac(purpose="a test", about="17", size=16)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fallbacks", "is_known"), [([OLD], True), (["another one", OLD], True), ([], False), ([NEW], False)]
)
def test_an_older_secret_is_good_for_telling_as_long_as_it_is_kept(
    made: bytes, fallbacks: list[str], is_known: bool
) -> None:
    with override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=fallbacks):
        assert is_genuine(made, purpose="a test", about="17", size=16) == is_known
        assert mac(purpose="a test", about="17", size=16) != made


@pytest.mark.django_db
def test_it_is_of_one_purpose_one_thing_and_one_merchant(made: bytes, grocer: Any) -> None:
    with override_settings(SECRET_KEY=OLD):
        assert is_genuine(made, purpose="a test", about="17", size=16)
        assert not is_genuine(made, purpose="a page", about="17", size=16)
        assert not is_genuine(made, purpose="a test", about="18", size=16)
        assert not is_genuine(made[:15], purpose="a test", about="17", size=16)
        assert not is_genuine(b"", purpose="a test", about="17", size=16)
        with tenant_context(grocer):
            assert not is_genuine(made, purpose="a test", about="17", size=16)
