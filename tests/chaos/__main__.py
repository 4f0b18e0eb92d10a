"""`make chaos`: 50 hires twice, once in peace and once with a kill -9 of every process; then Temporal away for 60 seconds."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.outage import outage
from tests.chaos.run import AT_THE_DOOR, UNDER_WAY, Killer, differences, run


async def main(hires: int, away: float) -> int:
    """Run all parts; 0 when nothing differs."""
    with tempfile.TemporaryDirectory(prefix="baton-chaos-") as folder:
        began = time.monotonic()
        quiet = await run(Path(folder) / "quiet", hires, lambda stack: Killer(stack, (), (), every=1))
        print(f"without kills: {hires} hires, {len(quiet.ledger.facts)} facts, digest {quiet.digest}, {time.monotonic() - began:.0f} s", flush=True)
        began = time.monotonic()
        every = max(1, quiet.wakes // (len(UNDER_WAY) + 1))
        hurt = await run(Path(folder) / "killed", hires, lambda stack: Killer(stack, AT_THE_DOOR, UNDER_WAY, every=every))
        print(f"with {len(hurt.killed)} kills ({', '.join(hurt.killed)}): digest {hurt.digest}, {time.monotonic() - began:.0f} s", flush=True)
        wrong = differences(quiet, hurt)
        wrong += await outage(Path(folder) / "away", hires=20, seconds=away)
    for line in wrong:
        print("DIFFERENT:", line)
    print("Nothing differs." if not wrong else f"{len(wrong)} differences.")
    return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--hires", type=int, default=50)
    parser.add_argument("--away", type=float, default=60.0, help="seconds without Temporal")
    options = parser.parse_args()
    sys.exit(asyncio.run(main(options.hires, options.away)))
