"""The merchant's back office, with the way in that staff has: e-mail address and password, limited.

The site itself stands in `fynlo.backoffice.site`, so that payments can register with it.
"""

from fynlo.backoffice.site import merchant_admin
from tenants.sign_in import SignInForm

__all__ = ["merchant_admin"]

merchant_admin.login_form = SignInForm
