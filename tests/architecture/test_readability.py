"""Sizes and habits that keep a file readable (architecture.md, Names)."""

from __future__ import annotations

import ast
import re
import subprocess

import pytest

from tests.architecture.source import ROOT, Module, modules

HERE = modules()


@pytest.mark.parametrize("module", HERE, ids=lambda m: m.name)
def test_files_and_functions_stay_small(module: Module) -> None:
    if module.generated:
        return
    assert module.text.count("\n") <= 300, f"{module.path.name}: split by concept"
    long = [f"{f.name} ({f.end_lineno - f.lineno + 1})" for f in module.functions() if (f.end_lineno or 0) - f.lineno + 1 > 45]
    assert not long, long


@pytest.mark.parametrize("module", HERE, ids=lambda m: m.name)
def test_every_module_says_why_it_exists(module: Module) -> None:
    if module.text.strip() and module.path.name != "__init__.py":
        assert ast.get_docstring(module.tree), module.name


@pytest.mark.parametrize("module", HERE, ids=lambda m: m.name)
def test_no_leftovers(module: Module) -> None:
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", module.text)
    assert "raise NotImplementedError" not in module.text


def test_nothing_names_a_place_outside_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    wrong = []
    for path in [ROOT / name for name in listed]:
        if not path.is_file() or path.name == "test_readability.py" or path.stat().st_size > 600_000:
            continue
        text = path.read_text(errors="ignore") if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".lock", ".sh", ""} else ""
        if re.search(r"(?<![\w.])/(work|root)/\w", text) or (path.suffix == ".lock" and re.search(r"https?://", text)):
            wrong.append(str(path.relative_to(ROOT)))
    assert not wrong
