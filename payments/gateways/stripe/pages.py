"""The public page on which a guest pays one attempt, with the vendor's form and wallets.

Scripts come from the vendor's origin and from one whose digest the policy names; nothing else is loaded. The client
secret is fetched by the page's token, is never part of the page, and no cache keeps it.
"""

import base64
import hashlib
from html import escape
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from fynlo.api.limits import Limit, client_address, take
from fynlo.core.errors import TooManyRequests
from fynlo.core.money import spell_money
from fynlo.core.tenancy import current_tenant
from payments.gateways import states
from payments.gateways.base import GatewayFailure, OutcomeUnknown
from payments.gateways.facts import attempt_facts
from payments.gateways.models import Attempt
from payments.gateways.services import connection_facts
from payments.gateways.stripe.online import opened, page_session
from payments.gateways.unwanted import is_unwanted

_LIMIT: Final = Limit(name="stripe-page", count=120, seconds=60)
_LONGEST: Final = 64
_STYLE: Final = (
    "body{font:17px/1.5 system-ui,sans-serif;max-width:26rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f}"
    "h1{font-size:2.2rem;margin:.2rem 0}p{color:#55555f}[hidden]{display:none}"
    "button{width:100%;font:inherit;padding:.8rem;margin-top:1.2rem;border:0;border-radius:.5rem;"
    "background:#1b1b1f;color:#fff}button:disabled{opacity:.5}#told{min-height:1.5em}"
)
_SCRIPT: Final = """
const told=document.getElementById("told"),form=document.getElementById("form"),pay=document.getElementById("pay");
const words={captured:"Thank you. It is paid.",authorised:"Thank you. The amount is reserved.",
cancelled:"This request was taken back.",expired:"This request has expired.",refused:"This cannot be paid here.",
prepared:"One moment, please.",wait:"One moment, please."};
const again=ms=>setTimeout(start,ms);
let shown=false;
async function start(){
  let answer;
  try{answer=await fetch(location.pathname.replace(/\\/$/,"")+"/session",{cache:"no-store"});}
  catch{told.textContent="There is no connection. It is tried again.";return again(4000);}
  if(!answer.ok){told.textContent="One moment, please.";return again(4000);}
  const said=await answer.json();
  if(said.return_url)return location.replace(said.return_url);
  if(!said.client_secret){form.hidden=true;told.textContent=words[said.state]||"One moment, please.";
    if(["prepared","wait","unknown","presented"].includes(said.state))again(3000);return;}
  if(shown){form.hidden=false;told.textContent="";return;}
  shown=true;told.textContent="";
  const options=said.account?{stripeAccount:said.account}:{};
  const stripe=Stripe(said.publishable_key,options);
  const elements=stripe.elements({clientSecret:said.client_secret});
  elements.create("payment").mount("#element");
  form.hidden=false;
  form.addEventListener("submit",async event=>{
    event.preventDefault();pay.disabled=true;told.textContent="";
    const {error}=await stripe.confirmPayment({elements,confirmParams:{return_url:location.href.split("?")[0]},
      redirect:"if_required"});
    pay.disabled=false;
    if(error){told.textContent=error.message||"It did not work.";return;}
    form.hidden=true;told.textContent=words.wait;again(500);
  });
}
start();
"""


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


_VENDOR: Final = "https://js.stripe.com"
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        f"script-src {_VENDOR} https://*.js.stripe.com 'sha256-{_digest(_SCRIPT)}'",
        f"style-src 'sha256-{_digest(_STYLE)}'",
        "connect-src 'self' https://api.stripe.com",
        f"frame-src {_VENDOR} https://*.js.stripe.com https://hooks.stripe.com",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""What the page may load: the vendor's script and frames, and the one script and style it carries."""


@require_safe
def payment_page(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be paid, and the vendor's form. Any wrong address is answered in the same way."""
    refused = _limited(request)
    if refused is not None:
        return refused
    row = _attempt(token)
    if row is None:
        return _page(HTTPStatus.NOT_FOUND, "<p>There is no such payment.</p>")
    return _page(HTTPStatus.OK, _content(row))


@require_safe
def payment_session(request: HttpRequest, token: str) -> HttpResponse:
    """What the page's script needs now: the client secret while it can be paid, else only how it stands."""
    refused = _limited(request)
    if refused is not None:
        return refused
    row = _attempt(token)
    if row is None:
        return _private(JsonResponse({"state": "unknown"}, status=HTTPStatus.NOT_FOUND))
    if row.state in (states.CAPTURED, states.CANCELLED, states.EXPIRED, states.REFUSED):
        return _private(JsonResponse({"state": row.state, **_onwards(row, row.state)}))
    if is_unwanted(row):
        return _private(JsonResponse({"state": states.CANCELLED}))
    try:
        facts = connection_facts(connection=row.connection)
        told = page_session(attempt_facts(row=row, connection=facts))
    except (GatewayFailure, OutcomeUnknown):
        return _private(JsonResponse({"state": "wait"}, status=HTTPStatus.SERVICE_UNAVAILABLE))
    said = {
        "state": told.state,
        "publishable_key": told.publishable_key,
        "account": told.account,
        "client_secret": told.client_secret,
        **_onwards(row, told.state),
    }
    return _private(JsonResponse({name: value for name, value in said.items() if value}))


def _onwards(row: Attempt, state: str) -> dict[str, str]:
    """Where the guest goes once it is paid, if the till said so; never before."""
    address = row.details["asked"].get("return_url", "")
    return {"return_url": address} if address and state in (states.CAPTURED, states.AUTHORISED) else {}


@require_safe
def thanks_page(request: HttpRequest) -> HttpResponse:
    """Where guests come back to from a hosted page."""
    del request
    return _page(HTTPStatus.OK, "<h1>Thank you.</h1><p>You can close this page.</p>")


def _limited(request: HttpRequest) -> HttpResponse | None:
    try:
        take(_LIMIT, client_address(request))
    except TooManyRequests as error:
        refused = _page(HTTPStatus.TOO_MANY_REQUESTS, "<p>Please wait a minute.</p>")
        refused["Retry-After"] = str(error.retry_after)
        return refused
    return None


def _attempt(token: str) -> Attempt | None:
    """The attempt of an address, if it is one to be paid on this page."""
    key: UUID | None = opened(token) if len(token) <= _LONGEST else None
    if key is None:
        return None
    rows = Attempt.objects.select_related("connection", "reader")
    return rows.filter(pk=key, channel="remote", connection__gateway="stripe").first()


def _content(row: Attempt) -> str:
    return (
        f"<p>{escape(current_tenant().name)} · {escape(row.reference)}</p>"
        f"<h1>{escape(spell_money(row.amount_minor, row.currency))}</h1>"
        '<form id="form" hidden><div id="element"></div><button id="pay">Pay</button></form>'
        '<p id="told" role="status">One moment, please.</p>'
        f'<script src="{_VENDOR}/v3/"></script><script>{_SCRIPT}</script>'
    )


def _page(status: HTTPStatus, content: str) -> HttpResponse:
    body = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Payment</title><style>{_STYLE}</style>{content}"
    )
    made = HttpResponse(body.encode(), status=status, content_type="text/html; charset=utf-8")
    made["Content-Security-Policy"] = POLICY
    # Wallets open windows of their own.
    made["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
    return _private(made)


def _private(made: HttpResponse) -> HttpResponse:
    made["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    made["Referrer-Policy"] = "no-referrer"
    made["X-Content-Type-Options"] = "nosniff"
    made["Cache-Control"] = "no-store"
    return made
