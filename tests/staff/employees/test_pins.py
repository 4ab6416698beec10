"""PINs at rest."""

import argon2
import pytest

from staff.employees.pins import PinHasher, pin_hasher


def hasher(**changes: object) -> PinHasher:
    given = {"pepper": "a pepper of the server", "time_cost": 1, "memory_cost": 8, "parallelism": 1}
    return PinHasher(**(given | changes))


def test_only_the_right_pin_matches() -> None:
    ours = hasher()
    stored = ours.hash("4711")
    assert ours.matches(pin="4711", stored=stored)
    assert not ours.matches(pin="4712", stored=stored)
    assert not ours.matches(pin="47110", stored=stored)


def test_the_same_pin_is_stored_differently_for_everybody() -> None:
    ours = hasher()
    assert ours.hash("4711") != ours.hash("4711")


def test_a_hash_is_argon2id_and_worth_nothing_without_the_pepper() -> None:
    stored = hasher().hash("4711")
    assert stored.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert not hasher(pepper="another pepper!").matches(pin="4711", stored=stored)
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        argon2.PasswordHasher().verify(stored, "4711")


@pytest.mark.parametrize("stored", ["", "!", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_nothing_matches_what_is_no_hash(stored: str) -> None:
    assert not hasher().matches(pin="4711", stored=stored)


def test_a_person_without_a_pin_costs_one_comparison_like_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counting(self: argon2.PasswordHasher, stored: str, secret: bytes) -> bool:
        compared.append(stored)
        return verify(self, stored, secret)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counting)
    ours = hasher()
    ours.matches(pin="4711", stored="")
    ours.matches(pin="4711", stored=ours.hash("1234"))
    ours.matches(pin="4711", stored=ours.hash("4711"))
    parameters = {stored.split("$")[3] for stored in compared}
    assert len(compared) == 3
    assert parameters == {"m=8,t=1,p=1"}


def test_a_hash_made_with_other_parameters_is_outdated() -> None:
    stored = hasher().hash("4711")
    assert not hasher().is_outdated(stored)
    assert hasher(time_cost=2).is_outdated(stored)


def test_a_hasher_does_not_show_its_pepper() -> None:
    assert repr(hasher()) == "<PinHasher>"


def test_production_uses_what_owasp_asks_for(settings: object) -> None:
    settings.FYNLO_PIN_HASHING = {"time_cost": 2, "memory_cost": 19_456, "parallelism": 1}
    assert pin_hasher().hash("4711").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
