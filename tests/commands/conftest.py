"""What the tests of commands share: real commits, taken back afterwards."""

from pathlib import Path

import pytest

from tests.commands.running import GAMMA, Ran, caisse, written


@pytest.fixture
def file(tmp_path: Path, committed: None) -> Path:
    """A file of a caisse that does not exist yet."""
    return written(tmp_path / "gamma.toml", GAMMA)


@pytest.fixture
def applied(file: Path) -> Ran:
    """The same, applied."""
    return caisse("apply", file)
