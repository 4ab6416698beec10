"""A process is killed between each pair of steps: whoever comes after finds one effect, and never a second."""

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings

from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.gateways import states
from payments.gateways.models import Attempt
from payments.gateways.services import Slip
from tests.contracts.gateways import child
from tests.contracts.gateways.case import PRICE, Case
from tests.contracts.gateways.worlds import WORLDS
from tests.factories import shop
from tests.told import SAID

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = ("committed", "answered", "written")
Flow = Callable[[Case, str], None]


@pytest.fixture
def case(cafe: Any, request: pytest.FixtureRequest) -> Iterator[Case]:
    """A merchant whose rows are committed, and seen by the processes that die."""
    here = shop(cafe)
    world = WORLDS[request.param]()
    with tenant_context(cafe):
        try:
            yield Case(shop=here, world=world)
        finally:
            world.close()


def killed(case: Case, step: str, failpoint: str, **facts: Any) -> None:
    """Run a step of ours in another process, which dies at the failpoint."""
    names = ("FYNLO_STRIPE_SECRET_KEY", "FYNLO_STRIPE_PUBLISHABLE_KEY")
    keys = {name: str(getattr(settings, name)) for name in names}
    database = str(settings.DATABASES["default"]["NAME"])
    code = child.run(step, name=database, failpoint=failpoint, keys=keys, facts={"at": case.at, **facts})
    assert code == -signal.SIGKILL, f"{step} did not reach {failpoint}"


def starting(case: Case, failpoint: str) -> None:
    draft = case.draft()
    killed(case, "start", failpoint, draft=draft, actor=case.actor)
    case.once(case.converged(Attempt.objects.get(pk=draft.id)))


def driving(case: Case, failpoint: str) -> None:
    attempt = case.start()
    killed(case, "drive", failpoint, attempt_id=attempt.pk)
    case.once(case.converged(attempt))


def looking(case: Case, failpoint: str) -> None:
    attempt = case.begun()
    case.world.pay(attempt)
    killed(case, "look", failpoint, attempt_id=attempt.pk)
    case.once(case.converged(attempt, pays=False))


def sweeping(case: Case, failpoint: str) -> None:
    attempt = case.begun()
    case.world.pay(attempt)
    case.later(minutes=10)
    killed(case, "sweep", failpoint)
    case.at_rest()
    case.once(Attempt.objects.get(pk=attempt.pk))


def typing_a_slip(case: Case, failpoint: str) -> None:
    attempt = case.begun()
    slip = Slip(amount=Money(PRICE, "EUR"), last4="4242", reference="0007")
    killed(case, "type_slip", failpoint, attempt_id=attempt.pk, slip=slip, actor=case.actor)
    case.once(case.converged(attempt))


def authorised(case: Case, amount: int = PRICE) -> Attempt:
    attempt = case.begun(capture="manual", incremental=True, amount=amount)
    case.world.pay(attempt)
    return case.look(attempt)


def incrementing(case: Case, failpoint: str) -> None:
    attempt = authorised(case, PRICE // 2)
    to = Money(PRICE, "EUR")  # all that is owed
    killed(case, "increment", failpoint, attempt_id=attempt.pk, to=to, actor=case.actor)
    case.settled()
    attempt = case.capture(Attempt.objects.get(pk=attempt.pk), PRICE // 2)
    case.once(case.converged(attempt), PRICE // 2)


def capturing(case: Case, failpoint: str) -> None:
    attempt = authorised(case)
    killed(case, "capture", failpoint, attempt_id=attempt.pk, amount=None, actor=case.actor)
    case.settled()
    case.once(case.converged(case.capture(Attempt.objects.get(pk=attempt.pk))))


def cancelling(case: Case, failpoint: str) -> None:
    attempt = case.begun()
    killed(case, "cancel", failpoint, attempt_id=attempt.pk, actor=case.actor)
    case.settled()
    attempt = Attempt.objects.get(pk=attempt.pk)
    if attempt.state != states.CANCELLED:
        attempt = case.cancel(attempt)
    case.never(case.converged(attempt, pays=False))


def refunding(case: Case, failpoint: str) -> None:
    attempt = case.paid()
    killed(case, "refund", failpoint, attempt_id=attempt.pk, amount_minor=400)
    attempt = Attempt.objects.get(pk=attempt.pk)
    if not attempt.refunded_minor:  # it died before it was decided
        case.back(attempt, 400)
    case.settled()
    assert case.world.back(attempt.pk) == [400]
    assert Attempt.objects.get(pk=attempt.pk).refunded_minor == 400


def ringing(case: Case, failpoint: str) -> None:
    attempt = case.begun()
    case.world.pay(attempt)
    bell = case.world.bells()[-1]
    killed(case, "bell", failpoint, gateway=case.world.code, body=bell.body, headers=dict(bell.headers))
    case.once(case.converged(attempt, pays=False))


def points(verb: str) -> list[str]:
    return [f"attempt.{verb}.{moment}" for moment in WRITTEN]


START: list[tuple[Flow, str]] = [(starting, "attempt.begin.committed")]
BEGIN = [(driving, point) for point in points("begin")[1:]]
PRESENT = [(driving, point) for point in points("present")]
LOOK = [
    (look, point) for look in (looking, sweeping) for point in (*points("advance")[1:], "attempt.settled")
]
HOLD = [(incrementing, point) for point in points("increment")] + [
    (capturing, point) for point in (*points("capture"), "attempt.settled")
]
CANCEL = [(cancelling, point) for point in points("cancel")]
BACK = [(refunding, f"refund.{moment}") for moment in ("planned", "sent", "answered", "written")]
BELL = [(ringing, "webhook.stored")]
VENDOR = [*START, *BEGIN, *PRESENT, *LOOK, *HOLD, *CANCEL, *BACK, *BELL]
AT_ONCE = [*START, *BEGIN, (driving, "attempt.settled"), *BACK]
KILLS: dict[str, list[tuple[Flow, str]]] = {
    "card_machine": [
        *START,
        *BEGIN,
        *PRESENT,
        *[(typing_a_slip, point) for point in (*points("capture"), "attempt.settled")],
        *CANCEL,
        *BACK,
    ],
    "cash": AT_ONCE,
    "gift_card": AT_ONCE,
    "simulator": VENDOR,
    "store_credit": AT_ONCE,
    "stripe": VENDOR,
}


@pytest.mark.parametrize("case", sorted(KILLS), indirect=True)
def test_killed_anywhere_an_intent_has_one_effect(case: Case, record_property: Any) -> None:
    kills = KILLS[case.world.code]
    for flow, failpoint in kills:
        case.start_over()
        flow(case, failpoint)
    record_property(SAID, f"gateways: {case.world.code} killed at {len(kills)} places, one effect each")
