"""Reports of failures to Sentry, about no person. Off without an address to send them to."""

import sentry_sdk
from sentry_sdk.integrations import Integration
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.transport import Transport

from guichet.telemetry.reports import crumb, mark, report


def watch(
    *, dsn: str, environment: str, release: str, sample_rate: float, transport: type[Transport] | None = None
) -> bool:
    """Report what fails from now on in this process; False without an address. The transport is for tests."""
    if not dsn:
        return False
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release,
        sample_rate=sample_rate,
        transport=transport,
        # Named one by one: a library that is added must not begin to tell of its calls.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=_integrations(),
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        auto_session_tracking=False,
        # Providers that we call learn nothing of our traces.
        trace_propagation_targets=[],
        before_breadcrumb=crumb,
        before_send=report,
    )
    return True


def failed(error: Exception) -> None:
    """Report what a job could not do. Whoever logs it again makes no second report."""
    sentry_sdk.capture_exception(error)
    mark(error)


def _integrations() -> list[Integration]:
    return [
        AtexitIntegration(),
        DedupeIntegration(),
        DjangoIntegration(middleware_spans=False, signals_spans=False),
        ExcepthookIntegration(),
        LoggingIntegration(),
        ThreadingIntegration(),
    ]
