"""`baton publish FILE...`: send CloudEvents, JSON Resumes, postings and documents through intake's HTTP door."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.console import REFUSED, DryRunOption, HomeOption, JsonOption, emit, fail, say, table

app = typer.Typer()
BATCH = "application/cloudevents-batch+json"
AT_ONCE = 200


@app.command()
def publish(
    files: Annotated[list[Path], typer.Argument(help="CloudEvents (one or an array), JSON Resumes, postings, PDF, DOCX, TXT; folders too.")],
    requisition: Annotated[str, typer.Option("--requisition", "-r", help="What résumés apply to.")] = "",
    source: Annotated[str, typer.Option("--source", help="Source of what is no CloudEvent yet.")] = "",
    dry_run: DryRunOption = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send files; each event is answered: accepted, duplicate, or parked with its reason. Exit code 1 when something was parked.

    Example: baton publish shared/contracts/examples/baton.client.registered.1.json resumes/ --requisition R-118
    """
    from deploy.cli.console import stack_env
    from deploy.cli.reading import client

    http = client(stack_env(home), "BATON_INTAKE_HTTP")
    results: list[dict[str, Any]] = []
    events: list[tuple[Path, dict[str, Any]]] = []
    for path in _paths(files):
        read = _events(path)
        if read:
            events += [(path, event) for event in read]
        else:
            results += [_shown(path, one) for one in _file(http, path, {"requisition": requisition, "source": source}, dry_run)]
    for start in range(0, len(events), AT_ONCE):
        part = events[start:start + AT_ONCE]
        answers = _batch(http, [event for _, event in part], dry_run)
        results += [_shown(path, one) for (path, _), one in zip(part, answers, strict=True)]
    _tell(results, dry_run, as_json)


def _paths(files: list[Path]) -> list[Path]:
    out = []
    for path in files:
        if path.is_dir():
            out += sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
        elif path.is_file():
            out.append(path)
        else:
            fail(f"{path} is not there.", "Give files or folders that exist.", code=2)
    return out


def _events(path: Path) -> list[dict[str, Any]]:
    """The CloudEvents in a file; none where it is something else."""
    if path.suffix.lower() != ".json":
        return []
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, OSError):
        return []
    items = value if isinstance(value, list) else [value]
    return items if items and all(isinstance(item, dict) and "specversion" in item for item in items) else []


def _batch(http: Any, events: list[dict[str, Any]], dry_run: bool) -> list[dict[str, Any]]:
    from deploy.cli.reading import answered

    body = json.dumps(events, ensure_ascii=False).encode()
    params = {"dry_run": "true"} if dry_run else {}
    found: list[dict[str, Any]] = answered(lambda: http.post("/events", content=body, headers={"content-type": BATCH}, params=params), http)["results"]
    return found


def _file(http: Any, path: Path, said: dict[str, str], dry_run: bool) -> list[dict[str, Any]]:
    from deploy.cli.reading import answered

    params = {"name": path.name, **{name: value for name, value in said.items() if value}, **({"dry_run": "true"} if dry_run else {})}
    answer = answered(lambda: http.post("/files", content=path.read_bytes(), params=params, headers={"content-type": "application/octet-stream"}), http)
    return list(answer.get("results", [answer]))


def _shown(path: Path, result: dict[str, Any]) -> dict[str, Any]:
    return {"file": str(path), **result}


def _tell(results: list[dict[str, Any]], dry_run: bool, as_json: bool) -> None:
    counts: dict[str, int] = {name: sum(r.get("outcome", r.get("state")) == name for r in results) for name in ("accepted", "duplicate", "parked")}
    if as_json:
        emit({"ok": not counts["parked"], "sent": len(results), **counts, "dry_run": dry_run, "results": results})
    else:
        table(("file", "id", "answer", "reason"), [
            (Path(r["file"]).name, r.get("id") or "", r.get("outcome", r.get("state", "")),
             r.get("reason") or r.get("detail") or (f"waits for {r['waiting_for']}" if r.get("waiting_for") else "")) for r in results])
        say(f"{len(results)} sent: " + ", ".join(f"{n} {name}" for name, n in counts.items()) + (" (dry run: nothing was stored)" if dry_run else ""))
    if counts["parked"]:
        raise typer.Exit(REFUSED)
