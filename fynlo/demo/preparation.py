"""Tables and merchants of the demo: made once, skipped while nothing they come from has changed."""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fynlo.demo.merchants import Merchant
from fynlo.demo.supervisor import Supervisor
from fynlo.embedded.services import EXTERNAL_DATA
from fynlo.embedded.state import write_private

OPERATOR: Final = "operator@fynlo.example"
_RECORD: Final = "prepared.json"
_SCHEMA_SOURCES: Final = (
    "*/migrations/*.py",
    "fynlo/*/migrations/*.py",
    "tenants/schemas/*.py",
    "requirements.txt",
)
_ONBOARDING_SOURCES: Final = (
    "*/onboarding.py",
    "*/onboarding/*.py",
    "*/configuration.py",
    "*/configuration/*.py",
)


@dataclass(frozen=True, slots=True)
class Preparation:
    """What has to be there before anybody is served, for one set of data (`data_id`)."""

    root: Path
    state_folder: Path
    data_id: str
    operator_password: str = field(repr=False)
    say: Callable[[str], None]

    def run(self, supervisor: Supervisor, merchants: Iterable[Merchant]) -> None:
        """Migrate, let the operator in, onboard; each only if this data was not prepared from the same sources."""
        done = self._done()
        schema = digest(self._sources(_SCHEMA_SOURCES))
        if done.get("schema") != schema:
            self.say("Migrating the database")
            supervisor.run("migrate", self._manage("migrate", "--no-input"))
            done["schema"] = schema
            self._remember(done)
        if not done.get("operator"):
            self._let_operator_in(supervisor)
            done["operator"] = OPERATOR
            self._remember(done)
        onboarded = done.setdefault("merchants", {})
        steps = self._sources(_ONBOARDING_SOURCES)
        for merchant in merchants:
            files = digest([*steps, *(path for path in merchant.file.parent.iterdir() if path.is_file())])
            if onboarded.get(merchant.slug) == files:
                continue
            self.say(f"Onboarding {merchant.name}")
            supervisor.run(f"onboard-{merchant.slug}", self._manage("onboard", str(merchant.file)))
            onboarded[merchant.slug] = files
            self._remember(done)

    def _let_operator_in(self, supervisor: Supervisor) -> None:
        known = supervisor.run("operators", self._manage("operators", "list"))
        verb = "password" if any(line.split()[:1] == [OPERATOR] for line in known) else "add"
        variables = {"FYNLO_OPERATOR_PASSWORD": self.operator_password}
        supervisor.run("operators", self._manage("operators", verb, OPERATOR), environment=variables)

    def _sources(self, patterns: Iterable[str]) -> list[Path]:
        return [path for pattern in patterns for path in self.root.glob(pattern)]

    def _manage(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.root / "manage.py"), *arguments]

    def _done(self) -> dict[str, Any]:
        """Return what earlier starts prepared in this very data; nothing is known about servers of the
        user's own.
        """
        try:
            known = json.loads((self.state_folder / _RECORD).read_text())
        except (OSError, ValueError):
            known = {}
        is_ours = isinstance(known, dict) and known.get("data") == self.data_id != EXTERNAL_DATA
        return known if is_ours else {"data": self.data_id}

    def _remember(self, done: dict[str, Any]) -> None:
        write_private(self.state_folder / _RECORD, json.dumps(done, indent=2) + "\n")


def digest(paths: Iterable[Path]) -> str:
    """Return a hash over names and contents of files."""
    total = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        total.update(f"{path.name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()
