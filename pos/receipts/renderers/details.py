"""What stands below a line of a receipt: the quantity, what was chosen, its lot, a note. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pos.receipts.document import ReceiptLine, ReceiptModifier
from pos.receipts.renderers.blocks import Paragraph
from pos.receipts.renderers.label_set import Labels

Letters = Callable[[tuple[str, ...]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Further rows of a line, indented."""

    labels: Labels
    currency: str
    has_prices: bool = True

    def quantity(self, line: ReceiptLine) -> Iterator[Paragraph]:
        """How much of it at which price, unless it is one piece; and where it differs, how it was ordered."""
        unit = self.labels.units.get(line.unit, "")
        if line.quantity != 1 or unit:
            quantity = " ".join(filter(None, (self.labels.decimal(line.quantity), unit)))
            price = "/".join(filter(None, (self._amount(line.unit_price_minor), unit)))
            yield from self._indented(f"{quantity} × {price}" if self.has_prices else f"{quantity} ×")
        yield from self._indented(self.labels.order_types.get(line.order_type, ""))

    def choices(self, line: ReceiptLine, letters: Letters) -> Iterator[Paragraph]:
        """The components of a combo with the letters of their taxes, and modifiers with what they cost."""
        for component in line.components:
            taxes = letters(component.taxes)
            yield from self._indented(f"- {component.name} ({taxes})" if taxes else f"- {component.name}")
            yield from self._modifiers(component.modifiers, depth=1)
        yield from self._modifiers(line.modifiers, depth=0)

    def piece(self, line: ReceiptLine) -> Iterator[Paragraph]:
        """Its lot and its last day, as the code said, and what was said about it."""
        if line.lot:
            yield from self._indented(f"{self.labels.lot} {line.lot}")
        if line.use_by is not None:
            yield from self._indented(f"{self.labels.use_by} {line.use_by.strftime(self.labels.date)}")
        if line.note:
            yield from self._indented(f"{self.labels.note} {line.note}")

    def _modifiers(self, modifiers: Iterable[ReceiptModifier], *, depth: int) -> Iterator[Paragraph]:
        for modifier in modifiers:
            times = f"{modifier.quantity} × " if modifier.quantity != 1 else ""
            has_price = self.has_prices and modifier.price_minor
            price = f" {self._amount(modifier.price_minor)}" if has_price else ""
            yield from self._indented(f"+ {times}{modifier.name}{price}", depth=depth + modifier.depth)

    def _indented(self, text: str, *, depth: int = 0) -> Iterator[Paragraph]:
        if text:
            yield Paragraph(text=text, indent=depth + 1)

    def _amount(self, minor: int) -> str:
        return self.labels.amount(minor=minor, currency=self.currency)
