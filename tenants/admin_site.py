"""The platform's admin: merchants and their settings, never their sales."""

from unfold.sites import UnfoldAdminSite


class PlatformAdminSite(UnfoldAdminSite):
    """For operators, on the platform's own host."""


platform_admin = PlatformAdminSite(name="admin")
