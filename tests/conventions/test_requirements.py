"""The pins agree with pyproject.toml, with one another, and with what the packages themselves ask for."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conventions.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {"run": (), "demo": ("demo",), "dev": ("demo", "dev")}
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE)
COMPILED = re.compile(r"^(?:[\w.-]+==[^\s;\\]+(?: ; [^\\\n]+)? \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?)$")

Pins = Mapping[str, str]


def pins(text: str) -> dict[str, str]:
    return {canonicalize_name(match["name"]): match["version"] for match in PIN.finditer(text)}


def hashless(text: str) -> list[str]:
    return [match["name"] for match in PIN.finditer(text) if "--hash=sha256:" not in match["rest"]]


def unmet(requirements: Iterable[str], pinned: Pins) -> list[str]:
    """The requirements that no pin satisfies."""

    def is_met(wanted: Requirement) -> bool:
        version = pinned.get(canonicalize_name(wanted.name))
        return version is not None and wanted.specifier.contains(version, prereleases=True)

    return [str(wanted) for wanted in map(Requirement, requirements) if not is_met(wanted)]


def needed(names: Iterable[str]) -> set[str]:
    """These packages and all that they ask for on this machine, as far as they are installed."""
    waiting, found = [Requirement(name) for name in names], set()
    while waiting:
        wanted = waiting.pop()
        key = (canonicalize_name(wanted.name), frozenset(wanted.extras))
        if key in found:
            continue
        found.add(key)
        try:
            asked = [Requirement(text) for text in requires(wanted.name) or ()]
        except PackageNotFoundError:
            continue
        waiting += [one for one in asked if is_asked(one, wanted.extras or {""})]
    return {name for name, _extras in found}


def is_asked(wanted: Requirement, extras: Iterable[str]) -> bool:
    """Whether a package asks for this one here, given the extras it was asked for with."""
    return wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in extras)


def direct(lane: str) -> list[str]:
    extras = [text for extra in EXTRAS[lane] for text in PROJECT["optional-dependencies"][extra]]
    return [*PROJECT["dependencies"], *extras]


def compiled(lane: str) -> str:
    return (ROOT / "requirements" / f"{lane}.txt").read_text(encoding="utf-8")


every_lane = pytest.mark.parametrize("lane", EXTRAS)
DIGEST = "0" * 64


def test_a_requirement_that_no_pin_satisfies_is_found() -> None:
    assert unmet(["django>=5.2,<5.3", "Idna>=3"], {"django": "5.2.19", "idna": "3.20"}) == []
    assert unmet(["django>=5.2,<5.3"], {"django": "6.0"}) == ["django<5.3,>=5.2"]
    assert unmet(["django"], {"idna": "3.20"}) == ["django"]


def test_a_pin_without_its_hash_is_found() -> None:
    assert hashless(f"idna==3.20 \\\n    --hash=sha256:{DIGEST}\n") == []
    assert hashless(f"idna==3.20\ndjango==5.2.19 \\\n    --hash=sha256:{DIGEST}\n") == ["idna"]


def test_what_a_package_asks_for_is_followed() -> None:
    assert {"django", "asgiref", "sqlparse"} <= needed(["django"])


@every_lane
def test_every_requirement_of_the_project_has_its_pin(lane: str) -> None:
    assert unmet(direct(lane), pins(compiled(lane))) == []


@every_lane
def test_every_pin_has_a_hash_and_nothing_else_stands_in_the_file(lane: str) -> None:
    assert hashless(compiled(lane)) == []
    assert [line for line in compiled(lane).splitlines() if not COMPILED.match(line)] == []


@every_lane
def test_everything_that_the_packages_ask_for_is_pinned(lane: str) -> None:
    assert needed(direct(lane)) - pins(compiled(lane)).keys() == set()


@pytest.mark.parametrize(("small", "large"), [("run", "demo"), ("demo", "dev")])
def test_a_larger_lane_has_the_same_pins_and_more(small: str, large: str) -> None:
    assert pins(compiled(small)).items() <= pins(compiled(large)).items()
