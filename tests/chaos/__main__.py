"""`make chaos`: 50 hires twice, in peace and with a kill -9 of every process, side by side; then Temporal away for 60 seconds.

It says every few seconds where it is, ends by itself after `--limit`, and leaves no process behind.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.books import differences
from tests.chaos.outage import outage
from tests.chaos.run import AT_THE_DOOR, UNDER_WAY, WAKES_OF_A_HIRE, Killer, Say, side_by_side

FAILED, TOO_LONG = 1, 2


async def main(options: argparse.Namespace, folder: Path) -> int:
    """Run the parts asked for; 0 when nothing differs, 1 when something does, 2 when the time was over first."""
    began, wrong = time.monotonic(), []

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {text}", flush=True)

    try:
        async with asyncio.timeout(options.limit):
            if options.hires:
                wrong += await kills(folder, options.hires, say)
            if options.away:
                wrong += await outage(folder / "away", hires=20, seconds=options.away)
                say(f"Temporal was away for {options.away:.0f} s under 20 hires")
    except TimeoutError:
        say(f"not ready within the limit of {options.limit:.0f} s")
        return TOO_LONG
    for line in wrong:
        print("DIFFERENT:", line)
    say(f"{len(wrong)} differences." if wrong else "Nothing differs.")
    return FAILED if wrong else 0


async def kills(folder: Path, hires: int, say: Say) -> list[str]:
    """The same hires in peace and with kills; what differs."""
    killer = Killer(AT_THE_DOOR, UNDER_WAY, every=hires * WAKES_OF_A_HIRE // (len(UNDER_WAY) + 1), say=lambda text: say(f"with kills  {text}"))
    quiet, hurt = await side_by_side(folder, hires, killer, say)
    say(f"in peace    {hires} hires, {len(quiet.ledger.facts)} facts, {len(set(quiet.mails))} mails, digest {quiet.digest}, {quiet.seconds:.0f} s")
    say(f"with kills  {len(hurt.killed)} kills, {killer.wakes} wakes, {len(hurt.ledger.facts)} facts, {len(set(hurt.mails))} mails, digest {hurt.digest}, {hurt.seconds:.0f} s")
    return differences(quiet, hurt)


@contextmanager
def _folder(keep: str) -> Iterator[Path]:
    """Where both runs live: a folder that stays, or one that goes with the run."""
    if keep:
        Path(keep).mkdir(parents=True, exist_ok=True)
        yield Path(keep)
    else:
        with tempfile.TemporaryDirectory(prefix="baton-chaos-") as folder:
            yield Path(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--hires", type=int, default=50, help="0 leaves the kills out")
    parser.add_argument("--away", type=float, default=60.0, help="seconds without Temporal; 0 leaves that part out")
    parser.add_argument("--limit", type=float, default=2400.0, help="seconds after which everything is stopped")
    parser.add_argument("--keep", default="", help="a folder for data, logs and facts of the runs, for looking into a difference")
    chosen = parser.parse_args()
    with _folder(chosen.keep) as place:
        code = asyncio.run(main(chosen, place))
    sys.stdout.flush()
    os._exit(code)  # Temporal's client library can abort an interpreter that is shutting down
