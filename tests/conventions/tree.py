"""The files of the repository, as the rules see them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("platform/guichet/", "tenants/", "shared_apps/", "tenant_apps/")
NEVER_OURS = (".venv/", "var/")


@dataclass(frozen=True)
class Source:
    """One text file; `path` is written from the root, with slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def module(self) -> str:
        """The import name, for a file of the four packages."""
        dotted = self.path.removeprefix("platform/").removesuffix(".py").replace("/", ".")
        return dotted.removesuffix(".__init__")

    def within(self, *modules: str) -> bool:
        return any(self.module == module or self.module.startswith(f"{module}.") for module in modules)

    def line_of(self, position: int) -> int:
        return self.text.count("\n", 0, position) + 1


def _listed() -> Iterator[str]:
    git = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        yield from listed.stdout.split("\0")
        return
    for path in ROOT.rglob("*"):  # an export without its history
        parts = path.relative_to(ROOT).parts
        if not any(part.startswith(".") and part != ".ci" for part in parts[:-1]):
            yield "/".join(parts)


@cache
def paths() -> tuple[str, ...]:
    """Every file that is, or is about to be, part of the repository."""
    ours = (path for path in _listed() if path and not path.startswith(NEVER_OURS))
    return tuple(sorted(path for path in ours if (ROOT / path).is_file()))


@cache
def read(path: str) -> Source:
    return Source(path, (ROOT / path).read_text(encoding="utf-8"))


def _is_python(path: str) -> bool:
    return path.endswith(".py") or (path.startswith("bin/") and b"python" in (ROOT / path).read_bytes()[:40])


@cache
def python() -> tuple[Source, ...]:
    """All Python, tests and scripts included."""
    return tuple(read(path) for path in paths() if _is_python(path))


@cache
def packages() -> tuple[Source, ...]:
    """The Python that runs: neither tests nor scripts."""
    return tuple(source for source in python() if source.path.startswith(PACKAGES))


@cache
def test_modules() -> tuple[Source, ...]:
    return tuple(source for source in python() if source.name.startswith("test_"))


@cache
def templates() -> tuple[Source, ...]:
    """Every template: pages, mails, text messages, drawings."""
    return tuple(read(path) for path in paths() if "/templates/" in path)


@cache
def pages() -> tuple[Source, ...]:
    return tuple(source for source in templates() if source.path.endswith(".html"))


@cache
def written_by_hand() -> tuple[Source, ...]:
    """Code, templates, styles and scripts."""
    return (*python(), *templates(), *(read(path) for path in paths() if path.endswith((".css", ".js"))))


@cache
def texts() -> tuple[Source, ...]:
    """Every file that can be read as text."""
    readable = []
    for path in paths():
        try:
            readable.append(read(path))
        except UnicodeDecodeError:
            continue
    return tuple(readable)
