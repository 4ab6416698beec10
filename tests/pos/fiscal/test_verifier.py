"""The verifier's own Ed25519 and hashing, against RFC 8032, the cryptography library and the fiscal core."""

import ast
import datetime as dt
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.fiscal import checkpoints
from pos.fiscal.canonical import canonical_text
from pos.fiscal.entries import JournalDraft
from pos.fiscal.exporting import FORMAT, entry_line
from pos.registers.journal.services.keys import has_signed
from tests.pos.fiscal.vectors_ed25519 import VECTORS

PATH = Path(__file__).resolve().parents[3] / "bin" / "verify-journal"
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
ORDER = 2**252 + 27742317777372353535851937790883648493


def _load() -> Any:
    spec = spec_from_loader("verify_journal", SourceFileLoader("verify_journal", str(PATH)))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def verifier() -> Any:
    """bin/verify-journal as a module; nothing is left behind in bin/."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        return _load()
    finally:
        sys.dont_write_bytecode = before


@pytest.mark.parametrize("name", VECTORS)
def test_it_agrees_with_the_rfc(verifier: Any, name: str) -> None:
    secret, public, message, signature = map(bytes.fromhex, VECTORS[name])
    key = Ed25519PrivateKey.from_private_bytes(secret)
    assert (key.public_key().public_bytes_raw(), key.sign(message)) == (public, signature)
    assert verifier.has_signed(public, message, signature)
    assert not verifier.has_signed(public, message + b"x", signature)


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511), st.integers(0, 255))
def test_it_agrees_with_the_library_also_about_what_is_wrong(
    verifier: Any, secret: bytes, message: bytes, bit: int, key_bit: int
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(secret)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verifier.has_signed(public, message, signature)
    flipped = (int.from_bytes(signature, "little") ^ (1 << bit)).to_bytes(64, "little")
    other_key = (int.from_bytes(public, "little") ^ (1 << key_bit)).to_bytes(32, "little")
    for one, text, signed in (
        (public, message, flipped),
        (public, message + b"\0", signature),
        (other_key, message, signature),
    ):
        assert verifier.has_signed(one, text, signed) is has_signed(one.hex(), text, signed.hex()) is False


def test_a_signature_has_one_form(verifier: Any) -> None:
    """S + L would verify too, were it not refused (RFC 8032, 5.1.7): then a signature could be changed unseen."""
    _, public, message, signature = map(bytes.fromhex, VECTORS["TEST 2"])
    s = int.from_bytes(signature[32:], "little") + ORDER
    doubled = signature[:32] + s.to_bytes(32, "little")
    assert not verifier.has_signed(public, message, doubled)
    assert not has_signed(public.hex(), message, doubled.hex())


@pytest.mark.parametrize(
    ("key", "signature"),
    [
        (b"", bytes(64)),
        (bytes(32), b""),
        (b"\xff" * 32, bytes(64)),
        (bytes(31), bytes(64)),
        (bytes(32), bytes(65)),
    ],
)
def test_nonsense_has_signed_nothing(verifier: Any, key: bytes, signature: bytes) -> None:
    assert not verifier.has_signed(key, b"x", signature)
    assert not has_signed(key.hex(), b"x", signature.hex())


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=10)


@given(
    st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS, max_size=2), max_size=4),
    TEXTS.filter(lambda t: "\n" not in t),
)
def test_both_make_the_same_hash_of_the_same_entry(verifier: Any, body: dict[str, Any], number: str) -> None:
    draft = JournalDraft(kind="sale", at=NOON, business_date=NOON.date(), number=number, body=body)
    sealed = draft.sealed(register_code="K1", position=3, previous_hash="00" * 32, recorded_at=NOON)
    line = entry_line(sealed)
    assert line.count(b"\n") == 1
    assert verifier.recipe_1(verifier.parsed(line, "line")) == sealed.hash
    assert verifier.canonical(verifier.parsed(draft.text.encode(), "body")) == canonical_text(body)


def test_it_knows_the_formats_of_the_fiscal_core(verifier: Any) -> None:
    assert verifier.FORMAT == FORMAT
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key().public_bytes_raw().hex()
    values = {"register": "K1", "public_key": public}
    signed = values | {"signature": key.sign(checkpoints.checkpoint_text(values)).hex()}
    assert verifier.checkpoint_signed(signed, {public})
    assert not verifier.checkpoint_signed(signed, {"00" * 32})
    handover = {"former": public, "next": "x"}
    signature = key.sign(checkpoints.handover_text(handover)).hex()
    told = handover | {"former_signature": signature, "next_signature": "y"}
    assert verifier.signed_by(told, "fynlo-key-1\n", public, signature)


def test_it_needs_nothing_but_the_standard_library(verifier: Any) -> None:
    tree = ast.parse(PATH.read_text())
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported <= set(sys.stdlib_module_names)
    assert not imported & {"socket", "urllib", "http", "subprocess"}
    assert PATH.stat().st_mode & 0o111


def test_it_can_be_read_by_an_old_python() -> None:
    ast.parse(PATH.read_text(), feature_version=(3, 8))
