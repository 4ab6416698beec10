"""A port is remembered, and picked anew when somebody else has it."""

import socket
from pathlib import Path

from fynlo.embedded import ports


def test_the_port_of_the_last_start_is_used_again(tmp_path: Path) -> None:
    first = ports.remembered_port(tmp_path / "port")
    assert ports.remembered_port(tmp_path / "port") == first
    assert (tmp_path / "port").read_text() == f"{first}\n"


def test_a_taken_port_is_replaced_for_good(tmp_path: Path) -> None:
    taken = ports.remembered_port(tmp_path / "port")
    with socket.socket() as other:
        other.bind(("127.0.0.1", taken))
        other.listen()
        assert not ports.is_free(taken)
        replacement = ports.remembered_port(tmp_path / "port")
    assert replacement != taken
    assert ports.remembered_port(tmp_path / "port") == replacement


def test_nonsense_in_the_memory_is_no_problem(tmp_path: Path) -> None:
    for nonsense in ("", "abc", "0", "99999999", "-5", "22"):
        (tmp_path / "port").write_text(nonsense)
        assert ports.remembered_port(tmp_path / "port") in range(20_000, 30_000)
