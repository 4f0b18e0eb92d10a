"""How commands ask a process on its admin port, with the operator's token: errors in words, the right exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deploy.cli.console import CANNOT_REACH, REFUSED, fail, operator_token, stack_env


def ask_process(home: Path | None, process: str, method: str, path: str, body: Any = None) -> Any:
    """The JSON answer of one process of the stack on this home; ends the command where it refuses (1) or does not answer (3)."""
    import httpx

    from deploy.local.control import read_state
    from deploy.local.home import Home

    admin = read_state(Home(home))["processes"].get(process, {}).get("admin")
    if not admin:
        fail(f"{process} does not run here.", "`baton status` shows what runs.", code=CANNOT_REACH)
    headers = {"authorization": f"Bearer {operator_token(stack_env(home))}"}
    try:
        answer = httpx.request(method, f"{admin}{path}", json=body, headers=headers, timeout=60)
    except httpx.TransportError as problem:
        fail(f"{process} does not answer ({type(problem).__name__}).", "`baton status` shows what runs.", code=CANNOT_REACH)
    said = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    if answer.status_code >= 500:
        fail(f"{process} answered {answer.status_code}.", "`baton logs` has the reason.", code=CANNOT_REACH)
    if answer.status_code >= 400:
        fail(str(said.get("detail") or "It was refused.").rstrip(".") + ".", str(said.get("cure", "")), code=REFUSED)
    return said
