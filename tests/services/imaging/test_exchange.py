import os
import tempfile
from pathlib import Path

import pytest

import services.imaging.exchange as exchange_module
from services.imaging.exchange import Exchange, open_names, write_all


@pytest.mark.parametrize("linux", [True, False], ids=["nameless", "files"])
def test_both_sides_see_what_the_other_writes(
    linux: bool,  # noqa: FBT001  # a parameter of the test
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(exchange_module, "_LINUX", linux)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Exchange() as exchange:
        exchange.append(b"abc")
        exchange.append(b"def")
        memory, events = open_names(exchange.names)
        assert os.pread(memory, 100, 0) == b"abcdef"
        write_all(memory, b"xyz", 6)
        assert exchange.read(6, 3) == b"xyz"
        events.send({"done": 1})
        assert exchange.wait() == {"done": 1}
        os.close(memory)
        events.close()
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_comes_too_late_finds_nothing() -> None:
    with Exchange() as exchange:
        names = exchange.names
    with pytest.raises(OSError, match="No such file"):
        open_names(names)


def test_a_worker_that_comes_too_late_never_opens_the_next_images_memory() -> None:
    with Exchange() as gone:
        names = gone.names
    with Exchange() as following:
        # The system gives the same numbers out again.
        assert following.names.memory_path == names.memory_path
        with pytest.raises(OSError, match="something else by now"):
            open_names(names)


def test_telling_after_closing_is_nothing() -> None:
    exchange = Exchange()
    exchange.close()
    exchange.tell("late")
    exchange.close()
