"""bin/check tells what fails, all of it; bin/test leaves out what it says it leaves out, and nothing else."""

import sys

import _checks
import _tests
import pytest


def step(name: str, *programs: str) -> _checks.Step:
    return _checks.Step(name, tuple((sys.executable, "-c", program) for program in programs))


def test_a_check_that_ends_well_has_no_failure() -> None:
    assert _checks.run_step(step("well", "pass", "print('fine')")).failures == ()


def test_every_command_of_a_check_runs_and_each_failure_is_told() -> None:
    outcome = _checks.run_step(step("badly", "exit('first')", "exit('second')"))
    assert outcome.failures == ("first", "second")


def test_a_failure_without_a_word_is_told_too() -> None:
    (failure,) = _checks.run_step(step("mute", "exit(3)")).failures
    assert "ended with 3" in failure


def test_one_failing_check_fails_the_whole_and_hides_no_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_checks, "steps", lambda: (step("bad", "exit('reason')"), step("good", "pass")))
    assert _checks.main() == 1
    printed = capsys.readouterr().out
    assert "reason" in printed
    assert "ok" in next(line for line in printed.splitlines() if line.endswith("good"))


def test_when_every_check_holds_the_whole_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_checks, "steps", lambda: (step("good", "pass"),))
    assert _checks.main() == 0


def test_production_is_checked_with_secrets_drawn_each_time() -> None:
    first, second = ({s.name: s.environment for s in _checks.steps()}["deploy check"] for _ in range(2))
    assert first["DJANGO_SETTINGS_MODULE"] == "guichet.config.settings.production"
    assert first["GUICHET_SECRET_KEY"] != second["GUICHET_SECRET_KEY"]


@pytest.mark.parametrize(
    ("slow", "browser", "marks"),
    [
        (False, True, "not slow"),
        (False, False, "not slow and not browser"),
        (True, True, ""),
        (True, False, "not browser"),
    ],
)
def test_a_lane_leaves_out_what_it_says(slow: bool, browser: bool, marks: str) -> None:
    assert _tests.expression(slow=slow, browser=browser) == marks


def test_the_arguments_of_the_person_come_last_and_win() -> None:
    line = _tests.command(["--slow", "-m", "slow", "tests/web", "-n0"], browser=False)
    assert line[-4:] == ["-m", "slow", "tests/web", "-n0"]
    assert "--slow" not in line
    assert line.count("-n") == 0


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tests, "CHROMIUM", ("no-such-browser",))


@pytest.mark.usefixtures("no_browser")
def test_without_a_browser_its_tests_are_left_out_and_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    quick = [sys.executable, "-c", "pass"]
    monkeypatch.setattr(_tests, "command", lambda _arguments, *, browser: quick if not browser else ["false"])
    assert _tests.run([], {}) == 0
    assert "browser tests are left out" in capsys.readouterr().out


@pytest.mark.usefixtures("no_browser")
def test_where_everything_must_run_a_missing_browser_is_a_failure() -> None:
    with pytest.raises(_tests.NoBrowserError):
        _tests.run([], {"CI": "true"})


def test_the_browser_that_is_named_comes_first() -> None:
    assert _tests.chromium({"GUICHET_CHROMIUM": sys.executable, "PATH": ""}) == sys.executable
