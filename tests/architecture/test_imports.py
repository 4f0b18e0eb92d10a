"""Who may import whom (architecture.md): the seams between services hold because nothing crosses them."""

from __future__ import annotations

import sys

import pytest

from tests.architecture.source import Module, modules

STDLIB = set(sys.stdlib_module_names)
SERVICES = ("intake", "screening", "scheduling", "notification", "reporting")
TEMPORAL_IN_WORKFLOWS = ("workflow", "wait", "activities", "client", "worker", "options")


def _tops(module: Module) -> set[str]:
    return {name.split(".")[0] for name in module.imports()}


def _ours(module: Module) -> set[str]:
    return {name for name in module.imports() if name.split(".")[0] in ("shared", "services", "workflows", "deploy")}


@pytest.mark.parametrize("module", modules("shared"), ids=lambda m: m.name)
def test_shared_imports_only_downwards(module: Module) -> None:
    allowed = {"shared.contracts": ("shared.contracts",), "shared.policy": ("shared.contracts", "shared.policy"),
               "shared.runtime": ("shared.contracts", "shared.runtime")}
    for package, below in allowed.items():
        if module.name.startswith(package):
            wrong = {name for name in _ours(module) if not name.startswith(below)}
            assert not wrong, f"{module.name} may import only {below}"


@pytest.mark.parametrize("module", modules("shared/contracts"), ids=lambda m: m.name)
def test_contracts_import_only_stdlib_and_pydantic(module: Module) -> None:
    assert _tops(module) <= STDLIB | {"pydantic", "pydantic_core", "shared"}


@pytest.mark.parametrize("module", modules("services"), ids=lambda m: m.name)
def test_a_service_never_imports_another_nor_workflows(module: Module) -> None:
    own = module.name.split(".")[1] if "." in module.name else ""
    foreign = {n for n in _ours(module) if n.startswith(("workflows", "deploy")) or (n.startswith("services.") and n.split(".")[1] not in ("", own))}
    assert not foreign


@pytest.mark.parametrize("module", modules("workflows"), ids=lambda m: m.name)
def test_workflows_never_import_services(module: Module) -> None:
    assert not {n for n in _ours(module) if n.startswith(("services", "deploy"))}


@pytest.mark.parametrize("module", modules("services", "workflows", "shared"), ids=lambda m: m.name)
def test_engines_are_imported_only_where_they_belong(module: Module) -> None:
    tops, last = _tops(module), module.name.rpartition(".")[2]
    if "faststream" in tops:
        assert last in ("handlers", "main", "bridge") or module.name.startswith("shared.runtime"), "faststream"
    if "sqlalchemy" in tops:
        assert "store" in module.name or "migrations" in module.name or module.name.startswith("shared.runtime"), "sqlalchemy"
    if "temporalio" in tops:
        assert module.name.startswith("workflows.") and last in TEMPORAL_IN_WORKFLOWS, "temporalio"


@pytest.mark.parametrize("service", SERVICES)
def test_domains_are_pure(service: str) -> None:
    found = [m for m in modules(f"services/{service}") if m.name.split(".")[-1] == "domain" or ".domain." in m.name]
    for module in found:
        wrong = {n for n in _ours(module) if not n.startswith(("shared.contracts", "shared.policy", f"services.{service}"))}
        assert not wrong
        assert _tops(module) <= STDLIB | {"pydantic", "shared", "services"}
        assert not {"asyncio", "os", "socket"} & _tops(module)


def test_the_story_is_pure() -> None:
    pure = [m for m in modules("workflows") if m.name.startswith(("workflows.hire.stages", "workflows.hire.decide", "workflows.hire.state",
                                                                  "workflows.obligation.rules"))]
    assert pure, "the pure core moved: name it here"
    for module in pure:
        assert not _tops(module) & {"temporalio", "sqlalchemy", "asyncpg", "asyncio", "os", "time", "random"}, module.name
        assert "datetime.now" not in module.text and "utcnow" not in module.text, module.name
