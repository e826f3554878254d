"""The map of the code is the same for the tools, the wheel and the reader."""

import tomllib

from tests.conventions.tree import ROOT, paths

TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]


def test_the_tools_and_the_wheel_know_the_same_packages() -> None:
    shipped = TOOLS["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {path.rpartition("/")[2] for path in shipped} == set(TOOLS["importlinter"]["root_packages"])
    assert set(shipped) <= set(TOOLS["mypy"]["files"])


def test_a_package_at_the_root_is_one_of_the_map() -> None:
    found = {path.split("/")[0] for path in paths() if path.count("/") == 1 and path.endswith("/__init__.py")}
    assert found - {"tests", "benchmarks"} == {"tenants", "shared_apps", "tenant_apps"}


def test_the_linter_refuses_a_function_of_more_than_eight_branches() -> None:
    lint = TOOLS["ruff"]["lint"]
    assert lint["mccabe"]["max-complexity"] == 8
    assert "C90" in lint["select"]
    assert not [code for code in lint["ignore"] if code.startswith("C9")]


def test_no_import_contract_has_an_exception() -> None:
    contracts = TOOLS["importlinter"]["contracts"]
    assert not [contract["id"] for contract in contracts if contract.get("ignore_imports")]
