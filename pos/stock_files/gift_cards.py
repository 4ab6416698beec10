"""Files of gift cards are read as files of stock are; what becomes of them is the affair of `payments.credit`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

from payments.credit import card_files
from payments.credit.card_files import (
    CODES,
    CardProblem,
    CardRow,
    CardTable,
    UnreadableFile,
    Written,
    card_row,
    without_repeats,
)
from pos.catalog.csv_reading import CsvForm, FileUnreadable, RowProblem
from pos.catalog.csv_reading.cells import CellInvalid
from pos.catalog.sheets.columns import Column, Kind, Rules, Sheet
from pos.catalog.sheets.kinds import Money
from pos.catalog.sheets.names import Names
from pos.stock_files.reading import open_table

_DIGITS: Final = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class CardCell(Kind):
    """A cell whose rule is that of the cards themselves."""

    rule: Callable[[str], Any]

    says: ClassVar[str] = "text"

    def read(self, text: str, rules: Rules) -> Any:
        """What it says. The reason against it does not repeat it."""
        del rules
        try:
            return self.rule(text)
        except card_files.WrongCell as error:
            raise CellInvalid(str(error)) from None


def _nothing(_cells: Mapping[str, Any], _names: Names) -> str | None:
    return None


GIFT_CARDS: Final = Sheet(
    name="gift_cards",
    title="Gift cards",
    kind="gift_cards",
    find=_nothing,
    columns=(
        Column(
            name="code",
            kind=CardCell(card_files.card_code),
            at=None,
            required=True,
            key=True,
            aliases=(
                *("number", "card_number", "card_code", "gift_card", "gift_card_code", "gift_card_number"),
                *("gutscheincode", "gutscheinnummer", "gutschein_nr", "kartennummer", "nummer"),
                *("numéro", "numéro_de_carte", "code_cadeau"),
            ),
        ),
        Column(
            name="balance",
            kind=Money(),
            at=None,
            required=True,
            aliases=(
                *("amount", "value", "current_balance", "remaining", "remaining_balance"),
                *("guthaben", "restguthaben", "restwert", "saldo", "betrag", "solde", "montant"),
            ),
        ),
        Column(
            name="expires_on",
            kind=CardCell(card_files.card_day),
            at=None,
            aliases=(
                *("expires", "expiry", "expiry_date", "expiration", "expiration_date", "valid_until"),
                *("gültig_bis", "ablauf", "ablaufdatum", "expire_le", "date_d'expiration"),
            ),
        ),
        Column(
            name="holder",
            kind=CardCell(card_files.card_holder),
            at=None,
            aliases=("name", "customer", "customer_name", "recipient", "inhaber", "kunde", "titulaire"),
        ),
        Column(
            name="pin",
            kind=CardCell(card_files.card_pin),
            at=None,
            aliases=("pin_code", "security_code", "geheimzahl", "code_pin"),
        ),
    ),
)


def read_gift_cards(*, data: bytes, currency: str, written: Written) -> CardTable:
    """The cards of a CSV or XLSX file, or of a ZIP of one CSV file. Raises `UnreadableFile`."""
    form = CsvForm(encoding=written.encoding, delimiter=written.delimiter, decimal=written.decimal)
    rows: list[CardRow] = []
    problems: list[CardProblem] = []
    try:
        table = open_table(data=data, form=form, sheet=GIFT_CARDS)
        problems += [_problem(each) for each in table.header.problems]
        for piece in table.pieces(currency=currency, decimal=written.decimal):
            for row, wrong in piece:
                problems += [_problem(each) for each in wrong]
                if row is not None:
                    rows.append(card_row(row.line, cast("Callable[[str], object]", row.__getitem__)))
    except FileUnreadable as error:
        where = f"Line {error.problem.line}: " if error.problem.line else ""
        raise UnreadableFile(f"{where}{error.problem.reason}.") from None
    kept, repeated = without_repeats(rows)
    problems += repeated
    return CardTable(tuple(kept), tuple(sorted(problems, key=lambda each: each.line)), table.header.line)


def _problem(found: RowProblem) -> CardProblem:
    """The same without what stood in the cell; a title that may be a number of a card is left out, too."""
    column = "" if _DIGITS.search(found.column) else found.column
    return CardProblem(found.line, column, found.reason, CODES.get(column, column or "columns"))
