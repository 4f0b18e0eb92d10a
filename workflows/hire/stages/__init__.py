"""The stages of a hire: each module registers its rows of the table when it is imported."""

from importlib import import_module

MODULES = (
    "always", "interrupted", "standstill", "owners", "screening", "submission", "interviewing", "loops", "appointments", "verdicts", "deciding", "offering",
    "joining", "settling", "closing", "versions")


def load() -> None:
    """Import every stage once."""
    for name in MODULES:
        import_module(f"workflows.hire.stages.{name}")
