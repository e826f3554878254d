import asyncio
import json

import pytest
from psycopg import sql

from tenants.jobs.connector import WorkerConnector
from tenants.provisioning.connections import address, role_names
from tests.tenancy.catalogue import logged_in
from tests.world import ALPHA

CHANNEL = "procrastinate_any_queue_v1"
NEWS = json.dumps({"type": "job_inserted", "job_id": 1})
SHOUTED = (
    "not json",
    "",
    "null",
    "[]",
    '"job_inserted"',
    "{",
    json.dumps({"type": "abort_job_requested", "job_id": 1}),
    json.dumps({"job_id": 1}),
    "x" * 7000,
)


async def heard(*payloads: str) -> list[str]:
    """What a worker believes of what a caisse shouts, until the news of a job comes last."""
    names = role_names()
    connector = WorkerConnector(
        conninfo=address(login=names.worker),
        kwargs={"options": f"-c role={names.queue} -c search_path=public"},
    )
    believed: list[str] = []
    done = asyncio.Event()

    async def believe(*, channel: str, payload: str) -> None:
        believed.append(payload)
        if payload == NEWS:
            done.set()

    await connector.open_async()
    listening = asyncio.create_task(connector.listen_notify(believe, [CHANNEL]))
    try:
        while not listening.done() and not done.is_set():
            # It may not listen yet: shout until the news was heard.
            await asyncio.to_thread(shout, *payloads, NEWS)
            await asyncio.sleep(0.05)
        assert not listening.done(), listening.exception()
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await connector.close_async()
    return believed


def shout(*payloads: str) -> None:
    names = role_names()
    with logged_in(names.app) as web:
        web.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(names.of_schema(ALPHA))))
        for payload in payloads:
            web.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


@pytest.mark.parametrize("payload", SHOUTED, ids=range(len(SHOUTED)))
def test_a_worker_outlives_what_a_caisse_shouts_and_believes_none_of_it(
    payload: str, committed: None
) -> None:
    believed = asyncio.run(asyncio.wait_for(heard(payload), timeout=20))
    assert set(believed) == {NEWS}
