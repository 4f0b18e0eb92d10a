"""A round that several candidates take together: each has an appointment of their own, the panel one for the whole session.

Which duties are gathered on one page for all seated is said here as data; everything else of the round is the story of any interview.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from workflows.hire.state import Interview
from workflows.hire.turn import Turn

TOGETHER = {"attendance": "session_attendance", "round_verdict": "session_verdict"}
"""Duty about one candidate -> the one that stands beside the others' on one page."""
TO_PANEL = {"invitation": "session_panel", "moved": "session_panel"}
"""What the panel is told instead: about the session, naming nobody."""


def kind_of(interview: Interview | None, kind: str) -> str:
    """The kind of duty, for this appointment."""
    return TOGETHER[kind] if interview is not None and interview.session else kind


def join(interview: Interview, session: dict[str, Any] | None) -> None:
    """The appointment is a chair of this session, or (None) the candidate's alone."""
    interview.session = dict(session) if session else None


def ref_of(interview: Interview) -> tuple[str, int]:
    """The session's id and version; empty and 0 for an appointment that is the candidate's alone."""
    return (str(interview.session["session_id"]), int(interview.session["version"])) if interview.session else ("", 0)


def tell_panel(turn: Turn, interview: Interview, template: str) -> None:
    """Each of the panel hears of the session once in each of its versions, whichever of the seated hires tells it first."""
    if template in TO_PANEL:
        session, version = ref_of(interview)
        guard = {"guard": "interview_is", "interview_id": session, "version": version}
        for member in interview.panel:
            _tell(turn, interview, member, TO_PANEL[template], purpose="invitation", guards=[guard])


def left(turn: Turn, interview: Interview, session: dict[str, Any] | None) -> None:
    """The chair was left; where it was the last one, the panel hears that the session is off."""
    if session and not session.get("stands", True):
        join(interview, session)
        for member in interview.panel:
            excuse(turn, interview, member)


def excuse(turn: Turn, interview: Interview, member: UUID) -> None:
    """This one of the panel need not come any more."""
    _tell(turn, interview, member, "session_off_panel", purpose="cancelled")


def _tell(turn: Turn, interview: Interview, member: UUID, template: str, **more: Any) -> None:
    session, version = ref_of(interview)
    turn.tell(
        template, "interviewer", person=member, occasion=f"{session}/{version}", shared=True, refs=[("interview", session, version)],
        params={"interview_id": session, "round": turn.state.round}, **more)
