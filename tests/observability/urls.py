"""The platform's metrics page alone."""

from django.urls import path

from fynlo.observability.metrics import metrics

urlpatterns = [path("metrics", metrics)]
