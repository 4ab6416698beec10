"""All differences: filtered, a page at a time, dealt with one by one or many at once; money is asked twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.errors import DomainError, NotFound
from payments.gateways.models import Connection
from payments.reconciliation import actions, states
from payments.reconciliation.actions import GIVE_BACK, SETTLE
from payments.reconciliation.admin.shown import difference_row, page_number
from payments.reconciliation.models import Difference
from payments.reconciliation.queries.reading import counts_by_kind, search_differences
from payments.reconciliation.services import resolve_difference
from payments.reconciliation.services.resolving_many import MANY, MOST_AT_ONCE, resolve_differences

READ: Final = "payments.read"
WRITE: Final = "payments.reconcile"
PAGE: Final = 100
ASKED_TWICE: Final = (GIVE_BACK, SETTLE)
"""Money moves: what it is about is shown once more before it does."""
LONGEST_SUBJECT: Final = 160
MACHINES: Final = "machines"
_SHOWN_REFUSALS: Final = 5
_SHOWN_CHOSEN: Final = 20
_STATES: Final = {"open": "Open", "resolved": "Dealt with", "all": "All"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see. `account` is a key, `machines` or empty."""

    account: str = ""
    kind: str = ""
    state: str = states.OPEN
    subject: str = ""

    def found(self, *, any_kind: bool = False) -> Any:
        """The differences, the oldest first. `any_kind`: also of other kinds."""
        account: UUID | Literal["any"] | None = "any"
        if self.account:
            account = None if self.account == MACHINES else UUID(self.account)
        return search_differences(
            account=account,
            kind="" if any_kind else self.kind,
            state="" if self.state == "all" else self.state,
            subject=self.subject,
        )

    def query(self, **other: str) -> str:
        """The same as part of an address."""
        said = {"account": self.account, "kind": self.kind, "state": self.state, "subject": self.subject}
        return urlencode({name: value for name, value in (said | other).items() if value})


@page(merchant_admin, "payments/differences/", name="payments_differences", permission=READ)
def differences_page(request: HttpRequest) -> HttpResponse:
    """What does not agree, wherever; a fixed number of statements, however many there are."""
    accounts = _accounts()
    asked = _asked(request.GET, accounts)
    actor, number = actor_of(request), page_number(request.GET)
    counts = counts_by_kind(asked.found(any_kind=True))
    found = list(asked.found()[number * PAGE : (number + 1) * PAGE + 1])
    rows = [difference_row(each, actor) for each in found[:PAGE]]
    total = counts.get(asked.kind, 0) if asked.kind else sum(counts.values())
    return render(
        merchant_admin,
        request,
        "reconciliation_all_differences",
        "Differences",
        asked=asked,
        accounts=[("", "All"), *accounts.items()],
        states=_STATES.items(),
        kinds=[("", "Every kind", sum(counts.values()), asked.query(kind=""))]
        + [
            (kind, actions.KINDS.get(kind, kind), count, asked.query(kind=kind))
            for kind, count in counts.items()
        ],
        differences=rows,
        total=total,
        account_names=accounts,
        may_write=actor.may(WRITE),
        many=[(code, actions.WORDS[code]) for code in MANY] if asked.state == states.OPEN else [],
        most_at_once=MOST_AT_ONCE,
        listed=asked.query(),
        page_number=number + 1,
        previous_page=number - 1,
        next_page=number + 1 if len(found) > PAGE else None,
    )


