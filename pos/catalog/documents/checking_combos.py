"""What is wrong with a combo by itself, and its one form. Pure."""

from typing import Any

from pos.catalog.documents.limits import MAX_CHOICES, MAX_SLOT_NAME, MAX_SLOTS
from pos.catalog.documents.shapes import Part

Document = dict[str, Any]


def combo(part: Part) -> Document | None:
    """The slots of an item that is a combo, None for any other."""
    if not part.has("combo"):
        return None
    slots_of = Part(part.raw("combo"), f"{part.pointer}/combo", part.problems, ("slots",))
    slots = [_slot(slot) for slot in slots_of.parts("slots", ("id", "name", "choices"), at_most=MAX_SLOTS)]
    if not slots:
        slots_of.refuse("/slots", "empty", "A combo has at least one slot.")
    slots_of.repeated("slots", [slot["id"] for slot in slots], "/id")
    slots_of.repeated("slots", [slot["name"].casefold() for slot in slots], "/name")
    return {"slots": slots}


def _slot(slot: Part) -> Document:
    choices: list[Document] = [
        {
            "variant_id": choice.ident("variant_id"),
            "upcharge_minor": choice.price("upcharge_minor", default=0),
            "is_default": choice.flag("is_default", default=False),
        }
        for choice in slot.parts(
            "choices", ("variant_id", "upcharge_minor", "is_default"), at_most=MAX_CHOICES
        )
    ]
    if not choices:
        slot.refuse("/choices", "empty", "A slot has at least one choice.")
    slot.repeated("choices", [choice["variant_id"] for choice in choices], "/variant_id")
    if sum(choice["is_default"] for choice in choices) > 1:
        slot.refuse("/choices", "defaults", "A slot has at most one choice that is taken by itself.")
    return {"id": slot.ident("id"), "name": slot.text("name", longest=MAX_SLOT_NAME), "choices": choices}
