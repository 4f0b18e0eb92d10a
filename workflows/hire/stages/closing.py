"""Closed: the result is told with dignity, what the end itself opens is done, then the hire is over."""

from __future__ import annotations

from workflows.hire.state import Owed
from workflows.hire.table import STAGES, answered, lapsed, when
from workflows.hire.turn import RESULTS, Turn

WORDS: dict[str, str] = {
    "rejected": "rejection", "refused": "rejection", "reserve": "reserve", "filled": "filled", "closed_by_client": "filled",
    "withdrawn": "withdrawn", "declined": "offer_declined", "lapsed": "offer_lapsed", "reneged": "withdrawn", "not_started": "withdrawn",
}
"""Outcome -> what the candidate hears."""


def decided(turn: Turn, owed: Owed, decision: str) -> None:
    """A person decided: publish it, without the words."""
    assert owed.answer is not None
    turn.emit("decision.made", decision=decision, stage=turn.state.stage, by=owed.answer.by,
              reason=owed.answer.clear.get("reason_code"))


def reason_questioned(turn: Turn, owed: Owed) -> bool:
    """A no for a reason that law forbids counts for nothing: our client manager talks first, then it is asked again."""
    assert owed.answer is not None
    if owed.answer.clear.get("unlawful") != "yes" or not turn.wants("unlawful_reason"):
        return False
    turn.owe("unlawful_reason", params={"of": owed.kind, "of_role": owed.role, "of_params": owed.params})
    return True


@answered("unlawful_reason")
def _asked_lawfully(turn: Turn, owed: Owed) -> None:
    if turn.state.outcome is None:
        turn.owe(owed.params["of"], role=owed.params["of_role"], params={**owed.params["of_params"], "again": True})


def close(turn: Turn, outcome: str, reason: str | None, *, told: bool = True) -> None:
    """The story ends with this outcome; stays in stage `closed` until everybody knows who has to."""
    state = turn.state
    if state.outcome is not None:
        return
    before, appointments = state.stage, [one for one in (state.interview, *state.others) if one is not None]
    state.outcome, state.leaving, state.paused_at, state.closed_from = outcome, None, None, before
    personal = told and outcome in ("rejected", "refused") and state.held_interviews > 0
    promised = [owed for owed in state.of_kind("word_after_interview") if personal and owed.status == "open"]
    for owed in promised:
        state.owed.pop(str(owed.id))
    turn.go("closed", how=outcome)
    turn.cancel(reason=outcome)
    state.steps = []
    state.owed.update({str(owed.id): owed for owed in promised})
    for interview in appointments if before == "interviewing" else ():
        if interview.ends_at is not None and turn.at < interview.ends_at:
            turn.command("scheduling.cancel", interview_id=str(interview.id), reason=outcome)
        elif interview.starts_at is None:
            turn.command("scheduling.release", interview_id=str(interview.id))
    if told and outcome in WORDS:
        params = {"reason": reason} if reason else {}
        if personal:
            turn.owe("rejection_words", params={**params, "after": before})
        else:
            turn.tell_and_wait(WORDS[outcome], "candidate", purpose="result", params=params)


def word_given(turn: Turn) -> None:
    """The result itself is the word owed after the interview."""
    for owed in turn.state.of_kind("word_after_interview"):
        turn.end(owed, "met", reason="result_told")
        if owed.status == "open":
            turn.close_ask(owed, "elsewhere")


def renege(turn: Turn, reason: str | None) -> None:
    """Accepted, then stepped back: the seat goes to the reserve at once, by telephone."""
    turn.emit("hire.reneged", reason=reason)
    close(turn, "reneged", reason)


def after(turn: Turn) -> None:
    """At the end of every turn: the hire is over when nothing is owed and no reply is waited for."""
    state = turn.state
    if state.stage != "closed" or state.closed:
        return
    if state.outcome in ("reneged", "not_started") and not state.reserve_called:
        state.reserve_called = True
        turn.call("recruiter", "reserve", outcome=state.outcome)
    if not state.owed and not state.steps:
        state.closed = True
        turn.emit("hire.closed", outcome=state.outcome, stage=_last_stage(turn), tags=state.tags)


def _last_stage(turn: Turn) -> str:
    """The stage in which the story ended: the latest one entered before `closed`."""
    return next((stage for stage in reversed(STAGES[:-1]) if turn.state.visits.get(stage)), "screening")


@when("message.delivered", "closed")
def _told(turn: Turn) -> None:
    """Until the result is with the candidate, the word owed after the interview stays owed: the interim word keeps the promise."""
    if turn.fact.get("purpose") in RESULTS:
        turn.state.result_told = True
        word_given(turn)


@when("message.failed", "closed")
def _not_reached(turn: Turn) -> None:
    """The result reached nobody: a person tells it."""
    if turn.fact.get("purpose") in RESULTS:
        turn.call("recruiter", "result_not_reached")
        word_given(turn)


@when("message.bounced", "closed")
def _bounced(turn: Turn) -> None:
    if not turn.fact.get("next_channel"):
        _not_reached(turn)


@answered("rejection_words")
def _words(turn: Turn, owed: Owed) -> None:
    """The recruiter's own sentence goes to the candidate in the next decent hour."""
    turn.tell_and_wait("rejection", "candidate", purpose="result", params={"words_of": str(owed.ask_id), **owed.params})


@lapsed("rejection_words")
def _plain_words(turn: Turn, owed: Owed) -> None:
    """The plain text is already on its way (the silence's own act)."""
