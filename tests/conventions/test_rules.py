"""Every rule of rules/ holds in the tree, and is known to be able to fail."""

import pkgutil
from importlib import import_module

import pytest

from tests.conventions import rules
from tests.conventions.exceptions import EXCEPTIONS
from tests.conventions.rule import RULES, Rule, breaches, refuse
from tests.conventions.tree import Source

REASON_LENGTH = 20

for module in pkgutil.iter_modules(rules.__path__):
    import_module(f"tests.conventions.rules.{module.name}")

every_rule = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in RULES])


@every_rule
def test_the_rule_is_kept_everywhere(rule: Rule) -> None:
    found = [line for key, lines in breaches(rule).items() if key not in EXCEPTIONS for line in lines]
    refuse(found)


@every_rule
def test_the_rule_lets_its_good_examples_pass(rule: Rule) -> None:
    assert rule.good
    assert {path: found for path, text in rule.good if (found := list(rule.check(Source(path, text))))} == {}


@every_rule
def test_the_rule_refuses_each_of_its_bad_examples(rule: Rule) -> None:
    assert rule.bad
    assert [(path, text) for path, text in rule.bad if not list(rule.check(Source(path, text)))] == []


def test_no_two_rules_have_the_same_name() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES) > 0


def test_every_exception_gives_its_reason_and_is_still_needed() -> None:
    needed = {key for rule in RULES for key in breaches(rule)}
    assert not set(EXCEPTIONS) - needed
    assert not [key for key, reason in EXCEPTIONS.items() if len(reason) < REASON_LENGTH]
