"""Measure the size of the tree against the house's budget: `python -m tests.quality.budget` prints it."""

from __future__ import annotations

import ast
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTION_LINES_P90 = 25
FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400
TEST_RATIO = 1.3

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef

# Public functions that take two arguments by position, each with its reason; a test refuses an unused line.
SYMMETRIC = "two of a kind, and their order does not matter"
CALLED_FROM_A_TABLE = "one of a table of functions that are called alike"
SQL = "statement and parameters, in the order that every database driver has"
TABLE_ROW = "read as the rows of a table of columns"
HOOK = "called by Django or allauth, which gives both by position"
POSITIONAL = {
    "cases/queries.py:fetch": SQL,
    "documents/jobs.py:certificate_of": CALLED_FROM_A_TABLE,
    "law/calendar/period.py:intersect": SYMMETRIC,
    "law/calendar/period.py:are_adjacent": SYMMETRIC,
    "law/child/answers.py:are_same": SYMMETRIC,
    "platform/feeds/layout.py:text": TABLE_ROW,
    "platform/feeds/layout.py:code": TABLE_ROW,
    "platform/feeds/layout.py:integer": TABLE_ROW,
    "platform/feeds/layout.py:yen": TABLE_ROW,
    "platform/feeds/layout.py:flag": TABLE_ROW,
    "platform/routing.py:VaultRouter.allow_migrate": HOOK,
    "web/pages/intake_fields.py:Radios.id_for_label": HOOK,
    "web/pages/intake_fields.py:Boxes.id_for_label": HOOK,
    "web/screens.py:route": TABLE_ROW,
    "web/signin/entrances.py:entrance": TABLE_ROW,
    "web/templatetags/kyufu.py:screen_url": HOOK,
    "web/middleware.py:ShowErrors.process_exception": HOOK,
    "web/signin/adapters.py:StaffAccountAdapter.login": HOOK,
    "web/signin/adapters.py:StaffMFAAdapter.generate_authenticator_name": HOOK,
    "web/signin/oidc.py:StaffSocialAdapter.is_open_for_signup": HOOK,
    "web/signin/oidc.py:StaffSocialAdapter.pre_social_login": HOOK,
    "platform/feeds/layout.py:day": TABLE_ROW,
    "renewal/queries.py:fetch": SQL,
    "runs/carrying.py:Progress.report": "done and total, as every report of the house is called",
    "staff/rights.py:require": "the rights, and what is asked of them, as `rights.may(function)` reads",
}


@dataclass(frozen=True, slots=True)
class Function:
    """One function or method: where it stands, its lines (docstring included) and its faults of signature."""

    file: Path
    line: int
    name: str
    lines: int
    has_return_type: bool
    positional: int
    is_public: bool

    @property
    def key(self) -> str:
        """The name by which POSITIONAL knows it."""
        return f"{self.file.as_posix().partition('/src/kyufu/')[2]}:{self.name}"

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.name} ({self.lines} lines, {self.positional} positional)"


@dataclass(frozen=True, slots=True)
class PackageSize:
    """The sizes of one package of the source tree."""

    name: str
    files: int
    lines: int
    functions: int
    p90: int
    longest: int


def source_files(root: Path = ROOT, *, folder: str = "src") -> list[Path]:
    """The Python files below a folder, without what Django generates."""
    return sorted(file for file in (root / folder).rglob("*.py") if "migrations" not in file.parts)


def line_count(files: Sequence[Path]) -> int:
    """The lines of the files together."""
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


def functions_of(file: Path) -> list[Function]:
    """Every function and method of a file, nested ones too."""
    return list(_walk(ast.parse(file.read_text(encoding="utf-8")), file=file, owner=None, hidden=False))


def percentile(values: Sequence[int], *, share: float) -> int:
    """The smallest value that at least `share` of the values do not exceed; 0 for none."""
    if not values:
        return 0
    return sorted(values)[math.ceil(share * len(values)) - 1]


def packages(root: Path = ROOT) -> list[PackageSize]:
    """The sizes of each package below src/kyufu."""
    found = []
    for folder in sorted(child for child in (root / "src" / "kyufu").iterdir() if child.is_dir()):
        files = [file for file in source_files(root) if folder in file.parents]
        if not files:
            continue
        sizes = [function.lines for file in files for function in functions_of(file)]
        found.append(
            PackageSize(
                name=folder.name,
                files=len(files),
                lines=line_count(files),
                functions=len(sizes),
                p90=percentile(sizes, share=0.9),
                longest=max(sizes, default=0),
            )
        )
    return found


def tests_to_source(root: Path = ROOT) -> float:
    """Lines of tests for each line of source."""
    return line_count(source_files(root, folder="tests")) / line_count(source_files(root))


def faults(root: Path = ROOT) -> list[str]:
    """What exceeds the budget in one file or one function; the ratio of tests is judged apart."""
    found = []
    for file in [
        *source_files(root),
        *source_files(root, folder="tests"),
        *source_files(root, folder="bench"),
    ]:
        lines = line_count([file])
        if lines > FILE_LINES_MAX:
            found.append(f"{file.relative_to(root)}: {lines} lines, the limit is {FILE_LINES_MAX}")
    for file in [*source_files(root), *source_files(root, folder="bench")]:
        for function in functions_of(file):
            found.extend(
                f"{function}: {fault}".replace(f"{root}/", "") for fault in _function_faults(function)
            )
    for package in packages(root):
        if package.p90 > FUNCTION_LINES_P90:
            found.append(f"{package.name}: p90 of function lines {package.p90}, limit {FUNCTION_LINES_P90}")
    return found


def _function_faults(function: Function) -> Iterator[str]:
    if function.lines > FUNCTION_LINES_MAX:
        yield f"longer than {FUNCTION_LINES_MAX} lines"
    if not function.has_return_type:
        yield "no return type"
    if function.is_public and function.positional > 1 and function.key not in POSITIONAL:
        yield "more than one argument may be given without its name"


def _walk(node: ast.AST, *, file: Path, owner: ast.ClassDef | None, hidden: bool) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, AnyFunction):
            yield _measured(child, file=file, owner=owner, hidden=hidden)
            yield from _walk(child, file=file, owner=None, hidden=True)
        elif isinstance(child, ast.ClassDef):
            yield from _walk(child, file=file, owner=child, hidden=hidden or child.name.startswith("_"))
        else:
            yield from _walk(child, file=file, owner=owner, hidden=hidden)


def _measured(node: AnyFunction, *, file: Path, owner: ast.ClassDef | None, hidden: bool) -> Function:
    first = min((decorator.lineno for decorator in node.decorator_list), default=node.lineno)
    positional = len(node.args.posonlyargs) + len(node.args.args)
    is_static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in node.decorator_list)
    if owner is not None and not is_static:
        positional -= 1
    return Function(
        file=file,
        line=node.lineno,
        name=f"{owner.name}.{node.name}" if owner else node.name,
        lines=(node.end_lineno or first) - first + 1,
        has_return_type=node.returns is not None,
        positional=positional,
        is_public=not hidden and not node.name.startswith("_"),
    )


def main() -> int:
    """Print the sizes and the faults; returns 1 where there is a fault."""
    print(f"{'package':<12}{'files':>7}{'lines':>8}{'functions':>11}{'p90':>6}{'longest':>9}")
    for package in packages():
        print(
            f"{package.name:<12}{package.files:>7}{package.lines:>8}{package.functions:>11}"
            f"{package.p90:>6}{package.longest:>9}"
        )
    print(f"tests / source = {tests_to_source():.2f} (at least {TEST_RATIO})")
    found = faults()
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
