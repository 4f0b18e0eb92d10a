"""`baton hire ID`: one hire's story: the relay lane, every obligation, message and fact."""

from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, fail, say, table

app = typer.Typer()


@app.command()
def hire(
    name: Annotated[str, typer.Argument(metavar="ID", help="Hire id, the beginning of it, or the publisher's reference.")],
    facts: Annotated[bool, typer.Option("--facts", help="Every fact too.")] = False,
    live: Annotated[bool, typer.Option("--live", help="Ask Temporal what the workflow says of itself.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="zh or en.")] = "en",
    svg: Annotated[Path | None, typer.Option("--svg", help="Write the relay lane as SVG into this file.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who held the baton of one hire when, and everything that was owed, said and decided.

    Example: baton hire 6fd288c2 --facts
    """
    from deploy.cli.reading import Reporting

    reporting = Reporting(home)
    story = reporting.get(f"/hires/{name}")
    if live:
        story["live"] = _live(reporting.env, story["hire_id"])
    if svg is not None:
        try:
            svg.write_text(reporting.text(f"/hires/{story['hire_id']}/lane.svg", lang=lang))
        except OSError as error:
            fail(f"{svg} cannot be written: {error.strerror}.", "Name another file.")
    if as_json:
        emit(story)
        return
    _head(story, lang)
    _tables(story)
    if facts:
        _facts(story)


def _head(story: dict[str, Any], lang: str) -> None:
    from rich.console import Console

    from deploy.cli import lane
    from deploy.cli.reading import when

    baton = story["baton"]
    where = f"ended: {story['outcome']} ({when(story['closed_at'])})" if story["outcome"] else f"in {story['stage']} since {when(story['stage_since'])}"
    holder = "" if story["outcome"] else f"; baton: {baton['role']}" + (f", {baton['kind'].replace('_', ' ')}, due {when(baton['due_at'])}" if baton["kind"] else "")
    say(f"[bold]{story['hire_id']}[/]  {story['requisition'] or ''} {story['title'] or ''}, {story['client'] or ''}\n{where}{holder}")
    if story.get("live"):
        say(f"Temporal: {story['live']['status']}: {story['live']['details'] or 'no details'}")
    if story["legs"]:
        Console().print(lane.draw(story, lang=lang))


def _tables(story: dict[str, Any]) -> None:
    from deploy.cli.reading import coloured, when

    rows = []
    for duty in story["obligations"]:
        state = duty["ended"] or "open"
        state = "late" if state == "met" and duty["late"] else state
        rows.append((when(duty["opened_at"]), when(duty["ended_at"]), duty["by_role"], duty["kind"].replace("_", " "), when(duty["due_at"]),
                     duty["fired"] or "", coloured(state), duty["reason"] or ""))
    table(("opened", "ended", "owed by", "what", "due", "rungs", "end", "reason"), rows, title="obligations")
    said = [(when(m["sent_at"] or m["ended_at"]), m["party_role"], m["purpose"].replace("_", " "), m["template"].replace("_", " "), m["state"], m["reason"] or "")
            for m in story["messages"]]
    table(("at", "to", "purpose", "text", "state", "reason"), said, title="messages")


def _facts(story: dict[str, Any]) -> None:
    from deploy.cli.reading import when

    keys = ("kind", "stage", "how", "decision", "outcome", "purpose", "template", "do", "reason")
    rows = [(when(f["at"]), f["type"].removeprefix("baton."), ", ".join(str(f["body"][k]) for k in keys if f["body"].get(k)), f["id"][:8]) for f in story["facts"]]
    table(("at", "fact", "what", "id"), rows, title="facts")


def _live(env: dict[str, str], hire_id: str) -> dict[str, str]:
    import asyncio

    async def asked() -> dict[str, str]:
        from temporalio.client import Client

        client = await Client.connect(env["BATON_TEMPORAL"], namespace=env.get("BATON_TEMPORAL_NAMESPACE", "hiring"))
        handle = client.get_workflow_handle(f"hire/{hire_id}")
        described = await handle.describe()
        details = described.raw_description.workflow_extended_info
        text = described.raw_info.SerializeToString() and getattr(described.raw_description.execution_config, "user_metadata", None)
        return {"status": described.status.name if described.status else "unknown", "details": str(getattr(text, "details", "") or ""),
                "started": str(described.start_time), "history": str(described.history_length), "extended": str(bool(details))}

    try:
        return asyncio.run(asyncio.wait_for(asked(), 15))
    except Exception as error:
        return {"status": "not found", "details": type(error).__name__}
