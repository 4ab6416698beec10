"""What can be wrong with buying, by name."""

from fynlo.core.errors import Conflict, RuleViolation


class OverReceipt(RuleViolation):
    """More came than was ordered and the merchant's tolerance allows. Somebody who may can approve it."""

    code, title = "over_receipt", "More came than was ordered"


class OverReturn(RuleViolation):
    """More is to go back than came and has not gone back yet."""

    code, title = "over_return", "More is to go back than is left of the delivery"


class UnknownGoods(RuleViolation):
    """A variant, supplier, location, order line or delivered line that is not there."""

    code, title = "unknown_reference", "There is no such thing here"


class LotNeeded(RuleViolation):
    """The item is kept by lots or serials, and the delivery does not say which came."""

    code, title = "lot_needed", "Lots or serials of this item are needed"


class LotsDoNotAddUp(RuleViolation):
    """The lots of a line are not together what came of it."""

    code, title = "lots_do_not_add_up", "The lots do not add up to the quantity"


class NothingToShare(RuleViolation):
    """A cost with nobody to bear it: no goods, no weight, no value."""

    code, title = "nothing_to_share", "There is nothing that could bear this cost"


class SupplierCodeTaken(Conflict):
    """Another supplier has this code."""

    code, title = "supplier_code_taken", "Another supplier has this code"


class PurchaseIdConflict(Conflict):
    """The id was used for something else before."""

    code, title = "purchase_id_conflict", "This id was used otherwise before"


class NoEmailAddress(RuleViolation):
    """Nobody to send to."""

    code, title = "no_email_address", "The supplier has no e-mail address"


class LotsNotKept(RuleViolation):
    """The item is not kept by lots or serials, but the delivery names some."""

    code, title = "lots_not_kept", "Lots of this item are not kept"


class TimeAhead(RuleViolation):
    """Something happened later than now."""

    code, title = "time_ahead", "This is in the future"


class OtherLocation(RuleViolation):
    """An order is received where it was ordered for."""

    code, title = "other_location", "The order is for another location"
