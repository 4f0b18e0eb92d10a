"""The screening process: `python -m services.screening.main`."""

from __future__ import annotations

from shared.runtime.app import Process, ProcessContext, run_process

from .handlers import card_router, command_router, intake_router
from .store import RuleBook


async def build(_: ProcessContext) -> Process:
    """Three consumers over one rule book."""
    book = RuleBook()
    return Process(routers=[intake_router(book), command_router(book), card_router()])


def main() -> None:
    """Run until told to stop."""
    run_process("screening", build)


if __name__ == "__main__":
    main()
