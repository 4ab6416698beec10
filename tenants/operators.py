"""People who run the platform: made, changed, given a new password. Each of it is in the audit."""

import datetime as dt
from typing import Any, ClassVar, Final
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from fynlo.core.actors import Actor
from fynlo.core.errors import Conflict, FieldProblem, InvalidInput, NotFound, RuleViolation
from fynlo.core.tenancy import platform_context
from tenants.models import Operator, PlatformAudit

SHORTEST_PASSWORD: Final = 12


class OperatorEmailTaken(Conflict):
    """Another operator has this e-mail address."""

    code: ClassVar[str] = "email_taken"
    title: ClassVar[str] = "Another operator has this e-mail address"


class LastOperator(RuleViolation):
    """Somebody has to be left who can enter the platform's admin."""

    code: ClassVar[str] = "last_operator"
    title: ClassVar[str] = "The last active operator stays"


def create_operator(*, email: str, name: str, password: str, actor: Actor, at: dt.datetime) -> Operator:
    """Make an operator. Raises `InvalidInput` for address or password, `OperatorEmailTaken`."""
    _check_email(email)
    _check_password(password)
    with platform_context(), transaction.atomic():
        if Operator.objects.filter(email__iexact=email).exists():
            raise OperatorEmailTaken(pointer="/email")
        operator = Operator.objects.create_operator(email=email, password=password, name=name)
        _note("operator.created", operator, actor, at)
    return operator


def update_operator(
    *, operator_id: UUID, name: str, is_active: bool, actor: Actor, at: dt.datetime
) -> Operator:
    """Rename an operator, let them in or keep them out. Raises `NotFound`, `LastOperator`."""
    with platform_context(), transaction.atomic():
        operator = _locked(operator_id)
        others = Operator.objects.filter(is_active=True).exclude(pk=operator_id)
        if operator.is_active and not is_active and not others.exists():
            raise LastOperator("Make another operator first.", pointer="/is_active")
        operator.name, operator.is_active = name, is_active
        operator.save(update_fields=["name", "is_active"])
        _note("operator.changed", operator, actor, at, is_active=is_active)
    return operator


def set_operator_password(*, operator_id: UUID, password: str, actor: Actor, at: dt.datetime) -> Operator:
    """Give an operator a new password; browsers signed in with the old one are signed out."""
    _check_password(password)
    with platform_context(), transaction.atomic():
        operator = _locked(operator_id)
        operator.set_password(password)
        operator.save(update_fields=["password"])
        _note("operator.password_changed", operator, actor, at)
    return operator


def _locked(operator_id: UUID) -> Operator:
    # All of them, so that the last two cannot keep each other out at the same moment.
    people = {person.pk: person for person in Operator.objects.select_for_update().order_by("pk")}
    if operator_id not in people:
        raise NotFound("There is no such operator.")
    return people[operator_id]


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput("This is not an e-mail address.", pointer="/email") from None


def _check_password(password: str) -> None:
    sentences = []
    if len(password) < SHORTEST_PASSWORD:
        sentences.append(f"A password has at least {SHORTEST_PASSWORD} characters.")
    try:
        validate_password(password)
    except ValidationError as error:
        sentences += error.messages
    if sentences:
        problems = [FieldProblem("/password", "weak_password", sentence) for sentence in sentences]
        raise InvalidInput(sentences[0], errors=problems)


def _note(action: str, operator: Operator, actor: Actor, at: dt.datetime, **data: Any) -> None:
    PlatformAudit.objects.create(
        at=at, actor=f"{actor.kind}:{actor.name}", action=action, data={"operator": operator.email, **data}
    )
