"""docs/algorithms/pawn-interest.md shows what the commands say today."""

import re

import pytest

from tests.commands.running import run
from tests.conventions.tree import ROOT

PAGE = (ROOT / "docs" / "algorithms" / "pawn-interest.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```\n\$ manage\.py ([^\n]+)\n(.*?)```", PAGE, re.DOTALL)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_page_shows_commands() -> None:
    assert len(SHOWN) == PAGE.count("$ manage.py") == 2


@pytest.mark.parametrize(("command", "answer"), SHOWN)
def test_a_command_of_the_page_answers_as_the_page_says(
    command: str, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert plain(run(*command.split()).said) == plain(answer)


def test_every_setting_of_the_page_is_a_key_of_the_files() -> None:
    keys = re.findall(r"^\| [^|]+ \| `([\w.]+)` \|", PAGE, re.MULTILINE)
    assert len(keys) > 8
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "fixtures" / "tariffs").iterdir())
    assert not [key for key in keys if not re.search(rf"\b{key.rpartition('.')[2]}\b", text)]
