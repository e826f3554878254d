"""The page of documentation that shows the figures of the last whole run."""

from benchmarks.side import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
SECTION = "## The latest figures\n"


class NoSectionError(RuntimeError):
    """The page has no place for the figures."""


def write(table: str) -> None:
    """Raises NoSectionError."""
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), table), encoding="utf-8")


def with_figures(text: str, table: str) -> str:
    """The page with that table as its section; all else as it was. Raises NoSectionError."""
    before, section, rest = text.partition(SECTION)
    if not section:
        raise NoSectionError(f"the page lacks its section {SECTION.strip()!r}")
    _, following, after = rest.partition("\n## ")
    return f"{before}{section}\n```\n{table}\n```\n{following}{after}"
