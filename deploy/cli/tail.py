"""`baton tail`: facts as they arrive in the archive."""

import time
from typing import Annotated

import typer

from deploy.cli.console import HomeOption, JsonOption

app = typer.Typer()


@app.command()
def tail(
    type_: Annotated[str, typer.Option("--type", help="Only types beginning so, e.g. obligation.")] = "",
    hire: Annotated[str, typer.Option("--hire", help="Only this hire (whole id).")] = "",
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, max=500, help="So many of the past first.")] = 20,
    follow: Annotated[bool, typer.Option("--follow/--no-follow", help="Go on as they come; end with Ctrl-C.")] = True,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Follow the facts; with --json one line each (JSON Lines).

    Example: baton tail --type obligation --no-follow
    """
    from deploy.cli.reading import Reporting

    reporting = Reporting(home)
    seen = max(0, reporting.get("/events", limit=1)["last"] - (lines if not (type_ or hire) else 50 * lines))
    shown: list[dict] = []
    try:
        while True:
            page = reporting.get("/events", after=seen, limit=500, type=type_, hire=hire)
            shown += page["items"]
            if page["items"]:
                seen = page["next"]
            if len(page["items"]) == 500:
                continue
            for row in shown[-lines:] if lines and len(shown) > lines and not as_json else shown:
                _line(row, as_json)
            shown = []
            if not follow:
                return
            time.sleep(0.5)
    except KeyboardInterrupt:
        return


def _line(row: dict, as_json: bool) -> None:
    import json

    from deploy.cli.reading import short, when

    if as_json:
        print(json.dumps(row, ensure_ascii=False), flush=True)
        return
    body = row["body"]
    what = ", ".join(str(body[key]) for key in ("kind", "stage", "decision", "outcome", "purpose", "how", "do") if body.get(key))
    print(f"{when(row['time'])}  {row['type'].removeprefix('baton.'):<26} {short(row['hire']):<8}  {what}", flush=True)
