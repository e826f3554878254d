"""`manage.py caisse`: apply, check, export, list, schema, secret, on a caisse of its own."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenants.policy.current import current_policy
from tenants.policy.json_schema import json_schema
from tenants.policy.models import CaisseSecret, PolicyVersion
from tenants.policy.secrets import MissingSecretError, read_secret
from tenants.provisioning.connections import address
from tenants.selectors import caisse_of_schema
from tests.commands.running import CAISSES, GAMMA, Ran, caisse, everything, written
from tests.tenancy.queue import forget_jobs, jobs

ROOT = Path(__file__).resolve().parents[2]


def test_a_file_makes_a_caisse_that_answers_on_its_domains(applied: Ran) -> None:
    assert applied.refused is None
    assert "gamma : créée, version 1" in applied.said
    for host in ("gamma.localhost", "www.gamma.example.org"):
        answer = Browser().get("/connexion/", HTTP_HOST=host)
        assert (answer.status_code, "Caisse Gamma" in answer.content.decode()) == (200, True)


def test_applied_again_it_changes_nothing(applied: Ran, file: Path) -> None:
    before = everything()
    again = caisse("apply", file)
    assert "gamma : inchangée, version 1" in again.said
    assert everything() == before


def test_a_version_asks_for_a_report_and_an_unchanged_file_does_not(applied: Ran, file: Path) -> None:
    asked = [("tenants.report", "gamma")]
    assert [(job.task, job.args["tenant"]) for job in jobs()] == asked
    forget_jobs()
    caisse("apply", file)
    assert jobs() == []
    caisse("apply", written(file, GAMMA.replace("min_length = 8", "min_length = 7")))
    assert [(job.task, job.args["tenant"]) for job in jobs()] == asked


def test_given_twice_in_one_run_it_is_applied_once(file: Path) -> None:
    assert "version 2" not in caisse("apply", file, file).said


def test_the_same_values_written_otherwise_change_nothing(applied: Ran, file: Path) -> None:
    text = GAMMA.replace('"gamma.localhost"', '"GAMMA.localhost."') + "# remarque\n"
    assert "inchangée" in caisse("apply", written(file, text)).said


def test_a_change_is_printed_and_published_with_author_and_reason(applied: Ran, file: Path) -> None:
    changed = written(file, GAMMA.replace("max_length = 8", "max_length = 9"))
    ran = caisse("apply", changed, "--author", "Odile", "--reason", "contrats plus longs")
    assert "identifier.max_length" in ran.said
    assert "gamma : 1 changement(s), version 2" in ran.said
    with tenant_context(caisse_of_schema(schema="gamma")):
        last = PolicyVersion.objects.get(number=2)
        assert (last.author, last.reason) == ("Odile", "contrats plus longs")
        identifier = current_policy().identifier
        assert getattr(identifier, "max_length", None) == 9


def test_with_check_the_difference_is_printed_and_nothing_changes(applied: Ran, file: Path) -> None:
    changed = written(file, GAMMA.replace("max_length = 8", "max_length = 9"))
    before = everything()
    ran = caisse("apply", "--check", changed)
    assert "identifier.max_length" in ran.said
    assert everything() == before


def test_with_check_no_caisse_is_made(file: Path) -> None:
    before = everything()
    assert caisse("apply", "--check", file).refused is None
    assert everything() == before


def test_check_needs_no_caisse_and_counts_warnings(file: Path) -> None:
    before = everything()
    ran = caisse("check", file, CAISSES / "alpha.toml")
    assert ran.said.count("aucune erreur") == 2
    assert f"{file}:" in ran.said
    assert everything() == before


def test_what_is_exported_applies_as_unchanged(applied: Ran, tmp_path: Path) -> None:
    for schema in ("gamma", "alpha", "gie", "public"):
        exported = written(tmp_path / f"{schema}.toml", caisse("export", schema).said)
        before = everything()
        assert f"{schema} : inchangée" in caisse("apply", exported).said
        assert everything() == before


@pytest.mark.parametrize(
    "words", [("export", "omega"), ("export", "alpha'; --"), ("secret", "set", "omega", "sms.token")]
)
def test_a_caisse_that_there_is_not_is_said(committed: None, words: tuple[str, ...]) -> None:
    assert "aucune caisse «" in (caisse(*words).refused or "")


def test_the_list_names_each_caisse_with_its_domain_and_version(applied: Ran) -> None:
    lines = [line.split() for line in caisse("list").said.splitlines()]
    assert ["gamma", "v1", "active", "gamma.localhost"] in lines
    assert ["gie", "v1", "active", "gie.localhost"] in lines
    assert {line[0] for line in lines} == {"alpha", "beta", "gamma", "gie"}


def test_the_schema_is_printed_whole_and_nothing_else() -> None:
    """What it takes and refuses is tried in tests/tenants/policy/."""
    schema = json.loads(caisse("schema").said)
    assert schema == json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    text = json.dumps(schema)
    references = set(re.findall(r'"#/\$defs/(\w+)"', text))
    assert references <= set(schema["$defs"])
    assert text.count('"$ref"') >= len(references) > 5


def set_secret(monkeypatch: pytest.MonkeyPatch, *, name: str, value: str, schema: str = "gamma") -> Ran:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{value}\n"))
    return caisse("secret", "set", schema, name)


def test_a_secret_is_stored_sealed_only_and_said_nowhere(
    applied: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = set_secret(monkeypatch, name="sms.token", value="jeton-très-secret")
    assert (ran.refused, "jeton" in ran.said) == (None, False)
    with tenant_context(caisse_of_schema(schema="gamma")):
        stored = CaisseSecret.objects.get()
        assert b"jeton" not in bytes(stored.sealed)
        assert read_secret(name="sms.token") == "jeton-très-secret"
    with psycopg.connect(address()) as database:
        row = database.execute("SELECT s::text FROM gamma.policy_caissesecret s").fetchone()
    assert row is not None
    assert "jeton" not in row[0]
    assert b"jeton".hex() not in row[0]


def test_a_secret_set_again_replaces_the_one_before(applied: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("premier", "second"):
        set_secret(monkeypatch, name="smtp.password", value=value)
    with tenant_context(caisse_of_schema(schema="gamma")):
        assert read_secret(name="smtp.password") == "second"
        with pytest.raises(MissingSecretError):
            read_secret(name="sms.token")


def test_a_secret_of_one_caisse_is_not_the_others(applied: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    set_secret(monkeypatch, name="sms.token", value="jeton")
    with tenant_context(caisse_of_schema(schema="alpha")), pytest.raises(MissingSecretError):
        read_secret(name="sms.token")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [("sms.tokens", "x", "secret inconnu"), ("", "x", "secret inconnu"), ("sms.token", "", "aucune valeur")],
)
def test_a_secret_that_nothing_reads_is_refused(
    applied: Ran, monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    before = everything()
    assert reason in (set_secret(monkeypatch, name=name, value=value).refused or "")
    assert everything() == before


def test_the_front_door_has_no_secrets(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "aucune caisse" in (
        set_secret(monkeypatch, name="sms.token", value="x", schema="public").refused or ""
    )


def test_a_refusal_leaves_by_the_error_stream_with_a_status(tmp_path: Path, committed: None) -> None:
    """The command itself, as a person or a pipeline runs it."""
    path = written(tmp_path / "gamma.toml", GAMMA.replace("min_length", "min_lenght"))
    place = settings.ADMINISTRATOR
    url = f"postgres://{place['USER']}@/{place['NAME']}?host={place['HOST']}&port={place['PORT']}"
    before = everything()
    done = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "caisse", "apply", str(path)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "guichet.config.settings.test", "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{path}:11: clé inconnue «\u202fmin_lenght\u202f»" in done.stderr
    assert "Traceback" not in done.stderr
    assert everything() == before
