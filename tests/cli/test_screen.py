from io import StringIO

import pytest
from rich.console import Console

from tintype.cli import screen

COLORS = ["#ff0000", "#00ff00"]


def _painted(console: Console) -> str:
    console.print(screen.swatches(console, COLORS))
    for line in screen.named_swatches(console, [("#0000ff", 0.5)]):
        console.print(line)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_a_terminal_gets_painted_swatches() -> None:
    said = _painted(Console(file=StringIO(), force_terminal=True, color_system="truecolor"))
    assert "\x1b[48;2;255;0;0m   \x1b[0m" in said
    assert "\x1b[48;2;0;0;255m      \x1b[0m" in said
    assert "#0000ff   50.0%" in said


def test_a_pipe_gets_names() -> None:
    assert _painted(Console(file=StringIO())) == "#ff0000 #00ff00\n#0000ff   50.0%\n"


def test_no_color_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    said = _painted(Console(file=StringIO(), force_terminal=True, color_system="truecolor"))
    assert "48;2" not in said
    assert "#ff0000 #00ff00" in said


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("photo é 写真.jpg", "photo é 写真.jpg"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("two\nlines", "two\\nlines"),
        ("not utf-8 \udcff", "not utf-8 \\udcff"),
    ],
)
def test_names_cannot_steer_the_terminal(name: str, shown: str) -> None:
    assert screen.printable(name) == shown
