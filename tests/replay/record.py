"""`python -m tests.replay.record --temporal HOST:PORT`: keep histories of hires that really ran, one for each kind of run.

Run it against a stack after a demo; what it writes is committed and replayed by test_replay.py with the present code.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

from temporalio.client import Client, WorkflowExecution
from temporalio.contrib.pydantic import pydantic_data_converter

HISTORIES = Path(__file__).parent / "histories"
OF_A_KIND = 1


def kind_of(execution: WorkflowExecution) -> str:
    """Runs of one kind end alike: how, in which stage, with which outcome."""
    found = {name: "".join(map(str, values)) for name, values in execution.search_attributes.items()}
    status = execution.status.name.lower() if execution.status else "unknown"
    return f"{found.get('HireStage', 'none')}-{found.get('HireOutcome', 'none')}-{status}"


async def record(client: Client, folder: Path) -> int:
    """Write one history for each kind of run, the shortest; returns how many files there are now."""
    folder.mkdir(exist_ok=True)
    kept: dict[str, int] = {}
    found = [execution async for execution in client.list_workflows('WorkflowType="Hire"')]
    for execution in sorted(found, key=lambda one: (one.history_length, one.id)):
        kind = kind_of(execution)
        if kept.get(kind, 0) >= OF_A_KIND:
            continue
        kept[kind] = kept.get(kind, 0) + 1
        history = await client.get_workflow_handle(execution.id, run_id=execution.run_id).fetch_history()
        value = {"id": execution.id, "history": json.loads(history.to_json())}
        (folder / f"{kind}-{kept[kind]}.json").write_text(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
    return sum(kept.values())


async def main() -> None:
    """Record from a running Temporal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--temporal", required=True)
    parser.add_argument("--namespace", default="hiring")
    given = parser.parse_args()
    client = await Client.connect(given.temporal, namespace=given.namespace, data_converter=pydantic_data_converter)
    print(f"{await record(client, HISTORIES)} histories in {HISTORIES.name}/")


if __name__ == "__main__":
    asyncio.run(main())
