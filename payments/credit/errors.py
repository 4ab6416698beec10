"""What can be wrong with buying on account."""

from fynlo.core.errors import Conflict, RuleViolation


class HouseAccountCodeTaken(Conflict):
    """Another house account has this code."""

    code = "code_taken"
    title = "This code is already taken"


class HouseAccountFixed(RuleViolation):
    """The code of a house account names an account of the books and never changes."""

    code = "house_account_fixed"
    title = "The code of a house account cannot change"


class HouseLimitExceeded(Conflict):
    """They would owe more than they may. A sale that happened already is flagged instead."""

    code = "house_limit_exceeded"
    title = "This is beyond the limit of the house account"


class HouseAccountInactive(Conflict):
    """The account was closed for new sales. A sale that happened already is flagged instead."""

    code = "house_account_inactive"
    title = "Nothing more goes on this house account"


class UnknownHouseAccount(RuleViolation):
    """There is no such house account, or none was named where one is needed."""

    code = "unknown_house_account"
    title = "There is no such house account"
