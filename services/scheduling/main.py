"""The scheduling process: `python -m services.scheduling.main`."""

from __future__ import annotations

from shared.runtime.app import Process, ProcessContext, run_process

from .handlers import build_router


async def build(_: ProcessContext) -> Process:
    """One consumer."""
    return Process(routers=[build_router()])


def main() -> None:
    """Run until told to stop."""
    run_process("scheduling", build)


if __name__ == "__main__":
    main()
