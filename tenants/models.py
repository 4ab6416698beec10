"""Platform tables (schema `public`): merchants, their host names, their settings, and who runs the platform."""

from typing import Any, ClassVar, NoReturn

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django_tenants.models import DomainMixin, TenantMixin

from fynlo.core.ids import new_id
from fynlo.core.money import CURRENCIES
from tenants import states

SLUG_PATTERN = r"^[a-z][a-z0-9_]{2,39}$"
SCHEMA_PREFIX = "t_"


class PlatformModel(models.Model):
    """A row of the platform with a UUIDv7 key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class Tenant(TenantMixin):
    """A merchant: the schema that holds everything of theirs, and the facts the platform needs of them."""

    # The library's switches: schemas are built by onboarding and dropped by nobody.
    auto_create_schema = False
    auto_drop_schema = False

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3, choices=[(code, code) for code in CURRENCIES])
    time_zone = models.CharField(max_length=64)
    language = models.CharField(max_length=35, default="en")
    plan = models.CharField(max_length=40, default="standard")
    state = models.CharField(max_length=20, default=states.PROVISIONING)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_reason = models.CharField(max_length=200, blank=True, default="")
    is_canary = models.BooleanField(default=False)
    schema_fingerprint = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(slug__regex=SLUG_PATTERN), name="tenants_tenant_slug_shape"),
            models.CheckConstraint(
                condition=Q(schema_name__regex=r"^t_[a-z][a-z0-9_]{2,39}$"),
                name="tenants_tenant_schema_shape",
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.STATES.states), name="tenants_tenant_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_suspended(self) -> bool:
        """Whether the platform has suspended this merchant."""
        return self.suspended_at is not None

    def create_schema(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused: the library's way goes around template, rights and checks."""
        raise RuntimeError("schemas are built by tenants.schemas.services.create_schema")

    def _drop_schema(self, force_drop: bool = False) -> None:
        """Nothing to do when the row is deleted; dropping a schema along with it is refused (trap 19)."""
        if force_drop:
            raise RuntimeError("a merchant's schema is dropped by nobody")


class Domain(DomainMixin):
    """A host name of a merchant, exact and without port."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        ordering = ["domain"]

    def __str__(self) -> str:
        return str(self.domain)


class VendorAccount(PlatformModel):
    """Whose account at a vendor this is: what comes in for all merchants at one door finds its merchant here.

    Written only for accounts the platform itself made or connected for a merchant, never for a name somebody typed.
    """

    gateway = models.CharField(max_length=40)
    account = models.CharField(max_length=100)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="vendor_accounts")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["gateway", "account"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "account"], name="tenants_vendoraccount_once"),
            models.CheckConstraint(condition=~Q(account=""), name="tenants_vendoraccount_named"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.account}"


class VendorSecret(PlatformModel):
    """What a vendor signs its calls to the platform's own door with, sealed. `endpoint` is its name at the vendor.

    Two of them are good while one is being replaced.
    """

    gateway = models.CharField(max_length=40)
    endpoint = models.CharField(max_length=100)
    sealed = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["gateway", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "endpoint"], name="tenants_vendorsecret_once")
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.endpoint}"


class OperatorManager(BaseUserManager["Operator"]):
    """Makes people who run the platform."""

    def create_operator(self, *, email: str, password: str, name: str = "") -> "Operator":
        """A new operator with a hashed password."""
        operator = self.model(email=self.normalize_email(email), name=name or email)
        operator.set_password(password)
        operator.save(using=self._db)
        return operator


class Operator(AbstractBaseUser):
    """Somebody who runs the platform: sees merchants, never their sales. Not an employee of any merchant."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = OperatorManager()

    class Meta:
        ordering = ["email"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """How the admin greets them."""
        return self.name

    @property
    def is_staff(self) -> bool:
        """Admin asks; every active operator may enter the platform's admin."""
        return self.is_active

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Operators hold rights on platform tables only; the platform's admin offers no others."""
        del obj
        return self.is_active and perm.startswith("tenants.")

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the app's tables are shown at all."""
        return self.is_active and app_label == "tenants"


class PlatformSession(AbstractBaseSession):
    """A browser session on the platform's host. Merchants' sessions are in their own schemas."""

    class Meta(AbstractBaseSession.Meta):
        db_table = "tenants_platformsession"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that reads and writes this table."""
        from tenants.sessions import SessionStore

        return SessionStore


class PlatformAudit(PlatformModel):
    """What was done to merchants, by whom, appended only."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=160)
    action = models.CharField(max_length=60)
    tenant_slug = models.CharField(max_length=40, blank=True, default="")
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]


class SchemaTemplate(PlatformModel):
    """The statements that build a tenant's schema, as dumped from the template schema at deployment."""

    fingerprint = models.CharField(max_length=64, unique=True)
    # What the platform's own schema was migrated to in the same go: one look-up tells that nothing is left to do.
    platform_fingerprint = models.CharField(max_length=64, blank=True, default="")
    ddl = models.TextField(blank=True)  # empty where no pg_dump was found: schemas are then migrated instead
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]


class ConfigurationVersion(PlatformModel):
    """One accepted version of a merchant's configuration; the newest is in force, old ones stay."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="configuration_versions")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    document = models.JSONField()
    created_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["tenant", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="tenants_configuration_version"),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(is_current=True), name="tenants_configuration_current"
            ),
        ]


class OnboardingRun(PlatformModel):
    """One attempt to bring a merchant to the state a file describes."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="onboarding_runs")
    digest = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at"]


class OnboardingStep(PlatformModel):
    """One step of a run that has been committed."""

    run = models.ForeignKey(OnboardingRun, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=80)
    finished_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering = ["finished_at", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="tenants_onboarding_step_once")]


def schema_for(slug: str) -> str:
    """The schema name of a merchant with this slug."""
    return f"{SCHEMA_PREFIX}{slug}"
