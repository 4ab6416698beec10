"""The words of receipts by the language of the merchant."""

from typing import Final

from pos.receipts.renderers.label_set import Labels
from pos.receipts.renderers.languages.arabic import ARABIC
from pos.receipts.renderers.languages.chinese import CHINESE
from pos.receipts.renderers.languages.english import ENGLISH
from pos.receipts.renderers.languages.french import FRENCH
from pos.receipts.renderers.languages.german import GERMAN
from pos.receipts.renderers.languages.greek import GREEK

__all__ = ["LANGUAGES", "Labels", "labels_for"]

LANGUAGES: Final = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "el": GREEK, "ar": ARABIC, "zh": CHINESE}


def labels_for(language: str) -> Labels:
    """The labels of a language tag, by its first part; English where there are none: `de-AT` is German."""
    return LANGUAGES.get(language.casefold().partition("-")[0], ENGLISH)
