"""Secrets in the database are sealed with keys it does not hold."""

import pytest
from django.test import override_settings

from fynlo.core.sealing import CannotUnseal, reseal, seal, unseal
from fynlo.env import Env, EnvironmentValueError

OLD, NEW = "an old secret of the platform", "a new secret of the platform"


def test_what_is_sealed_can_be_opened_and_looks_different_every_time() -> None:
    with override_settings(FYNLO_SEALING_KEYS=[OLD]):
        one, two = seal(b"secret"), seal(b"secret")
        assert one != two
        assert "secret" not in one
        assert unseal(one) == unseal(two) == b"secret"


def test_another_key_opens_nothing_and_says_nothing() -> None:
    with override_settings(FYNLO_SEALING_KEYS=[OLD]):
        sealed = seal(b"secret")
    with override_settings(FYNLO_SEALING_KEYS=[NEW]):
        with pytest.raises(CannotUnseal) as refused:
            unseal(sealed)
        with pytest.raises(CannotUnseal):
            reseal(sealed)
    assert str(refused.value) == "a sealed secret cannot be opened with FYNLO_SEALING_KEYS"
    assert refused.value.__cause__ is None


def test_one_bit_altered_is_noticed() -> None:
    with override_settings(FYNLO_SEALING_KEYS=[OLD]):
        sealed = seal(b"secret")
        # Not the last character: part of it is padding that no decoder looks at.
        altered = sealed[:-9] + ("A" if sealed[-9] != "A" else "B") + sealed[-8:]
        with pytest.raises(CannotUnseal):
            unseal(altered)


def test_a_new_key_is_put_in_front_and_the_old_one_taken_away() -> None:
    with override_settings(FYNLO_SEALING_KEYS=[OLD]):
        sealed = seal(b"secret")
    with override_settings(FYNLO_SEALING_KEYS=[NEW, OLD]):
        assert unseal(sealed) == b"secret"
        again = reseal(sealed)
    with override_settings(FYNLO_SEALING_KEYS=[NEW]):
        assert unseal(again) == b"secret"


def test_a_list_of_secrets_is_read_and_never_shown() -> None:
    read = Env({"KEYS": f"{NEW}, {OLD}"}).secrets("KEYS", [])
    assert list(read) == [NEW, OLD]
    assert repr(read) == "['********', '********']"
    assert list(Env({}).secrets("KEYS", [OLD])) == [OLD]
    with pytest.raises(
        EnvironmentValueError, match="KEYS: has a secret shorter than 16 characters"
    ) as refused:
        Env({"KEYS": f"{NEW},short"}).secrets("KEYS", [])
    assert "short," not in str(refused.value)
