"""Where a contract stands on a day, as pure arithmetic."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.pawn.domain.standing import SOON, Standing, standing_of
from tenant_apps.pawn.domain.states import ENDED
from tenant_apps.pawn.models import Contract

DUE = date(2026, 10, 21)
MIRRORED = [state.value for state in Contract.State]
TONES = {"good", "warn", "bad", "neutral"}


@pytest.mark.parametrize(
    ("days_before", "standing"),
    [
        (400, Standing.RUNNING),
        (31, Standing.RUNNING),
        (30, Standing.DUE_SOON),
        (1, Standing.DUE_SOON),
        (0, Standing.DUE_SOON),
        (-1, Standing.DUE),
        (-400, Standing.DUE),
    ],
)
def test_a_running_contract_is_due_soon_for_thirty_days_then_due(
    days_before: int, standing: Standing
) -> None:
    assert standing_of(state="running", due_on=DUE, today=DUE - timedelta(days=days_before)) is standing


@given(state=st.sampled_from([state for state in MIRRORED if state != "running"]), today=st.dates())
def test_what_the_caisses_system_says_stands_whatever_the_day(state: str, today: date) -> None:
    assert standing_of(state=state, due_on=DUE, today=today).value == state


@given(state=st.sampled_from(MIRRORED), today=st.dates())
def test_only_the_mirrored_state_ends_a_contract(state: str, today: date) -> None:
    assert standing_of(state=state, due_on=DUE, today=today).ended is (state in ENDED)


def test_each_standing_has_a_tone() -> None:
    assert {standing.tone for standing in Standing} == TONES


def test_every_state_of_the_table_is_a_standing() -> None:
    assert {standing.value for standing in Standing} == {*MIRRORED, "due_soon", "extra_time"}
    assert set(MIRRORED) > ENDED


def test_soon_is_thirty_days() -> None:
    assert timedelta(days=30) == SOON
