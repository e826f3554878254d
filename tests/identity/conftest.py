"""What the tests of the way in share."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from tests.hashers import CheapHasher
from tests.world import ANNE

BrowserAt = Callable[[str], Browser]


@pytest.fixture
def browser(browser_at: BrowserAt) -> Browser:
    """A browser at Anne's caisse that has never been there."""
    return browser_at(ANNE.host)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each hash of a secret that was made."""
    made: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(CheapHasher, name)

        def counted(
            self: CheapHasher, *args: object, _real: Callable[..., object] = real, **kwargs: object
        ) -> object:
            made.append(_real.__name__)
            return _real(self, *args, **kwargs)

        monkeypatch.setattr(CheapHasher, name, counted)
    return made
