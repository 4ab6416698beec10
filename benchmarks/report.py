"""What every benchmark says beside its figures: the machine, the commit, and where the raw samples are."""

import datetime as dt
import json
import os
import platform
import subprocess
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RAW = Path(__file__).resolve().parent / "raw"


def machine() -> dict[str, Any]:
    """Processor, cores, memory, kernel and Python of this machine, and the commit that was measured."""
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    kib = next(
        int(line.split()[1])
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemTotal")
    )
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(kib / 2**20, 1),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_before": os.getloadavg()[0],
        "commit": _git("rev-parse", "--short=12", "HEAD"),
        "uncommitted_changes": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }


def _git(*arguments: str) -> str:
    finished = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return finished.stdout.strip()


def spread(samples: list[float]) -> dict[str, float]:
    """p50, p95, p99 and the extremes of `samples`, in their own unit."""
    if len(samples) == 1:
        return dict.fromkeys(("p50", "p95", "p99", "min", "max"), samples[0])
    cuts = quantiles(samples, n=100, method="inclusive")
    return {
        "p50": median(samples),
        "p95": cuts[94],
        "p99": cuts[98],
        "min": min(samples),
        "max": max(samples),
    }


def write_raw(name: str, document: dict[str, Any]) -> Path:
    """Keep everything measured in `benchmarks/raw/<name>-<commit>.json`."""
    RAW.mkdir(exist_ok=True)
    path = RAW / f"{name}-{document['machine']['commit'] or 'uncommitted'}.json"
    path.write_text(json.dumps(document, indent=1) + "\n")
    return path


def print_machine(facts: dict[str, Any]) -> None:
    """One line a reader needs before the figures."""
    changed = " with uncommitted changes" if facts["uncommitted_changes"] else ""
    print(
        f"{facts['cpu']}, {facts['cores']} cores, {facts['memory_gib']} GiB, Linux {facts['kernel']}, "
        f"Python {facts['python']}, commit {facts['commit']}{changed}, load before {facts['load_before']:.2f}"
    )


def verdicts(bars: list[tuple[str, bool]]) -> int:
    """Print what has to hold and whether it does; the status to end with: 1 when something does not."""
    print()
    for text, holds in bars:
        print(f"{'holds ' if holds else 'MISSED'} {text}")
    return 0 if all(holds for _, holds in bars) else 1
