"""Whether the tables say what the pencil says. Every comparison is of everything there is."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tests.properties.counter.accounts import balances
from tests.properties.counter.chain import whole_chain
from tests.properties.counter.driver import seen
from tests.properties.counter.model import Refund, Register, Sale, Session


def agree(
    sales: Sequence[Sale], loose: Sequence[Refund], tills: Mapping[str, Register], house: Sequence[int]
) -> None:
    """Orders and their lines, numbers, books, receivables and drawers."""
    found = seen()
    sessions = [session for till in tills.values() for session in till.sessions]
    assert found.orders == {sale.key: _told(sale) for sale in sales}
    assert found.lines == {line.key: tuple(line.amounts) for sale in sales for line in sale.lines}
    expected = balances(sales, loose, sessions, house=house)
    assert found.balances == expected
    assert found.owed_on_account == expected["house:H1"]
    assert {key: owed for key, owed in found.owed.items() if owed} == {
        sale.key: sale.due for sale in sales if sale.is_booked and sale.due
    }
    assert found.drawers == {session.key: _moved(session) for session in sessions if session.moves}
    for code, till in tills.items():
        _numbers_agree(found.registers[code], till, sales, loose)


def _told(sale: Sale) -> tuple[object, ...]:
    return (sale.register, sale.number, sale.state, sale.payment_state, sale.total, sale.paid)


def _moved(session: Session) -> Counter[str]:
    moved: Counter[str] = Counter()
    for kind, amount in session.moves:
        moved["paid_in" if kind == "house" else kind] += amount
    return moved


def _numbers_agree(
    found: Mapping[str, int], till: Register, sales: Sequence[Sale], loose: Sequence[Refund]
) -> None:
    """Dense, and none more was taken than there are papers with it."""
    refunds = [*(refund for sale in sales for refund in sale.refunds), *loose]
    numbers = sorted(sale.number for sale in sales if sale.register == till.code)
    assert numbers == list(range(1, found["last_order_number"] + 1))
    receipts = [sale.receipt for sale in sales if sale.paid_at == till.code and sale.receipt is not None]
    receipts += [refund.number for refund in refunds if refund.register == till.code]
    assert sorted(receipts) == list(range(1, found["last_receipt_number"] + 1))
    assert (found["last_training_number"], found["last_closing_number"]) == (till.trainings, till.closings)
    sold = sum(sale.total for sale in sales if sale.paid_at == till.code)
    assert found["grand_total_minor"] == sold
    back = sum(refund.total for refund in refunds if refund.register == till.code)
    assert found["refund_total_minor"] == back


def z_agrees(document: Mapping[str, Any], till: Register, session: Session) -> None:
    """What the Z says was sold, given back and moved since the one before: by what came in between, not by time.

    What was heard of late belongs to the Z of its own day.
    """
    since = till.journal[till.since :]
    late = [each.what for each in since if each.kind == "late"]
    sold = [each.what for each in since if each.kind == "sale" and each.what not in late]
    back = [each.what for each in since if each.kind == "refund" and each.what not in late]
    assert document["sales"]["count"] == len(sold)
    assert document["sales"]["total_minor"] == sum(sale.total for sale in sold)
    assert document["sales"]["tip_minor"] == sum(sale.tip for sale in sold)
    assert document["refunds"]["count"] == len(back)
    assert document["refunds"]["total_minor"] == sum(refund.total for refund in back)
    assert _told_of_tenders(document) == _tenders(sold, back)
    assert document["positions"] == {"from": till.since + 1, "to": len(till.journal)}
    cash = document["cash"]
    told = (cash["expected_minor"], cash["counted_minor"], cash["variance_minor"])
    assert told == (session.expected, session.counted, session.counted - session.expected)
    assert all(not series["gaps"] for series in document["numbers"].values())


def _told_of_tenders(document: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    names = (
        "count",
        "amount_minor",
        "rounding_minor",
        "refund_count",
        "refunded_minor",
        "refund_rounding_minor",
    )
    return {each["code"]: tuple(each[name] for name in names) for each in document["tenders"]}


def _tenders(sold: Sequence[Sale], back: Sequence[Refund]) -> dict[str, tuple[int, ...]]:
    """By way to pay: how often and what it settled, what of it was rounded; the same of what went back."""
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0] * 6)
    for payment in (payment for sale in sold for payment in sale.payments):
        for place, much in enumerate((1, payment.pays, payment.rounding)):
            found[payment.tender][place] += much
    for money in (money for refund in back for money in refund.tenders):
        for place, much in enumerate((1, money.amount, money.amount - money.given), start=3):
            found[money.tender][place] += much
    return {tender: tuple(counts) for tender, counts in found.items()}


def journals_agree(tills: Mapping[str, Register], ids: Mapping[str, UUID]) -> None:
    """The chains are whole, and have what happened."""
    for code, till in tills.items():
        told, happened = whole_chain(ids[code]), Counter(each.kind for each in till.journal)
        assert told == happened, (told, happened)
