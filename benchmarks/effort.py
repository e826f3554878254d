"""How often each thing is measured: enough for a quiet figure, or just enough to see it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    schema_turns: int
    # Two processes of the same code differ by a few per cent for as long as they live: several pairs are made.
    page_pairs: int
    page_turns: int
    page_visits: int
    scale_pairs: int
    scale_turns: int
    scale_visits: int
    sign_in_pairs: int
    sign_in_turns: int
    sign_in_visits: int
    memory_processes: int
    crowd_turns: int
    deploys: int
    simulations: int
    demo_starts: int


FULL = Effort(
    schema_turns=15,
    page_pairs=4,
    page_turns=100,
    page_visits=5,
    scale_pairs=4,
    scale_turns=30,
    scale_visits=5,
    sign_in_pairs=4,
    sign_in_turns=30,
    sign_in_visits=5,
    memory_processes=3,
    crowd_turns=4,
    deploys=9,
    simulations=9,
    demo_starts=3,
)
QUICK = Effort(
    schema_turns=5,
    page_pairs=2,
    page_turns=50,
    page_visits=5,
    scale_pairs=1,
    scale_turns=20,
    scale_visits=3,
    sign_in_pairs=1,
    sign_in_turns=20,
    sign_in_visits=3,
    memory_processes=1,
    crowd_turns=1,
    deploys=5,
    simulations=5,
    demo_starts=0,
)
