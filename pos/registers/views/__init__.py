"""Places, drawers and closings over HTTP."""

from pos.registers.views.closings import (
    ClosingsView,
    ClosingView,
    DrawerVariancesView,
    RegisterClosingsView,
    XReportView,
)
from pos.registers.views.places import (
    DenominationsView,
    DrawersView,
    DrawerView,
    LocationsView,
    LocationView,
    RegistersView,
    RegisterView,
)
from pos.registers.views.quick_keys import QuickKeysView
from pos.registers.views.sessions import (
    CashMovementsView,
    CashSessionCloseView,
    CashSessionsView,
    CashSessionView,
    ClosingBeginView,
    CountsView,
    OpeningConfirmationView,
    RecountsView,
    RegisterSessionsView,
    RegisterSessionView,
)

__all__ = [
    "CashMovementsView",
    "CashSessionCloseView",
    "CashSessionView",
    "CashSessionsView",
    "ClosingBeginView",
    "ClosingView",
    "ClosingsView",
    "CountsView",
    "DenominationsView",
    "DrawerVariancesView",
    "DrawerView",
    "DrawersView",
    "LocationView",
    "LocationsView",
    "OpeningConfirmationView",
    "QuickKeysView",
    "RecountsView",
    "RegisterClosingsView",
    "RegisterSessionView",
    "RegisterSessionsView",
    "RegisterView",
    "RegistersView",
    "XReportView",
]
