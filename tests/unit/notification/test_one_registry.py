"""Nothing outside the registry branches on an Ask kind (agreements.md 4): no other module names one, so a new kind needs no other file."""

from __future__ import annotations

import ast
from pathlib import Path

from services.notification import asks

HERE = Path(asks.__file__).parents[1]
SHARED_WORDS = {"documents"}
"""Kinds whose name is also an everyday word of the code."""


def test_no_module_outside_the_registry_names_a_kind() -> None:
    kinds = set(asks.KINDS) - SHARED_WORDS
    named = []
    for path in sorted(HERE.rglob("*.py")):
        if path.parent.name in ("asks", "tells") or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare | ast.Match | ast.Dict | ast.Set | ast.Tuple | ast.List):
                for constant in ast.walk(node):
                    if isinstance(constant, ast.Constant) and constant.value in kinds:
                        named.append(f"{path.relative_to(HERE)}:{constant.lineno} {constant.value}")
    assert not named
