"""Routes of realtime, below `/api/v1/`."""

from django.urls import path

from fynlo.realtime.views import TicketsView

urlpatterns = [path("realtime/tickets", TicketsView.as_view(), name="realtime-tickets")]
