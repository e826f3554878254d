"""One side of a comparison: a process under its own settings, asked one act at a time."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 20


class SideFailedError(RuntimeError):
    """An act ended with a traceback, or its process died."""


class Side:
    """`with Side("ours", environment) as ours: ours.ask("create_schema")`. The acts are in benchmarks.<name>.acts."""

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        self.name = name
        self._process = subprocess.Popen(  # noqa: S603  # this very Python, on a module of this package
            [sys.executable, "-m", "benchmarks.answering", name],
            cwd=ROOT,
            env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": f"benchmarks.{name}.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Ctrl-C is the parent's: it lets go of the database before the server stops.
            start_new_session=True,
        )
        self._questions = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)

    def ask(self, act: str, **words: Any) -> Any:
        """What the act returned, by way of JSON. Raises SideFailedError."""
        try:
            self._questions.write(json.dumps({"act": act, "words": words}) + "\n")
            self._questions.flush()
            line = self._answers.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise SideFailedError(f"{self.name}, {act}: the process ended with {self._process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise SideFailedError(f"{self.name}, {act}:\n{answer['error']}")
        return answer["returned"]

    def seconds(self, act: str, **words: Any) -> float:
        return float(self.ask(act, **words))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Its input closed, it ends by itself; one that does not is made to."""
        try:
            self._questions.close()
            self._process.wait(1 if kind else STOP_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._answers.close()
