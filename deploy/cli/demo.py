"""`baton demo`: walk a whole set of hires from submitted application to day 90 on real servers, in compressed time."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.console import REFUSED, HomeOption, JsonOption, emit, fail, say
from deploy.cli.verify import leave

app = typer.Typer()


@app.command()
def demo(
    home: HomeOption = None,
    folder: Annotated[Path | None, typer.Option("--input", help="A folder with résumés and postings; its files are used instead of the cast.")] = None,
    requisition: Annotated[str, typer.Option("--requisition", help="For résumés that nothing else names one for.")] = "",
    hires: Annotated[int, typer.Option("--hires", min=0, help="So many plain hires instead of the cast; with --input at most so many résumés.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Another seed: people answer at other moments.")] = 1,
    keep: Annotated[bool, typer.Option("--keep", help="Leave it running afterwards and say where everything is.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Start everything, play the story under the held clock, show what happened, stop. Exit code 1 when something is not as it must be.

    The people are simulated, the rest is what runs in production: Kafka, PostgreSQL, Temporal, mails, pages.

    Example: baton demo --input ./my-resumes --json
    """
    from deploy.clock.keeper import StuckError
    from deploy.demo import story
    from deploy.demo.screen import show
    from deploy.demo.session import Options, play

    options = Options(home=home, input=folder, requisition=requisition, hires=hires, seed=seed, keep=keep, quiet=as_json)
    try:
        result = asyncio.run(play(options))
    except (StuckError, RuntimeError) as problem:
        fail(str(problem), "The logs stand in the folder `log` of the data folder; `baton doctor` looks at the rest.")
    if as_json:
        emit(result.as_json())
    else:
        show(result, expected={} if folder or hires else story.expected())
        if keep:
            say("It is left running. Look around: baton status | hires | hire ID | obligations | why ID | parked | verify. End it: baton down")
    leave(REFUSED if result.violations else 0)
