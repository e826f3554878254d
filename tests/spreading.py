"""Which tests go to one worker: those that share what is dear to set up, which also begin first."""

import pytest
from xdist.scheduler import LoadScopeScheduling

# The parsed tree, the visitors of every caisse, the demo with its processes.
TOGETHER = ("tests/conventions/", "tests/routes/", "tests/journeys/demo/")

# A long one that begins last leaves the other workers idle.
LONG = (
    "tests/journeys/",
    "tests/simulation/",
    "tests/tenants/provisioning/",
    "tests/messaging/test_worker.py",
)


def long_ones_first(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


class Spreading(LoadScopeScheduling):
    """Each test for itself but those of TOGETHER; the larger a group, the sooner it begins."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)
