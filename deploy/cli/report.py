"""`baton report`: the HTML report as one self-contained file, the recruiter's morning first."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, fail, say
from deploy.cli.metrics import FromOption, UntilOption, ZoneOption

app = typer.Typer()


@app.command()
def report(
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")] = Path("baton-report.html"),
    lang: Annotated[str, typer.Option("--lang", help="zh or en.")] = "zh",
    first: FromOption = "",
    last: UntilOption = "",
    zone: ZoneOption = "",
    hire: Annotated[str, typer.Option("--hire", help="Whose relay lane is drawn; default: the longest story.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the report: who holds the baton now, what is overdue, what comes today; outcomes, a relay, duties, messages, numbers.

    `--from`, `--until`, `--zone`: the numbers are those of these days; how things stand is always now.

    Example: baton report --lang en --out report.html --from 2026-09-01 --until 2026-09-30 --zone branch
    """
    from deploy.cli.reading import Reporting

    text = Reporting(home).text("/report", lang=lang, hire=hire, **{"from": first, "until": last, "zone": zone})
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}.", "Name another file with --out.")
    emit({"ok": True, "report": str(out.absolute()), "bytes": len(text.encode())}) if as_json else say(f"written: {out.absolute()}")
