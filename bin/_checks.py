"""The checks of bin/check: what each one runs, and two of them at a time."""

import os
import secrets
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ("platform", "shared_apps", "tenant_apps", "themes")
LANES = 2
_PYTEST = (sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Step:
    name: str
    commands: tuple[tuple[str, ...], ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    step: Step
    seconds: float
    failures: tuple[str, ...]


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _manage(*words: str) -> tuple[str, ...]:
    # The checks need no server: makemigrations would only warn that it could not compare the tables' history.
    return (sys.executable, "-W", "ignore:Got an error checking a consistent", "manage.py", *words)


def _strong_secrets() -> dict[str, str]:
    """What production asks of its environment, drawn afresh: they open nothing, and no server is called."""
    key = b64encode(secrets.token_bytes(32)).decode()
    return {
        "DJANGO_SETTINGS_MODULE": "guichet.config.settings.production",
        "GUICHET_SECRET_KEY": secrets.token_urlsafe(64),
        "GUICHET_TRUSTED_PROXIES": "none",
        "GUICHET_MASTER_KEY": key,
        "GUICHET_DATABASE_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "DATABASE_URL": f"postgresql://check:{secrets.token_urlsafe(24)}@db.example.org:5432/guichet",
    }


def template_folders() -> tuple[str, ...]:
    return tuple(folder for folder in TEMPLATES if any((ROOT / folder).rglob("*.html")))


def _djlint() -> tuple[tuple[str, ...], ...]:
    folders = template_folders()
    if not folders:
        return ()
    base = (tool("djlint"), *folders)
    return ((*base, "--check"), (*base, "--lint", "--quiet"))


def steps() -> tuple[Step, ...]:
    """Longest first, so that the last one to end is a short one."""
    test = {"DJANGO_SETTINGS_MODULE": "guichet.config.settings.test"}
    return (
        Step("types", ((tool("mypy"),),)),
        Step(
            "conventions, requirements, translations",
            ((*_PYTEST, "tests/conventions"),),
        ),
        Step("templates", _djlint()),
        Step("migrations", (_manage("makemigrations", "--check", "--dry-run"),), test),
        Step("system check", (_manage("check"),), test),
        Step("deploy check", (_manage("check", "--deploy", "--fail-level", "WARNING"),), _strong_secrets()),
        Step("import contracts", ((tool("lint-imports"),),)),
        Step("lint", ((tool("ruff"), "check", "."),)),
        Step("format", ((tool("ruff"), "format", "--check", "."),)),
    )


def run_step(step: Step) -> Outcome:
    begun, failures = time.monotonic(), []
    for command in step.commands:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **step.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            failures.append(done.stdout.strip() or f"{command[0]} ended with {done.returncode} and no word")
    return Outcome(step, time.monotonic() - begun, tuple(failures))


def report(outcome: Outcome) -> None:
    word = "FAILED" if outcome.failures else "ok"
    print(f"{word:>6}  {outcome.seconds:5.1f} s  {outcome.step.name}", flush=True)
    for failure in outcome.failures:
        print("\n" + failure + "\n", flush=True)


def main() -> int:
    begun, broken = time.monotonic(), []
    with ThreadPoolExecutor(LANES) as lanes:
        for future in as_completed([lanes.submit(run_step, step) for step in steps()]):
            outcome = future.result()
            report(outcome)
            if outcome.failures:
                broken.append(outcome.step.name)
    seconds = time.monotonic() - begun
    print(f"{seconds:.0f} s: " + (f"failed: {'; '.join(broken)}" if broken else "everything holds"))
    return 1 if broken else 0
