"""The languages in which cashiers and guests are told the truth about a payment, one file each. Pure."""

from typing import Final

from payments.gateways.languages.english import ENGLISH
from payments.gateways.languages.french import FRENCH
from payments.gateways.languages.german import GERMAN
from payments.gateways.languages.words import Words

__all__ = ["ENGLISH", "FRENCH", "GERMAN", "LANGUAGES", "Words", "words_for"]

LANGUAGES: Final = {words.tag: words for words in (ENGLISH, GERMAN, FRENCH)}


def words_for(language: str) -> Words:
    """The words of a language tag, by its first part: `de-AT` is German. English where there are none."""
    return LANGUAGES.get(language.casefold().partition("-")[0], ENGLISH)
