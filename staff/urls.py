"""Routes of the staff app, below `/api/v1/`."""

from django.urls import path

from staff.access.views import ApprovalsView, MeView, SignInView, SignOutView
from staff.employees.views import RoleLimitsView, RolesView

urlpatterns = [
    path("approvals", ApprovalsView.as_view(), name="approvals"),
    path("employees/sign-in", SignInView.as_view(), name="employee-sign-in"),
    path("employees/sign-out", SignOutView.as_view(), name="employee-sign-out"),
    path("employees/me", MeView.as_view(), name="employee-me"),
    path("roles", RolesView.as_view(), name="roles"),
    path("roles/<slug:role_code>/limits", RoleLimitsView.as_view(), name="role-limits"),
]
