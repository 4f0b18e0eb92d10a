"""The demo's last screen: zeros with their proofs, outcomes against expected, one hire's relay, messages by kind, engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.table import Table

from deploy.cli import lane
from deploy.demo.ledger import Ledger
from deploy.demo.result import Result, by_kind, sides, two_ways

KINDS_SHOWN = 10


def show(result: Result, *, expected: Mapping[str, str]) -> None:
    """Print it."""
    console, found = Console(highlight=False), result.as_json()
    table = _table("must be zero", "", "proof")
    for what, n, proof in result.zeros():
        table.add_row(what, f"[{'green' if not n else 'red'}]{n}[/]", proof)
    console.print(table)
    _outcomes(console, found["outcomes"], expected)
    if result.days:
        story = _table("day", "what happened", "proof")
        for day in result.days:
            story.add_row(day.when, day.line or "[red]did not go as it should[/]", day.proof)
        console.print(story)
    if result.story.get("legs"):
        console.print(f"one hire, {result.story['hire_id']}: who held the baton when")
        console.print(lane.draw(result.story))
    _messages(console, result.ledger)
    _duties(console, result.ledger)
    console.print(f"money        {_money(result.ledger)}")
    console.print("answers      " + ", ".join(f"{n} {way}" for way, n in sorted(result.answers.items(), key=lambda one: -one[1])))
    console.print("obligations  " + ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in found["obligations"].items()))
    console.print(f"door         {found['sent']} sent = {found['accepted']} accepted + {found['duplicates']} duplicate + {found['parked']} parked;"
                  f" {found['waiting']} waiting")
    console.print("engines      " + ", ".join(f"{name} {version}" for name, version in found["engines"].items())
                  + f"; all processes {result.memory_mb} MB (PSS)")
    console.print(f"report       {result.report}")
    for line in result.violations:
        console.print(f"[red]VIOLATION[/]    {line}")
    if result.mailbox:
        console.print(f"play one     林悦's mailbox: {result.mailbox} - open a link of hers, be late, answer twice")
    console.print(f"{len(result.violations)} violations; {found['hires']} hires from application to day 90 in {result.seconds:.0f} s")


def _outcomes(console: Console, outcomes: Mapping[str, int], expected: Mapping[str, str]) -> None:
    wanted = Counter(expected.values())
    table = _table("outcome", "hires", "expected" if expected else "")
    for name in sorted({*outcomes, *wanted}):
        table.add_row(name, str(outcomes.get(name, 0)), str(wanted[name]) if expected else "")
    console.print(table)


def _messages(console: Console, ledger: Ledger) -> None:
    """What was said, by kind and channel, and a message that needed two channels."""
    kinds = by_kind(ledger)
    sums: Counter[str] = Counter()
    for row in kinds.values():
        sums.update(row)
    channels = [name for name, _ in sums.most_common()]
    table = _table("messages", *channels)
    shown = list(kinds.items())[:KINDS_SHOWN]
    rest: Counter[str] = Counter()
    for _, row in list(kinds.items())[KINDS_SHOWN:]:
        rest.update(row)
    more = [(f"{len(kinds) - KINDS_SHOWN} kinds more", rest)] if rest else []
    for name, row in [*shown, *more, ("all", sums)]:
        table.add_row(name, *(str(row[channel] or "") for channel in channels))
    console.print(table)
    ways = two_ways(ledger)
    for fact in ways[:1]:
        steps = " -> ".join([*(f"{one['channel']} ({one['reason']})" for one in fact.body["tried"]), fact.body["channel"]])
        console.print(f"two ways     {fact.body['template']} to a {fact.body['party']['role']}: {steps}; {len(ways)} such in all, in the report")


def _duties(console: Console, ledger: Ledger) -> None:
    """What both sides and the candidates owed, and how it ended."""
    table = _table("duties", "fell due", "in time", "late", "lapsed", "no longer owed")
    for side, n in sides(ledger).items():
        table.add_row(side, *(str(n[name]) for name in ("due", "met", "late", "lapsed", "off")))
    console.print(table)


def _money(ledger: Ledger) -> str:
    """Instalments of fees that may be invoiced, those that are held back, and what a missed duty of a service contract is worth."""
    due, held, credited = ledger.of("fee.due"), ledger.of("fee.held"), ledger.of("credit.noted")
    shares = sum(fact.body["share"] for fact in held)
    return (f"{len(due)} instalments due of {len({fact.body['hire_id'] for fact in due})} placements, {len(held)} held ({shares} % of a fee, until the replacement"
            f" has settled), {len(credited)} credits; baton tail --type fee")


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table
