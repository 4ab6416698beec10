"""What the pos app does when a merchant is onboarded: locations, registers, tax classes, the catalogue."""

import datetime as dt
import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import UUID

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import TenantLike
from pos.catalog.csv_reading import CsvForm
from pos.catalog.csv_reading.reading import read_catalog
from pos.catalog.documents.reading import read_documents
from pos.catalog.drafts import TaxClassDraft
from pos.catalog.queries import tax_classes
from pos.catalog.services import save_tax_class
from pos.catalog.services.documents import save_documents
from pos.catalog.sheets.declared import ITEMS
from pos.configuration import CatalogSection, DrawerSection, PosSection, RegisterSection
from pos.importing.files import import_file
from pos.inventory.queries.settings import stock_settings
from pos.inventory.services.settings import save_stock_settings, settings_draft
from pos.registers.models import Drawer, Location, Register
from pos.registers.places import LocationDraft, RegisterDraft, save_location, save_register
from pos.registers.services.drawers import DrawerDraft, save_drawer
from tenants.configuration.merchant import MerchantSection
from tenants.configuration.problems import Problem
from tenants.configuration.sections import Configuration
from tenants.onboarding.steps import register

SHOWN_PROBLEMS: Final = 50
_FILE_PATH: Final = ("pos", "catalog", "file")


def make_places(*, tenant: TenantLike, config: Configuration, at: dt.datetime) -> Mapping[str, int]:
    """Locations and registers of the file, found again by code."""
    known = {place.code: place for place in Location.objects.all()}
    tills = {till.code: till for till in Register.objects.all()}
    outcomes = []
    for place in config.section(PosSection).locations:
        there = known.get(place.code)
        draft = LocationDraft(
            id=there.id if there else new_id(),
            code=place.code,
            name=place.name,
            address=place.address,
            time_zone=place.time_zone or tenant.time_zone,
            cut_off=place.cut_off,
            is_active=there.is_active if there else True,
            tax_address=place.tax_address,
            tax_number=place.tax_number,
            opening_hours={str(day): times for day, times in place.opening_hours.items()},
        )
        outcomes.append(save_location(draft=draft, actor=SYSTEM, at=at))
        outcomes += [_make_drawer(drawer, draft.id, at) for drawer in place.drawers]
        outcomes += [_make_register(till, draft.id, tills.get(till.code), at) for till in place.registers]
    return _counts(outcomes)


def _make_drawer(section: DrawerSection, location_id: UUID, at: dt.datetime) -> str:
    there = Drawer.objects.filter(code=section.code).first()
    draft = DrawerDraft(
        id=there.id if there else new_id(),
        location_id=location_id,
        code=section.code,
        name=section.name,
        is_shared=section.shared,
        is_active=there.is_active if there else True,
    )
    return save_drawer(draft=draft, actor=SYSTEM, at=at)


def _make_register(
    section: RegisterSection, location_id: UUID, there: Register | None, at: dt.datetime
) -> str:
    draft = RegisterDraft(
        id=there.id if there else new_id(),
        location_id=location_id,
        code=section.code,
        name=section.name,
        is_active=there.is_active if there else True,
        drawer=section.drawer,
        is_training=section.training,
    )
    return save_register(draft=draft, actor=SYSTEM, at=at)


def make_tax_classes(*, tenant: TenantLike, config: Configuration, at: dt.datetime) -> Mapping[str, int]:
    """Tax classes of the file, found again by code."""
    del tenant
    known = {row.code: row for row in tax_classes()}
    outcomes = []
    for section in config.section(PosSection).tax_classes:
        before = known.get(section.code)
        draft = TaxClassDraft(
            id=before.id if before else new_id(),
            code=section.code,
            name=section.name,
            rate=section.rate,
            is_inclusive=section.inclusive,
        )
        stated = (draft.name, draft.rate, draft.is_inclusive)
        if before and (before.name, before.rate, before.is_inclusive) == stated:
            outcomes.append("kept")
            continue
        save_tax_class(draft=draft, actor=SYSTEM, at=at)
        outcomes.append("changed" if before else "created")
    return _counts(outcomes)


