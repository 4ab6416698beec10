"""Checkpoints: signed once a day and at will, only over what holds; the key shows itself nowhere."""

import base64
import datetime as dt
import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from fynlo.core.sealing import CannotUnseal
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import read_after
from pos.registers.journal.models import JournalEntry
from pos.registers.journal.queries import Verification, verify
from pos.registers.journal.services import sign_checkpoints
from pos.registers.journal.services.keys import (
    has_signed,
    public_keys,
    replace_signing_key,
    reseal_keys,
    signing_key,
)
from pos.registers.models import Register
from tests.factories import Shop
from tests.pos.registers.journal.journals import (
    DAY,
    NOON,
    archive,
    check,
    sign,
    tell,
    without_guards,
    wrongs,
)

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)
ANEW = "the journal up to it was written anew"


def looked_at(shop: Shop, register: Register | None = None) -> Verification:
    with tenant_context(shop.tenant):
        return verify(
            register_id=(register or shop.register).id,
            keys=public_keys().known,
            has_signed=has_signed,
        )


def found(shop: Shop) -> list[str]:
    return [each.message for each in looked_at(shop).findings]


def kinds(shop: Shop) -> list[str]:
    with tenant_context(shop.tenant):
        rows = JournalEntry.objects.filter(register=shop.register).order_by("position")
        return list(rows.values_list("kind", flat=True))


def test_a_checkpoint_says_what_stands_before_it(here: Shop) -> None:
    tell(here, "one", "two")
    with tenant_context(here.tenant):
        Register.objects.update(grand_total_minor=123456, refund_total_minor=99)
    sign(here)
    with tenant_context(here.tenant):
        two, signed = JournalEntry.objects.filter(register=here.register).order_by("position")[1:3]
        key = public_keys().keys[0]["public_key"]
    body = json.loads(signed.body)
    signature = body.pop("signature")
    assert body == {
        "merchant": "cafe",
        "register": "K1",
        "position": "2",
        "head": two.hash,
        "at": "2026-03-01T12:00:00.000000Z",
        "currency": "EUR",
        "grand_total": "1234.56",
        "refund_total": "0.99",
        "public_key": key,
    }
    text = "fynlo-checkpoint-1\n" + json.dumps(body, sort_keys=True, separators=(",", ":"))
    assert has_signed(key, text.encode(), signature)
    assert not has_signed(key, text.encode() + b" ", signature)


def test_a_checkpoint_is_told_so_that_it_can_be_kept_elsewhere(here: Shop) -> None:
    tell(here, "one")
    with tenant_context(here.tenant):
        before = read_after(0)[-1].seq if read_after(0) else 0
    sign(here)
    with tenant_context(here.tenant):
        (item,) = read_after(before)
        body = json.loads(JournalEntry.objects.get(kind="checkpoint").body)
    assert (item.t, item.id, item.data) == (
        "journal.checkpoint_signed",
        here.register.id,
        {"entry": 2, "checkpoint": body},
    )


def test_the_daily_task_signs_what_has_grown_once(here: Shop) -> None:
    tell(here, "one")
    with tenant_context(here.tenant):
        assert sign_checkpoints(at=NOON) == 1
        assert sign_checkpoints(at=NOON) == 0
    tell(here, "two", at=NOON + dt.timedelta(hours=1))
    with tenant_context(here.tenant):
        assert sign_checkpoints(at=NOON + dt.timedelta(hours=22)) == 0
        assert sign_checkpoints(at=NOON + DAYS) == 1
        assert sign_checkpoints(at=NOON + 2 * DAYS) == 0
    assert kinds(here) == ["system", "checkpoint", "system", "checkpoint"]
    seen = looked_at(here)
    assert (seen.findings, seen.checkpoint_count, seen.signed_position) == ((), 2, 4)


