"""A reader that misbehaves is refused; nothing it does reaches the caller."""

import socket
import sys
from pathlib import Path

import pytest

from xzgis.core.errors import Invalid
from xzgis.formats import child

HERE = "tests.unit.formats.misbehaving."
ROOT = Path(__file__).resolve().parents[3]
# The child sees the package alone: what misbehaves is brought along.
TESTS = [ROOT / "tests"]


def test_call_brings_the_answer_and_the_progress(tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []

    answer = child.call(
        HERE + "echo",
        {"text": "管线"},
        work=tmp_path,
        inputs=TESTS,
        progress=lambda p, s: told.append((p, s)),
    )

    assert answer == {"said": {"text": "管线"}, "readable": []}
    assert told == [(50, "half way")]


def test_call_brings_a_refusal_with_its_faults(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        child.call(HERE + "refuse", {}, work=tmp_path, inputs=TESTS)

    assert caught.value.words.en == "bad"
    assert caught.value.faults[0].loc == ("f.csv", 3)
    assert caught.value.faults[0].remedy is not None


@pytest.mark.parametrize(
    ("what", "word"), [("eat_memory", "memory"), ("burn", "CPU time"), ("crash", "died")]
)
def test_a_child_over_its_limits_is_refused(tmp_path: Path, what: str, word: str) -> None:
    with pytest.raises(child.ChildKilled) as caught:
        child.call(HERE + what, {}, work=tmp_path, inputs=TESTS, limits=(1, 1024))

    assert word in caught.value.words.en


def test_cancelling_ends_the_child_at_once(tmp_path: Path) -> None:
    told: list[str] = []

    with pytest.raises(child.Cancelled):
        child.call(
            HERE + "wait",
            {},
            work=tmp_path,
            inputs=TESTS,
            progress=lambda p, s: told.append(s),
            cancelled=lambda: bool(told),
        )


@pytest.mark.skipif(child.isolation() != "bubblewrap", reason="bubblewrap is not allowed on this machine")
def test_the_child_sees_its_inputs_alone(tmp_path: Path) -> None:
    work, given, other = tmp_path / "work", tmp_path / "given.csv", tmp_path / "other.csv"
    work.mkdir()
    given.write_text("a")
    other.write_text("b")

    answer = child.call(HERE + "echo", {"paths": [str(given), str(other)]}, work=work, inputs=[given, *TESTS])

    assert answer["readable"] == [str(given)]


@pytest.mark.skipif(child.isolation() != "bubblewrap", reason="bubblewrap is not allowed on this machine")
def test_the_child_has_no_network(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = child.call(HERE + "call_out", {"port": server.getsockname()[1]}, work=tmp_path, inputs=TESTS)

    assert answer != 0


@pytest.mark.skipif(child.isolation() != "bubblewrap", reason="bubblewrap is not allowed on this machine")
def test_the_child_sees_nothing_that_stands_beside_the_package(tmp_path: Path) -> None:
    """The folder of the package holds var/ by default: the keys of the seals, the database, what came in."""
    beside = [entry for entry in ROOT.iterdir() if entry.name not in ("xzgis", "tests")]
    kept = [entry for entry in beside if not Path(sys.prefix).is_relative_to(entry)]
    assert ROOT / "pyproject.toml" in kept

    answer = child.call(HERE + "echo", {"paths": [str(entry) for entry in (*kept, ROOT / "var", ROOT / ".git")]},
                        work=tmp_path, inputs=TESTS)  # fmt: skip

    assert answer["readable"] == []
