"""Routes of the feed, below `/api/v1/`."""

from django.urls import path

from fynlo.events.views import FeedView

urlpatterns = [path("feed", FeedView.as_view(), name="feed")]
