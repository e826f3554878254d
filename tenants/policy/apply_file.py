"""Make a caisse as its file says: check, compare, write in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.tenancy.roles import PUBLIC
from tenants.brand import load_theme, palettes
from tenants.models import Caisse, Domain
from tenants.policy.checks import Finding, run_checks
from tenants.policy.reading import CaisseFile, read_caisse_files
from tenants.policy.sections.brand import BrandSection
from tenants.policy.selectors import Published, published_of
from tenants.policy.stored import document_digest
from tenants.policy.toml_file import FileRefused, Problem
from tenants.policy.typography import french
from tenants.policy.writing import Change, diff
from tenants.provisioning.write_caisse import CaisseRow, NewVersion, write_caisse
from tenants.reports.ask_report import ask_for_report
from tenants.selectors import caisse_of_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What applying a file would do."""

    file: CaisseFile
    before: Published
    changes: Sequence[Change]
    warnings: Sequence[Finding]

    @property
    def schema(self) -> str:
        return self.file.policy.caisse.schema_name

    @property
    def creates(self) -> bool:
        return self.before.number == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What applying a file did."""

    plan: Plan
    number: int

    @property
    def schema(self) -> str:
        return self.plan.schema

    @property
    def summary(self) -> str:
        if self.plan.creates:
            return f"créée, version {self.number}"
        if not self.plan.changes:
            return f"inchangée, version {self.number}"
        return f"{len(self.plan.changes)} changement(s), version {self.number}"


def plan_files(paths: Sequence[Path]) -> list[Plan]:
    """Read and check every file; nothing is written. Raises FileRefused with the problems of all."""
    files = read_caisse_files(list(dict.fromkeys(paths)))
    problems: list[Problem] = []
    plans: list[Plan] = []
    for file in files:
        findings = run_checks(file.policy)
        errors = [each for each in findings if each.level == "error"]
        problems += [Problem(file.path, file.line_of(each.path), in_words(each)) for each in errors]
        before = published_of(schema=file.policy.caisse.schema_name)
        problems += _clashes_with_database(file, before)
        plans.append(
            Plan(
                file=file,
                before=before,
                changes=diff(before.document, file.overrides),
                warnings=[each for each in findings if each.level != "error"],
            )
        )
    if problems:
        raise FileRefused(problems)
    return plans


def apply_plan(plan: Plan, *, author: str, reason: str) -> Applied:
    """One transaction. Raises DomainTakenError when another caisse took the domain meanwhile."""
    caisse = plan.file.policy.caisse
    row = CaisseRow(
        schema=caisse.schema_name,
        name=caisse.name,
        town=caisse.town,
        kind=caisse.kind,
        listed=caisse.listed,
        domains=caisse.domains,
        accent=_accent(plan.file.policy.brand),
    )
    version = None
    if plan.creates or plan.changes:
        document = dict(plan.file.overrides)
        version = NewVersion(
            document=document, digest=document_digest(document), author=author, reason=reason
        )
    number = write_caisse(row=row, version=version)
    if version is not None and row.schema != PUBLIC:
        # Not in that transaction, which is the migrator's: were this cut short, the clock asks again.
        with tenant_context(caisse_of_schema(schema=row.schema)):
            ask_for_report(at=timezone.now())
    return Applied(plan=plan, number=number)


def in_words(finding: Finding) -> str:
    """The place, the sentence, and what the rule is: law, standard or the platform's own."""
    return f"{finding.path} : {finding}"


def _accent(look: BrandSection) -> str:
    """The colour of its buttons, by daylight."""
    return str(palettes(load_theme(look.theme), look.overrides).light["accent"])


def _clashes_with_database(file: CaisseFile, before: Published) -> list[Problem]:
    caisse = file.policy.caisse
    others = Domain.objects.exclude(tenant__schema_name=caisse.schema_name)
    taken = set(others.filter(domain__in=caisse.domains).values_list("domain", flat=True))
    found = [
        Problem(
            file.path,
            file.line_of(f"caisse.domains.{number}"),
            f"le domaine {domain} mène déjà à une autre caisse",
        )
        for number, domain in enumerate(caisse.domains)
        if domain in taken
    ]
    if before.caisse is not None and before.caisse.kind != caisse.kind:
        reason = f"cette caisse existe déjà avec kind = « {before.caisse.kind} », qui ne change pas"
        found.append(Problem(file.path, file.line_of("caisse.kind"), french(reason)))
    if caisse.kind != "caisse" and before.caisse is None:
        holder = Caisse.objects.filter(kind=caisse.kind).first()
        if holder is not None:
            reason = f"il y a déjà une caisse de ce genre (kind) : « {holder.schema_name} »"
            found.append(Problem(file.path, file.line_of("caisse.kind"), french(reason)))
    return found
