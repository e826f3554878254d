"""What production makes of its environment, read in a process of its own."""

import base64
import json
import os
import subprocess
import sys
from typing import Any

import pytest

GOOD = {
    "DATABASE_URL": "postgres://admin:hidden@db.example.org/guichet",
    "GUICHET_SECRET_KEY": "".join(chr(97 + i * 7 % 26) for i in range(60)),
    "GUICHET_MASTER_KEY": base64.b64encode(bytes(range(32))).decode(),
    "GUICHET_DATABASE_KEY": base64.b64encode(bytes(range(32))).decode(),
}
ASK = """
import json, sys
from guichet.config.settings import production as p
json.dump({name: getattr(p, name) for name in sys.argv[1:]}, sys.stdout)
"""

WARN = """
import django, warnings
django.setup()
warnings.warn("of 0639981234", RuntimeWarning)
"""


def settings(*names: str, script: str = ASK, **environment: str) -> "subprocess.CompletedProcess[str]":
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GUICHET_")}
    return subprocess.run(
        [sys.executable, "-c", script, *names],
        env={
            **outside,
            "DJANGO_SETTINGS_MODULE": "guichet.config.settings.production",
            **GOOD,
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def value(name: str, **environment: str) -> Any:
    done = settings(name, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)[name]


def test_the_browsers_are_told_of_the_host_alone_unless_it_is_chosen_otherwise() -> None:
    names = ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "SECURE_HSTS_SECONDS")
    assert json.loads(settings(*names).stdout) == dict(zip(names, (False, False, 31_536_000), strict=True))
    chosen = settings(*names, GUICHET_HSTS_SUBDOMAINS="true", GUICHET_HSTS_PRELOAD="true")
    assert json.loads(chosen.stdout) == dict(zip(names, (True, True, 31_536_000), strict=True))


def test_the_host_is_looked_up_before_anybody_is_sent_to_https() -> None:
    found = json.loads(settings("MIDDLEWARE", "SECURE_SSL_REDIRECT", "SECURE_REDIRECT_EXEMPT").stdout)
    order = [name.rpartition(".")[2] for name in found["MIDDLEWARE"]]
    assert order[:3] == ["ProbeMiddleware", "ProxyMiddleware", "AccessMiddleware"]
    assert order.index("TenantMiddleware") + 1 == order.index("HttpsMiddleware")
    assert found["SECURE_SSL_REDIRECT"]
    # Every path is left to ours.
    assert found["SECURE_REDIRECT_EXEMPT"] == [""]


def test_lines_are_objects() -> None:
    assert value("LOGGING")["handlers"]["stderr"]["formatter"] == "json"


def test_what_python_warns_of_is_a_line_too() -> None:
    said = settings(script=WARN).stderr.splitlines()
    assert [json.loads(line)["message"] for line in said if "py.warnings" in line] == [
        "<string>:4: RuntimeWarning: of […]"
    ]
    assert all(line.startswith("{") for line in said)


def test_failures_are_reported_nowhere_until_an_address_is_given() -> None:
    assert value("SENTRY")["dsn"] == ""
    given = value(
        "SENTRY",
        GUICHET_SENTRY_DSN="https://key@sentry.example.org/1",
        GUICHET_SENTRY_ENVIRONMENT="recette",
        GUICHET_RELEASE="guichet@2026.11",
        GUICHET_SENTRY_SAMPLE_RATE="0.25",
    )
    assert given == {
        "dsn": "https://key@sentry.example.org/1",
        "environment": "recette",
        "release": "guichet@2026.11",
        "sample_rate": 0.25,
    }


@pytest.mark.parametrize(
    "address", ["sentry.example.org", "https://sentry.example.org/1", "https://hidden@sentry.example.org/x"]
)
def test_a_wrong_address_of_sentry_stops_the_start_and_is_not_repeated(address: str) -> None:
    done = settings("SENTRY", GUICHET_SENTRY_DSN=address)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert last.endswith("GUICHET_SENTRY_DSN is no address of Sentry: https://key@host/number.")
    assert address not in last


@pytest.mark.parametrize("rate", ["2", "-0.1", "half", "nan"])
def test_a_rate_that_is_no_share_stops_the_start(rate: str) -> None:
    done = settings("SENTRY", GUICHET_SENTRY_SAMPLE_RATE=rate)
    assert done.returncode == 1
    assert "give a number from 0 to 1" in done.stderr.splitlines()[-1]


def test_a_database_that_is_away_is_given_up_soon() -> None:
    options = value("DATABASES")["default"]["OPTIONS"]
    assert options["connect_timeout"] == 5
    assert options["tcp_user_timeout"] == 15_000
    address = "postgres://admin:hidden@db.example.org/guichet?connect_timeout=2&sslmode=require"
    chosen = value("DATABASES", DATABASE_URL=address)["default"]["OPTIONS"]
    assert (chosen["connect_timeout"], chosen["sslmode"]) == (2, "require")
