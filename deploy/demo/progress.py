"""What the demo shows while it runs: the business date, the stages filling, the obligations, and one line for each thing that happens."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from deploy.demo.watch import STAGES, Standing

SHANGHAI = ZoneInfo("Asia/Shanghai")
BAR = 24


class Progress:
    """A live picture on a terminal; plain lines where there is none; silent with `quiet`."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True, quiet=quiet)
        self._live: Live | None = None
        self._now: datetime | None = None
        self._standing = Standing()
        self._month = ""

    def __enter__(self) -> Progress:
        if self._console.is_terminal and not self._console.quiet:
            self._live = Live(self._picture(), console=self._console, refresh_per_second=8, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def line(self, text: str) -> None:
        """Something happened."""
        day = f"{self._now.astimezone(SHANGHAI):%a %d %b %H:%M}" if self._now else ""
        self._console.print(f"  [dim]{day:>16}[/]  {text}", highlight=False)

    def moved(self, now: datetime, standing: Standing) -> None:
        """Business time jumped."""
        self._now, self._standing = now, standing
        if self._live is not None:
            self._live.update(self._picture())
        elif (month := f"{now.astimezone(SHANGHAI):%Y-%m}") != self._month:
            self._month = month
            self.line(f"{standing.live} of {standing.total} hires under way, {standing.duties.get('open', 0)} obligations open")

    def _picture(self) -> Any:
        head = Text(f"{self._now.astimezone(SHANGHAI):%a %d %b %Y  %H:%M} Shanghai" if self._now else "starting", style="bold")
        table = Table.grid(padding=(0, 2))
        most = max(self._standing.hires.values(), default=1) or 1
        for stage in STAGES:
            n = self._standing.hires.get(stage, 0)
            table.add_row(stage, str(n), Text("█" * round(n / most * BAR), style="green" if stage == "closed" else "cyan"))
        duties = self._standing.duties
        foot = Text(f"obligations: {duties.get('opened', 0)} opened, {duties.get('met', 0)} met, {duties.get('met_late', 0)} late, "
                    f"{duties.get('open', 0)} open, {duties.get('overdue', 0)} overdue")
        return Group(head, table, foot)
