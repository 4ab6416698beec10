"""Routes of the staff app, below `/api/v1/`."""

from django.urls import path

from staff.access.views import MeView, SignInView, SignOutView

urlpatterns = [
    path("employees/sign-in", SignInView.as_view(), name="employee-sign-in"),
    path("employees/sign-out", SignOutView.as_view(), name="employee-sign-out"),
    path("employees/me", MeView.as_view(), name="employee-me"),
]
