"""Paper hires for the pure tests: people with their own ideas, and what may be checked of any hire at any time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from shared.contracts.ask import AskCommand, AskSpec
from shared.contracts.notification import Tell
from shared.policy.model import Policy
from workflows.first import first_state
from workflows.hire.printer import paper_hire
from workflows.hire.state import dump, held
from workflows.rehearsal import HOUR, Rehearsal, by_default

WELL: dict[str, dict[str, Any]] = {
    "wave_decision": {"decision": "hire"}, "introduction_claim": {"decision": "new"}, "ownership_ruling": {"decision": "ours"},
    "refusal_review": {"decision": "refused"}, "human_review": {"decision": "stands"}, "probation_decision": {"decision": "passed"},
    "release_others": {"decision": "stay"}, "background_check": {"result": "clear"}}
"""What people of good will answer to the kinds that only a policy asks for."""
WELL_MEANT = "well"
"""In a list of ideas: this time as people of good will do."""
GROUP_PLAN: dict[str, Any] = {"engineer": {"rounds": [
    {"name": "group interview", "kit": "group", "panel": ["pool engineering", "hiring manager"], "minutes": 90, "group": {"capacity": 6}}]}}
IN_A_GROUP: dict[str, Any] = {"modes": {"stage_plans": GROUP_PLAN}}
"""A policy whose only round is taken by six candidates together."""
LOOP_PLAN: dict[str, Any] = {"engineer": {"decides": "hiring_manager", "rounds": [{
    "name": "technical", "kit": "profession", "panel": ["hiring manager"], "minutes": 60, "days": 1, "loop": [
        {"name": "lead", "kit": "design", "panel": ["recruiter"], "minutes": 45},
        {"name": "people", "kit": "culture", "panel": ["hr"], "minutes": 30}]}]}}
IN_A_LOOP: dict[str, Any] = {"modes": {"stage_plans": LOOP_PLAN}}
"""A policy whose only round is three interviews booked together."""
ENDS = ("met", "waived", "transferred", "lapsed", "cancelled")


def well(spec: AskSpec, now: datetime) -> tuple[timedelta, dict[str, Any]]:
    """What a person of good will answers, also to the kinds that only a policy asks for."""
    said = WELL.get(spec.kind)
    delay, usual = by_default(spec, now) or (timedelta(hours=2), {"done": "yes"})
    return delay, said or usual


def under(rehearsal: Rehearsal, modes: dict[str, Any]) -> Rehearsal:
    """The same hire under a policy that differs in these switches (duties, settling, deciding, approving)."""
    written = rehearsal.directory.policy.model_dump(mode="json") | modes
    directory = rehearsal.directory
    directory.policy = Policy.model_validate(written)
    ids = {name: getattr(rehearsal.state, name) for name in ("hire_id", "person_id", "requisition_id", "client_id")}
    rehearsal.state = first_state(
        ids, origin=rehearsal.state.origin, requisition=directory.requisition, client=directory.client, policy=directory.policy)
    return rehearsal


def hire(policy: str = "agency-cn", *, origin: str = "applied", modes: dict[str, Any] | None = None, **ideas: Any) -> Rehearsal:
    """A hire whose people answer well within two hours, but for `ideas`: kind -> answer, (delay, answer), None (never), or a list
    of these, one for each time that the kind is asked."""
    rehearsal = under(paper_hire(policy, origin=origin), modes or {})
    asked: Counter[str] = Counter()

    def answers(spec: AskSpec, now: datetime) -> tuple[timedelta, dict[str, Any]] | None:
        if spec.kind not in ideas:
            return by_default(spec, now)
        idea = ideas[spec.kind]
        if isinstance(idea, list):
            asked[spec.kind] += 1
            idea = idea[min(asked[spec.kind], len(idea)) - 1]
        if idea is None or isinstance(idea, tuple):
            return idea
        if idea == WELL_MEANT:
            return by_default(spec, now)
        return 2 * HOUR, idea

    rehearsal.answers = answers
    return rehearsal


def began(policy: str = "agency-cn", verdict: str = "screening.uncertain", **ideas: Any) -> Rehearsal:
    """The same, with screening's first verdict on its way."""
    rehearsal = hire(policy, **ideas)
    rehearsal.tell(verdict)
    return rehearsal


