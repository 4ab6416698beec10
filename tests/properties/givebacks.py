"""What has to hold for every refund of every sale, whatever is given back and in how many steps."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from random import Random
from uuid import UUID, uuid5

from payments.tenders import refunding
from payments.tenders.refunding import Paid
from payments.tenders.settlement import settle
from pos.orders import refund_shares, refund_transfers, transfers
from pos.orders.refund_shares import CHARGES, Amounts, Back, History, LineSold, Sold, TaxKey, TaxPart
from pos.orders.refund_transfers import MoneyOut
from pos.pricing import refunds
from pos.pricing.cash import INCREMENTS, cash_rounding
from pos.pricing.types import PricedCart, PricedLine, PricedTax
from tests.properties.returns import random_steps
from tests.properties.till import Sale, priced

_NAMES = UUID("01920000-0000-7000-8000-000000000000")


def key_of(line_id: str) -> UUID:
    return uuid5(_NAMES, line_id)


def decimal_of(number: Fraction | Decimal | int) -> Decimal:
    """As the database keeps it."""
    exact = Fraction(number)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def sold_of(cart: PricedCart) -> Sold:
    """A priced cart, as an order's rows would keep it."""
    lines = tuple(
        LineSold(id=key_of(line.line.id), quantity=decimal_of(line.line.quantity), amounts=_amounts(line))
        for line in cart.lines
    )
    of_lines = refund_shares.added(line.amounts for line in lines)
    charges = Amounts(taxes=_taxes(cart.taxes)) - Amounts(taxes=of_lines.taxes)
    net = sum(charge.net_minor for charge in cart.service_charges)
    return Sold(lines=lines, charges=Amounts(nets={CHARGES: net}, taxes=charges.taxes))


def everything_back_is_the_sale_negated(sale: Sale, random: Random) -> None:
    """Given back in one step or in many: in the end every amount is the sale's, and the books say nothing of it."""
    cart = priced(sale)
    sold = sold_of(cart)
    backs = list(in_steps(cart, sold, random))
    together = refund_shares.added(back.amounts for back in backs)
    assert _filled(together) == _filled(sold.amounts)
    balance: Counter[str] = Counter()
    for line in transfers.order_transfers(priced=cart, tenders=[]):
        balance[line.debit] += line.amount_minor
        balance[line.credit] -= line.amount_minor
    for number, back in enumerate(backs):
        tip = cart.tip_minor if number == 0 else 0
        for move in refund_transfers.refund_moves(amounts=back.amounts, tip_minor=tip, money=[]):
            assert move.amount_minor > 0
            balance[move.debit] += move.amount_minor
            balance[move.credit] -= move.amount_minor
    assert set(balance.values()) <= {0}


def no_step_gives_back_too_much(sale: Sale, random: Random) -> None:
    """After every step what was given back is from zero to what was sold, of each line and of all together."""
    cart = priced(sale)
    sold = sold_of(cart)
    gone = Back()
    for back in in_steps(cart, sold, random):
        assert all(amounts.total_minor >= 0 for amounts in back.lines.values())
        gone += back
        for line in sold.lines:
            assert 0 <= gone.line(line.id).total_minor <= line.amounts.total_minor
        assert 0 <= gone.amounts.total_minor <= max(sold.amounts.total_minor, 0)


def lines_go_back_as_pricing_says(sale: Sale, random: Random) -> None:
    """Without goodwill a line's refund is that of the pricing engine, which never saw these rows."""
    cart = priced(sale)
    sold, history = sold_of(cart), History()
    before: dict[str, Decimal] = {}
    for name, quantity in random_steps(
        {line.line.id: decimal_of(line.line.quantity) for line in cart.lines}, random
    ):
        theirs = refunds.refund(priced=cart, quantities={name: quantity}, before=before).lines[0]
        back = refund_shares.goods_refund(sold=sold, history=history, quantities={key_of(name): quantity})
        mine = back.lines[key_of(name)]
        assert (mine.net_minor, mine.tax_minor, mine.total_minor) == (
            -theirs.net_minor,
            -theirs.tax_minor,
            -theirs.total_minor,
        )
        before[name] = before.get(name, Decimal(0)) + quantity
        history = history.after(goods=back)


def bases_add_up_to_the_net(sale: Sale, random: Random) -> None:
    """A tax on the whole net of a line is on that of each part; bases that share the net go on sharing it."""
    cart = priced(sale)
    sold = sold_of(cart)
    for back in in_steps(cart, sold, random):
        for line in sold.lines:
            whole, mine = line.amounts, back.line(line.id)
            if not mine.taxes:
                continue
            on_all = [key for key, part in whole.taxes.items() if part.net_minor == whole.net_minor]
            assert {mine.taxes[key].net_minor for key in on_all} <= {mine.net_minor}
            if not on_all and sum(part.net_minor for part in whole.taxes.values()) == whole.net_minor:
                assert sum(part.net_minor for part in mine.taxes.values()) == mine.net_minor


