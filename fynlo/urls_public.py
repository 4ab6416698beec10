"""Routes on the platform's own host."""

from django.urls import path
from django.views.generic import RedirectView

from fynlo.observability.metrics import metrics
from payments.webhooks.views import platform_door
from tenants.admin_site import platform_admin
from tenants.views import home

urlpatterns = [
    path("", home, name="home"),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", platform_admin.urls),
    path("payments/webhooks/<slug:gateway>", platform_door, name="payment-webhook"),
    path("metrics", metrics, name="metrics"),
]
handler400 = "fynlo.api.problems.handler400"
handler403 = "fynlo.api.problems.handler403"
handler404 = "fynlo.api.problems.handler404"
handler500 = "fynlo.api.problems.handler500"
