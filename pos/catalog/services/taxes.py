"""Creating and changing a tax class. Sold lines keep the rate they were sold at."""

import datetime as dt
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.events.log import append
from pos.catalog.drafts import TaxClassDraft, tax_class_problems
from pos.catalog.errors import CodeFixed, CodeTaken
from pos.catalog.models import TaxClass
from pos.catalog.services.publishing import publish
from pos.catalog.services.writing import refuse, write
from pos.events import CatalogTaxClassChanged


def save_tax_class(*, draft: TaxClassDraft, actor: Actor, at: dt.datetime) -> UUID:
    """Make the tax class `draft` states, or bring it to what it states; returns its id.

    A draft has one rate: stating another one than the class has replaces its rules. The code never changes:
    accounts of the books are found by it. Raises `DraftInvalid`, `CodeTaken` and
    `CodeFixed`.
    """
    refuse(tax_class_problems(draft))
    return write(actor, lambda: _save(draft, actor=actor, at=at))


def _save(draft: TaxClassDraft, *, actor: Actor, at: dt.datetime) -> UUID:
    before = TaxClass.objects.filter(pk=draft.id).first()
    stated = (draft.code, draft.name, draft.rate, draft.is_inclusive)
    if before is not None and (before.code, before.name, before.rate, before.is_inclusive) == stated:
        return draft.id
    if before is not None and before.code != draft.code:
        raise CodeFixed(f"The code stays {before.code}; make a new tax class instead.", pointer="/code")
    if before is None and TaxClass.objects.filter(code=draft.code).exists():
        raise CodeTaken(f"There is a tax class {draft.code} already.", pointer="/code")
    rate_stays = before is not None and (before.rate, before.is_inclusive) == (draft.rate, draft.is_inclusive)
    TaxClass.objects.update_or_create(
        pk=draft.id,
        defaults={
            "code": draft.code,
            "name": draft.name,
            "rate": draft.rate,
            "is_inclusive": draft.is_inclusive,
            "rules": before.rules if before is not None and rate_stays else [],
        },
    )
    publish(touched={("tax_class", draft.id)}, cause="tax class saved", by=actor.id, at=at)
    append(
        CatalogTaxClassChanged(
            entity_id=draft.id,
            at=at,
            change="changed" if before else "created",
            code=draft.code,
            name=draft.name,
            rate=format(draft.rate.normalize(), "f"),
            is_inclusive=draft.is_inclusive,
            changed_by=actor.id,
        )
    )
    return draft.id
