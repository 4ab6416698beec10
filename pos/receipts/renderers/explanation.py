"""Where each cent comes from, in words a cashier understands: each step with what it adds or takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pos.receipts.renderers.explanation_words import Words, words_for
from pos.receipts.renderers.labels import Labels, labels_for
from pos.receipts.renderers.layout import with_amount, wrapped
from pos.receipts.tax_names import says_rate

Explanation = Mapping[str, Any]
_INDENT = "  "


def render_explanation(*, explanation: Explanation, language: str, width: int) -> str:
    """The explanation of an order in lines of at most `width` columns, each ended by a line feed.

    Like a receipt it contains no control character but the line feed, whatever stands in names.
    """
    text = _Text(explanation=explanation, words=words_for(language), labels=labels_for(language), width=width)
    return "".join(f"{line.rstrip()}\n" for line in text.all_lines())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """The blocks of the text, from top to bottom."""

    explanation: Explanation
    words: Words
    labels: Labels
    width: int

    def all_lines(self) -> Iterator[str]:
        told, words = self.explanation, self.words
        yield from wrapped(text=words.order.format(reference=told["reference"]), width=self.width)
        for line in told["lines"]:
            yield ""
            yield from self.line(line)
        yield ""
        currency = told["currency"]
        steps = told["steps"]
        before_tip = [step for step in steps if step["step"] != "tip"]
        yield from self.steps(before_tip, indent="")
        total = words.total.format(currency=currency)
        yield from self.row(total, self.amount(told["total_minor"]), indent="")
        if len(steps) > len(before_tip):
            yield from self.steps(steps[len(before_tip) :], indent="", begins=False)
            payable = words.payable.format(currency=currency)
            yield from self.row(payable, self.amount(told["payable_minor"]), indent="")

    def line(self, line: Explanation) -> Iterator[str]:
        yield from wrapped(text=line["name"], width=self.width)
        yield from self.steps(line["steps"], indent=_INDENT, unit=line["unit"])
        yield from self.row(self.words.line_total, self.amount(line["total_minor"]), indent=_INDENT)

    def steps(
        self, steps: Sequence[Explanation], *, indent: str, unit: str = "", begins: bool = True
    ) -> Iterator[str]:
        """The first step is where it `begins`; what changes nothing afterwards is told without an amount."""
        for place, step in enumerate(steps):
            effect, is_first = step["amount_minor"], begins and place == 0
            amount = self.amount(effect) if is_first else self.signed(effect)
            yield from self.row(self.sentence(step, unit), amount if effect or is_first else "", indent)

    def row(self, text: str, amount: str, indent: str) -> Iterator[str]:
        for part in with_amount(text=text, amount=amount, width=self.width - len(indent)):
            yield f"{indent}{part}"

    def sentence(self, step: Explanation, unit: str) -> str:
        words, data = self.words, step["data"]
        match step["step"]:
            case "override":
                return words.label if "amount_minor" in data else words.override
            case "modifiers":
                return words.modifiers.format(names=self.names(data.get("modifiers", ())))
            case "quantity":
                return self.quantity(data["quantity"], unit)
            case "combo":
                return words.combo.format(names=", ".join(self.component(part) for part in data["parts"]))
            case "tax":
                return self.tax(data)
            case name:
                pattern: str = getattr(words, name)
                return pattern.format(name=data.get("name") or words.unnamed)

    def tax(self, data: Explanation) -> str:
        name = data["name"] or data["code"]
        rate = Decimal(data["rate"]) if "rate" in data else None
        if rate is not None and not says_rate(name, rate):
            name = f"{name} {self.labels.decimal(rate * 100)} %"
        pattern = self.words.tax_contained if data["inclusive"] else self.words.tax_added
        return pattern.format(name=name, amount=self.amount(data["tax_minor"]))

    def names(self, modifiers: Sequence[Explanation]) -> str:
        return ", ".join(self.modifier(chosen) for chosen in modifiers)

    def modifier(self, chosen: Explanation) -> str:
        times = f"{chosen['quantity']} × " if chosen["quantity"] != 1 else ""
        below = f" ({self.names(chosen['modifiers'])})" if chosen["modifiers"] else ""
        return f"{times}{chosen['name']}{below}"

    def component(self, part: Explanation) -> str:
        below = f" ({self.names(part['modifiers'])})" if part["modifiers"] else ""
        return f"{part['name']}{below}"

    def quantity(self, text: str, unit: str) -> str:
        number = self.labels.decimal(Decimal(text))
        if unit in self.labels.units:
            return self.words.quantity.format(quantity=f"{number} {self.labels.units[unit]}")
        return self.words.pieces.format(quantity=number)

    def signed(self, minor: int) -> str:
        return f"+{self.amount(minor)}" if minor > 0 else self.amount(minor)

    def amount(self, minor: int) -> str:
        return self.labels.amount(minor=minor, currency=self.explanation["currency"])