def test_a_journal_that_does_not_hold_is_not_signed_and_says_so_once(as_owner: None, here: Shop) -> None:
    tell(here, "one", "two", "three")
    without_guards(here, "UPDATE pos_journalentry SET body = replace(body, 'two', '2wo') WHERE position = 2")
    with tenant_context(here.tenant):
        assert sign_checkpoints(at=NOON) == 0
        assert sign_checkpoints(at=NOON + DAYS) == 0
        last = JournalEntry.objects.filter(register=here.register).order_by("-position")[0]
    assert kinds(here) == ["system"] * 4
    assert json.loads(last.body) == {
        "event": "journal_does_not_verify",
        "values": {
            "findings": "1",
            "first": "entry 2 was altered: its content makes another hash than it has",
        },
    }


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (
            ["UPDATE pos_journalentry SET body = replace(body, 'two', 'twp') WHERE position = 2"],
            "entry 2 was altered: its content makes another hash than it has",
        ),
        (
            ["UPDATE pos_journalentry SET recorded_at = recorded_at + interval '1 us' WHERE position = 1"],
            "entry 1 was altered: its content makes another hash than it has",
        ),
        (["DELETE FROM pos_journalentry WHERE position = 5"], "entry 5 is missing at the end of the journal"),
        (
            ["DELETE FROM pos_journalentry WHERE position IN (2, 3)"],
            "entries 2 to 3 are missing",
        ),
        (
            [
                "UPDATE pos_journalentry SET position = 9 WHERE position = 2",
                "UPDATE pos_journalentry SET position = 2 WHERE position = 3",
                "UPDATE pos_journalentry SET position = 3 WHERE position = 9",
            ],
            "entry 2 does not follow the entry before it: it names another hash",
        ),
        (
            ["UPDATE pos_journalentry SET recipe = 7 WHERE position = 3"],
            "entry 3 cannot be checked: recipe 7 is not known to this version",
        ),
        (
            ["UPDATE pos_register SET journal_head = repeat('0', 64) WHERE code = 'K1'"],
            "the register says that its journal ends at 5 with another hash",
        ),
    ],
    ids=["one byte", "a microsecond", "last row", "positions", "two swapped", "recipe", "head"],
)
def test_what_was_done_to_the_table_is_found(
    as_owner: None, here: Shop, statements: list[str], message: str
) -> None:
    tell(here, "one", "two", "three")
    sign(here)
    tell(here, "five")
    assert found(here) == []
    without_guards(here, *statements)
    assert message in found(here)


def test_what_was_added_by_hand_is_found(as_owner: None, here: Shop) -> None:
    tell(here, "one", "two")
    columns = "register_id, register_code, kind, number, at, recorded_at, business_date, recipe, body, hash"
    columns += ", previous_hash"
    without_guards(
        here,
        f"INSERT INTO pos_journalentry (id, position, {columns}) "
        f"SELECT gen_random_uuid(), 3, {columns} FROM pos_journalentry WHERE position = 2",
        "UPDATE pos_register SET last_journal_position = 3 WHERE code = 'K1'",
    )
    assert "entry 3 was altered: its content makes another hash than it has" in found(here)


def rebuild(shop: Shop) -> None:
    """Write the whole chain anew with another second entry, as whoever knows the recipe and owns the server could.

    Without a key, checkpoints are left out.
    """
    without_guards(
        shop,
        "DELETE FROM pos_journalentry",
        "UPDATE pos_register SET last_journal_position = 0, journal_head = ''",
    )
    tell(shop, "one", "forged", "three")


def test_a_chain_rebuilt_from_the_first_entry_is_found_by_a_checkpoint_kept_elsewhere(
    as_owner: None, here: Shop, tmp_path: Path
) -> None:
    tell(here, "one", "two", "three")
    sign(here)
    with tenant_context(here.tenant):
        key = public_keys().keys[0]["public_key"]
        kept = tmp_path / "checkpoint.json"
        kept.write_text(JournalEntry.objects.get(kind="checkpoint").body)
    rebuild(here)
    sign(here)  # the thief has the server sign what is there now
    assert found(here) == []  # from inside nothing can be seen
    path = tmp_path / "rebuilt.zip"
    archive(here, path)
    assert check(path, "--public-key", key)[0] == 0
    status, said = check(path, "--public-key", key, "--checkpoint", kept)
    assert (status, wrongs(said)) == (
        1,
        [
            "register K1: entry 3 is not the one that stood there when the checkpoint you kept was signed: "
            + ANEW
        ],
    )


def test_an_old_checkpoint_does_not_fit_a_rebuilt_chain(as_owner: None, here: Shop) -> None:
    tell(here, "one", "two", "three")
    sign(here)
    with tenant_context(here.tenant):
        body = JournalEntry.objects.get(kind="checkpoint").body
    rebuild(here)
    tell(here, "anything")
    forged = "UPDATE pos_journalentry SET kind = 'checkpoint', body = %s WHERE position = 4"
    without_guards(here, forged, values=[body])
    assert "checkpoint 4 was signed for something else than what stands before it" in found(here)


