"""Each behaviour has an address of its own: what one tries in vain brakes no other."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Visit

_ADDRESSES: Iterator[int] = count(1)


@pytest.fixture
def come(visit: Visit) -> Visit:
    """`visit`, from one household."""
    address = f"203.0.113.{next(_ADDRESSES)}"

    def opened(*, width: int = 360) -> Page:
        return visit(width=width, address=address)

    return opened