def money_goes_back_as_it_was_handed_over(sale: Sale, random: Random) -> None:
    """Paid by card and in cash, rounded to a coin; given back in parts: in the end every coin and nothing more."""
    cart = priced(sale)
    increment = random.choice(INCREMENTS)

    def coins(due: int) -> int:
        return cash_rounding(due_minor=due, increment=increment).rounded_minor

    by_card = random.choice([0, random.randint(0, cart.payable_minor)])
    offers = [(by_card, False)] * bool(by_card) + [(cart.payable_minor - by_card + increment, True)]
    shares = settle(total_minor=cart.payable_minor, tenders=offers, round_cash=coins)
    paid = [
        Paid(
            id=key_of(str(number)),
            tender_type="cash" if gives_change else "card",
            kind="cash" if gives_change else "card",
            amount_minor=share.amount_minor,
            handed_minor=share.tendered_minor - share.change_minor,
        )
        for number, (share, (_, gives_change)) in enumerate(zip(shares, offers, strict=True))
    ]
    left, given = cart.payable_minor, Counter[str]()
    balance: Counter[str] = Counter()
    while left:
        amount = random.choice([left, random.randint(1, left)])
        ways = refunding.original_ways(amount_minor=amount, paid=paid)
        parts = refunding.give_back(amount_minor=amount, paid=paid, ways=ways, round_cash=coins)
        assert sum(part.amount_minor for part in parts) == amount
        for part in parts:
            assert part.given_minor >= 0
            given[part.payment.kind] += part.given_minor
        out = [
            MoneyOut(account=part.payment.kind, amount_minor=part.amount_minor, given_minor=part.given_minor)
            for part in parts
        ]
        for move in refund_transfers.refund_moves(amounts=Amounts(), tip_minor=0, money=out):
            balance[move.debit] += move.amount_minor
            balance[move.credit] -= move.amount_minor
        paid = refunding.after_parts(paid=paid, parts=parts)
        left -= amount
    handed: Counter[str] = Counter()
    for each in paid:
        handed[each.kind] += each.handed_minor
    assert +given == +handed
    rounded = sum(each.amount_minor - each.handed_minor for each in paid)
    assert balance["rounding"] == -rounded
    assert balance["receivable"] == cart.payable_minor


def cash_never_goes_first(sale: Sale, random: Random) -> None:
    """As long as a card has anything left of what it paid, no coin leaves the drawer; the latest card is first."""
    cart = priced(sale)
    if cart.payable_minor < 3:
        return
    third = cart.payable_minor // 3
    amounts = [("card", third), ("cash", third), ("card", cart.payable_minor - 2 * third)]
    paid = [
        Paid(id=key_of(str(number)), tender_type=kind, kind=kind, amount_minor=amount, handed_minor=amount)
        for number, (kind, amount) in enumerate(amounts)
    ]
    amount = random.randint(1, cart.payable_minor)
    parts = refunding.give_back(
        amount_minor=amount,
        paid=paid,
        ways=refunding.original_ways(amount_minor=amount, paid=paid),
        round_cash=int,
    )
    expected = []
    for place in (2, 0, 1):
        taken = min(amount, paid[place].amount_minor)
        amount -= taken
        expected += [(paid[place].id, taken)] * bool(taken)
    assert [(part.payment.id, part.amount_minor) for part in parts] == expected


def in_steps(cart: PricedCart, sold: Sold, random: Random) -> Iterable[Back]:
    """All of it in random steps: goods, and between them money without goods; at the end what is left of both."""
    history = History()
    quantities = {line.line.id: decimal_of(line.line.quantity) for line in cart.lines}
    for name, quantity in random_steps(quantities, random):
        if random.random() < 0.3:
            left = (sold.amounts - history.back.amounts).total_minor
            amount = random.randint(0, max(left, 0) // 2)
            if amount:
                money = refund_shares.goodwill_refund(sold=sold, history=history, amount_minor=amount)
                assert money.amounts.total_minor == amount
                yield money
                history = history.after(goods=Back(), goodwill=money)
        wanted = {key_of(name): quantity}
        back = refund_shares.goods_refund(sold=sold, history=history, quantities=wanted)
        yield back
        history = history.after(goods=back)


def _amounts(line: PricedLine) -> Amounts:
    nets: dict[str, int] = {}
    for part in line.parts or (line,):
        nets[part.tax_class] = nets.get(part.tax_class, 0) + part.net_minor
    return Amounts(nets=nets, taxes=_taxes(line.taxes))


def _taxes(taxes: Iterable[PricedTax]) -> dict[TaxKey, TaxPart]:
    found: dict[TaxKey, TaxPart] = {}
    for tax in taxes:
        rate = "0" if tax.rate is None else str(decimal_of(tax.rate))
        key = TaxKey(tax.code, rate, tax.per_unit_minor, tax.inclusive, tax.name)
        before = found.get(key, TaxPart(0, 0))
        found[key] = TaxPart(before.net_minor + tax.net_minor, before.tax_minor + tax.tax_minor)
    return found


def _filled(amounts: Amounts) -> tuple[dict[str, int], dict[TaxKey, TaxPart]]:
    nets = {name: net for name, net in amounts.nets.items() if net}
    return nets, {key: part for key, part in amounts.taxes.items() if part != TaxPart(0, 0)}
