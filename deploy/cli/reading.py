"""How the reading commands ask reporting (and each process' /ops): one small HTTP client, errors in words with the right exit code."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from deploy.cli.console import CANNOT_REACH, REFUSED, fail, operator_token, stack_env

ZONE = ZoneInfo("Asia/Shanghai")
PAGE = 500


class Reporting:
    """The read API of the stack on this home (or of the caller's environment)."""

    def __init__(self, home: Path | None) -> None:
        self.env = stack_env(home)
        self._http = client(self.env, "BATON_REPORTING_HTTP")

    def get(self, path: str, **params: Any) -> Any:
        """One answer as JSON; ends the command with words when it is refused or nobody answers."""
        return answered(lambda: self._http.get(path, params={k: v for k, v in params.items() if v}), self._http)

    def text(self, path: str, **params: Any) -> str:
        """One answer as text."""
        return str(answered(lambda: self._http.get(path, params={k: v for k, v in params.items() if v}), self._http, parse=False))

    def all(self, path: str, limit: int, **params: Any) -> list[Any]:
        """Items over as many pages as `limit` needs."""
        items: list[Any] = []
        after = ""
        while len(items) < limit:
            page = self.get(path, limit=min(PAGE, limit - len(items)), after=after, **params)
            items += page["items"]
            if not page["next"]:
                break
            after = page["next"]
        return items


def client(env: dict[str, str], variable: str) -> httpx.Client:
    """An HTTP client for one of our services, with the operator's token."""
    if not env.get(variable):
        fail(f"{variable} is not set.", "`baton up` sets it, or give host:port.", code=CANNOT_REACH)
    try:
        token = operator_token(env)
    except (OSError, KeyError, ValueError):
        fail("There is no token file.", "BATON_TOKENS must name a JSON file with an operator's token; `baton up` writes one.", code=CANNOT_REACH)
    return httpx.Client(base_url=f"http://{env[variable]}", headers={"authorization": f"Bearer {token}"}, timeout=60)


def answered(call: Any, http: httpx.Client, *, parse: bool = True) -> Any:
    """The body of a good answer; else end the command: 3 when nobody answers, 1 when it is refused."""
    try:
        answer = call()
    except httpx.TransportError as problem:
        fail(f"{http.base_url} does not answer ({type(problem).__name__}).", "`baton status` shows what runs.", code=CANNOT_REACH)
    if answer.status_code >= 500:
        fail(f"{http.base_url} answered {answer.status_code}.", "`baton logs` has the reason.", code=CANNOT_REACH)
    if answer.status_code >= 400:
        said = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        fail(str(said.get("detail") or said.get("title") or answer.text[:200]), str(said.get("cure", "")), code=REFUSED)
    return answer.json() if parse else answer.text


def when(text: str | None) -> str:
    """An instant in the firm's zone, short."""
    return f"{datetime.fromisoformat(text).astimezone(ZONE):%d %b %H:%M}" if text else ""


def short(id_: Any) -> str:
    """The beginning of an id: enough for `baton hire`."""
    return str(id_)[:8] if id_ else ""


def coloured(state: str) -> str:
    """A state of an obligation for people."""
    colour = {"over": "red", "late": "magenta", "met": "green", "open": "yellow", "lapsed": "dim", "waived": "dim"}.get(state, "")
    return f"[{colour}]{state}[/]" if colour else state
