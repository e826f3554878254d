"""Why an appointment cannot be booked, moved or cancelled."""

from typing import Literal

Why = Literal[
    "taken",
    "too_many",
    "too_many_missed",
    "too_often",
    "overlap",
    "form_reused",
    "unknown_subject",
    "late",
    "over",
    "too_early",
]


class AppointmentRefusedError(ValueError):
    """Nothing was changed. `why` is one word, which a screen puts into a sentence:

    `taken`: the hour is not free, or was never offered; `too_many`: the client has as many as the caisse allows;
    `too_many_missed`: of late they did not come, or gave hours back too late; `too_often`: they have changed enough
    for a day;
    `overlap`: the client is expected elsewhere then; `form_reused`: the form was posted with another content;
    `unknown_subject`: what it is about is not this client's; `late`: the agency alone may change it now;
    `over`: it has begun, or is cancelled; `too_early`: nobody can have come yet, or it is not over.
    """

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why
