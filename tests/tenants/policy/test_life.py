"""Draft, rehearse, publish, roll back."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.journal.record import record
from tenants.models import Caisse
from tenants.policy import draft_policy
from tenants.policy.current import current_policy
from tenants.policy.draft_policy import (
    CaisseTableChangedError,
    NoDraftError,
    StaleDraftError,
    current_draft,
    drop_draft,
    publish_draft,
    save_draft,
)
from tenants.policy.publish_policy import (
    NoSuchVersionError,
    PolicyRefusedError,
    publish_policy,
    roll_back_policy,
)
from tenants.policy.rehearsal import rehearse
from tenants.policy.selectors import policy_history, published_here
from tenants.policy.stored import parse_stored
from tenants.selectors import caisse_of_schema

WHO = {"author": "Odile Administratrice", "reason": "essai"}


def _document(**over: Any) -> Mapping[str, Any]:
    return {**published_here().document, **over}


def test_a_published_draft_is_in_force_at_once_and_is_gone(in_alpha: Caisse) -> None:
    save_draft(document=_document(lockout={"max_failures": 3}), author="Odile", at=timezone.now())
    assert current_policy().lockout.max_failures == 5
    version = publish_draft(**WHO, at=timezone.now())
    assert version.number == 2
    assert current_policy().lockout.max_failures == 3
    with pytest.raises(NoDraftError):
        current_draft()


def test_the_other_caisse_keeps_its_policy(beta: Caisse, in_alpha: Caisse) -> None:
    save_draft(document=_document(lockout={"max_failures": 3}), author="Odile", at=timezone.now())
    publish_draft(**WHO, at=timezone.now())
    with tenant_context(beta):
        assert current_policy().lockout.max_failures == 5
        assert [each.number for each in policy_history()] == [1]


def test_a_draft_written_from_an_older_version_is_refused(in_alpha: Caisse) -> None:
    save_draft(document=_document(lockout={"max_failures": 3}), author="Odile", at=timezone.now())
    publish_policy(document=_document(lockout={"max_failures": 4}), **WHO, at=timezone.now())
    with pytest.raises(StaleDraftError):
        publish_draft(**WHO, at=timezone.now())
    assert current_draft().written_from == 1


def test_a_draft_that_the_checks_refuse_stays_a_draft(in_alpha: Caisse) -> None:
    weak = _document(second_factor={"methods": ["sms"], "sms": {"lifetime": "30 min"}})
    save_draft(document=weak, author="Odile", at=timezone.now())
    with pytest.raises(PolicyRefusedError):
        publish_draft(**WHO, at=timezone.now())
    assert [each.number for each in policy_history()] == [1]
    assert current_draft().saved_by == "Odile"


def test_a_draft_does_not_move_a_caisse_to_another_domain(in_alpha: Caisse) -> None:
    moved = _document(caisse={**published_here().document["caisse"], "domains": ["ailleurs.example.org"]})
    with pytest.raises(CaisseTableChangedError):
        save_draft(document=moved, author="Odile", at=timezone.now())


def test_rolling_back_publishes_the_old_rules_under_a_new_number(in_alpha: Caisse) -> None:
    publish_policy(document=_document(lockout={"max_failures": 3}), **WHO, at=timezone.now())
    assert roll_back_policy(to=1, **WHO, at=timezone.now()).number == 3
    assert current_policy().lockout.max_failures == 5
    assert [each.number for each in policy_history()] == [3, 2, 1]
    with pytest.raises(NoSuchVersionError):
        roll_back_policy(to=9, **WHO, at=timezone.now())


def test_a_rehearsal_counts_who_would_have_been_blocked(in_alpha: Caisse) -> None:
    now = timezone.now()
    for subject, failures in (("a", 2), ("b", 4), ("c", 6)):
        for position in range(failures):
            at = now - timedelta(days=1, minutes=10 - position)
            record(kind="sign_in.refused", at=at, subject=subject)
    stricter = parse_stored(_document(lockout={"max_failures": 3}))
    lines = rehearse(current=current_policy(), draft=stricter, now=now)
    assert lines[0] == "12 essais rejoués."
    assert lines[1].endswith("2, au lieu de 1.")


def test_a_rehearsal_counts_the_identifiers_that_would_open_no_more(in_alpha: Caisse) -> None:
    longer = parse_stored(_document(identifier={"kind": "digits", "min_length": 11, "max_length": 11}))
    assert rehearse(current=current_policy(), draft=longer, now=timezone.now())[-1] == (
        "1 client n’entrerait plus avec son identifiant."
    )


def test_a_rehearsal_forgets_what_is_older_than_it_looks_back(in_alpha: Caisse) -> None:
    now = timezone.now()
    record(kind="sign_in.refused", at=now - timedelta(days=91), subject="a")
    assert rehearse(current=current_policy(), draft=current_policy(), now=now)[0].startswith("0 ")


def test_the_command_leads_a_file_from_draft_to_publication(
    alpha: Caisse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = Path(__file__).resolve().parents[2] / "caisses" / "alpha.toml"
    file = tmp_path / "alpha.toml"
    file.write_text(source.read_text() + "\n[lockout]\nmax_failures = 3\n")
    call_command("policy", "draft", "alpha", str(file))
    call_command("policy", "rehearse", "alpha")
    call_command("policy", "publish", "alpha", "--reason", "plus strict")
    call_command("policy", "history", "alpha")
    said = capsys.readouterr().out
    assert "+ lockout.max_failures = 3" in said
    assert "alpha : version 2 publiée" in said
    assert "plus strict" in said
    assert caisse_of_schema(schema="alpha").policy_version == 2


def test_the_command_drops_a_draft_and_dropping_again_changes_nothing(
    alpha: Caisse, beta: Caisse, capsys: pytest.CaptureFixture[str]
) -> None:
    for caisse, author in ((alpha, "Odile"), (beta, "Basile")):
        with tenant_context(caisse):
            save_draft(document=_document(lockout={"max_failures": 3}), author=author, at=timezone.now())
    call_command("policy", "drop", "alpha")
    call_command("policy", "drop", "alpha")
    dropped, again = capsys.readouterr().out.splitlines()
    assert "brouillon de Odile" in dropped
    assert "abandonné, la version 1 reste en vigueur" in dropped
    assert again == "alpha : aucun brouillon, rien à abandonner"
    with tenant_context(alpha):
        assert [each.number for each in policy_history()] == [1]
        with pytest.raises(NoDraftError):
            current_draft()
    with tenant_context(beta):
        assert current_draft().saved_by == "Basile"


def test_a_dropped_draft_is_reported_to_the_console_and_no_draft_is_not(
    in_alpha: Caisse, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_draft(document=_document(lockout={"max_failures": 3}), author="Odile", at=timezone.now())
    told: list[object] = []
    monkeypatch.setattr(draft_policy, "ask_for_report", lambda *, at: told.append(at))
    now = timezone.now()
    drop_draft(at=now)
    drop_draft(at=now)
    assert told == [now]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["drop", "nulle_part"], "aucune caisse"),
        (["publish", "alpha", "--reason", "r"], "n’a pas de brouillon"),
        (["rollback", "alpha", "--to", "7", "--reason", "r"], "cette version n’existe pas"),
        (["history", "nulle_part"], "aucune caisse"),
        (["history", "public"], "aucune caisse"),
    ],
)
def test_the_command_refuses_in_one_sentence(alpha: Caisse, words: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("policy", *words)
