"""`baton rehearse`: a simulated hire in seconds: every message each person would get, as lines or as a page to approve."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.console import JsonOption, emit, fail, say

app = typer.Typer()


@app.command()
def rehearse(
    policy: Annotated[str, typer.Argument(help="A policy file, or a shipped name.")] = "agency-cn",
    named: Annotated[str, typer.Option("--policy", help="The same, as an option.")] = "",
    days: Annotated[int, typer.Option("--days", min=1, max=2000, help="How many days are played.")] = 120,
    pace: Annotated[str, typer.Option("--pace", help="prompt, late, silent: how people answer.")] = "prompt",
    plan: Annotated[str, typer.Option("--plan", help="Stage plan of the policy; default: its first.")] = "",
    begin: Annotated[str, typer.Option("--begin", help="First day, e.g. 2026-09-03: holidays move much.")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write one HTML page with all three paces, to read and sign.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Play one hire under a policy, from application on, and show every message each person would get: when it leaves, with its words.

    Nothing is running for it and nothing is sent: the machine's own rules play against people who answer at once, late, or never.

    Example: baton rehearse mine.yaml --days 200 --out rehearsal.html
    """
    from deploy.cli.policy import _policy
    from deploy.rehearse.post import play
    from deploy.rehearse.show import text_of
    from deploy.rehearse.world import FIRST_DAY, PACES, Setting

    wanted = _policy(Path(named or policy))
    if pace not in PACES:
        fail(f"There is no pace {pace}.", f"Write one of {', '.join(PACES)}.", code=2)
    if plan and plan not in wanted.stage_plans:
        fail(f"{wanted.policy} has no stage plan {plan}.", f"It has {', '.join(wanted.stage_plans) or 'none'}.", code=2)
    try:
        first = datetime.fromisoformat(begin).date() if begin else FIRST_DAY
    except ValueError:
        fail(f"{begin} is no day.", "Write it as 2026-09-03.", code=2)
    if out is not None:
        _write([play(Setting(wanted, plan, one, first, days)) for one in PACES], out, as_json=as_json)
        return
    story = play(Setting(wanted, plan, pace, first, days))
    if as_json:
        emit({"policy": wanted.policy, "version": wanted.version, "pace": pace, "stage": story.stage, "outcome": story.outcome, "unsent": story.untrue,
              "messages": [{"at": one.at, "to": one.to, "purpose": one.purpose, "template": one.template, "due_at": one.due_at, "subject": one.subject,
                            "lines": one.lines} for one in story.said]})
    else:
        print(text_of(story), end="")


def _write(stories: list[Any], out: Path, *, as_json: bool) -> None:
    """All paces on one page."""
    from deploy.rehearse.show import page_of

    try:
        out.write_text(page_of(stories), encoding="utf-8")
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}.", "Name another file with --out.")
    emit({"ok": True, "page": str(out.absolute()), "messages": {s.setting.pace: len(s.said) for s in stories}}) if as_json else say(f"written: {out.absolute()}")
