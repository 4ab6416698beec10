"""House accounts, gift cards and store credit over HTTP."""

from payments.credit.views.houses import HouseAccountsView, HouseAccountView
from payments.credit.views.keeping import KeepAsCreditView
from payments.credit.views.values import (
    ActivitiesView,
    CodeView,
    ImportReversalView,
    ImportsView,
    LookupView,
    ReleaseView,
    ReservationsView,
    StepsView,
    StoredValueView,
    TransfersView,
)

__all__ = [
    "ActivitiesView",
    "CodeView",
    "HouseAccountView",
    "HouseAccountsView",
    "ImportReversalView",
    "ImportsView",
    "KeepAsCreditView",
    "LookupView",
    "ReleaseView",
    "ReservationsView",
    "StepsView",
    "StoredValueView",
    "TransfersView",
]
