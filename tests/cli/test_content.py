import stat
from pathlib import Path

import pytest

from tintype.cli.content import open_output
from tintype.cli.exits import CommandFailed, Usage


def test_a_file_appears_when_it_is_whole_and_not_before(tmp_path: Path) -> None:
    target = tmp_path / "a.jpg"
    with open_output(target) as file:
        file.write(b"half")
        assert not target.exists()
        file.write(b" and half")
    assert target.read_bytes() == b"half and half"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.jpg"
    target.write_bytes(b"old")

    def fail_half_way() -> None:
        with open_output(target) as file:
            file.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_half_way()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_new_file_has_ordinary_permissions(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with open_output(tmp_path / "a.jpg"):
        pass
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_through_a_link_the_file_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    with open_output(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_device_stays_a_device() -> None:
    with open_output(Path("/dev/null")) as file:
        file.write(b"gone")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_folder_is_no_place_for_content(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="is a folder"), open_output(tmp_path):
        pass


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    target = tmp_path / "missing" / "a.jpg"
    with (
        pytest.raises(CommandFailed, match=r"missing/a\.jpg: No such file or directory"),
        open_output(target),
    ):
        pass
