"""How the writing commands order something: one CloudEvent each through intake's HTTP door, with the operator's token."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.cli.console import stack_env

BATCH = "application/cloudevents-batch+json"
AT_ONCE = 200


def order(home: Path | None, type_: str, bodies: Sequence[dict[str, Any]], *, dry_run: bool = False) -> list[dict[str, Any]]:
    """Send one event a body; the door's answer for each, in order. Ends the command when the door refuses or nobody answers."""
    from deploy.cli.reading import answered, client
    from shared.runtime.ids import new_id

    http = client(stack_env(home), "BATON_INTAKE_HTTP")
    results: list[dict[str, Any]] = []
    for start in range(0, len(bodies), AT_ONCE):
        events = [
            {"specversion": "1.0", "id": str(new_id()), "source": "baton/cli", "type": f"baton.{type_}", "datacontenttype": "application/json", "data": body}
            for body in bodies[start:start + AT_ONCE]]
        content = json.dumps(events, ensure_ascii=False).encode()
        results += answered(lambda content=content: http.post(
            "/events", content=content, headers={"content-type": BATCH}, params={"dry_run": "true"} if dry_run else {}), http)["results"]
    return results
