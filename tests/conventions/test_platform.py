"""The folder platform/ is never a package: it would shadow Python's own module.

Gunicorn would then break at its first request, while `manage.py check` passes.
"""

import platform
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.conventions.tree import ROOT


def python_directly_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.py"))


def system_seen_from(folder: Path) -> "subprocess.CompletedProcess[str]":
    """What a Python makes of `import platform` when that folder leads its path, as it does for gunicorn."""
    program = [sys.executable, "-c", "import platform; print(platform.system())"]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)


def test_no_python_file_stands_directly_in_platform() -> None:
    assert python_directly_in(ROOT / "platform") == []


def test_a_python_file_in_such_a_folder_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").touch()
    assert python_directly_in(tmp_path) == ["__init__.py"]


def test_the_standard_library_keeps_its_platform_module() -> None:
    assert platform.__file__ is not None
    assert Path(platform.__file__).parent == Path(sysconfig.get_paths()["stdlib"])


def test_a_programme_started_at_the_root_finds_the_real_platform() -> None:
    assert system_seen_from(ROOT).stdout.strip() == platform.system()


def test_a_package_of_that_name_would_break_such_a_programme(tmp_path: Path) -> None:
    (tmp_path / "platform").mkdir()
    (tmp_path / "platform" / "__init__.py").touch()
    assert system_seen_from(tmp_path).returncode != 0
