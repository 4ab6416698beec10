"""What is printed around receipts, as the merchant wants it from now on."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.tenancy import current_tenant
from pos.receipts.around import receipt_settings
from tenants.configuration.services import change_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptWords:
    """Lines above and below, whether a link is printed, and a picture of the catalogue or none."""

    header: tuple[str, ...]
    footer: tuple[str, ...]
    has_link: bool
    logo: UUID | None


def save_receipt_settings(*, words: ReceiptWords, actor: Actor, at: dt.datetime) -> None:
    """Put these words in force. Raises `Forbidden`, `NothingConfigured`, `InvalidConfiguration`."""
    actor.require("configuration.write")
    change_settings(
        tenant=current_tenant(),
        section="pos",
        member="receipt",
        values={
            "header": list(words.header),
            "footer": list(words.footer),
            "link": words.has_link,
            "logo": None if words.logo is None else str(words.logo),
        },
        actor=actor,
        at=at,
    )


def words_in_force() -> ReceiptWords:
    """What is printed now."""
    now = receipt_settings()
    return ReceiptWords(
        header=now.header,
        footer=now.footer,
        has_link=now.link,
        logo=None if now.logo is None else UUID(now.logo),
    )
