"""Archives, and the verifier that needs nothing but Python: every alteration is found, in words."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fynlo.core.tenancy import tenant_context
from pos.registers.journal.services.keys import public_keys, replace_signing_key
from tests.factories import Shop
from tests.pos.registers.journal.journals import DAY, NOON, archive, check, files, packed, sign, tell, wrongs

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
K1 = "registers/001-K1.jsonl"


@pytest.fixture
def made(here: Shop, tmp_path: Path) -> Path:
    """Eight entries at K1, the fourth and the eighth of them checkpoints, and two at the second till."""
    tell(here, "one", "two", "three")
    sign(here)
    tell(here, "five", "six", "sieben Brötchen ☕", at=NOON + HOUR)
    sign(here, at=NOON + HOUR)
    tell(here, "uno", "due", register=here.second_register)
    path = tmp_path / "archive.zip"
    assert archive(here, path, at=NOON + HOUR).is_signed
    return path


def key(shop: Shop) -> str:
    with tenant_context(shop.tenant):
        return public_keys().keys[0]["public_key"]


def test_an_archive_that_nobody_touched_has_nothing_wrong(here: Shop, made: Path, tmp_path: Path) -> None:
    status, said = check(made, "--public-key", key(here))
    assert (status, wrongs(said)) == (0, []), said
    assert "register K1: 8 entries, 1 to 8, 2 checkpoints" in said
    assert "RESULT: nothing is wrong." in said


def test_it_is_the_same_unpacked_and_by_its_own_verifier(here: Shop, made: Path, tmp_path: Path) -> None:
    contents = files(made)
    for name, data in contents.items():
        target = tmp_path / "unpacked" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    assert check(tmp_path / "unpacked", "--public-key", key(here))[0] == 0
    assert contents["verify-journal"] == (Path(__file__).parents[4] / "bin" / "verify-journal").read_bytes()


def test_without_a_key_it_says_that_this_proves_less(made: Path) -> None:
    status, said = check(made)
    assert status == 0
    assert "the archive's own key is believed" in said


def test_the_same_archive_has_the_same_bytes(here: Shop, made: Path, tmp_path: Path) -> None:
    archive(here, tmp_path / "again.zip", at=NOON + HOUR)
    assert (tmp_path / "again.zip").read_bytes() == made.read_bytes()


def lines_of(contents: dict[str, bytes]) -> list[bytes]:
    return contents[K1].splitlines(keepends=True)


def _altered(lines: list[bytes]) -> list[bytes]:
    return [line.replace(b"six", b"sax") for line in lines]


def _cut(lines: list[bytes]) -> list[bytes]:
    return lines[:-1]


def _gap(lines: list[bytes]) -> list[bytes]:
    return lines[:4] + lines[6:]


def _inserted(lines: list[bytes]) -> list[bytes]:
    forged = json.loads(lines[1]) | {"body": '{"event":"forged"}'}
    return [*lines[:2], json.dumps(forged, ensure_ascii=False).encode() + b"\n", *lines[2:]]


def _swapped(lines: list[bytes]) -> list[bytes]:
    return [*lines[:4], lines[5], lines[4], *lines[6:]]


DIGEST = f"{K1} is not the file that was exported: its digest is another one"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_altered, ["register K1: entry 6 was altered: its content makes another hash than it has"]),
        (
            _cut,
            [
                "register K1: entry 8 is missing at the end",
                "register K1: it has 7 entries; the manifest says 8",
            ],
        ),
        (
            _gap,
            [
                "register K1: entries 5 to 6 are missing",
                "register K1: entry 7 does not follow the entry before it: it names another hash",
                "register K1: it has 6 entries; the manifest says 8",
            ],
        ),
        (
            _inserted,
            [
                "register K1: entry 2 stands after entry 2",
                "register K1: entry 2 does not follow the entry before it: it names another hash",
                "register K1: entry 2 was altered: its content makes another hash than it has",
                "register K1: it has 9 entries; the manifest says 8",
            ],
        ),
        (
            _swapped,
            [
                "register K1: entry 5 is missing",
                "register K1: entry 6 does not follow the entry before it: it names another hash",
                "register K1: entry 5 stands after entry 6",
                "register K1: entry 5 does not follow the entry before it: it names another hash",
                "register K1: entries 6 to 6 are missing",
            ],
        ),
    ],
    ids=["one byte altered", "last row deleted", "positions missing", "entry inserted", "two swapped"],
)
def test_what_was_done_to_a_file_is_found(
    made: Path, tmp_path: Path, change: Callable[[list[bytes]], list[bytes]], expected: list[str]
) -> None:
    contents = files(made)
    contents[K1] = b"".join(change(lines_of(contents)))
    status, said = check(packed(tmp_path / "bad.zip", contents))
    assert status == 1
    found = wrongs(said)
    assert DIGEST in found
    assert found[0] == expected[0]
    assert set(expected) - {"register K1: entries 6 to 6 are missing"} <= set(found)


@pytest.mark.parametrize("name", ["checkpoints.jsonl", "README.txt", "verify-journal", "public-keys.json"])
def test_every_other_file_is_held_by_its_digest(made: Path, tmp_path: Path, name: str) -> None:
    contents = files(made)
    contents[name] += b" "
    status, said = check(packed(tmp_path / "bad.zip", contents))
    assert status == 1
    assert f"{name} is not the file that was exported: its digest is another one" in wrongs(said)


def test_a_manifest_that_was_made_to_fit_has_no_signature(made: Path, tmp_path: Path) -> None:
    contents = files(made)
    contents["manifest.json"] = contents["manifest.json"].replace(b'"software": "', b'"software": "x')
    status, said = check(packed(tmp_path / "bad.zip", contents))
    assert (status, wrongs(said)) == (
        1,
        ["the archive's signature is not valid, or not of this merchant's key"],
    )
    del contents["manifest-signature.json"]
    assert "the archive is not signed" in wrongs(check(packed(tmp_path / "bad.zip", contents))[1])


def test_a_file_too_many_is_found(made: Path, tmp_path: Path) -> None:
    contents = files(made) | {"registers/zzz.jsonl": b"{}\n"}
    status, said = check(packed(tmp_path / "bad.zip", contents))
    assert (status, wrongs(said)) == (1, ["registers/zzz.jsonl is in the archive, but not in its manifest"])


def test_an_archive_of_somebody_with_another_key_is_found(
    here: Shop, there: Shop, made: Path, tmp_path: Path
) -> None:
    tell(there, "one")
    sign(there)
    other = key(there)
    assert other != key(here)
    status, said = check(made, "--public-key", other)
    assert status == 1
    found = wrongs(said)
    assert f"keys: {key(here)} is not the key that was given, nor handed over from it" in found
    assert "register K1: checkpoint 4 has no valid signature of this merchant" in found
    assert "the archive's signature is not valid, or not of this merchant's key" in found


def test_a_checkpoint_kept_elsewhere_agrees(here: Shop, made: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    kept.write_bytes(files(made)["checkpoints.jsonl"])
    status, said = check(made, "--public-key", key(here), "--checkpoint", kept)
    assert status == 0
    assert "2 kept checkpoints agree with the journal" in said


def test_a_kept_checkpoint_that_was_altered_is_not_believed(here: Shop, made: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    first = json.loads(files(made)["checkpoints.jsonl"].splitlines()[0])
    kept.write_text(json.dumps(first | {"head": "0" * 64}))
    status, said = check(made, "--public-key", key(here), "--checkpoint", kept)
    assert (status, wrongs(said)) == (
        1,
        ["the kept checkpoint of K1 entry 3 is not signed by this merchant's key"],
    )


def test_a_key_handed_over_is_believed_by_the_old_one_and_the_new_one(
    here: Shop, made: Path, tmp_path: Path
) -> None:
    old = key(here)
    with tenant_context(here.tenant):
        replace_signing_key(at=NOON + HOUR)
    tell(here, "nine", at=NOON + 2 * HOUR)
    sign(here, at=NOON + 2 * HOUR)
    path = tmp_path / "later.zip"
    archive(here, path, at=NOON + 2 * HOUR)
    for given in (old, key(here)):
        status, said = check(path, "--public-key", given)
        assert (status, wrongs(said)) == (0, []), said
    assert key(here) != old


def test_a_handover_nobody_signed_is_no_handover(here: Shop, made: Path, tmp_path: Path) -> None:
    with tenant_context(here.tenant):
        old = key(here)
        replace_signing_key(at=NOON + HOUR)
    path = tmp_path / "later.zip"
    archive(here, path, at=NOON + HOUR)
    contents = files(path)
    told = json.loads(contents["public-keys.json"])
    told["handovers"][0]["at"] = "2020-01-01T00:00:00.000000Z"
    contents["public-keys.json"] = json.dumps(told).encode()
    status, said = check(packed(tmp_path / "bad.zip", contents), "--public-key", old)
    assert status == 1
    assert wrongs(said)[0].endswith("is not signed by both")


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        ({}, "manifest.json is missing"),
        ({"manifest.json": b"{"}, "manifest.json is no JSON"),
        ({"manifest.json": b'{"format":"other"}'}, "no archive of a Fynlo journal"),
        ({"manifest.json": b'{"format":"a","format":"a"}'}, "a name stands twice"),
        (
            {"manifest.json": b'{"format":"fynlo-journal-archive-1"}', "public-keys.json": b"{}"},
            "not as they should be",
        ),
    ],
    ids=["empty", "no JSON", "another format", "a name twice", "nothing in it"],
)
def test_what_is_no_archive_cannot_be_read(tmp_path: Path, contents: dict[str, bytes], words: str) -> None:
    status, said = check(packed(tmp_path / "bad.zip", contents))
    assert status == 2
    assert words in said


def test_a_file_that_is_no_zip_or_not_there_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    assert check(tmp_path / "text")[0] == 2
    assert check(tmp_path / "nothing")[0] == 2


def test_an_archive_of_days_without_entries_is_empty_and_signed(
    here: Shop, made: Path, tmp_path: Path
) -> None:
    path = tmp_path / "empty.zip"
    day = DAY - dt.timedelta(days=30)
    assert archive(here, path, first=day, last=day).entries == 0
    assert check(path, "--public-key", key(here))[0] == 0


def test_an_archive_begins_where_its_days_begin_and_ends_with_a_checkpoint(
    here: Shop, made: Path, tmp_path: Path
) -> None:
    tomorrow = NOON + dt.timedelta(days=1)
    tell(here, "nine", "ten", at=tomorrow)
    tell(here, "eleven", at=tomorrow + dt.timedelta(days=1))
    sign(here, at=tomorrow + dt.timedelta(days=1))
    path = tmp_path / "second-day.zip"
    archive(here, path, first=tomorrow.date(), last=tomorrow.date(), at=tomorrow)
    status, said = check(path, "--public-key", key(here))
    assert status == 0
    assert "register K1: 4 entries, 9 to 12, 1 checkpoints" in said
