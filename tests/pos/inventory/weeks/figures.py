"""What the API answers about a week, in the tables of the week's page."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from fynlo.core.clock import rfc3339
from pos.inventory.quantities import plain_cost
from tests.pos.inventory.weeks.keeper import Keeper
from tests.pos.inventory.weeks.pages import Table
from tests.pos.inventory.weeks.shopfront import told
from tests.pos.inventory.weeks.words import DAYS

_PARTS: Final = {
    "received": "received",
    "produced": "produced",
    "used in production": "used_in_production",
    "should": "theoretical",
    "actual": "actual",
    "waste": "waste",
    "missing": "variance",
    "left": "closing",
}
_TOTALS: Final = {
    "received": "received_minor",
    "produced": "produced_minor",
    "used in production": "used_in_production_minor",
    "cost of goods": "theoretical_minor",
    "waste": "waste_minor",
    "missing": "variance_minor",
    "stock": "closing_minor",
}


class Figures:
    """The figures of a week that was played."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper, self._week = keeper, keeper.week
        self._by_day = {day: self._usage(day, day) for day in DAYS}
        self._whole = self._usage("Mon", "Sun")

    def tables(self, page: Mapping[str, Table]) -> dict[str, Table]:
        """The tables the page has, under the same names, with what the API answers."""
        found = {
            "Day by day": self._days(),
            "Cost of goods": self._cost_of_goods(),
            "Theoretical against actual use": self._use("quantity"),
            "The same in value": self._use("value_minor"),
            "Counts": self._counts(),
            "What was known when": self._known(page["What was known when"]),
        }
        found["On the shelf"], found["Worth"] = self._shelves(page["On the shelf"])
        for title in page:
            if title.startswith("The card of "):
                found[title] = self._card(title.removeprefix("The card of "))
        return found

    def _get(self, path: str, **query: Any) -> dict[str, Any]:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return told(self._keeper.manager.get(f"{path}?{asked}"), 200)

    def _usage(self, first: str, last: str) -> dict[str, Any]:
        days = {"from": self._week.day(first), "to": self._week.day(last)}
        return self._get("/stock-usage", **days)

    def _rows(self, usage: Mapping[str, Any]) -> dict[str, Any]:
        """Rows of the report by the names of the week's goods."""
        by_variant = {row["variant_id"]: row for row in usage["items"]}
        return {name: by_variant.get(key) for name, key in self._keeper.goods.items()}

    def _days(self) -> Table:
        spans = {**self._by_day, "week": self._whole}
        return {
            name: [{column: usage["totals"][part] for column, part in _TOTALS.items()}]
            for name, usage in spans.items()
        }

    def _cost_of_goods(self) -> Table:
        spans = {day: self._rows(usage) for day, usage in {**self._by_day, "week": self._whole}.items()}
        return {
            name: [
                {
                    day: rows[name]["theoretical"]["value_minor"] if rows[name] else "0"
                    for day, rows in spans.items()
                }
            ]
            for name in self._keeper.goods
        }

    def _use(self, figure: str) -> Table:
        table = {}
        for name, row in self._rows(self._whole).items():
            cells = {column: row[part][figure] for column, part in _PARTS.items()}
            if figure == "quantity":
                cells["missing %"] = row["variance_percent"] or ""
            table[name] = [cells]
        return table

    def _shelves(self, page: Table) -> tuple[Table, Table]:
        """Quantity and value of each item at its place (`OIL, stall`; else the week's own) every evening."""
        shelf: Table = {}
        worth: Table = {}
        for title in page:
            name, _, place = title.partition(", ")
            location = self._keeper.places[place or self._week.said["place"]]
            told_of = {
                day: self._get(
                    "/stock-valuation",
                    date=self._week.day(day),
                    variant_id=self._keeper.goods[name],
                    location_id=location,
                )["items"]
                for day in DAYS
            }
            shelf[title] = [{day: rows[0]["quantity"] if rows else "0" for day, rows in told_of.items()}]
            worth[title] = [{day: rows[0]["value_minor"] if rows else "0" for day, rows in told_of.items()}]
        all_of_it = {day: self._get("/stock-valuation", date=self._week.day(day)) for day in DAYS}
        worth["all of it"] = [{day: told["totals"]["value_minor"] for day, told in all_of_it.items()}]
        return shelf, worth

    def _known(self, page: Table) -> Table:
        found: Table = {}
        for title in page:
            day, known = title.split(", ")
            at = rfc3339(self._week.moment(known))
            totals = self._get("/stock-valuation", date=self._week.day(day), known_at=at)["totals"]
            found[title] = [{"worth": totals["value_minor"]}]
        return found

    def _counts(self) -> Table:
        names = {key: name for name, key in self._keeper.goods.items()}
        found: Table = {}
        for at, count in self._keeper.counts.items():
            if at.startswith("Sun before"):
                continue
            for line in self._get(f"/stock-counts/{count}/lines", limit=100)["items"]:
                cells = {
                    "books": line["expected"],
                    "counted": line["counted"],
                    "difference": line["difference"],
                    "worth": line["difference_value_minor"],
                }
                found[f"{at} {names[line['variant_id']]}"] = [cells]
        return found

    def _card(self, name: str) -> Table:
        """Movements in the order they happened; what was corrected later is part of what it corrects."""
        card = self._get(
            f"/stock-cards/{self._keeper.goods[name]}",
            since=self._week.day("Mon"),
            until=self._week.day("Sun") + dt.timedelta(days=1),
            location_id=self._keeper.places[self._week.said["place"]],
            limit=200,
        )
        rows = card["movements"][::-1]
        after = {row["at"]: row for row in rows}
        found: Table = {}
        for row in rows:
            if row["kind"] == "revaluation":
                continue
            later = [
                each for each in rows if each["kind"] == "revaluation" and each["original_id"] == row["id"]
            ]
            value = sum((Decimal(each["value_minor"]) for each in later), Decimal(row["value_minor"]))
            cells = {
                "what": row["kind"],
                "quantity": row["quantity"],
                "value": plain_cost(value),
                "on hand": after[row["at"]]["on_hand_after"],
                "worth": after[row["at"]]["value_after_minor"],
            }
            found.setdefault(self._moment(row["at"]), []).append(cells)
        return found

    def _moment(self, text: str) -> str:
        local = dt.datetime.fromisoformat(text).astimezone(self._week.zone)
        return f"{DAYS[local.weekday()]} {local:%H:%M}"
