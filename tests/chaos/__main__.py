"""`make chaos`: 50 hires twice, in peace and with a kill -9 of every process, side by side; then Temporal away for 60 seconds."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.outage import outage
from tests.chaos.run import AT_THE_DOOR, UNDER_WAY, WAKES_OF_A_HIRE, Killer, differences, side_by_side


async def main(hires: int, away: float) -> int:
    """Run all parts; 0 when nothing differs."""
    with tempfile.TemporaryDirectory(prefix="baton-chaos-") as folder:
        killer = Killer(AT_THE_DOOR, UNDER_WAY, every=hires * WAKES_OF_A_HIRE // (len(UNDER_WAY) + 1))
        quiet, hurt = await side_by_side(Path(folder), hires, killer)
        print(f"without kills: {hires} hires, {len(quiet.ledger.facts)} facts, digest {quiet.digest}, {quiet.seconds:.0f} s")
        print(f"with {len(hurt.killed)} kills ({', '.join(hurt.killed)}): digest {hurt.digest}, {hurt.seconds:.0f} s", flush=True)
        wrong = differences(quiet, hurt)
        began = time.monotonic()
        lost = await outage(Path(folder) / "away", hires=20, seconds=away)
        print(f"Temporal away for {away:.0f} s under 20 hires: {'nothing missing' if not lost else 'see below'}, {time.monotonic() - began:.0f} s")
    for line in [*wrong, *lost]:
        print("DIFFERENT:", line)
    print("Nothing differs." if not wrong + lost else f"{len(wrong + lost)} differences.")
    return 1 if wrong + lost else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--hires", type=int, default=50)
    parser.add_argument("--away", type=float, default=60.0, help="seconds without Temporal")
    options = parser.parse_args()
    sys.exit(asyncio.run(main(options.hires, options.away)))
