"""Routes of the pos app, room by room."""

from django.urls import path

from pos.catalog.views import (
    CatalogBookView,
    CatalogDocumentView,
    CatalogImagesView,
    CatalogImageView,
    CatalogItemsView,
    CatalogItemView,
    CatalogSearchView,
    CategoriesView,
    PatternTrialView,
    ScansView,
    StopLiftView,
    StopsView,
    TaxClassesView,
)
from pos.importing.views import (
    CatalogExportView,
    CatalogImportApplyView,
    CatalogImportDiscardView,
    CatalogImportRevertView,
    CatalogImportRowsView,
    CatalogImportsView,
    CatalogImportView,
)
from pos.inventory.views import StockCardView, StockLevelsView, StockMovementsView
from pos.inventory.views.adjustments import (
    StockAdjustmentRevertView,
    StockAdjustmentsView,
    StockAdjustmentView,
)
from pos.inventory.views.alerts import StockAlertsView
from pos.inventory.views.counts import (
    StockCountApproveView,
    StockCountCancelView,
    StockCountEntriesView,
    StockCountEntryVoidView,
    StockCountLinesView,
    StockCountRecountView,
    StockCountSubmitView,
    StockCountsView,
    StockCountView,
)
from pos.inventory.views.lots import StockLotsView, StockRecallFileView, StockRecallsView
from pos.inventory.views.margins import StockMarginsView
from pos.inventory.views.productions import ProductionRevertView, ProductionsView, ProductionView
from pos.inventory.views.recipes import (
    RecipesView,
    RecipeVersionsView,
    RecipeView,
    UnwrittenRecipesView,
)
from pos.inventory.views.reservations import (
    StockReservationExtendView,
    StockReservationReleaseView,
    StockReservationsView,
    StockReservationView,
)
from pos.inventory.views.settings import StockItemsView, StockItemView, StockSettingsView, StockTargetsView
from pos.inventory.views.transfers import (
    StockTransferCancelView,
    StockTransferLinesView,
    StockTransferReceiveView,
    StockTransferRejectView,
    StockTransferSendView,
    StockTransfersView,
    StockTransferView,
)
from pos.inventory.views.usage import StockUsageView
from pos.inventory.views.valuation import StockRevaluationsView, StockValuationView
from pos.inventory.views.waste import (
    StockWasteOneView,
    StockWasteRevertView,
    StockWasteView,
    WasteReasonsView,
    WasteReportView,
)
from pos.labels.views import LabelFormatsView, LabelsView
from pos.orders.views import (
    FavouritesView,
    OrderCancelView,
    OrderChangesView,
    OrderFulfilmentView,
    OrderPaymentsView,
    OrderPlaceView,
    OrderRefundsView,
    OrdersView,
    OrderView,
    QuotesView,
    RefundableView,
    RefundsView,
    RefundView,
    StockReturnsView,
    TicketsView,
)
from pos.purchasing.views.orders import (
    PurchaseOrderCancelView,
    PurchaseOrderCloseView,
    PurchaseOrderConfirmView,
    PurchaseOrderSendView,
    PurchaseOrdersView,
    PurchaseOrderView,
)
from pos.purchasing.views.papers import (
    PurchaseOrderCsvView,
    PurchaseOrderEmailView,
    PurchaseOrderPdfView,
    SupplierReturnCsvView,
    SupplierReturnPdfView,
)
from pos.purchasing.views.receipts import GoodsReceiptsView, GoodsReceiptView, PurchaseOrderReceiptsView
from pos.purchasing.views.returns import (
    LandedCostRevertView,
    LandedCostsView,
    LandedCostView,
    SupplierReturnsView,
    SupplierReturnView,
)
from pos.purchasing.views.suggestions import PurchaseSuggestionsView, SuggestedOrdersView
from pos.purchasing.views.suppliers import SuppliersView, SupplierView
from pos.receipts.views import (
    ExplanationView,
    InvoicesView,
    ReceiptEmailsView,
    ReceiptView,
    ReprintsView,
)
from pos.registers.journal.views import (
    JournalArchivesView,
    JournalCheckpointsView,
    JournalKeysView,
    JournalVerificationView,
    JournalView,
)
from pos.registers.views import (
    CashMovementsView,
    CashSessionCloseView,
    CashSessionsView,
    CashSessionView,
    ClosingBeginView,
    ClosingsView,
    ClosingView,
    CountsView,
    DenominationsView,
    DrawersView,
    DrawerVariancesView,
    DrawerView,
    LocationsView,
    LocationView,
    OpeningConfirmationView,
    QuickKeysView,
    RecountsView,
    RegisterClosingsView,
    RegisterSessionsView,
    RegisterSessionView,
    RegistersView,
    RegisterView,
    XReportView,
)
from pos.stock_files.views import (
    StockExportsView,
    StockImportApplyView,
    StockImportDiscardView,
    StockImportRevertView,
    StockImportRowsView,
    StockImportsView,
    StockImportView,
)

