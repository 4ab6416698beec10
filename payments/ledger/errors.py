"""Named failures about the chart of accounts."""

from typing import ClassVar

from fynlo.core.errors import Conflict


class AccountCodeTaken(Conflict):
    """Another account has this code."""

    code: ClassVar[str] = "account_code_taken"
    title: ClassVar[str] = "Another account has this code"


class PostingKeyTaken(Conflict):
    """Another account takes this posting key; map it (`PUT /ledger/mappings`) to move it."""

    code: ClassVar[str] = "posting_key_taken"
    title: ClassVar[str] = "Another account takes this posting key"


class AccountInactive(Conflict):
    """An account that is not active takes no further keys."""

    code: ClassVar[str] = "account_inactive"
    title: ClassVar[str] = "This account is not active"
