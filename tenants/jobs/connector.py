"""The worker's connection to the queue, deaf to what anybody could shout."""

import json
from collections.abc import Iterable
from typing import Any

from procrastinate import PsycopgConnector


class WorkerConnector(PsycopgConnector):
    """PostgreSQL lets every role NOTIFY any channel: only the news of a job is believed, and it only wakes the worker.

    As it comes, a message that is not JSON would stop the worker, and a forged request would abort another's job.
    """

    async def listen_notify(self, on_notification: Any, channels: Iterable[str]) -> None:
        async def believe(*, channel: str, payload: str) -> None:
            if _tells_of_a_job(payload):
                await on_notification(channel=channel, payload=payload)

        await super().listen_notify(believe, channels)


def _tells_of_a_job(payload: str) -> bool:
    try:
        said: object = json.loads(payload)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("type") == "job_inserted"
