"""What a caisse says of itself: right figures, no person, whoever asks and however often."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.formatting import phone
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.demo.prepare import write_reports
from tenant_apps.identity.models import SmsDevice, TryCounter, User
from tenant_apps.identity.open_account import open_account
from tenant_apps.messaging.models import Message
from tenant_apps.pawn.models import Contract
from tenants.jobs.clock import Rhythm, fan_out
from tenants.models import Caisse, CaisseReport
from tenants.policy.checks import Finding, run_checks
from tenants.policy.draft_policy import publish_draft, save_draft
from tenants.policy.inheritance import overlay
from tenants.policy.publish_policy import PolicyRefusedError, publish_policy, roll_back_policy
from tenants.policy.selectors import published_here
from tenants.policy.stored import parse_stored
from tenants.reports.figures import RECENT, Figure, figures, register_figure
from tenants.reports.write_report import write_report
from tenants.selectors import caisse_of_schema
from tenants.tasks import report as report_job
from tests.identity.steps import NOBODY_HAS_IT, WRONG, enter_secret, publish, sign_in
from tests.tenancy.queue import jobs
from tests.tenants.policy.documents import policy
from tests.tenants.policy.rule_cases import CASES
from tests.world import ALPHA, ANNE, BRUNO

WHO = {"author": "Odile Administratrice", "reason": "essai"}


def read(schema: str = ALPHA) -> CaisseReport:
    """As the GIE reads it, from wherever the test is."""
    with tenant_context(Caisse(schema_name="gie")):
        found: CaisseReport = CaisseReport.objects.get(caisse__schema_name=schema)
        return found


def written(caisse: Caisse) -> CaisseReport:
    with tenant_context(caisse):
        write_report(now=timezone.now())
    return read(caisse.schema_name)


def add_client(number: str, *, last_login: datetime | None = None, is_active: bool = True) -> User:
    client = register_client(
        number=f"C-{number}",
        title="madam",
        first_name="Ernestine",
        last_name=f"Quatrebarbes-{number}",
        birth_date=date(1951, 2, 3),
        email=f"ernestine.{number}@example.org",
        mobile="+33639981234",
    )
    user = open_account(
        kind=User.Kind.CLIENT,
        identifier=f"10000000{number}",
        secret="Un-secret-qui-va-bien-1!",
        display_name=f"Ernestine Quatrebarbes-{number}",
        now=timezone.now(),
        client=client,
        phone="+33639981234",
    )
    User.objects.filter(pk=user.pk).update(last_login=last_login, is_active=is_active)
    return user


def add_message(state: Message.State, *, at: datetime) -> None:
    Message.objects.create(
        kind="sms_code",
        channel="sms",
        state=state,
        about=uuid4(),
        secret=True,
        sealed=b"x",
        created_at=at,
        due_at=at,
        last_error="refused by +33639981234",
    )


def test_it_counts_clients_and_those_who_came_lately(in_alpha: Caisse) -> None:
    now = timezone.now()
    for number, last_login, is_active in (
        ("11", now - timedelta(hours=1), True),
        ("12", now - RECENT + timedelta(minutes=1), True),
        ("13", now - RECENT - timedelta(minutes=1), True),
        ("14", None, True),
        ("15", now, False),
    ):
        add_client(number, last_login=last_login, is_active=is_active)
    User.objects.filter(kind=User.Kind.STAFF).update(last_login=now - timedelta(minutes=5))
    figures = written(in_alpha).figures
    assert (figures["clients"], figures["clients_seen"]) == (5, 2)
    assert figures["last_sign_in"] == now.isoformat()


def test_it_counts_those_whom_only_the_agency_lets_in_and_no_unknown_identifier(
    alpha: Caisse, browser_at: Any
) -> None:
    publish(alpha, {"lockout": {"until_agency": True, "wait": "none", "max_failures": 3}})
    for identifier in (ANNE.identifier, NOBODY_HAS_IT):
        for _ in range(4):
            enter_secret(browser_at(ANNE.host), identifier=identifier, secret=WRONG)
    with tenant_context(alpha):
        assert TryCounter.objects.filter(agency_only=True).count() == 2
    assert written(alpha).figures["clients_locked"] == 1


def test_it_counts_messages_that_did_not_arrive_by_one_definition(in_alpha: Caisse) -> None:
    """What came back is among the lost, and what the agency has closed still is."""
    now = timezone.now()
    for state in (Message.State.FAILED, Message.State.EXPIRED, Message.State.BOUNCED, Message.State.BOUNCED):
        add_message(state, at=now - timedelta(days=1))
    add_message(Message.State.BOUNCED, at=now - RECENT - timedelta(days=1))
    add_message(Message.State.SENT, at=now)
    Message.objects.filter(pk=Message.objects.order_by("pk")[2].pk).update(settled_at=now)
    figures = written(in_alpha).figures
    names = ("messages_lost", "messages_never_left", "messages_returned", "messages_settled", "messages_open")
    assert [figures[name] for name in names] == [4, 2, 2, 1, 4]


def test_it_counts_messages_that_are_lost_or_late(in_alpha: Caisse) -> None:
    now = timezone.now()
    add_message(Message.State.FAILED, at=now - timedelta(days=1))
    add_message(Message.State.FAILED, at=now - RECENT - timedelta(days=1))
    add_message(Message.State.SENT, at=now)
    add_message(Message.State.QUEUED, at=now - timedelta(minutes=20))
    add_message(Message.State.QUEUED, at=now - timedelta(minutes=9))
    add_message(Message.State.QUEUED, at=now + timedelta(minutes=9))
    figures = written(in_alpha).figures
    assert (figures["messages_lost"], figures["messages_late"]) == (1, 2)
    assert figures["messages_late_since"] == (now - timedelta(minutes=20)).isoformat()


def test_it_says_what_the_policy_says_and_who_published_it(in_alpha: Caisse) -> None:
    publish_policy(
        document={**published_here().document, "products": ["pawn_loans", "documents"]},
        **WHO,
        at=timezone.now(),
    )
    roll_back_policy(to=1, author="Basile", reason="trop tôt", at=timezone.now())
    report = written(in_alpha)
    assert report.facts["version"] == 3
    assert report.facts["identifier"] == "digits"
    assert report.facts["second_factor"] == ["sms"]
    assert report.facts["products"] == ["pawn_loans", "payments", "appointments", "documents"]
    assert report.facts["theme"] == "warm"
    assert [(each["number"], each["author"], each["reason"]) for each in report.versions] == [
        (3, "Basile", "trop tôt"),
        (2, WHO["author"], WHO["reason"]),
        (1, "tests", "construction"),
    ]
    assert report.facts["published_at"] == report.versions[0]["at"]


def test_it_says_what_the_check_says(in_alpha: Caisse) -> None:
    expected = run_checks(parse_stored(published_here().document))
    report = written(in_alpha)
    assert expected
    assert [Finding(**each) for each in report.findings] == expected
    assert (report.errors, report.warnings) == (0, len(expected))


def test_the_database_takes_whatever_a_rule_may_say(
    in_alpha: Caisse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for rule, _, common, broken, _ in CASES:
        wrong = policy(overlay(common, broken))
        monkeypatch.setattr("tenants.reports.write_report.current_policy", lambda said=wrong: said)
        assert rule in {each["rule"] for each in written(in_alpha).findings}


def test_no_client_is_in_a_report(alpha: Caisse, beta: Caisse, browser_at: Any) -> None:
    """Not a name, an address, a phone, a birth date, an identifier, a contract, nor what stands for one of them."""
    for caisse, someone in ((alpha, ANNE), (beta, BRUNO)):
        sign_in(browser_at(someone.host), caisse, someone)
        enter_secret(browser_at(someone.host), someone, secret=WRONG)
        with tenant_context(caisse):
            add_client("16", last_login=timezone.now())
            add_message(Message.State.FAILED, at=timezone.now())
            write_report(now=timezone.now())
        report = read(caisse.schema_name)
        said = json.dumps(
            [report.facts, report.figures, report.findings, report.versions], ensure_ascii=False
        ).casefold()
        with tenant_context(caisse):
            known = set(_of_clients(someone.identifier))
        assert "ernestine" in known
        assert someone.phone in known
        assert not [word for word in known if word.casefold() in said]


def _of_clients(identifier: str) -> Iterator[str]:
    yield from (identifier, "1000000016")
    for client in Client.objects.all():
        yield from (client.number, client.first_name.casefold(), client.last_name, client.folded_name)
        yield from (client.email, client.mobile, phone(client.mobile), str(client.uuid))
        if client.birth_date:
            yield from (client.birth_date.isoformat(), f"{client.birth_date:%d/%m/%Y}")
    for user in User.objects.all():
        yield from (user.display_name, str(user.uuid), user.login_index)
    yield from SmsDevice.objects.values_list("phone", flat=True)
    yield from Contract.objects.values_list("number", flat=True)


def test_a_second_run_leaves_the_same_report_with_a_later_moment(committed: None) -> None:
    reports = []
    for _ in range(2):
        with tenant_context(caisse_of_schema(schema=ALPHA)):
            report_job(tenant=ALPHA, asked_at=int(timezone.now().timestamp()))
        reports.append(read())
    first, second = ({**vars(each), "_state": None, "as_of": None} for each in reports)
    assert first == second
    assert reports[0].as_of < reports[1].as_of


def test_the_job_tells_how_long_it_waited_for_a_worker(in_alpha: Caisse) -> None:
    asked = timezone.now() - timedelta(minutes=3)
    report_job(tenant=ALPHA, asked_at=int(asked.timestamp()))
    assert 180 <= (read().lag_seconds or 0) <= 190


def test_a_clock_that_runs_ahead_is_no_lag(in_alpha: Caisse) -> None:
    write_report(now=timezone.now(), asked_at=timezone.now() + timedelta(minutes=3))
    assert read().lag_seconds == 0


def test_each_quarter_asks_every_caisse_once(committed: None) -> None:
    for _ in range(2):
        fan_out(Rhythm.QUARTER, asked_at=1_792_584_000)
    assert [(job.task, job.args, job.queueing_lock) for job in jobs()] == [
        (task, {"tenant": schema, "asked_at": 1_792_584_000}, f"{schema}:{task}")
        for schema in (ALPHA, "beta", "gie")
        for task in ("agencies.remind", "pawn.remind", "payments.ask_again", "tenants.report")
    ]


def test_a_publication_asks_for_a_report_and_a_refused_one_does_not(committed: None) -> None:
    with tenant_context(caisse_of_schema(schema=ALPHA)):
        with pytest.raises(PolicyRefusedError):
            publish_policy(
                document={**published_here().document, "second_factor": {"sms": {"lifetime": "30 min"}}},
                **WHO,
                at=timezone.now(),
            )
        assert jobs() == []
        publish_policy(document=published_here().document, **WHO, at=timezone.now())
    assert [(job.task, job.args["tenant"]) for job in jobs()] == [("tenants.report", ALPHA)]


def test_the_demo_is_reported_on_before_any_worker_runs(committed: None) -> None:
    write_reports()
    for schema in (ALPHA, "beta", "gie"):
        assert read(schema).lag_seconds is None


def test_no_two_figures_stand_in_one_place() -> None:
    """« Le plus ancien attend depuis » is read with the line above it."""
    taken = figures()[0].position
    with pytest.raises(ValueError, match=f"two figures stand at {taken}"):
        register_figure(Figure(name="another", label="", position=taken, of=lambda _now: 0))
    places = [each.position for each in figures()]
    assert len(places) == len(set(places))


def test_a_draft_is_reported_as_soon_as_it_is_saved_and_no_more_once_published(committed: None) -> None:
    now, alpha = timezone.now(), caisse_of_schema(schema=ALPHA)
    with tenant_context(alpha):
        number = published_here().number
        save_draft(document=published_here().document, author="Odile Roux", at=now)
    assert [each.task for each in jobs()] == ["tenants.report"]
    told = written(alpha).facts["draft"]
    assert told == {"author": "Odile Roux", "at": now.astimezone(UTC).isoformat(), "written_from": number}
    with tenant_context(alpha):
        publish_draft(author="Odile", reason="essai", at=now)
    assert "draft" not in written(alpha).facts
