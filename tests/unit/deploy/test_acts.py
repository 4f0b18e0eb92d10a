"""Operators' acts: what is shown before, what is sent through the door, and nothing else."""

import json

import pytest
from typer.testing import CliRunner

from deploy.cli import acts, reading, sending

HIRE = {"hire_id": "6fd288c2-0000-5000-8000-000000000001", "requisition": "R-118", "stage": "screening", "outcome": None,
        "baton": {"obligation_id": "aaaa1111-0000-5000-8000-000000000001"},
        "obligations": [{"obligation_id": "aaaa1111-0000-5000-8000-000000000001", "kind": "review_application", "by_role": "recruiter", "ended": None},
                        {"obligation_id": "bbbb2222-0000-5000-8000-000000000001", "kind": "call", "by_role": "recruiter", "ended": "met"}]}


@pytest.fixture
def door(monkeypatch):
    """The bodies that reach the door, and what it answers; reporting knows one hire."""
    sent: list[tuple[str, dict, bool]] = []

    class Known:
        def __init__(self, home):
            pass

        def get(self, path):
            return HIRE

        def all(self, path, limit, **filters):
            return [HIRE, {**HIRE, "hire_id": "7fd288c2-0000-5000-8000-000000000002"}] if filters["requisition"] == "R-118" else []

    def order(home, type_, bodies, *, dry_run=False):
        sent.extend((type_, body, dry_run) for body in bodies)
        return [{"outcome": "parked" if body["reason"] == "wrong" else "accepted", "reason": "no such hire"} for body in bodies]

    monkeypatch.setattr(reading, "Reporting", Known)
    monkeypatch.setattr(sending, "order", order)
    return sent


def run(*words):
    return CliRunner().invoke(acts.app, list(words))


def test_pause_when_by_filter_then_every_live_hire_of_it_is_ordered(door):
    done = run("pause", "--requisition", "R-118", "--reason", "budget", "--yes")
    assert done.exit_code == 0, done.output
    assert [(type_, body["externalid"][:4], body["act"], body["reason"]) for type_, body, _ in door] == [
        ("command.act", "6fd2", "pause", "budget"), ("command.act", "7fd2", "pause", "budget")]


def test_an_act_when_not_confirmed_then_nothing_is_sent(door):
    assert CliRunner().invoke(acts.app, ["withdraw", "6fd288c2"], input="n\n").exit_code == 1
    assert door == []


def test_an_act_when_dry_then_the_door_only_judges(door):
    done = run("waive", "6fd288c2", "--dry-run", "--json")
    assert json.loads(done.output)["dry_run"] is True
    assert [(body["params"], dry) for _, body, dry in door] == [({"obligation_id": HIRE["baton"]["obligation_id"]}, True)]


def test_reassign_when_the_role_is_not_ours_then_it_is_misuse(door):
    assert run("reassign", "6fd288c2", "--to", "candidate").exit_code == 2
    assert run("reassign", "6fd288c2", "--to", "lead", "--obligation", "call", "--yes").exit_code == 1, "that one has ended"
    assert door == []
    assert run("reassign", "6fd288c2", "--to", "lead", "--obligation", "review_application", "--yes").exit_code == 0
    assert door[0][1]["params"] == {"obligation_id": HIRE["baton"]["obligation_id"], "role": "lead"}


def test_an_act_when_the_door_refuses_then_exit_one_with_the_reason(door):
    done = run("resume", "6fd288c2", "--reason", "wrong", "--yes")
    assert done.exit_code == 1 and "no such hire" in done.output
    assert run("pause").exit_code == 2, "nobody named"
