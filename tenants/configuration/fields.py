"""Types of the fields in a merchant's file: each says what it allows, in words, and refuses the rest.

A refusal made here is a `PydanticCustomError` whose type is its stable code. Descriptions travel into the
JSON Schema and into messages ("allowed: …"), so they are written for merchants.
"""

import datetime as dt
import ipaddress
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, Final

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError
from rapidfuzz import fuzz, process

from fynlo.core.money import CURRENCIES

SLUG_PATTERN: Final = r"^[a-z][a-z0-9_]{2,39}$"
_RESERVED = (
    "admin api app assets docs extensions fynlo health help information_schema localhost mail media metrics "
    "platform postgres public root shared static status support system template tenant tenants www"
)
RESERVED_SLUGS: Final = frozenset(_RESERVED.split())
_CODE_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,19}$"
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_RATE: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,12})?")
_SHORT: Final = 3  # codes of two and three letters all resemble each other
_NOON: Final = dt.time(12, 0)
_LONGEST_HOST: Final = 253


def refuse(code: str, message: str, **values: Any) -> PydanticCustomError:
    """An error for a validator to raise: a stable code and a sentence without the value given."""
    return PydanticCustomError(code, message, values or None)


def nearest(word: str, known: "list[str] | tuple[str, ...] | frozenset[str]") -> str | None:
    """The known word that is most like `word`, or None when none is near enough to be meant."""
    match = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=65)
    return str(match[0]) if match else None


def _one_of(kind: str, known: Callable[[], frozenset[str]]) -> AfterValidator:
    def check(value: str) -> str:
        if value in known():
            return value
        meant = nearest(value, known()) if len(value) > _SHORT else None
        upper = value.upper() if value.upper() in known() else None
        hint = f"; did you mean {upper or meant}?" if upper or meant else ""
        raise refuse(f"unknown_{kind}", f"this is not a known {kind.replace('_', ' ')}{hint}")

    return AfterValidator(check)


@lru_cache
def country_codes() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes, from the table that comes with the time zone data."""
    table = (resources.files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    return frozenset(line.partition("\t")[0] for line in table.splitlines() if not line.startswith("#"))


@lru_cache
def time_zones() -> frozenset[str]:
    """Names of the IANA time zone database as installed."""
    names = (resources.files("tzdata") / "zones").read_text("utf-8").split()
    return frozenset(names) - {"Factory", "localtime", "posixrules"}


def _clean_text(value: str) -> str:
    """Composed form (NFC) without characters that are invisible or steer a printer or terminal (trap 34)."""
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for letter in value):
        raise refuse("control_character", "it holds a control or invisible character")
    return unicodedata.normalize("NFC", value)


def _slug(value: str) -> str:
    if value in RESERVED_SLUGS:
        raise refuse("reserved_slug", "this name is reserved for the platform")
    return value


def _host(value: str) -> str:
    if not value.isascii():
        raise refuse("host_name", "an international name is written in its ASCII form (xn--…)")
    labels = value.split(".")
    if len(value) > _LONGEST_HOST or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):  # noqa: PLR2004
        raise refuse("host_name", "this is not a full host name in lower case, without scheme, port or path")
    try:
        ipaddress.ip_address(value)
    except ValueError:
        if labels[-1].isdigit():
            raise refuse("host_name", "the last part of a host name is not a number") from None
        return value
    raise refuse("host_name", "an address of digits is not a host name")


def _language(value: str) -> str:
    match = _LANGUAGE.fullmatch(value)
    if match is None:
        raise refuse("language", "this is not written as a language tag (BCP 47)")
    if match[1] not in {code.partition("-")[0] for code in LANG_INFO}:
        raise refuse("unknown_language", "this is not a known language")
    if match[4] and match[4].isalpha() and match[4] not in country_codes():
        raise refuse("unknown_country", "the region of this tag is not a known country")
    return value


def _email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise refuse("email", "this is not an e-mail address") from None
    return value


def _cut_off(value: Any) -> Any:
    if isinstance(value, dt.time):
        return value
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise refuse("clock_time", "this is not a time of day")
    return dt.time(int(match[1]), int(match[2]))


def _morning(value: dt.time) -> dt.time:
    if value > _NOON:
        raise refuse("cut_off", "a trading day ends in the night or the morning")
    return value


def _rate(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise refuse("rate", "this is not a rate")
    if not _RATE.fullmatch(str(value)):
        raise refuse("rate", "this is not a rate")
    rate = Decimal(value)
    if rate > 1:
        raise refuse("rate_too_high", "this is more than the whole price: 19 % is written 0.19")
    if rate != round(rate, 6):
        raise refuse("rate_too_fine", "a rate has at most six digits after the point")
    return rate


Slug = Annotated[
    str,
    StringConstraints(pattern=SLUG_PATTERN),
    AfterValidator(_slug),
    Field(description="3 to 40 of a-z, 0-9 and _, starting with a letter"),
]
Code = Annotated[
    str,
    StringConstraints(pattern=_CODE_PATTERN),
    Field(description="1 to 20 letters (A-Z), digits, - and _, starting with a letter or digit"),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(_clean_text),
    Field(description="1 to 80 printable characters"),
]
TextLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=64),
    AfterValidator(_clean_text),
    Field(description="a line of at most 64 printable characters"),
]
HostName = Annotated[
    str,
    AfterValidator(_host),
    Field(description="a host name such as shop.example.com", json_schema_extra={"format": "hostname"}),
]
CountryCode = Annotated[
    str,
    _one_of("country", country_codes),
    Field(description="a country of ISO 3166 in two letters, such as DE"),
]
CurrencyCode = Annotated[
    str,
    _one_of("currency", lambda: frozenset(CURRENCIES)),
    Field(description="a currency of ISO 4217 in three letters, such as EUR"),
]
TimeZoneName = Annotated[
    str,
    _one_of("time_zone", time_zones),
    Field(description="a name of the IANA time zone database, such as Europe/Berlin"),
]
LanguageTag = Annotated[
    str, AfterValidator(_language), Field(description="a language tag of BCP 47, such as de or de-AT")
]
Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(_email),
    Field(description="an e-mail address", json_schema_extra={"format": "email"}),
]
CutOff = Annotated[
    dt.time,
    BeforeValidator(_cut_off, json_schema_input_type=str),
    AfterValidator(_morning),
    Field(description='a time of day from "00:00" to "12:00", in quotes'),
    WithJsonSchema({"type": "string", "pattern": _CLOCK.pattern}),
]
Rate = Annotated[
    Decimal,
    BeforeValidator(_rate),
    Field(description='a share from 0 to 1 with at most six digits after the point, such as "0.19"'),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": f"^{_RATE.pattern}$"}, {"type": "number"}]}),
]
