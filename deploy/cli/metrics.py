"""`baton metrics`: metric contracts with definition, n and interval; drill to event ids."""

from typing import Annotated, Any

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, say, table

app = typer.Typer()


@app.command()
def metrics(
    name: Annotated[str, typer.Argument(metavar="[ID]", help="M7, M8, M11, M12, M17, M18, M19; default: all.")] = "",
    drill: Annotated[bool, typer.Option("--drill", help="Every case with the events to look at.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="zh or en.")] = "en",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print metrics as their contracts define them: kind, n, open cases, 95 % interval of rates, Kaplan-Meier median of durations.

    Example: baton metrics M19 --drill --json
    """
    from deploy.cli.reading import Reporting

    reporting = Reporting(home)
    names = [name] if name else [one["id"] for one in reporting.get("/metrics")["items"]]
    found = [reporting.get(f"/metrics/{one}", drill="1" if drill else "") for one in names]
    if as_json:
        emit(found[0] if name else found)
        return
    for one in found:
        _show(one, "zh" if lang == "zh" else "en")


def _show(one: dict[str, Any], lang: str) -> None:
    say(f"\n[bold]{one['id']} {one['title'][lang]}[/] ({one['kind']}{', target ' + one['target'] if one['target'] else ''})\n{one['definition'][lang]}")
    rate = one["unit"] == "rate"
    rows = []
    for g in one["groups"]:
        if rate:
            value, spread = f"{g['hits']} of {g['n']}", "{:.0%} to {:.0%}".format(*g["interval"]) if g["interval"] else ""
        else:
            value = f"{g['value']:.1f} h" if g["value"] is not None else "-"
            spread = f"mean {g['mean']:.1f}, p90 {g['p90']:.1f} h" if g["mean"] is not None else ""
        rows.append((g["group"], value, spread, g["n"], g["open"], g["apart"], "small sample" if g["small"] else ""))
    table(("", "value" if rate else "median", "interval" if rate else "spread", "n", "open", "apart", ""), rows)
    for case in one.get("cases", []):
        print(f"  {case['group']:<28} {case['state']:<6} {case['detail']:<12} hire {str(case['hire_id'])[:8]}  {' '.join(e[:8] for e in case['events'])}")
