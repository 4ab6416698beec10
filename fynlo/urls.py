"""Routes on a merchant's host."""

from django.urls import include, path
from django.views.generic import RedirectView

from payments.gateways.simulator.views import simulator_page
from payments.gateways.stripe.pages import payment_page, payment_session, thanks_page
from payments.webhooks.views import merchant_door
from pos.receipts.views.public import public_receipt_page
from staff.admin_site import merchant_admin

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/"), name="home"),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("api/", include("fynlo.api.urls")),
    path("api/v1/", include("fynlo.events.urls")),
    path("api/v1/", include("fynlo.realtime.urls")),
    path("api/v1/", include("staff.urls")),
    path("api/v1/", include("payments.urls")),
    path("api/v1/", include("pos.urls")),
    path("api/v1/", include("sync.urls")),
    path("admin/", merchant_admin.urls),
    path("pay/simulator/<str:token>", simulator_page, name="simulator-page"),
    path("pay/thanks", thanks_page, name="payment-thanks"),
    path("pay/<str:token>", payment_page, name="payment-page"),
    path("pay/<str:token>/session", payment_session, name="payment-session"),
    path("payments/webhooks/<slug:gateway>", merchant_door, name="payment-webhook"),
    path("r/<str:token>", public_receipt_page, name="public-receipt"),
]
handler400 = "fynlo.api.problems.handler400"
handler403 = "fynlo.api.problems.handler403"
handler404 = "fynlo.api.problems.handler404"
handler500 = "fynlo.api.problems.handler500"
