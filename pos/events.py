"""What the pos app says to the feed: facts in the past tense, one frozen class each."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from fynlo.events.facts import DomainEvent


@dataclass(frozen=True, kw_only=True)
class CatalogItemChanged(DomainEvent):
    """An item was created or changed, with its variants as they are now. `entity_id` is the item."""

    kind: ClassVar[str] = "catalog.item_changed"

    change: str
    name: str
    category_id: str
    tax_class: str
    unit: str
    is_active: bool
    variants: tuple[dict[str, Any], ...]
    changed_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class CatalogCategoryChanged(DomainEvent):
    """A category was created, changed or removed. `entity_id` is the category."""

    kind: ClassVar[str] = "catalog.category_changed"

    change: str
    name: str
    parent_id: str | None
    position: int
    changed_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class CatalogTaxClassChanged(DomainEvent):
    """A tax class was created or changed. `entity_id` is the tax class, `rate` a fraction as text."""

    kind: ClassVar[str] = "catalog.tax_class_changed"

    change: str
    code: str
    name: str
    rate: str
    is_inclusive: bool
    changed_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class CatalogImported(DomainEvent):
    """A file was imported. Readers take the catalogue anew; `entity_id` names this import."""

    kind: ClassVar[str] = "catalog.imported"

    created: int
    changed: int
    unchanged: int
    changed_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class CatalogBookPublished(DomainEvent):
    """The price book has a new version. `entity_id` is the version.

    `entries` are its documents (`{"kind", "id", "document"}`, a removed one as null) while they are few and
    small; else null, and the reader takes `GET /catalog/book?after_revision=` with the revision it has.
    """

    kind: ClassVar[str] = "catalog.book_published"

    version_id: UUID
    revision: int
    effective_at: dt.datetime
    digest: str
    entry_count: int
    entries: tuple[dict[str, Any], ...] | None


@dataclass(frozen=True, kw_only=True)
class _WholeState(DomainEvent):
    """A fact that carries the entity's whole state, in the shape the API answers it."""

    kind: ClassVar[str] = "pos.whole_state"

    state: Mapping[str, Any]

    def data(self) -> dict[str, Any]:
        """The state itself."""
        return dict(self.state)


@dataclass(frozen=True, kw_only=True)
class CatalogStopped(_WholeState):
    """An item or a variant is not to be had from now on ("86"). `entity_id` is the stop."""

    kind: ClassVar[str] = "catalog.stopped"


@dataclass(frozen=True, kw_only=True)
class CatalogStopLifted(_WholeState):
    """A stop was ended before its time. `entity_id` is the stop, the state is what it was."""

    kind: ClassVar[str] = "catalog.stop_lifted"


@dataclass(frozen=True, kw_only=True)
class TicketOpened(_WholeState):
    """An order was opened that is in no book yet. `entity_id` is the order."""

    kind: ClassVar[str] = "ticket.opened"


@dataclass(frozen=True, kw_only=True)
class OrderChanged(_WholeState):
    """What is on an open order, or how far it is, changed. `entity_id` is the order."""

    kind: ClassVar[str] = "order.changed"


@dataclass(frozen=True, kw_only=True)
class OrderPaid(_WholeState):
    """Something was paid of an open order that is not completed by it. `entity_id` is the order."""

    kind: ClassVar[str] = "order.paid"


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(_WholeState):
    """An order was cancelled: nothing of it is owed any more. `entity_id` is the order."""

    kind: ClassVar[str] = "order.cancelled"


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(_WholeState):
    """A sale was recorded that is not paid in full yet. `entity_id` is the order."""

    kind: ClassVar[str] = "order.placed"


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(_WholeState):
    """A sale was recorded and paid in full. `entity_id` is the order."""

    kind: ClassVar[str] = "order.completed"


@dataclass(frozen=True, kw_only=True)
class ReceiptReprinted(_WholeState):
    """A receipt was printed again. `entity_id` is the order."""

    kind: ClassVar[str] = "receipt.reprinted"


@dataclass(frozen=True, kw_only=True)
class ReceiptEmailRequested(_WholeState):
    """A receipt shall be sent; `sealed_to` says to whom, for the platform alone. `entity_id` is the letter.

    The feed is the outbox: its reader `receipts` has the letter sent.
    """

    kind: ClassVar[str] = "receipt.email_requested"


