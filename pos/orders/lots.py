"""The lots and serials that a sale names, and what is odd about them. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from pos.inventory.goods import Taken
from pos.inventory.services.lots import LotOddity, StatedLot
from pos.orders.drafts import BasketDraft
from pos.orders.flags import Flag

_MEMBERS: Final = {"lot": "lot", "serial": "serial"}
"""How pieces of an item are told apart → the member of a line that says which one it is."""


def stated_lots(
    *, draft: BasketDraft, taken: Sequence[Taken], tracking: Mapping[UUID, str]
) -> dict[int, StatedLot]:
    """What the lines' codes said of the pieces, by the number of what is `taken`.

    A code names the thing that is sold, never what it is made of.
    """
    lines = {line.id: line for line in draft.lines}
    found = {}
    for index, each in enumerate(taken):
        line, member = lines[each.line_id], _MEMBERS.get(tracking.get(each.variant_id, ""))
        code = getattr(line, member) if member and line.variant_id == each.variant_id else ""
        if code:
            found[index] = StatedLot(code=code, expires_on=line.use_by)
    return found


def lot_flags(*, draft: BasketDraft, taken: Sequence[Taken], odd: Iterable[LotOddity]) -> Iterator[Flag]:
    """Lots that nobody received, serials that were sold before, each where the line names it."""
    places = {line.id: place for place, line in enumerate(draft.lines)}
    for each in odd:
        line = draft.lines[places[taken[each.index].line_id]]
        member = "serial" if each.lot == line.serial else "lot"
        yield {
            "code": each.code,
            "pointer": f"/lines/{places[line.id]}/{member}",
            "variant_id": str(line.variant_id),
            "lot": each.lot,
        }
