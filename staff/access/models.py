"""Sign-ins: an employee on a paired device, for a few hours; the wrong tries before them; and approvals."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from staff.access.approving import ACTIONS
from staff.employees.models import Employee


class StaffSession(TenantModel):
    """An employee signed in on one device. Only a hash of the token is kept.

    `device_id` is the terminal's key (terminals live further up the street, so it is no foreign key); the
    session is worth nothing on another device.
    """

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="sessions")
    device_id = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["device_id", "-started_at"], name="staff_session_device")]

    def __repr__(self) -> str:
        return f"<StaffSession {self.pk}>"


class SignInTry(TenantModel):
    """Tries of one person's PIN on one device since the last right one.

    The number is kept as typed, whether or not somebody has it, so that both are slowed down alike. A row goes
    with a right PIN.
    """

    device_id = models.UUIDField()
    employee_number = models.CharField(max_length=12)
    failures = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["device_id", "employee_number"]
        constraints = [
            models.UniqueConstraint(fields=["device_id", "employee_number"], name="staff_signintry_once")
        ]


class Approval(TenantModel):
    """Somebody's word, given with their own PIN, that one thing may be done once. Only a hash of the token is kept.

    It is good on the device it was given on, for one `action` on the thing `subject_id`, up to `amount_minor`
    (minor units of the merchant's currency) and `percent`, until `expires_at`. The row stays: it says who
    answers for what was done.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    action = models.CharField(max_length=20, choices=[(code, each.title) for code, each in ACTIONS.items()])
    subject_id = models.UUIDField()
    amount_minor = models.BigIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(default=0)
    approver = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="approvals", db_index=False)
    device_id = models.UUIDField()
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="staff_approval_amount"),
        ]

    def __repr__(self) -> str:
        return f"<Approval {self.pk}>"
