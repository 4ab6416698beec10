"""What the pages say about files and variables is so."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests import database

ROOT = database.ROOT
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
READ_IN_PYTHON = re.compile(
    r"""(?:env\.\w+|Env\(\)\.\w+|environ(?:\.get)?|environment\.get)[(\[]\s*"([A-Z][A-Z_]+)"|"((?:FYNLO|PROMETHEUS)_[A-Z_]+)\""""
)
READ_IN_SHELL = re.compile(r"\$\{((?:FYNLO_|PORT\b|PROMETHEUS_)[A-Z_]*)")
SERVING = ("fynlo", "pos", "payments", "sync", "staff", "plugins", "tenants", "manage.py")
SHELL = ("bin/_install", "bin/demo", "bin/test", "deploy/entrypoint.sh")
OF_OTHERS = {
    "CONTENT_LENGTH",  # WSGI's
    "DJANGO_SETTINGS_MODULE",
    "PATH",
}


def files(*suffixes: str) -> Iterator[Path]:
    """The project's own files with these suffixes."""
    for top in sorted(ROOT.iterdir()):
        if top.is_dir() and (not top.name.startswith(".") or top.name == ".github"):
            yield from (path for suffix in suffixes for path in top.rglob(f"*{suffix}"))
        elif top.suffix in suffixes:
            yield top


def variables_read() -> set[str]:
    """Every environment variable that the code we serve with reads."""
    found = set()
    for path in files(".py"):
        if path.relative_to(ROOT).parts[0] in SERVING:
            for names in READ_IN_PYTHON.findall(path.read_text(encoding="utf-8")):
                found |= {name for name in names if name}
    for name in SHELL:
        found |= set(READ_IN_SHELL.findall((ROOT / name).read_text(encoding="utf-8")))
    return found - OF_OTHERS


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in files(".md")
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert broken == []


def test_every_variable_that_is_read_is_documented_and_no_other() -> None:
    page = (ROOT / "docs" / "operations" / "environment.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    documented = set(re.findall(r"`([A-Z_]+)`", " ".join(rows)))
    assert documented == variables_read()


def test_whoever_changes_the_sealing_keys_by_the_pages_seals_everything_anew() -> None:
    both = ("rotate_payment_secrets", "journal_keys <slug> --reseal")
    half = [
        str(page.relative_to(ROOT))
        for page in files(".md")
        if page.relative_to(ROOT).parts[0] == "docs"
        and page.stem not in ("security", "environment")
        and "FYNLO_SEALING_KEYS" in (text := page.read_text(encoding="utf-8"))
        and any(each.split()[0] in text for each in both)
        and "security.md#changing-the-sealing-keys" not in text
    ]
    assert half == []
    steps = (ROOT / "docs" / "operations" / "security.md").read_text(encoding="utf-8")
    order = [steps.index(each) for each in ("a new key in front", *both, "take the old key away, restart")]
    assert order == sorted(order)
    assert steps.index("## Changing the sealing keys") < order[0]
