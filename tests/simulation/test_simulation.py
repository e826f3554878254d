"""Loans and payments under a seed: what must hold does, after each step, and the same seed ends the same."""

from typing import Any

import psycopg
import pytest

from tests.simulation import books, simulation
from tests.simulation.invariants import OF_ONE, OF_TWO, broken_between, broken_of
from tests.simulation.plans import BrokenPromiseError
from tests.simulation.simulation import SimulationFailedError, run
from tests.simulation.towns import Town

STEPS, FEW = 100, 20
# Rows that are changed behind the back of every trigger, and the promise that is then broken.
SPOILT = {
    "every captured cent is applied, held or goes back": "payments_paymentline SET amount = amount + 0.01",
    "a payment is applied when all of its lines are": "payments_payment SET state = 'paid' WHERE state = 'applied'",
    "an applied line is one act on its contract, of its sum": "pawn_operation SET payment = gen_random_uuid()"
    " WHERE payment IS NOT NULL",
    "the capital is what was lent less what was repaid": "pawn_contract SET capital = capital - 0.01"
    " WHERE capital > 0",
    "the parts of an act are its sum": "pawn_operationline SET amount = amount - 0.01",
    "the term is that of the last prolongation, within two years (CMF D514-7)": "pawn_contract SET due_on = due_on - 1",
    "an ended contract says how it ended": "pawn_contract SET state = 'redeemed', capital = 0"
    " WHERE state = 'running'",
    "receipts are numbered without a gap": "payments_receiptyear SET last = last + 1",
    "every act is in the journal, once": "journal_event SET details = '{}'",
    "a caisse names its own contracts and payments alone": "payments_paymentline SET reference = gen_random_uuid()",
    "a boni is paid once, within two years, or is lost after them (CMF D514-21)": "pawn_operation"
    " SET kind = 'boni_paid' WHERE kind = 'sold'",
    "a sale is announced ten days before (CMF D514-16), after three months (D514-15)": 'pawn_operation SET "on" = "on"'
    " + 400 WHERE kind = 'announced'",
    "a client alone moves no money, and is told in writing": "messaging_message SET kind = 'x'"
    " WHERE kind = 'pawn_prolonged'",
    "one payment at a time may go through for one thing": "payments_payment SET state = 'waiting',"
    " expires_at = 'infinity' WHERE captured IS NULL",
    "what was captured a second time serves nothing": "payments_paymentline SET state = 'applied'"
    " WHERE kind = 'captured_twice'",
    "of what a bank took in part, no more serves or goes back than it left": "payments_payment"
    " SET disputed = captured WHERE dispute = 'lost'",
    "nobody waits for a seat that an agency does not have": "agencies_hold SET step = '2026-01-20 08:00+00',"
    " seat = id % 30000",
    "an appointment holds each of its steps, and one that is cancelled none": "agencies_appointment"
    " SET ends_at = ends_at + interval '5 minutes'",
    "nobody is expected in two places at once": "agencies_appointment SET state = 'booked', cancelled_at = NULL,"
    " starts_at = '2026-01-20 08:00+00', ends_at = '2026-01-20 09:00+00'",
    "every appointment is in the journal, once": "journal_event SET details = '{}'",
    "nothing is paid on a contract that has ended, nor is it sold twice": "pawn_operation SET kind = 'redeemed'"
    " WHERE kind = 'opened'",
    "what is taken back is a payment, part for part, that nothing rests on": "pawn_operation"
    " SET capital = capital - 0.01 WHERE kind = 'taken_back'",
    "what a bank has back is owed again once, and no more of it than it has": "payments_payment"
    " SET dispute = 'won' WHERE dispute = 'lost'",
    "who owes again is told so, once": "messaging_message SET kind = 'x' WHERE kind = 'pawn_taken_back'",
    "receipts of the counter are numbered without a gap": "pawn_numberseries SET last = last + 1"
    " WHERE series LIKE 'R%'",
    "nothing is applied twice": "pawn_operation SET uuid = '00000000-0000-4000-8000-000000000001'",
    "a refund is the sum of its lines": "payments_refund SET amount = amount + 0.01",
    "a sale is shared out, and no boni is below nothing": "pawn_sale SET owed = owed + 0.01",
    "what somebody else claims stays where it is (CMF D514-22)": "pawn_block SET kind = 'claimed_by_other',"
    " since = '-infinity', until = 'infinity',"
    " contract_id = (SELECT max(contract_id) FROM {s}.pawn_operation WHERE kind = 'announced')",
    "objects leave once, after all was paid": "pawn_operation SET kind = 'handed_over' WHERE kind = 'opened'",
}
# What the database itself refuses, whoever writes: a row that breaks the promise stands only where that is away.
HELD_BY_THE_DATABASE = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) FROM pg_constraint
    WHERE conrelid = '{table}'::regclass AND contype IN ('u', 'c')
    UNION ALL SELECT format('DROP INDEX %s', i.indexrelid::regclass) FROM pg_index i
    WHERE i.indrelid = '{table}'::regclass AND i.indisunique AND NOT i.indisprimary
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)"""
TABLES_OF_TWO = [each.rsplit(" ", 1)[1] for each in OF_TWO]


def test_a_run_breaks_no_promise_and_its_seed_says_all_of_it(committed: None) -> None:
    ran = run(seed=1, steps=STEPS)
    assert ran.steps == STEPS
    assert ran.charged
    one, again = (run(seed=2, steps=FEW) for _ in range(2))
    assert one.history == again.history
    assert one.digest == again.digest != ran.digest


def test_a_broken_promise_is_told_with_its_seed_and_the_last_acts(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_owner: "psycopg.Connection[Any]", _town: Town) -> None:
        raise BrokenPromiseError("the till says otherwise")

    monkeypatch.setattr(books, "check", broken)
    with pytest.raises(SimulationFailedError) as told:
        run(seed=7, steps=5)
    first, *acts, last = str(told.value).splitlines()
    assert first == "seed 7, step 1: the till says otherwise"
    assert [each.split()[0] for each in acts] == ["1"]
    assert last == "again: bin/simulate --seed 7 --steps 1 --caisses 2"


@pytest.mark.slow
def test_each_promise_is_seen_to_be_broken_when_rows_are_spoilt(committed: None) -> None:
    # A seed by which, within these steps, something is sold, a lost payment is owed again, and a part is decided on.
    with simulation._scene(10, 1) as scene:
        for step in range(1, 701):
            simulation._step(scene, step)
        schema = scene.towns[0].schema
        seen = {name for name, change in SPOILT.items() if name in _broken(scene.owner, schema, change)}
        crossed = {name for table in TABLES_OF_TWO for name in _crossed(scene.owner, schema, table)}
    assert seen == set(SPOILT) == set(OF_ONE)
    assert crossed == set(OF_TWO)


def _broken(owner: "psycopg.Connection[Any]", schema: str, change: str) -> set[str]:
    """What is found broken after it; then it is taken back."""
    with owner.transaction(force_rollback=True):
        owner.execute("SET LOCAL session_replication_role = replica")
        table = f"{schema}.{change.split(' ', 1)[0]}"
        for (away,) in owner.execute(HELD_BY_THE_DATABASE.format(table=table).encode()).fetchall():
            owner.execute(away.encode())
        owner.execute(f"UPDATE {schema}.{change}".replace("{s}", schema).encode())
        return {name for name, _ in owner.execute(broken_of(schema).encode()).fetchall()}


def _crossed(owner: "psycopg.Connection[Any]", schema: str, table: str) -> set[str]:
    """What is found broken where the rows of one table stand at another caisse too, and those of no other."""
    with owner.transaction(force_rollback=True):
        owner.execute("CREATE SCHEMA zz_neighbour")
        for each in TABLES_OF_TWO:
            filled = "" if each == table else " WITH NO DATA"
            copy = f"CREATE TABLE zz_neighbour.{each} AS TABLE {schema}.{each}{filled}"
            owner.execute(copy.encode())
        found = {
            name for name, _ in owner.execute(broken_between([schema, "zz_neighbour"]).encode()).fetchall()
        }
    assert found <= {name for name in OF_TWO if name.endswith(f" {table}")}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_two_thousand_steps_break_no_promise(committed: None, seed: int) -> None:
    assert run(seed=seed, steps=2000).steps == 2000
