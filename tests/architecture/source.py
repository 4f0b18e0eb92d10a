"""Our own source as data: modules, their imports, functions. What the architecture tests look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("shared", "services", "workflows", "deploy")


@dataclass(frozen=True)
class Module:
    """One file: dotted name, path, text, tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def generated(self) -> bool:
        """Migrations and generated schemas are not held to sizes."""
        return "migrations" in self.path.parts or "schemas" in self.path.parts

    def imports(self) -> Iterator[str]:
        """Absolute dotted names that this module imports, wherever in the file; relative ones resolved."""
        package = self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    parent = package.split(".")[: len(package.split(".")) - node.level + 1]
                    base = ".".join([*parent, *([node.module] if node.module else [])])
                yield from (f"{base}.{alias.name}" for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """All functions and methods."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@cache
def modules(*tops: str) -> tuple[Module, ...]:
    """All our modules below the given top folders (default: everything that ships)."""
    found = []
    for top in tops or OURS:
        for path in sorted((ROOT / top).rglob("*.py")):
            relative = path.relative_to(ROOT).with_suffix("")
            name = ".".join(relative.parts).removesuffix(".__init__")
            text = path.read_text()
            found.append(Module(name, path, text, ast.parse(text)))
    return tuple(found)