@dataclass(frozen=True, kw_only=True)
class ReceiptEmailed(_WholeState):
    """The letter was handed to the mail server. `entity_id` is the letter."""

    kind: ClassVar[str] = "receipt.emailed"


@dataclass(frozen=True, kw_only=True)
class ReceiptEmailFailed(_WholeState):
    """The letter could not be sent, and is not tried again. `entity_id` is the letter, `reason` says why."""

    kind: ClassVar[str] = "receipt.email_failed"


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(_WholeState):
    """Money of an order went back. `entity_id` is the order; the state: the `refund`, the `order` after it."""

    kind: ClassVar[str] = "order.refunded"


@dataclass(frozen=True, kw_only=True)
class RefundRecorded(_WholeState):
    """Money went back for goods without a receipt. `entity_id` is the refund."""

    kind: ClassVar[str] = "refund.recorded"


@dataclass(frozen=True, kw_only=True)
class CashSessionOpened(_WholeState):
    """A drawer was opened with its float. `entity_id` is the session."""

    kind: ClassVar[str] = "cash_session.opened"


@dataclass(frozen=True, kw_only=True)
class CashSessionClosed(_WholeState):
    """A drawer was counted and closed. `entity_id` is the session."""

    kind: ClassVar[str] = "cash_session.closed"


@dataclass(frozen=True, kw_only=True)
class JournalCheckpointSigned(_WholeState):
    """The head of a register's journal was signed: keep it elsewhere. `entity_id` is the register."""

    kind: ClassVar[str] = "journal.checkpoint_signed"


@dataclass(frozen=True, kw_only=True)
class CashSessionChanged(_WholeState):
    """An opening was confirmed, a closing began, or a count was committed. `entity_id` is the session."""

    kind: ClassVar[str] = "cash_session.changed"


@dataclass(frozen=True, kw_only=True)
class CashMoved(_WholeState):
    """Money went into a drawer or out of it by hand, or it was opened for nothing. `entity_id` is the movement."""

    kind: ClassVar[str] = "cash_session.moved"


@dataclass(frozen=True, kw_only=True)
class RegisterClosed(_WholeState):
    """A register was closed with a Z; the state is its head, without the figures. `entity_id` is the closing."""

    kind: ClassVar[str] = "register.closed"


@dataclass(frozen=True, kw_only=True)
class RegisterClosingLate(_WholeState):
    """A sale or refund became known after the Z it belongs to. `entity_id` is the late entry."""

    kind: ClassVar[str] = "register.closing_late"


@dataclass(frozen=True, kw_only=True)
class DrawerChanged(_WholeState):
    """A drawer was set up or changed. `entity_id` is the drawer."""

    kind: ClassVar[str] = "register.drawer_changed"


@dataclass(frozen=True, kw_only=True)
class LocationChanged(DomainEvent):
    """A location was set up or changed. `cut_off` is local time, `04:00`."""

    kind: ClassVar[str] = "register.location_changed"

    change: str
    code: str
    name: str
    time_zone: str
    cut_off: str
    is_active: bool
    changed_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class RegisterChanged(DomainEvent):
    """A register was set up or changed."""

    kind: ClassVar[str] = "register.changed"

    change: str
    location_id: str
    code: str
    name: str
    is_active: bool
    changed_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class QuickKeysChanged(DomainEvent):
    """The buttons of a till were set anew; `register_id` None: those of every till. Readers take them again.

    `entity_id` is the register, or the merchant.
    """

    kind: ClassVar[str] = "register.quick_keys_changed"

    register_id: UUID | None
    key_count: int
    changed_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class StockLevelsChanged(DomainEvent):
    """Levels are these now, each whole: a reader replaces what it had of them. `entity_id` names the batch.

    Each of `levels` has `variant_id`, `location_id`, and as text `on_hand`, `reserved`, `in_transit`, `available`.
    There are at most five hundred of them; what changes more says so in several of these.
    """

    kind: ClassVar[str] = "stock.levels_changed"

    levels: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class StockMoved(_WholeState):
    """Stock was adjusted, or an adjustment was taken back. `entity_id` is the adjustment, or the imported file."""

    kind: ClassVar[str] = "stock.moved"


@dataclass(frozen=True, kw_only=True)
class StockReturned(_WholeState):
    """Goods of an order came back, onto the shelf or to be thrown away. `entity_id` is the return (the refund)."""

    kind: ClassVar[str] = "stock.returned"


@dataclass(frozen=True, kw_only=True)
class ReservationMade(_WholeState):
    """Goods are kept for somebody. `entity_id` is the reservation."""

    kind: ClassVar[str] = "reservation.made"