@page(merchant_admin, "payments/differences/resolve/", name="payments_differences_resolve", permission=WRITE)
@require_POST
def resolve_many(request: HttpRequest) -> HttpResponse:
    """Deal with all that were chosen, or all that were found: shown once more, then done."""
    asked = _asked(QueryDict(request.POST.get("listed", "")), _accounts())
    action, reason = request.POST.get("action", ""), request.POST.get("reason", "")
    keys = _chosen(request.POST)  # once they were shown, those that were and no other
    if request.POST.get("all") == "1" and request.POST.get("sure") != "1":
        keys = list(asked.found().values_list("pk", flat=True)[:MOST_AT_ONCE])
    if keys and action in MANY and reason.strip() and request.POST.get("sure") != "1":
        address = reverse("admin:payments_differences_resolve")
        return _ask(request, keys, action, reason, address, {"listed": asked.query()})
    try:
        done = resolve_differences(
            difference_ids=keys, action=action, reason=reason, actor=actor_of(request), at=clock.now()
        )
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        messages.info(request, f"Dealt with: {done.done_count}.")
        for each in done.refused[:_SHOWN_REFUSALS]:
            messages.warning(request, each.why)
        if len(done.refused) > _SHOWN_REFUSALS:
            messages.warning(request, f"and {len(done.refused) - _SHOWN_REFUSALS} more were not dealt with")
    return HttpResponseRedirect(f"{reverse('admin:payments_differences')}?{asked.query()}")


@page(
    merchant_admin,
    "payments/differences/<uuid:difference_id>/resolve/",
    name="payments_difference_resolve",
    permission=WRITE,
)
@require_POST
def resolve(request: HttpRequest, difference_id: UUID) -> HttpResponse:
    """Do something about a difference, and go back to where it was shown."""
    action, reason = request.POST.get("action", ""), request.POST.get("reason", "")
    back = {name: request.POST[name] for name in ("run", "listed") if name in request.POST}
    if action in ASKED_TWICE and request.POST.get("sure") != "1":
        address = reverse("admin:payments_difference_resolve", args=(difference_id,))
        return _ask(request, [difference_id], action, reason, address, back)
    try:
        row = resolve_difference(
            difference_id=difference_id, action=action, reason=reason, actor=actor_of(request), at=clock.now()
        )
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        is_open = row.state == states.OPEN
        messages.info(request, "The next run will tell whether it agrees now." if is_open else "Dealt with.")
    return HttpResponseRedirect(_back(back))


def _ask(
    request: HttpRequest, keys: list[UUID], action: str, reason: str, address: str, back: Mapping[str, str]
) -> HttpResponse:
    """Show once more what is about to be done, and to what. Whoever looked away for an hour sees what is left."""
    found = list(Difference.objects.select_related("connection").filter(pk__in=keys).order_by("id"))
    if not found:
        raise Http404
    return render(
        merchant_admin,
        request,
        "reconciliation_confirm",
        f"{actions.WORDS[action]}?",
        action=action,
        word=actions.WORDS[action],
        reason=reason.strip(),
        asks=action != SETTLE,
        address=address,
        differences=[difference_row(each, actor_of(request)) for each in found[:_SHOWN_CHOSEN]],
        keys=[each.pk for each in found],
        count=len(found),
        more=max(0, len(found) - _SHOWN_CHOSEN),
        back=back,
        back_to=_back(back),
    )


def _accounts() -> dict[str, str]:
    """Names of accounts by what asks for them."""
    named = Connection.objects.order_by("name", "id").values_list("pk", "name")
    return {str(key): name for key, name in named} | {MACHINES: "Card machines"}


def _asked(said: QueryDict, accounts: Mapping[str, str]) -> Asked:
    """What is asked for. An account, kind or state that there is not is no page."""
    asked = Asked(
        account=said.get("account", ""),
        kind=said.get("kind", ""),
        state=said.get("state", states.OPEN),
        subject=said.get("subject", "").strip()[:LONGEST_SUBJECT].replace("\0", ""),
    )
    is_known = (not asked.account or asked.account in accounts) and (
        not asked.kind or asked.kind in actions.KINDS
    )
    if not is_known or asked.state not in _STATES:
        raise Http404
    return asked


def _chosen(said: QueryDict) -> list[UUID]:
    keys = []
    for text in said.getlist("difference"):
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return keys


def _back(said: Mapping[str, str]) -> str:
    """Only to pages of this room: what is posted is no address to go to."""
    try:
        if "run" in said:
            return reverse("admin:payments_reconciliation_run", args=(UUID(said["run"]),))
        if "listed" in said:
            asked = _asked(QueryDict(said["listed"]), _accounts())
            return f"{reverse('admin:payments_differences')}?{asked.query()}"
    except (ValueError, Http404):
        pass
    return reverse("admin:payments_reconciliation")
