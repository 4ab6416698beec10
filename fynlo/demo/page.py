"""What a person sees when the demo is up: where to go, how to sign in, how to stop."""

from collections.abc import Sequence

from fynlo.demo.merchants import Merchant
from fynlo.demo.preparation import OPERATOR
from fynlo.demo.web import ADDRESS

_WIDTH = 100


def page(
    *, merchants: Sequence[Merchant], port: int, pairing_code: str, operator_password: str, seconds: float
) -> str:
    """Return the page as text; `pairing_code` is for the first merchant's first register."""
    first = merchants[0]
    lines = [
        "=" * _WIDTH,
        f"Fynlo is up ({seconds:.1f} s). Everything listens on this machine only.",
        "",
        "Platform",
        f"  http://localhost:{port}/            home page",
        f"  http://localhost:{port}/admin/      merchants and their states: {OPERATOR} / {operator_password}",
    ]
    for merchant in merchants:
        lines += _about(merchant, port)
    lines += [
        "",
        f"A till of {first.name}, register {first.register}: its pairing code is  {pairing_code}  for ten minutes.",
        f"A new code: .venv/bin/python manage.py pairing_code {first.slug} --register {first.register}",
        "",
        "If your system does not know *.localhost, use the address and name the host yourself:",
        f"  curl -H 'Host: {first.host}' http://{ADDRESS}:{port}/health/ready",
        "",
        f"Card payments without a card, at {first.name}: taken, declined, lost and found, given back, paid out:",
        f"  http://{first.host}:{port}/admin/payments/try/      docs/concepts/simulator.md tells what to click",
        "",
        f"{first.name} traded yesterday and has a drawer open today: see orders, refunds, closings in admin.",
        "docs/tour.md sells something with curl. Data and logs are in .fynlo/.",
        "Ctrl-C stops everything and keeps the data; bin/demo --fresh starts over.",
        "=" * _WIDTH,
    ]
    return "\n".join(lines)


def _about(merchant: Merchant, port: int) -> list[str]:
    lines = [
        "",
        f"{merchant.name} ({merchant.currency})",
        f"  http://{merchant.host}:{port}/admin/      http://{merchant.host}:{port}/api/docs",
    ]
    for employee in merchant.employees:
        ways = []
        if employee.email and employee.password:
            ways.append(f"admin {employee.email} / {employee.password}")
        if employee.pin:
            ways.append(f"till number {employee.number}, PIN {employee.pin}")
        if ways:
            lines.append(f"  {employee.role:<8} {employee.name:<22} {'; '.join(ways)}")
    return lines
