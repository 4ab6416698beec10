"""People who run the platform: made, let in or kept out, given a new password. Each of it is in the audit.

Making one needs the owner's rights on the database, so nobody can do it through the web; a new password for
oneself does not.
"""

import datetime as dt
from typing import Any, ClassVar, Final

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


def operators() -> list[Operator]:
    """Everybody, by address."""
    with platform_context():
        return list(Operator.objects.order_by("email"))


def create_operator(*, email: str, name: str, password: str, actor: Actor, at: dt.datetime) -> Operator:
    """Make an operator. Raises `InvalidInput` for address or password, `OperatorEmailTaken`."""
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput("This is not an e-mail address.", pointer="/email") from None
    check_password_rules(password)
    with platform_context(), transaction.atomic():
        if Operator.objects.filter(email__iexact=email).exists():
            raise OperatorEmailTaken(pointer="/email")
        operator = Operator.objects.create_operator(email=email, password=password, name=name)
        _note("operator.created", operator, actor, at)
    return operator


def admit_operator(*, email: str, is_active: bool, actor: Actor, at: dt.datetime) -> Operator:
    """Let an operator in, or keep them out at once. Raises `NotFound`, `LastOperator`."""
    with platform_context(), transaction.atomic():
        # All of them are locked, so that the last two cannot keep each other out at the same moment.
        people = list(Operator.objects.select_for_update().order_by("pk"))
        operator = _by_email(people, email)
        others = [person for person in people if person.is_active and person.pk != operator.pk]
        if operator.is_active and not is_active and not others:
            raise LastOperator("Make another operator first.")
        operator.is_active = is_active
        operator.save(update_fields=["is_active"])
        _note("operator.admitted" if is_active else "operator.kept_out", operator, actor, at)
    return operator


def set_operator_password(*, email: str, password: str, actor: Actor, at: dt.datetime) -> Operator:
    """Give an operator a new password; browsers signed in with the old one are signed out."""
    check_password_rules(password)
    with platform_context(), transaction.atomic():
        operator = _by_email(list(Operator.objects.select_for_update().order_by("pk")), email)
        operator.set_password(password)
        operator.save(update_fields=["password"])
        _note("operator.password_changed", operator, actor, at)
    return operator


def check_password_rules(password: str) -> None:
    """Raise `InvalidInput` with every rule the password breaks."""
    sentences: list[str] = []
    if len(password) < SHORTEST_PASSWORD:
        sentences = [f"A password has at least {SHORTEST_PASSWORD} characters."]
    else:
        try:
            validate_password(password)
        except ValidationError as error:
            sentences = error.messages
    if sentences:
        problems = [FieldProblem("/password", "weak_password", sentence) for sentence in sentences]
        raise InvalidInput(sentences[0], errors=problems)


def _by_email(people: list[Operator], email: str) -> Operator:
    for person in people:
        if person.email.casefold() == email.casefold():
            return person
    raise NotFound(f"There is no operator {email}.")


def _note(action: str, operator: Operator, actor: Actor, at: dt.datetime, **data: Any) -> None:
    PlatformAudit.objects.create(
        at=at, actor=f"{actor.kind}:{actor.name}", action=action, data={"operator": operator.email, **data}
    )
