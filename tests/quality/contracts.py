"""Two contracts that import-linter lacks: a white list of outside packages, and modules with one door."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import grimp
from importlinter import Contract, ContractCheck, fields, output


class _DirectImportsContract(Contract, ABC):
    """A contract broken by single imports, each shown with its file and line."""

    @abstractmethod
    def forbidden_imports(self, graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
        """The offending (importer, imported) pairs."""

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - its signature
        """Find the offending imports; import-linter calls this."""
        found = [
            {
                "importer": importer,
                "imported": imported,
                "details": graph.get_import_details(importer=importer, imported=imported),
            }
            for importer, imported in sorted(self.forbidden_imports(graph))
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each offending import."""
        for one in check.metadata["found"]:
            lines = ", ".join(f"l.{detail['line_number']}" for detail in one["details"])
            output.print_error(f"- {one['importer']} -> {one['imported']} ({lines})")


class AllowedExternalsContract(_DirectImportsContract):
    """`modules` (with all below them, but for `except_modules`) import from outside kyufu only what is `allowed`."""

    type_name = "allowed_externals"

    modules: Any = fields.ListField(subfield=fields.StringField())
    except_modules: Any = fields.ListField(subfield=fields.StringField(), required=False)
    allowed: Any = fields.ListField(subfield=fields.StringField())

    def forbidden_imports(self, graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
        """Imports of a package from outside that is not on the white list."""
        allowed, own = set(self.allowed), {root.partition(".")[0] for root in self.modules}
        exempt = set().union(*(_tree(graph, root) for root in self.except_modules or ()))
        for root in self.modules:
            for importer in _tree(graph, root) - exempt:
                for imported in graph.find_modules_directly_imported_by(importer):
                    if imported.partition(".")[0] not in allowed | own:
                        yield importer, imported


class OneDoorContract(_DirectImportsContract):
    """What lies outside of a module imports from it only its `doors`."""

    type_name = "one_door"

    modules: Any = fields.ListField(subfield=fields.StringField())
    doors: Any = fields.ListField(subfield=fields.StringField())

    def forbidden_imports(self, graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
        """Imports that enter a module by anything but a door."""
        for root in self.modules:
            inside = _tree(graph, root)
            doors = {f"{root}.{door}" for door in self.doors}
            for imported in inside - doors - {root}:
                for importer in graph.find_modules_that_directly_import(imported) - inside:
                    yield importer, imported


def _tree(graph: grimp.ImportGraph, root: str) -> set[str]:
    if root not in graph.modules:
        raise ValueError(f"{root} is named in .importlinter and is not in the tree")
    return {root} | graph.find_descendants(root)
