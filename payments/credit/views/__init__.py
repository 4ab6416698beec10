"""House accounts, gift cards and store credit over HTTP."""

from payments.credit.views.houses import HouseAccountsView, HouseAccountView

__all__ = ["HouseAccountView", "HouseAccountsView"]
