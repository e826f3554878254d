"""What `check --deploy` says of the settings."""

from django.core import checks
from django.test import override_settings


def warned() -> list[str | None]:
    said = checks.run_checks(include_deployment_checks=True, tags=[checks.Tags.security])
    return [each.id for each in said if (each.id or "").startswith("guichet.")]


def test_a_platform_that_has_not_said_which_proxies_it_has_is_warned() -> None:
    with override_settings(PROXIES_DECLARED=False):
        assert warned() == ["guichet.W001"]
    with override_settings(PROXIES_DECLARED=True):
        assert warned() == []
