"""The merchant's back office at their own host.

The site stands here, below all apps, because payments and staff are strangers to each other and both register
their tables with it (docs/structure.md).
"""

from unfold.sites import UnfoldAdminSite


class MerchantAdminSite(UnfoldAdminSite):
    """Back office of one merchant: the catalogue and people can be changed, history can only be read."""


merchant_admin = MerchantAdminSite(name="admin")
