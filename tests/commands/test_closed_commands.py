"""The commands of django-tenants that step around roles, grants or policies are closed, and name ours."""

import os
import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules

import django_tenants.management.commands
import pytest
from django.core.management import CommandError, call_command, get_commands

ROOT = Path(__file__).resolve().parents[2]
NAMES = [module.name for module in iter_modules(django_tenants.management.commands.__path__)]
OURS = ("caisse", "collectstatic", "demo", "deploy", "policy")


def test_the_library_has_the_commands_that_are_closed() -> None:
    assert {"clone_tenant", "create_tenant", "migrate_schemas", "tenant_command"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_command_of_the_library_refuses_and_names_ours(name: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command(name)
    named = [command for command in OURS if f"`manage.py {command}" in str(refused.value)]
    assert named
    assert set(named) <= set(get_commands())


@pytest.mark.parametrize("name", NAMES)
def test_no_option_opens_it(name: str) -> None:
    with pytest.raises(CommandError, match=r"manage\.py"):
        call_command(name, schema_name="alpha", interactive=False)


@pytest.mark.parametrize("words", [["clone_tenant", "--clone_from", "alpha"], ["tenant_command", "check"]])
def test_a_person_reads_one_sentence_and_no_stack(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "guichet.config.settings.test"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "`manage.py caisse" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not done.stdout
