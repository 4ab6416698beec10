"""The merchant's back office, with the way in that staff has: e-mail address and password, limited.

The site itself stands in `fynlo.backoffice.site`, so that payments can register with it.
"""

from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from fynlo.core.clock import now
from staff.configuration import SHORTEST_PASSWORD
from staff.employees.services import change_own_password, checked_password
from tenants.sign_in import OwnPasswordForm, SignInForm

__all__ = ["merchant_admin"]


class EmployeePasswordForm(OwnPasswordForm):
    """An employee's own password."""

    rules = f"At least {SHORTEST_PASSWORD} characters, not a common password."

    def check_rules(self, password: str) -> None:
        """The rules for employees."""
        checked_password(password)

    def change(self, *, old: str, new: str) -> str:
        """Change it, with a fact in the feed."""
        me = Actor(kind="employee", id=self.user.pk, name=self.user.name, employee_id=self.user.pk)
        return change_own_password(old=old, new=new, actor=me, at=now()).password


merchant_admin.login_form = SignInForm
merchant_admin.own_password_form = EmployeePasswordForm
