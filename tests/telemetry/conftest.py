import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guichet.embedded import EmbeddedServer
from tests.world import restore_world

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def reported(
    server: EmbeddedServer, django_db_setup: None, django_db_blocker: Any
) -> Iterator[list[dict[str, Any]]]:
    """What left for Sentry while a page and a job crashed, in two caisses each."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.telemetry.crashing"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": server.url("guichet"),
            "DJANGO_SETTINGS_MODULE": "guichet.config.settings.test",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    yield json.loads(done.stdout)
    with django_db_blocker.unblock():
        restore_world()
