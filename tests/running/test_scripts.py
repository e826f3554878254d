"""bin/_setup.py under Pythons of all ages, and manage.py without settings."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import _setup
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ("bin/demo", "bin/_setup.py")


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_python_of_years_ago_can_read_it(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(), feature_version=(3, 7))
    too_new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    assert not [node for node in ast.walk(tree) if isinstance(node, too_new)]


def older(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setattr(_setup, "ROOT", path)


def python(folder: Path, name: str, *, fits: bool) -> str:
    (folder / name).write_text(f"#!/bin/sh\nexit {0 if fits else 127}\n")
    (folder / name).chmod(0o755)
    return str(folder / name)


def test_an_old_python_alone_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    older(monkeypatch, tmp_path)
    with pytest.raises(SystemExit) as stopped:
        _setup.modern()
    assert stopped.value.code == (
        "Guichet needs Python 3.11, 3.12 or 3.13, and this is Python 3.9: install one of them."
    )


def test_an_old_python_hands_over_to_a_newer_one_that_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    older(monkeypatch, tmp_path)
    python(tmp_path, "python3.13", fits=False)
    wanted = python(tmp_path, "python3.12", fits=True)
    monkeypatch.setattr(sys, "argv", ["bin/demo", "--fresh"])
    handed: list[tuple[str, list[str]]] = []

    def execv(path: str, words: list[str]) -> None:
        handed.append((path, words))
        raise SystemExit

    monkeypatch.setattr(os, "execv", execv)
    with pytest.raises(SystemExit):
        _setup.modern()
    assert handed == [(wanted, [wanted, "bin/demo", "--fresh"])]


@pytest.mark.parametrize(("words", "code"), [(["--help"], 0), (["--frehs"], 2), (["--port", "x"], 2)])
def test_the_options_are_read_before_anything_is_made(tmp_path: Path, words: list[str], code: int) -> None:
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    shutil.copytree(ROOT / "platform" / "guichet" / "running", tmp_path / "platform" / "guichet" / "running")
    asked = subprocess.run(
        [sys.executable, str(tmp_path / "bin" / "demo"), *words], capture_output=True, text=True, check=False
    )
    assert asked.returncode == code
    assert "usage: bin/demo" in asked.stdout + asked.stderr
    assert not (tmp_path / ".venv").exists()
    assert not (tmp_path / "var").exists()


def manage(
    folder: Path, *words: str, python: tuple[str, ...] = (sys.executable,)
) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "manage.py", folder)
    outside = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [*python, str(folder / "manage.py"), *words], env=outside, capture_output=True, text=True, check=False
    )


def test_without_settings_manage_says_what_to_do(tmp_path: Path) -> None:
    asked = manage(tmp_path, "check")
    assert asked.returncode == 1
    assert asked.stderr == "No settings: start bin/demo first, or set DJANGO_SETTINGS_MODULE.\n"


def test_manage_uses_the_settings_of_the_demo(tmp_path: Path) -> None:
    (tmp_path / "chosen.py").write_text("import os\nSECRET_KEY = os.environ['DEMO_SECRET']\nUSE_TZ = True\n")
    folder = tmp_path / "var" / "demo"
    folder.mkdir(parents=True)
    (folder / "settings.env").write_text("DJANGO_SETTINGS_MODULE=chosen\nDEMO_SECRET=of=the=demo\n")
    asked = manage(tmp_path, "diffsettings")
    assert asked.returncode == 0, asked.stderr
    assert "SECRET_KEY = 'of=the=demo'" in asked.stdout


def test_without_django_manage_says_what_to_do_or_goes_to_the_environment(tmp_path: Path) -> None:
    bare = (sys.executable, "-I", "-S")
    asked = manage(tmp_path, "check", python=bare)
    assert asked.returncode == 1
    assert asked.stderr.startswith("Django is not installed: start bin/demo once")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    handed = tmp_path / ".venv" / "bin" / "python"
    handed.write_text('#!/bin/sh\necho "$@"\n')
    handed.chmod(0o755)
    assert manage(tmp_path, "check", python=bare).stdout == f"{tmp_path / 'manage.py'} check\n"
