"""`baton metrics`: metric contracts with definition, n and interval; drill to event ids."""

from typing import Annotated, Any

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, say, table

app = typer.Typer()
FromOption = Annotated[str, typer.Option("--from", help="First day, e.g. 2026-09-01.")]
UntilOption = Annotated[str, typer.Option("--until", help="Last day, inclusive.")]
ZoneOption = Annotated[str, typer.Option("--zone", help="On whose wall days begin: an IANA name, or 'branch' for each requisition's own; default: the head office's.")]


@app.command()
def metrics(
    name: Annotated[str, typer.Argument(metavar="[ID]", help="M7, M8, M11, M12, M17, M18, M19; default: all.")] = "",
    drill: Annotated[bool, typer.Option("--drill", help="Every case with the events to look at.")] = False,
    first: FromOption = "",
    last: UntilOption = "",
    zone: ZoneOption = "",
    by: Annotated[str, typer.Option("--by", help="day, week or month: a series beside the whole.")] = "",
    lang: Annotated[str, typer.Option("--lang", help="zh or en.")] = "en",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print metrics as their contracts define them: kind, n, open cases, 95 % interval of rates, Kaplan-Meier median of durations.

    Example: baton metrics M19 --from 2026-09-01 --until 2026-09-30 --zone branch --json
    """
    from deploy.cli.reading import Reporting

    reporting = Reporting(home)
    names = [name] if name else [one["id"] for one in reporting.get("/metrics")["items"]]
    found = [reporting.get(f"/metrics/{one}", drill="1" if drill else "", **{"from": first, "until": last, "zone": zone, "by": by}) for one in names]
    if as_json:
        emit(found[0] if name else found)
        return
    for one in found:
        _show(one, "zh" if lang == "zh" else "en")


def _show(one: dict[str, Any], lang: str) -> None:
    say(f"\n[bold]{one['id']} {one['title'][lang]}[/] ({one['kind']}{', target ' + one['target'] if one['target'] else ''})\n{one['definition'][lang]}")
    period = one.get("period") or {}
    if period:
        say(f"{period['from'] or 'beginning'} to {period['until'] or 'now'}, days of {period['zone']}")
    _table(one, one["groups"])
    for branch in one.get("branches", []):
        say(f"[bold]{branch['zone']}[/]")
        _table(one, branch["groups"])
    for step in one.get("series", []):
        say(f"[bold]{step[period['by']]}[/]")
        _table(one, step["groups"])
    for case in one.get("cases", []):
        print(f"  {case['group']:<28} {case['state']:<6} {case['detail']:<12} hire {str(case['hire_id'])[:8]}  {' '.join(e[:8] for e in case['events'])}")


def _table(one: dict[str, Any], groups: list[dict[str, Any]]) -> None:
    rate = one["unit"] == "rate"
    rows = []
    for g in groups:
        if rate:
            value, spread = f"{g['hits']} of {g['n']}", "{:.0%} to {:.0%}".format(*g["interval"]) if g["interval"] else ""
        else:
            value = f"{g['value']:.1f} h" if g["value"] is not None else "-"
            spread = f"mean {g['mean']:.1f}, p90 {g['p90']:.1f} h" if g["mean"] is not None else ""
        rows.append((g["group"], value, spread, g["n"], g["open"], g["apart"], "small sample" if g["small"] else ""))
    table(("", "value" if rate else "median", "interval" if rate else "spread", "n", "open", "apart", ""), rows)
