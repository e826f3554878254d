"""Bodies that are too large: anybody can send one, and nothing of ours has failed."""

import logging

# Django's loggers, one for each class of error of `guichet.web.errors.TOO_LARGE`.
LOGGERS = tuple(
    f"django.security.{name}" for name in ("RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent")
)


class NoFailure(logging.Filter):
    """Makes a warning of an error, without its traceback: Sentry takes errors."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        record.exc_info = record.exc_text = None
        return True
