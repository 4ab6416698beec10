"""What the demo's processes share is made anew, or it is said why not."""

from pathlib import Path

import pytest

from fynlo.demo.errors import StepFailedError
from fynlo.demo.programs import metrics_folder


def test_the_metrics_of_an_earlier_demo_are_gone(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_1.db").touch()
    assert metrics_folder(tmp_path) == {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics")}
    assert list((tmp_path / "metrics").iterdir()) == []


def test_metrics_that_cannot_be_emptied_are_named(tmp_path: Path) -> None:
    (tmp_path / "metrics").touch()  # what rmtree refuses to whoever runs the tests, root included
    with pytest.raises(StepFailedError) as caught:
        metrics_folder(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}/metrics cannot be emptied (Not a directory). "
        "If another user ran the demo here, remove it as that user."
    )
