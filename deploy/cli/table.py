"""Every command of `baton`: name, the module that holds it, and its line in the help; one row here is all that registering takes.

The module is imported only when its command runs, so that `baton --help` is fast and a broken module breaks only itself.
It has `app = typer.Typer(...)`: one `@app.command()` makes a plain command, several make a group.
A row whose module is not there is left out of the help.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """One command."""

    name: str
    module: str
    help: str


def _row(name: str, text: str, module: str = "") -> Row:
    return Row(name, f"deploy.cli.{module or name}", text)


ROWS = (
    _row("up", "Start the local stack: Kafka, PostgreSQL, Temporal, mail sink and all services."),
    _row("down", "Stop the local stack."),
    _row("status", "Show what runs, since when, and where."),
    _row("logs", "Show or follow the logs."),
    _row("doctor", "Check settings, versions, ports, servers and folders, and say what to do."),
    _row("migrate", "Bring roles, schemas, tables and topics up to date."),
    _row("version", "Show versions of Baton, its libraries and the servers."),
    _row("demo", "Walk a whole set of hires from application to day 90 in compressed time."),
    _row("publish", "Send CloudEvents, JSON Resumes, postings and files."),
    _row("hires", "Who is where."),
    _row("hire", "One hire's timeline: who held the baton when."),
    _row("obligations", "Who owes what, by when."),
    _row("why", "The rule, policy and facts behind the last step."),
    _row("whynot", "Why something has not happened."),
    _row("parked", "What could not be taken in: list, show, repair, replay, discard."),
    _row("policy", "Show, lint, plan, apply the hiring policy."),
    _row("requisition", "List requisitions; pause, resume, close them in bulk, undo."),
    _row("pause", "Pause hires.", "acts"),
    _row("resume", "Resume hires.", "acts"),
    _row("withdraw", "Withdraw hires.", "acts"),
    _row("reassign", "Give an obligation to somebody else.", "acts"),
    _row("waive", "Waive an obligation.", "acts"),
    _row("release", "Let go drafts that wait for somebody's word.", "acts"),
    _row("star", "Prompt our own side sooner for somebody who matters most.", "acts"),
    _row("reopen", "Take up hires again whose end was wrong.", "acts"),
    _row("transfer", "Hand everything that one of ours owes to another."),
    _row("ask", "How a question stands, and its fields.", "answer"),
    _row("answer", "Bring an answer that somebody gave elsewhere."),
    _row("rehearse", "A simulated hire: every message each person would get."),
    _row("metrics", "Metrics with definition, n and interval."),
    _row("report", "Statements as HTML."),
    _row("people", "Who is known here: show, reveal, export, erase."),
    _row("audit", "Show, verify, export the audit chain."),
    _row("verify", "Check the invariants of a running system."),
    _row("rebuild", "Make reporting's projections again from the archive."),
    _row("tail", "Follow the facts as they happen."),
    _row("spec", "AsyncAPI, schemas, topics, policy schema."),
)
