"""Shapes of the catalogue, by what is asked for."""

from pos.catalog.serializers.lists import CategoryOutput, ItemOutput, TaxClassOutput

__all__ = ["CategoryOutput", "ItemOutput", "TaxClassOutput"]
