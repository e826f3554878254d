"""The other end of `Side`: reads acts from standard input, answers on what was standard output."""

import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import django

Act = Callable[..., Any]


def main(name: str) -> None:
    """The acts are in benchmarks.<name>.acts, which needs Django's applications."""
    django.setup()
    answer(import_module(f"benchmarks.{name}.acts").ACTS)


def answer(acts: Mapping[str, Act]) -> None:
    """Until standard input closes. What an act prints goes to standard error: the answers stay readable."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        for line in sys.stdin:
            asked = json.loads(line)
            answers.write(json.dumps(_done(acts[asked["act"]], asked["words"])) + "\n")
            answers.flush()


def _done(act: Act, words: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {"returned": act(**words)}
    except Exception:  # noqa: BLE001  # told to the parent, which stops the run with it
        return {"error": traceback.format_exc()}


if __name__ == "__main__":
    main(sys.argv[1])
