"""Routes of the API's own pages, below `/api/`."""

from django.urls import path

from fynlo.api.documentation import DocumentationView, errors_page, schema

urlpatterns = [
    path("schema", schema, name="api-schema"),
    path("docs", DocumentationView.as_view(), name="api-docs"),
    path("docs/errors", errors_page, name="api-errors"),
]