urlpatterns = [
    path("catalog/barcode-patterns/trial", PatternTrialView.as_view(), name="barcode-pattern-trial"),
    path("catalog/book", CatalogBookView.as_view(), name="catalog-book"),
    path("catalog/categories", CategoriesView.as_view(), name="catalog-categories"),
    path(
        "catalog/documents/<slug:kind>/<uuid:document_id>",
        CatalogDocumentView.as_view(),
        name="catalog-document",
    ),
    path("catalog/export", CatalogExportView.as_view(), name="catalog-export"),
    path("catalog/imports", CatalogImportsView.as_view(), name="catalog-imports"),
    path("catalog/imports/<uuid:import_id>", CatalogImportView.as_view(), name="catalog-import"),
    path(
        "catalog/imports/<uuid:import_id>/rows", CatalogImportRowsView.as_view(), name="catalog-import-rows"
    ),
    path(
        "catalog/imports/<uuid:import_id>/apply",
        CatalogImportApplyView.as_view(),
        name="catalog-import-apply",
    ),
    path(
        "catalog/imports/<uuid:import_id>/revert",
        CatalogImportRevertView.as_view(),
        name="catalog-import-revert",
    ),
    path(
        "catalog/imports/<uuid:import_id>/discard",
        CatalogImportDiscardView.as_view(),
        name="catalog-import-discard",
    ),
    path("catalog/images", CatalogImagesView.as_view(), name="catalog-images"),
    path("catalog/images/<uuid:image_id>", CatalogImageView.as_view(), name="catalog-image"),
    path("catalog/items", CatalogItemsView.as_view(), name="catalog-items"),
    path("catalog/items/<uuid:item_id>", CatalogItemView.as_view(), name="catalog-item"),
    path("catalog/scans", ScansView.as_view(), name="catalog-scans"),
    path("catalog/search", CatalogSearchView.as_view(), name="catalog-search"),
    path("catalog/stops", StopsView.as_view(), name="catalog-stops"),
    path("catalog/stops/<uuid:stop_id>/lift", StopLiftView.as_view(), name="catalog-stop-lift"),
    path("catalog/tax-classes", TaxClassesView.as_view(), name="catalog-tax-classes"),
    path("labels", LabelsView.as_view(), name="labels"),
    path("labels/formats", LabelFormatsView.as_view(), name="label-formats"),
    path("locations", LocationsView.as_view(), name="locations"),
    path("locations/<uuid:location_id>", LocationView.as_view(), name="location"),
    path("drawers", DrawersView.as_view(), name="drawers"),
    path("drawers/<uuid:drawer_id>", DrawerView.as_view(), name="drawer"),
    path("denominations", DenominationsView.as_view(), name="denominations"),
    path("quick-keys", QuickKeysView.as_view(), name="quick-keys"),
    path("journal-archives", JournalArchivesView.as_view(), name="journal-archives"),
    path("journal-keys", JournalKeysView.as_view(), name="journal-keys"),
    path("registers", RegistersView.as_view(), name="registers"),
    path("registers/<uuid:register_id>", RegisterView.as_view(), name="register"),
    path("registers/<uuid:register_id>/x-report", XReportView.as_view(), name="register-x-report"),
    path("registers/<uuid:register_id>/closings", RegisterClosingsView.as_view(), name="register-closings"),
    path("registers/<uuid:register_id>/journal", JournalView.as_view(), name="register-journal"),
    path(
        "registers/<uuid:register_id>/journal/checkpoints",
        JournalCheckpointsView.as_view(),
        name="register-journal-checkpoints",
    ),
    path(
        "registers/<uuid:register_id>/journal/verification",
        JournalVerificationView.as_view(),
        name="register-journal-verification",
    ),
    path("registers/<uuid:register_id>/quick-keys", QuickKeysView.as_view(), name="register-quick-keys"),
    path("registers/<uuid:register_id>/sessions", RegisterSessionsView.as_view(), name="register-sessions"),
    path("registers/<uuid:register_id>/favourites", FavouritesView.as_view(), name="register-favourites"),
    path("registers/<uuid:register_id>/session", RegisterSessionView.as_view(), name="register-session"),
    path("cash-sessions", CashSessionsView.as_view(), name="cash-sessions"),
    path("cash-sessions/<uuid:session_id>", CashSessionView.as_view(), name="cash-session"),
    path(
        "cash-sessions/<uuid:session_id>/confirm-opening",
        OpeningConfirmationView.as_view(),
        name="cash-session-confirm-opening",
    ),
    path(
        "cash-sessions/<uuid:session_id>/begin-closing",
        ClosingBeginView.as_view(),
        name="cash-session-begin-closing",
    ),
    path("cash-sessions/<uuid:session_id>/counts", CountsView.as_view(), name="cash-session-counts"),
    path("cash-sessions/<uuid:session_id>/recounts", RecountsView.as_view(), name="cash-session-recounts"),
    path("cash-sessions/<uuid:session_id>/close", CashSessionCloseView.as_view(), name="cash-session-close"),
    path(
        "cash-sessions/<uuid:session_id>/movements",
        CashMovementsView.as_view(),
        name="cash-session-movements",
    ),
    path("closings", ClosingsView.as_view(), name="closings"),
    path("closings/<uuid:closing_id>", ClosingView.as_view(), name="closing"),
    path("reports/drawer-variances", DrawerVariancesView.as_view(), name="drawer-variances"),
    path("quotes", QuotesView.as_view(), name="quotes"),
    path("orders", OrdersView.as_view(), name="orders"),
    path("orders/<uuid:order_id>", OrderView.as_view(), name="order"),
    path("tickets", TicketsView.as_view(), name="tickets"),
    path("orders/<uuid:order_id>/changes", OrderChangesView.as_view(), name="order-changes"),
    path("orders/<uuid:order_id>/place", OrderPlaceView.as_view(), name="order-place"),
    path("orders/<uuid:order_id>/fulfilment", OrderFulfilmentView.as_view(), name="order-fulfilment"),
    path("orders/<uuid:order_id>/cancel", OrderCancelView.as_view(), name="order-cancel"),
    path("orders/<uuid:order_id>/payments", OrderPaymentsView.as_view(), name="order-payments"),
    path("orders/<uuid:order_id>/explain", ExplanationView.as_view(), name="order-explanation"),
    path("orders/<uuid:order_id>/receipt", ReceiptView.as_view(), name="order-receipt"),
    path("orders/<uuid:order_id>/receipt/emails", ReceiptEmailsView.as_view(), name="order-receipt-emails"),
    path("orders/<uuid:order_id>/receipt/invoices", InvoicesView.as_view(), name="order-receipt-invoices"),
    path("orders/<uuid:order_id>/receipt/reprints", ReprintsView.as_view(), name="order-receipt-reprints"),
    path("stock-alerts", StockAlertsView.as_view(), name="stock-alerts"),
    path("stock-cards/<uuid:variant_id>", StockCardView.as_view(), name="stock-card"),
    path("stock-adjustments", StockAdjustmentsView.as_view(), name="stock-adjustments"),
    path("stock-adjustments/<uuid:adjustment_id>", StockAdjustmentView.as_view(), name="stock-adjustment"),
    path(
        "stock-adjustments/<uuid:adjustment_id>/revert",
        StockAdjustmentRevertView.as_view(),
        name="stock-adjustment-revert",
    ),
    path("stock-counts", StockCountsView.as_view(), name="stock-counts"),
    path("stock-counts/<uuid:count_id>", StockCountView.as_view(), name="stock-count"),
    path("stock-counts/<uuid:count_id>/lines", StockCountLinesView.as_view(), name="stock-count-lines"),
    path("stock-counts/<uuid:count_id>/entries", StockCountEntriesView.as_view(), name="stock-count-entries"),
    path(
        "stock-counts/<uuid:count_id>/entries/<uuid:entry_id>/void",
        StockCountEntryVoidView.as_view(),
        name="stock-count-entry-void",
    ),
    path("stock-counts/<uuid:count_id>/submit", StockCountSubmitView.as_view(), name="stock-count-submit"),
    path("stock-counts/<uuid:count_id>/approve", StockCountApproveView.as_view(), name="stock-count-approve"),
    path("stock-counts/<uuid:count_id>/recount", StockCountRecountView.as_view(), name="stock-count-recount"),
    path("stock-counts/<uuid:count_id>/cancel", StockCountCancelView.as_view(), name="stock-count-cancel"),
    path("stock-exports", StockExportsView.as_view(), name="stock-exports"),
    path("stock-imports", StockImportsView.as_view(), name="stock-imports"),
    path("stock-imports/<uuid:file_id>", StockImportView.as_view(), name="stock-import"),
    path("stock-imports/<uuid:file_id>/rows", StockImportRowsView.as_view(), name="stock-import-rows"),
    path("stock-imports/<uuid:file_id>/apply", StockImportApplyView.as_view(), name="stock-import-apply"),
    path("stock-imports/<uuid:file_id>/revert", StockImportRevertView.as_view(), name="stock-import-revert"),
    path(
        "stock-imports/<uuid:file_id>/discard", StockImportDiscardView.as_view(), name="stock-import-discard"
    ),
    path("stock-items", StockItemsView.as_view(), name="stock-items"),
    path("stock-items/<uuid:item_id>", StockItemView.as_view(), name="stock-item"),
    path("stock-levels", StockLevelsView.as_view(), name="stock-levels"),
    path("stock-reservations", StockReservationsView.as_view(), name="stock-reservations"),
    path(
        "stock-reservations/<uuid:reservation_id>", StockReservationView.as_view(), name="stock-reservation"
    ),
    path(
        "stock-reservations/<uuid:reservation_id>/extend",
        StockReservationExtendView.as_view(),
        name="stock-reservation-extend",
    ),
    path(
        "stock-reservations/<uuid:reservation_id>/release",
        StockReservationReleaseView.as_view(),
        name="stock-reservation-release",
    ),
    path("stock-recalls", StockRecallsView.as_view(), name="stock-recalls"),
    path("stock-recalls/document.csv", StockRecallFileView.as_view(), name="stock-recall-file"),
    path("orders/<uuid:order_id>/refunds", OrderRefundsView.as_view(), name="order-refunds"),
    path("orders/<uuid:order_id>/refundable", RefundableView.as_view(), name="order-refundable"),
    path("refunds", RefundsView.as_view(), name="refunds"),
    path("refunds/<uuid:refund_id>", RefundView.as_view(), name="refund"),
    path("stock-returns", StockReturnsView.as_view(), name="stock-returns"),
    path("stock-lots", StockLotsView.as_view(), name="stock-lots"),
    path("stock-movements", StockMovementsView.as_view(), name="stock-movements"),
    path("stock-revaluations", StockRevaluationsView.as_view(), name="stock-revaluations"),
    path("stock-settings", StockSettingsView.as_view(), name="stock-settings"),
    path("stock-targets", StockTargetsView.as_view(), name="stock-targets"),
    path("stock-transfers", StockTransfersView.as_view(), name="stock-transfers"),
    path("stock-transfers/<uuid:transfer_id>", StockTransferView.as_view(), name="stock-transfer"),
    path(
        "stock-transfers/<uuid:transfer_id>/lines",
        StockTransferLinesView.as_view(),
        name="stock-transfer-lines",
    ),
    path(
        "stock-transfers/<uuid:transfer_id>/send", StockTransferSendView.as_view(), name="stock-transfer-send"
    ),
    path(
        "stock-transfers/<uuid:transfer_id>/receive",
        StockTransferReceiveView.as_view(),
        name="stock-transfer-receive",
    ),
    path(
        "stock-transfers/<uuid:transfer_id>/reject",
        StockTransferRejectView.as_view(),
        name="stock-transfer-reject",
    ),
    path(
        "stock-transfers/<uuid:transfer_id>/cancel",
        StockTransferCancelView.as_view(),
        name="stock-transfer-cancel",
    ),
    path("stock-valuation", StockValuationView.as_view(), name="stock-valuation"),
    path("productions", ProductionsView.as_view(), name="productions"),
    path("productions/<uuid:production_id>", ProductionView.as_view(), name="production"),
    path("productions/<uuid:production_id>/revert", ProductionRevertView.as_view(), name="production-revert"),
    path("stock-waste", StockWasteView.as_view(), name="stock-waste"),
    path("stock-waste/report", WasteReportView.as_view(), name="stock-waste-report"),
    path("stock-waste/reasons", WasteReasonsView.as_view(), name="stock-waste-reasons"),
    path("stock-waste/<uuid:waste_id>", StockWasteOneView.as_view(), name="stock-waste-one"),
    path("stock-waste/<uuid:waste_id>/revert", StockWasteRevertView.as_view(), name="stock-waste-revert"),
    path("stock-margins", StockMarginsView.as_view(), name="stock-margins"),
    path("stock-usage", StockUsageView.as_view(), name="stock-usage"),
    path("recipes", RecipesView.as_view(), name="recipes"),
    path("recipes/unwritten", UnwrittenRecipesView.as_view(), name="unwritten-recipes"),
    path("recipes/<uuid:owner_id>", RecipeView.as_view(), name="recipe"),
    path("recipes/<uuid:owner_id>/versions", RecipeVersionsView.as_view(), name="recipe-versions"),
    path("suppliers", SuppliersView.as_view(), name="suppliers"),
    path("suppliers/<uuid:supplier_id>", SupplierView.as_view(), name="supplier"),
    path("purchase-suggestions", PurchaseSuggestionsView.as_view(), name="purchase-suggestions"),
    path("purchase-suggestions/orders", SuggestedOrdersView.as_view(), name="purchase-suggestion-orders"),
    path("purchase-orders", PurchaseOrdersView.as_view(), name="purchase-orders"),
    path("purchase-orders/<uuid:purchase_id>", PurchaseOrderView.as_view(), name="purchase-order"),
    path(
        "purchase-orders/<uuid:purchase_id>/send", PurchaseOrderSendView.as_view(), name="purchase-order-send"
    ),
    path(
        "purchase-orders/<uuid:purchase_id>/confirm",
        PurchaseOrderConfirmView.as_view(),
        name="purchase-order-confirm",
    ),
    path(
        "purchase-orders/<uuid:purchase_id>/cancel",
        PurchaseOrderCancelView.as_view(),
        name="purchase-order-cancel",
    ),
    path(
        "purchase-orders/<uuid:purchase_id>/close",
        PurchaseOrderCloseView.as_view(),
        name="purchase-order-close",
    ),
    path(
        "purchase-orders/<uuid:purchase_id>/receipts",
        PurchaseOrderReceiptsView.as_view(),
        name="purchase-order-receipts",
    ),
    path(
        "purchase-orders/<uuid:purchase_id>/document.pdf",
        PurchaseOrderPdfView.as_view(),
        name="purchase-order-pdf",
    ),
    path(
        "purchase-orders/<uuid:purchase_id>/document.csv",
        PurchaseOrderCsvView.as_view(),
        name="purchase-order-csv",
    ),
    path(
        "purchase-orders/<uuid:purchase_id>/email",
        PurchaseOrderEmailView.as_view(),
        name="purchase-order-email",
    ),
    path("goods-receipts", GoodsReceiptsView.as_view(), name="goods-receipts"),
    path("goods-receipts/<uuid:receipt_id>", GoodsReceiptView.as_view(), name="goods-receipt"),
    path("supplier-returns", SupplierReturnsView.as_view(), name="supplier-returns"),
    path("supplier-returns/<uuid:return_id>", SupplierReturnView.as_view(), name="supplier-return"),
    path(
        "supplier-returns/<uuid:return_id>/document.pdf",
        SupplierReturnPdfView.as_view(),
        name="supplier-return-pdf",
    ),
    path(
        "supplier-returns/<uuid:return_id>/document.csv",
        SupplierReturnCsvView.as_view(),
        name="supplier-return-csv",
    ),
    path("landed-costs", LandedCostsView.as_view(), name="landed-costs"),
    path("landed-costs/<uuid:cost_id>", LandedCostView.as_view(), name="landed-cost"),
    path("landed-costs/<uuid:cost_id>/revert", LandedCostRevertView.as_view(), name="landed-cost-revert"),
]