def set_pricing(*, tenant: TenantLike, config: Configuration, at: dt.datetime) -> Mapping[str, int] | None:
    """How the merchant rounds; what the file does not say stays as it is."""
    del tenant
    section = config.section(PosSection).pricing
    if section is None:
        return None
    (before,) = read_documents(kind="settings").values()
    stated = {
        **before,
        "rounding": {"scope": section.rounding, "mode": section.half},
        "cash_increment": section.cash_increment,
    }
    saved = save_documents(documents=[("settings", stated)], actor=SYSTEM, at=at, cause="configuration")
    return _counts(["changed" if saved.changed else "kept"])


def set_inventory(*, tenant: TenantLike, config: Configuration, at: dt.datetime) -> Mapping[str, int] | None:
    """How the merchant keeps stock; what the file does not say stays as it is."""
    del tenant
    section = config.section(PosSection).inventory
    if section is None:
        return None
    draft = settings_draft(stock_settings())
    stated = {name: value for name, value in section.model_dump().items() if value is not None}
    return _counts([save_stock_settings(draft=replace(draft, **stated), actor=SYSTEM, at=at)])


def import_catalogue(
    *, tenant: TenantLike, config: Configuration, at: dt.datetime
) -> Mapping[str, int] | None:
    """The catalogue's file, if one is named; stock it states was at the first location."""
    del tenant
    section = config.section(PosSection)
    if section.catalog is None:
        return None
    report = import_file(
        data=_content(config, section.catalog),
        form=_form(section.catalog),
        location_code=section.locations[0].code,
        actor=SYSTEM,
        at=at,
    )
    outcomes = Counter(row.outcome for row in report.catalog.rows)
    return {
        **{word: outcomes[word] for word in ("created", "changed", "unchanged")},
        "opened": report.opened_count,
    }


def check_catalogue(config: Configuration) -> Iterator[Problem]:
    """Every row of the catalogue's file, before anything is changed."""
    section = config.section(PosSection)
    if section.catalog is None or config.folder is None:
        return
    file = read_catalog(
        data=_content(config, section.catalog),
        currency=config.section(MerchantSection).currency,
        tax_classes={tax.code for tax in section.tax_classes},
        form=_form(section.catalog),
    )
    named = {Path(name).stem: name for name in section.catalog.sheets}
    for problem in file.problems[:SHOWN_PROBLEMS]:
        where = named.get(problem.sheet, section.catalog.file)
        yield Problem(_FILE_PATH, "catalog_row", f"{where}, {replace(problem, sheet='')}")
    if file.problem_count > SHOWN_PROBLEMS:
        rest = file.problem_count - SHOWN_PROBLEMS
        yield Problem(_FILE_PATH, "catalog_row", f"{section.catalog.file}: and {rest} more problems")


def _content(config: Configuration, section: CatalogSection) -> bytes:
    """The file as it is; with further sheets, all of them packed as the ZIP file that an import takes."""
    if config.folder is None:
        raise FileNotFoundError(section.file)
    items = (config.folder / section.file).read_bytes()
    if not section.sheets:
        return items
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{ITEMS.name}.csv", items)
        for name in section.sheets:
            archive.writestr(Path(name).name, (config.folder / name).read_bytes())
    return packed.getvalue()


def _form(section: CatalogSection) -> CsvForm:
    return CsvForm(encoding=section.encoding, delimiter=section.delimiter, decimal=section.decimal)


def _counts(outcomes: list[str]) -> dict[str, int]:
    counted = Counter(outcomes)
    return {word: counted[word] for word in ("created", "changed", "kept")}


register(name="pos.places", order=400, run=make_places, reads=("pos.locations", "merchant.time_zone"))
register(name="pos.tax_classes", order=410, run=make_tax_classes, reads=("pos.tax_classes",))
register(name="pos.pricing", order=415, run=set_pricing, reads=("pos.pricing",))
register(name="pos.inventory", order=417, run=set_inventory, reads=("pos.inventory",))
register(
    name="pos.catalogue",
    order=420,
    run=import_catalogue,
    reads=("pos.catalog", "merchant.currency"),
    check=check_catalogue,
)