@dataclass(frozen=True, kw_only=True)
class ReservationExtended(_WholeState):
    """Goods are kept until another time. `entity_id` is the reservation."""

    kind: ClassVar[str] = "reservation.extended"


@dataclass(frozen=True, kw_only=True)
class ReservationConsumed(_WholeState):
    """A sale that named the reservation took what was kept. `entity_id` is the reservation."""

    kind: ClassVar[str] = "reservation.consumed"


@dataclass(frozen=True, kw_only=True)
class ReservationReleased(_WholeState):
    """Somebody let go what was kept. `entity_id` is the reservation."""

    kind: ClassVar[str] = "reservation.released"


@dataclass(frozen=True, kw_only=True)
class ReservationExpired(_WholeState):
    """What was kept is free again, its time is over. `entity_id` is the reservation."""

    kind: ClassVar[str] = "reservation.expired"


@dataclass(frozen=True, kw_only=True)
class StockSettingsChanged(_WholeState):
    """The merchant's rules of stock changed. `entity_id` names the change, the state is the rules."""

    kind: ClassVar[str] = "stock.settings_changed"


@dataclass(frozen=True, kw_only=True)
class StockItemChanged(_WholeState):
    """How stock of an item is kept changed. `entity_id` is the item."""

    kind: ClassVar[str] = "stock.item_changed"


@dataclass(frozen=True, kw_only=True)
class StockTargetsChanged(_WholeState):
    """What should be on shelves changed: the `targets` as they are now. `entity_id` names the change."""

    kind: ClassVar[str] = "stock.targets_changed"


@dataclass(frozen=True, kw_only=True)
class StockLevelsDiffered(DomainEvent):
    """An audit found levels that are not the sums they stand for. `entity_id` names the audit.

    Each of `differences` (the first hundred) has `location_id`, `variant_id`, the `figure` (`on_hand`,
    `value_minor`, `reserved`, `in_transit`), what the `level` says (null: there is none) and the `total`, as text.
    """

    kind: ClassVar[str] = "stock.levels_differed"

    difference_count: int
    differences: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class StockCountOpened(_WholeState):
    """A count was opened. `entity_id` is the count, as for all that follows."""

    kind: ClassVar[str] = "stock_count.opened"


@dataclass(frozen=True, kw_only=True)
class StockCountEntered(_WholeState):
    """Somebody counted, or took back: the `entries` that are new, and the `count` as it is now."""

    kind: ClassVar[str] = "stock_count.entered"


@dataclass(frozen=True, kw_only=True)
class StockCountSubmitted(_WholeState):
    """A count takes no more entries; somebody decides about its differences."""

    kind: ClassVar[str] = "stock_count.submitted"


@dataclass(frozen=True, kw_only=True)
class StockCountRecounted(_WholeState):
    """Lines of a count are to be counted again (`line_ids` of the state)."""

    kind: ClassVar[str] = "stock_count.recounted"


@dataclass(frozen=True, kw_only=True)
class StockCountClosed(_WholeState):
    """A count was approved; the shelves hold what it says."""

    kind: ClassVar[str] = "stock_count.closed"


@dataclass(frozen=True, kw_only=True)
class StockCountCancelled(_WholeState):
    """A count was given up; nothing came of it."""

    kind: ClassVar[str] = "stock_count.cancelled"


@dataclass(frozen=True, kw_only=True)
class StockTransferDrafted(_WholeState):
    """A transfer was prepared, or its lines were changed. `entity_id` is the transfer, as for all that follows."""

    kind: ClassVar[str] = "stock_transfer.drafted"


@dataclass(frozen=True, kw_only=True)
class StockTransferSent(_WholeState):
    """Goods left for another location."""

    kind: ClassVar[str] = "stock_transfer.sent"


@dataclass(frozen=True, kw_only=True)
class StockTransferReceived(_WholeState):
    """Goods of a transfer arrived, all of them or a part; the state says which."""

    kind: ClassVar[str] = "stock_transfer.received"


@dataclass(frozen=True, kw_only=True)
class StockTransferRejected(_WholeState):
    """What had not been received went back to where it came from."""

    kind: ClassVar[str] = "stock_transfer.rejected"


@dataclass(frozen=True, kw_only=True)
class StockTransferCancelled(_WholeState):
    """A transfer was given up before it was sent."""

    kind: ClassVar[str] = "stock_transfer.cancelled"


