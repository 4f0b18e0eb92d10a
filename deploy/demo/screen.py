"""The demo's last screen: zeros with their proofs, outcomes against expected, one hire's relay, messages by kind, engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table

from deploy.demo.result import Result, by_kind

SHANGHAI = ZoneInfo("Asia/Shanghai")
ENDS = ("met", "waived", "transferred", "lapsed", "cancelled")


def unexpected(result: Result, expected: Mapping[str, str]) -> list[str]:
    """Hires that ended in another way than the story says; `expected` by the publisher's own id."""
    ended = result.ledger.outcomes()
    wrong = []
    seen = set()
    for hire, body in result.ledger.hires().items():
        who = str(body.get("externalref") or "").rpartition("#")[2]
        seen.add(who)
        if who in expected and ended.get(hire) != expected[who]:
            wrong.append(f"{who}: expected {expected[who]}, ended {ended.get(hire, 'open')} (hire {hire})")
    return wrong + [f"{who}: no hire" for who in expected if who not in seen]


def show(result: Result, *, expected: Mapping[str, str], hero: str = "") -> None:
    """Print it."""
    console = Console()
    found = result.as_json()
    table = _table("zeros", "", "proof")
    for what, n, proof in result.zeros():
        table.add_row(what, f"[{'green' if not n else 'red'}]{n}[/]", proof)
    console.print(table)
    _outcomes(console, result, expected)
    if hero:
        _lane(console, result, hero)
    kinds = by_kind(result.ledger)
    console.print("messages: " + ", ".join(f"{n} {kind}" for kind, n in kinds[:14]) + (f" and {len(kinds) - 14} kinds more" if len(kinds) > 14 else ""))
    duties = found["obligations"]
    console.print("obligations: " + ", ".join(f"{n} {name}" for name, n in duties.items()))
    console.print(f"door: {found['sent']} sent = {found['accepted']} accepted + {found['duplicates']} duplicate + {found['parked']} parked; {found['waiting']} waiting")
    engines = ", ".join(f"{name} {version}" for name, version in result.engines.items())
    console.print(f"engines: {engines}; all processes {result.memory_mb} MB (PSS); {result.seconds:.0f} s")
    console.print(f"report: {result.report}")
    for line in result.violations:
        console.print(f"[red]VIOLATION[/] {line}", markup=True)


def _outcomes(console: Console, result: Result, expected: Mapping[str, str]) -> None:
    ended, wanted = Counter(result.ledger.outcomes().values()), Counter(expected.values())
    table = _table("outcome", "hires", "expected")
    for name in sorted({*ended, *wanted}):
        table.add_row(name, str(ended[name]), str(wanted[name]) if expected else "")
    console.print(table)


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table


def _lane(console: Console, result: Result, hero: str) -> None:
    """Who held the baton when: one line for each obligation of the hire, in the order of opening."""
    hire = next((hire for hire, body in result.ledger.hires().items() if str(body.get("externalref") or "").endswith(f"#{hero}")), "")
    ends = {fact.body["obligation_id"]: (how, fact.body) for how in ENDS for fact in result.ledger.of(f"obligation.{how}")}
    mine = sorted((fact for fact in result.ledger.of("obligation.opened") if fact.body.get("hire_id") == hire and fact.body.get("blocking", True)),
                  key=lambda fact: (fact.body["opened_at"], fact.body["obligation_id"]))
    table = _table("from", "until", "who", f"owes ({hero})", "end")
    for fact in mine:
        how, end = ends.get(fact.body["obligation_id"], ("open", {}))
        late = " late" if end.get("late") else ""
        table.add_row(_when(fact.body["opened_at"]), _when(end.get("ended_at")), fact.body["owed_by"]["role"], fact.body["kind"], f"{how}{late}")
    console.print(table)


def _when(text: str | None) -> str:
    return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%d %b %H:%M}" if text else ""
