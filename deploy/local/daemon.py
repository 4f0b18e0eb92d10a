"""`python -m deploy.local.daemon`: a stack in the background; tells its starter line by line how the start goes, then serves alone."""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.stack import Stack


def tell(**facts: object) -> None:
    """One JSON line to whoever started us, if it still listens."""
    with suppress(OSError, ValueError):
        print(json.dumps(facts), flush=True)


async def serve(options: argparse.Namespace) -> int:
    """Run one stack until it is asked to go down; 1 when it could not start."""
    task = asyncio.current_task()
    _on_signal(lambda: task.cancel() if task else None)
    try:
        async with Stack(
            home=options.home,
            only=options.only,
            new_ports=options.new_ports,
            report=lambda name, state: tell(name=name, state=state),
        ) as stack:
            _on_signal(stack.request_down)
            tell(ready=True)
            _let_go(stack.home.log("supervisor"))
            await stack.wait_down()
    except StackError as error:
        tell(ready=False, problem=error.problem, cure=error.cure)
        return 1
    except asyncio.CancelledError:
        tell(ready=False, problem="The start was stopped.", cure="")
        return 1
    return 0


def _on_signal(react: Callable[[], object]) -> None:
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, react)


def _let_go(log: Path) -> None:
    """From here on nobody reads our output: what is said goes to a file."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(handle, stream.fileno())
    os.close(handle)


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.daemon", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--only", action="append")
    parser.add_argument("--new-ports", action="store_true")
    sys.exit(asyncio.run(serve(parser.parse_args())))


if __name__ == "__main__":
    main()