@dataclass(frozen=True, kw_only=True)
class SupplierChanged(_WholeState):
    """A supplier was created or changed, with what it sells. `entity_id` is the supplier."""

    kind: ClassVar[str] = "supplier.changed"


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderChanged(_WholeState):
    """A draft of an order to a supplier was made or changed, or a letter of it sent. `entity_id` is the order."""

    kind: ClassVar[str] = "purchase_order.changed"


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderSent(_WholeState):
    """Goods were ordered. `entity_id` is the purchase order."""

    kind: ClassVar[str] = "purchase_order.sent"


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderConfirmed(_WholeState):
    """The supplier answered. `entity_id` is the purchase order."""

    kind: ClassVar[str] = "purchase_order.confirmed"


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderReceived(_WholeState):
    """Something of an order came, or its rest was given up; the state says whether all of it is done."""

    kind: ClassVar[str] = "purchase_order.received"


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderCancelled(_WholeState):
    """An order was given up before anything came. `entity_id` is the purchase order."""

    kind: ClassVar[str] = "purchase_order.cancelled"


@dataclass(frozen=True, kw_only=True)
class GoodsReceived(_WholeState):
    """A delivery was received. `entity_id` is the receipt."""

    kind: ClassVar[str] = "goods_receipt.recorded"


@dataclass(frozen=True, kw_only=True)
class GoodsReturned(_WholeState):
    """Goods went back to a supplier. `entity_id` is the return."""

    kind: ClassVar[str] = "supplier_return.recorded"


@dataclass(frozen=True, kw_only=True)
class LandedCostRecorded(_WholeState):
    """Deliveries cost more (or less) than stated, or such a cost was taken back. `entity_id` is the cost."""

    kind: ClassVar[str] = "landed_cost.recorded"


@dataclass(frozen=True, kw_only=True)
class RecipeChanged(_WholeState):
    """What a dish is made of, or what a modifier changes, is this now. `entity_id` is the variant or modifier."""

    kind: ClassVar[str] = "recipe.changed"


@dataclass(frozen=True, kw_only=True)
class RecipeRemoved(_WholeState):
    """A dish or a modifier has no recipe any more; the state is what it was. `entity_id` as above."""

    kind: ClassVar[str] = "recipe.removed"


@dataclass(frozen=True, kw_only=True)
class StockProduced(_WholeState):
    """A batch was made. `entity_id` is the production."""

    kind: ClassVar[str] = "stock.produced"


@dataclass(frozen=True, kw_only=True)
class StockProductionReverted(_WholeState):
    """A batch was taken back: what went in is on the shelf again. `entity_id` is the production."""

    kind: ClassVar[str] = "stock.production_reverted"


@dataclass(frozen=True, kw_only=True)
class StockWasted(_WholeState):
    """An ingredient or a dish was thrown away. `entity_id` is the waste."""

    kind: ClassVar[str] = "stock.wasted"


@dataclass(frozen=True, kw_only=True)
class WasteReasonsChanged(_WholeState):
    """The merchant's list of reasons for waste is this now. `entity_id` names the change."""

    kind: ClassVar[str] = "stock.waste_reasons_changed"


@dataclass(frozen=True, kw_only=True)
class StockAlertRaised(_WholeState):
    """Something is the matter with a variant at a location (low, out …). `entity_id` is the alert."""

    kind: ClassVar[str] = "stock.alert_raised"


@dataclass(frozen=True, kw_only=True)
class StockAlertCleared(_WholeState):
    """It no longer is. `entity_id` is the alert, the state says since when and until when it was."""

    kind: ClassVar[str] = "stock.alert_cleared"


@dataclass(frozen=True, kw_only=True)
class StockFileApplied(_WholeState):
    """A file about stock was applied. Readers take what its `kind` is about anew; `entity_id` is the file."""

    kind: ClassVar[str] = "stock_file.applied"


@dataclass(frozen=True, kw_only=True)
class StockFileReverted(_WholeState):
    """A file about stock was taken back. Readers take what its `kind` is about anew; `entity_id` is the file."""

    kind: ClassVar[str] = "stock_file.reverted"


@dataclass(frozen=True, kw_only=True)
class StoredValueSold(DomainEvent):
    """A gift card was sold or loaded at a till. `entity_id` is the sale; its document has no code."""

    kind: ClassVar[str] = "stored_value.sold"

    sale: dict[str, Any]
