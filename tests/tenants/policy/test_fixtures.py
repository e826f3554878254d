"""The caisses of the demo."""

from datetime import timedelta
from pathlib import Path

import pytest

from tenants.policy.checks import run_checks
from tenants.policy.reading import CaisseFile, read_caisse_files

FILES = sorted((Path(__file__).resolve().parents[3] / "fixtures" / "caisses").glob("*.toml"))


@pytest.fixture(scope="module")
def caisses() -> dict[str, CaisseFile]:
    return {file.path.stem: file for file in read_caisse_files(FILES)}


def test_no_file_of_the_demo_is_refused(caisses: dict[str, CaisseFile]) -> None:
    assert {"cpms", "front", "gie", "nantes", "nimes", "paris"} == set(caisses)
    for file in caisses.values():
        assert [str(finding) for finding in run_checks(file.policy) if finding.level == "error"] == []


def test_each_says_that_it_is_a_demonstration(caisses: dict[str, CaisseFile]) -> None:
    for file in caisses.values():
        notice = file.policy.texts.notice
        assert "Démonstration" in notice.for_language("fr")
        assert "Demonstration" in notice.for_language("en")


def test_phones_and_addresses_are_of_the_ranges_kept_for_fiction(caisses: dict[str, CaisseFile]) -> None:
    for file in caisses.values():
        texts, senders = file.policy.texts, file.policy.senders
        assert texts.phone == "" or texts.phone.startswith(("04 65 71 ", "01 99 00 ", "02 61 91 "))
        assert senders.mail_address.endswith(".example.org")
        assert all(host == "localhost" or host.endswith(".localhost") for host in file.policy.caisse.domains)


def test_one_value_feeds_what_nimes_says_of_its_codes(caisses: dict[str, CaisseFile]) -> None:
    nimes = caisses["nimes"].policy
    assert nimes.second_factor.sms.lifetime == timedelta(minutes=5)
    assert caisses["nimes"].effective.provenance("second_factor.sms.lifetime") == "caisse"
    assert caisses["nimes"].effective.provenance("lockout.max_failures") == "platform"


def test_nimes_and_paris_are_two_houses(caisses: dict[str, CaisseFile]) -> None:
    assert caisses["nimes"].policy.brand.theme != caisses["paris"].policy.brand.theme
