"""What onboarding is going to do, said before it does it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from fynlo.core.tenancy import platform_context
from tenants import states
from tenants.configuration.queries import current_version
from tenants.configuration.services import digest_of, stored_form
from tenants.models import OnboardingStep, Tenant, schema_for
from tenants.onboarding.differences import Difference, differences
from tenants.onboarding.steps import Step, registered
from tenants.onboarding.validation import Checked

Action = Literal["create", "change", "leave", "run", "keep"]

_LONGEST_VALUE: Final = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plan: what happens to what, and what exactly changes."""

    action: Action
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do. `due` are the steps that have to run, with the digest of what each of them reads.

    `digest` is that of the whole document.
    """

    slug: str
    lines: tuple[Line, ...]
    due: tuple[tuple[Step, str], ...]
    digest: str
    is_new: bool

    @property
    def nothing(self) -> bool:
        """Whether the merchant already is what the file describes."""
        return all(line.action == "keep" for line in self.lines)


def make_plan(*, checked: Checked) -> Plan:
    """Compare a checked file with what is in force and what has been done. Changes nothing."""
    document, tenant = stored_form(checked.configuration), checked.tenant
    merchant = document["sections"]["merchant"]
    done = _digests_done(tenant)
    steps = [(step, _inputs(step, document)) for step in registered()]
    due = tuple((step, digest) for step, digest in steps if done.get(step.name) != digest)
    lines = [*_merchant_lines(tenant, merchant), *_changes(tenant, document)]
    lines += [
        Line("run" if (step, digest) in due else "keep", f"step {step.name}", _reason(step, done))
        for step, digest in steps
    ]
    return Plan(merchant["slug"], tuple(lines), due, digest_of(document), is_new=tenant is None)


def _merchant_lines(tenant: Tenant | None, merchant: dict[str, Any]) -> Iterator[Line]:
    schema = schema_for(merchant["slug"])
    if tenant is None:
        about = ", ".join(
            (merchant["name"], merchant["country"], merchant["currency"], merchant["time_zone"])
        )
        yield Line("create", f"merchant {merchant['slug']}", about)
    else:
        yield Line("keep", f"merchant {merchant['slug']}", tenant.state)
    if tenant is None or not tenant.schema_fingerprint:
        yield Line("create", f"schema {schema}")
    else:
        yield Line("keep", f"schema {schema}")
    if tenant is not None and tenant.state == states.PROVISIONING:
        yield Line("change", "state", "provisioning: an earlier run did not finish")


def _changes(tenant: Tenant | None, document: dict[str, Any]) -> Iterator[Line]:
    """The document's changes; for a new merchant everything is new and only the sections are named."""
    version = None if tenant is None else current_version(tenant=tenant)
    if version is None:
        for name in document["sections"]:
            yield Line("create", f"configuration {name}")
        return
    before, found = version.document, False
    for name in ("sections", "files"):
        for change in differences(before.get(name, {}), document[name]):
            found = True
            yield _change_line(change, is_file=name == "files")
    if not found:
        yield Line("keep", "configuration", f"version {version.version}")


def _change_line(change: Difference, *, is_file: bool) -> Line:
    if is_file:
        return Line("change", f"file {change.path}", "its content has changed")
    if change.kind == "added":
        return Line("create", change.path, _short(change.after))
    if change.kind == "removed":
        return Line("leave", change.path, "no longer in the file; nothing is removed")
    return Line("change", change.path, f"{_short(change.before)} → {_short(change.after)}")


def _inputs(step: Step, document: dict[str, Any]) -> str:
    """Digest of the parts of the document a step reads, and of the files named in it."""
    if not step.reads:
        return digest_of([step.version, document])
    parts = [_part(document["sections"], path) for path in step.reads]
    named = set(_texts(parts))
    files = {name: digest for name, digest in document["files"].items() if name in named}
    return digest_of([step.version, parts, files])


def _part(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _digests_done(tenant: Tenant | None) -> dict[str, str]:
    """For every step the digest with which it last ran for this merchant."""
    if tenant is None:
        return {}
    with platform_context():
        rows = OnboardingStep.objects.filter(run__tenant=tenant).order_by("finished_at", "id")
        return {row.name: str(row.outcome.get("inputs", "")) for row in rows}


def _reason(step: Step, done: dict[str, str]) -> str:
    return "" if step.name not in done else "ran before"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