def test_the_database_does_not_hold_the_key(here: Shop) -> None:
    with tenant_context(here.tenant):
        private = signing_key(at=NOON).private.private_bytes_raw()
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed_keys::text FROM pos_cataloghead")
            (stored,) = cursor.fetchone()
        shown = repr(signing_key(at=NOON))
    for form in (
        private.hex(),
        base64.b64encode(private).decode(),
        base64.urlsafe_b64encode(private).decode(),
    ):
        assert form not in stored
        assert form not in shown
    assert "private" not in shown
    with (
        tenant_context(here.tenant),
        override_settings(FYNLO_SEALING_KEYS=["another secret of the platform"]),
    ):
        with pytest.raises(CannotUnseal):
            signing_key(at=NOON)


def test_the_platforms_key_can_be_changed(here: Shop) -> None:
    with tenant_context(here.tenant):
        before = signing_key(at=NOON).public_key
        with override_settings(FYNLO_SEALING_KEYS=["the new secret of the platform", *_keys()]):
            assert signing_key(at=NOON).public_key == before
            assert reseal_keys() == 1
        with override_settings(FYNLO_SEALING_KEYS=["the new secret of the platform"]):
            assert signing_key(at=NOON).public_key == before
        with pytest.raises(CannotUnseal):
            reseal_keys()


def _keys() -> list[str]:
    from django.conf import settings

    return list(settings.FYNLO_SEALING_KEYS)


def test_each_merchant_has_a_key_of_its_own(here: Shop, there: Shop) -> None:
    keys = []
    for shop in (here, there):
        with tenant_context(shop.tenant):
            keys.append(signing_key(at=NOON).public_key)
            assert signing_key(at=NOON).public_key == keys[-1]
    assert keys[0] != keys[1]


def test_a_replaced_key_is_forgotten_and_its_checkpoints_still_hold(here: Shop) -> None:
    tell(here, "one")
    sign(here)
    with tenant_context(here.tenant):
        old = signing_key(at=NOON).public_key
        keys = replace_signing_key(at=NOON + DAYS)
        assert signing_key(at=NOON).public_key == keys.keys[0]["public_key"] != old
        assert keys.keys[1] == {
            "public_key": old,
            "since": "2026-03-01T12:00:00.000000Z",
            "until": "2026-03-02T12:00:00.000000Z",
        }
    tell(here, "two", at=NOON + DAYS)
    sign(here, at=NOON + DAYS)
    seen = looked_at(here)
    assert (seen.findings, seen.checkpoint_count) == ((), 2)


def test_a_register_that_was_closed_is_signed_the_same_day(here: Shop) -> None:
    tell(here, "one")
    with tenant_context(here.tenant):
        assert sign_checkpoints(at=NOON) == 1
    tell(here, "two")
    tell(here, "uno", register=here.second_register)
    with tenant_context(here.tenant):
        assert sign_checkpoints(at=NOON, closed={here.register.id}) == 2
        assert sign_checkpoints(at=NOON, closed={here.register.id}) == 0
    assert kinds(here) == ["system", "checkpoint", "system", "checkpoint"]


def test_a_journal_whose_key_cannot_be_opened_says_so_once(here: Shop) -> None:
    tell(here, "one")
    sign(here)
    tell(here, "two")
    with tenant_context(here.tenant):
        with override_settings(FYNLO_SEALING_KEYS=["another secret of the platform"]):
            assert sign_checkpoints(at=NOON + DAYS) == 0
            assert sign_checkpoints(at=NOON + DAYS) == 0
    assert kinds(here) == ["system", "checkpoint", "system", "system"]
    with tenant_context(here.tenant):
        last = JournalEntry.objects.filter(register=here.register).order_by("-position")[0]
    assert json.loads(last.body) == {"event": "checkpoint_not_signed", "values": {"reason": "key_sealed"}}
    assert last.business_date == DAY + DAYS


def test_an_empty_journal_needs_no_checkpoint(here: Shop) -> None:
    sign(here)
    with tenant_context(here.tenant):
        assert sign_checkpoints(at=NOON) == 0
    assert kinds(here) == []
