"""What is remembered of a person who may be kept in touch with: codes and skills under a pseudonymous id."""

from __future__ import annotations

from typing import Any, Literal

from workflows.subject.state import Subject

Group = Literal["hired", "pending", "not_now"]


class NurtureState(Subject):
    """One person after a hire has ended."""

    kind: Literal["nurture"] = "nurture"  # type: ignore[assignment]
    stage: str = "asking"
    group: Group = "not_now"
    star: bool = False
    busy: list[str] = []
    """Hires that the person is in now: nothing is said from here meanwhile."""
    owner: str | None = None
    """Recruiter of the last hire."""
    profile: dict[str, Any] = {}
    """Skills, years, degree level, languages, as they stood in the last application."""
    tags: list[str] = []
    """Experience, degree, screening, interviews, notes of our recruiter (workflows/tags.py)."""
    talked: int = 0

    @property
    def standing(self) -> bool:
        """While the person is in another process, that hire is what somebody holds."""
        return bool(self.busy)