def until_owed(rehearsal: Rehearsal, kind: str) -> Rehearsal:
    """Play until somebody is asked this."""
    for _ in range(500):
        if any(owed.kind == kind and owed.status in ("asked", "open") for owed in rehearsal.state.owed.values()):
            return rehearsal
        assert rehearsal.step(), f"{kind} is never owed; stage {rehearsal.state.stage}"
    raise AssertionError(f"{kind} is never owed")


def until_stage(rehearsal: Rehearsal, stage: str) -> Rehearsal:
    """Play until the hire is in this stage."""
    for _ in range(500):
        if rehearsal.state.stage == stage:
            return rehearsal
        assert rehearsal.step(), f"{stage} is never reached"
    raise AssertionError(f"{stage} is never reached")


def booked(policy: str = "agency-cn", **ideas: Any) -> Rehearsal:
    """A hire whose first appointment stands and has not begun."""
    rehearsal = began(policy, **ideas)
    for _ in range(500):
        if rehearsal.state.interview is not None and rehearsal.state.interview.starts_at is not None:
            return rehearsal
        assert rehearsal.step(), "nothing is ever booked"
    raise AssertionError("nothing is ever booked")


def facts(rehearsal: Rehearsal, name: str) -> list[Any]:
    """The bodies of all messages of this wire name."""
    return [sent.body for sent in rehearsal.log if sent.body.TYPE == "baton." + name]


def asked(rehearsal: Rehearsal, kind: str) -> list[AskSpec]:
    """All questions of this kind, in order."""
    return [sent.body.spec for sent in rehearsal.log if isinstance(sent.body, AskCommand) and sent.body.spec.kind == kind]


def told(rehearsal: Rehearsal, template: str) -> list[Any]:
    """All messages of this template, in order."""
    return [sent.body.message for sent in rehearsal.log if isinstance(sent.body, Tell) and sent.body.message.template == template]


def check(rehearsal: Rehearsal) -> None:
    """What holds for every hire at every moment."""
    state = rehearsal.state
    assert held(state)
    assert len(state.model_dump_json()) <= 16_384 and len(str(dump(state))) <= 16_384
    opened = Counter(body.obligation_id for body in facts(rehearsal, "obligation.opened"))
    ended = Counter(body.obligation_id for how in ENDS for body in facts(rehearsal, "obligation." + how))
    twice = [one for one, n in (opened + ended).items() if max(opened[one], ended[one]) > 1]
    kinds = {body.kind for body in facts(rehearsal, "obligation.opened") if body.obligation_id in twice}
    assert not twice, f"each obligation is opened once and ends once: {kinds} {[opened[one] for one in twice]}"
    assert set(ended) <= set(opened)
    in_being = {owed.id for owed in state.owed.values() if owed.status == "open"}
    assert set(opened) == set(ended) | in_being, "opened = ended + open"
    occasions = Counter((sent.body.message.party.person_id or sent.body.message.party.role, sent.body.message.purpose, sent.body.message.occasion)
                        for sent in rehearsal.log if hasattr(sent.body, "message"))
    assert max(occasions.values(), default=1) == 1, f"said twice: {[one for one, n in occasions.items() if n > 1]}"
    ids = Counter(sent.event_id for sent in rehearsal.log if sent.event_id)
    assert max(ids.values(), default=1) == 1, "a command's id is used once"
    nobody = [spec for spec in asked(rehearsal, "machine_step") if spec.params.get("reason") == "nobody_held"]
    assert not nobody, f"a gap in the table: {[turn[:2] for turn in rehearsal.turns[-4:]]}"
    assert len(facts(rehearsal, "hire.closed")) == int(state.closed)
