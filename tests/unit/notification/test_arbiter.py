"""The arbiter's rules: the first answer wins whatever the order, a closed ask stays closed, guards tell untrue from not known yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.notification import domain
from services.notification.domain import Truth, Verdict

NOW = datetime(2026, 9, 28, 2, tzinfo=UTC)
HE, ZHANG, STRANGER = UUID(int=1), UUID(int=2), UUID(int=3)


def row(**more: object) -> dict[str, object]:
    return {"state": "open", "version": 1, "may_answer": [HE, ZHANG], "answered_by": None, "undo_until": None, **more}


class Arbiter:
    """The row as the use cases change it: the oracle's subject."""

    def __init__(self) -> None:
        self.row = row()
        self.wins: list[UUID] = []

    def answer(self, person: UUID, version: int) -> Verdict:
        judged = domain.judge(self.row, person, version)
        if judged is Verdict.WINS:
            self.row |= {"state": "answered", "answered_by": person, "undo_until": domain.undo_until(NOW, 600)}
            self.wins.append(person)
        return judged

    def close(self) -> None:
        if self.row["state"] == "open":
            self.row["state"] = "closed"

    def undo(self, person: UUID, at: datetime) -> None:
        if domain.may_retract(self.row, person, at):
            self.row |= {"state": "open", "answered_by": None, "undo_until": None}
            self.wins.pop()

    def supersede(self) -> None:
        if self.row["state"] == "open":
            self.row["version"] = int(str(self.row["version"])) + 1


acts = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.sampled_from([HE, ZHANG, STRANGER]), st.integers(1, 3)),
        st.tuples(st.just("close")),
        st.tuples(st.just("supersede")),
        st.tuples(st.just("undo"), st.sampled_from([HE, ZHANG, STRANGER]), st.integers(0, 1200)),
    ),
    max_size=12,
)


@given(acts)
def test_at_most_one_answer_stands_and_a_closed_ask_has_none(sequence: list[tuple]) -> None:
    arbiter = Arbiter()
    for verb, *rest in sequence:
        if verb == "answer":
            before = dict(arbiter.row)
            judged = arbiter.answer(*rest)
            assert (judged is Verdict.WINS) == (
                before["state"] == "open" and rest[0] != STRANGER and rest[1] == before["version"]
            )
        elif verb == "undo":
            arbiter.undo(rest[0], NOW + timedelta(seconds=rest[1]))
        else:
            getattr(arbiter, verb)()
        assert len(arbiter.wins) == (arbiter.row["state"] == "answered")
        assert STRANGER not in arbiter.wins


def test_who_comes_second_is_told_whether_it_was_themselves() -> None:
    answered = row(state="answered", answered_by=HE)
    assert domain.judge(answered, HE, 1) is Verdict.MINE_ALREADY
    assert domain.judge(answered, ZHANG, 1) is Verdict.OTHERS_ALREADY
    assert domain.judge(answered, STRANGER, 1) is Verdict.FOREIGN
    assert domain.judge(row(state="closed"), HE, 1) is Verdict.LATE


def test_undo_is_for_who_answered_and_ends_sharply() -> None:
    until = domain.undo_until(NOW, 600)
    answered = row(state="answered", answered_by=HE, undo_until=until)
    assert domain.may_retract(answered, HE, NOW + timedelta(seconds=599))
    assert not domain.may_retract(answered, HE, NOW + timedelta(seconds=600))
    assert not domain.may_retract(answered, ZHANG, NOW)
    assert domain.undo_until(NOW, 0) is None


def test_guards_tell_untrue_from_not_known_yet() -> None:
    assert domain.ask_open(None) is Truth.NOT_YET
    assert domain.ask_open({"state": "answered"}) is Truth.UNTRUE
    assert domain.version_is({"version": 1, "state": "scheduled"}, 2) is Truth.NOT_YET
    assert domain.version_is({"version": 2, "state": "scheduled"}, 2) is Truth.HOLDS
    assert domain.version_is({"version": 3, "state": "scheduled"}, 2) is Truth.UNTRUE
    assert domain.version_is({"version": 2, "state": "cancelled"}, 2) is Truth.UNTRUE
    assert domain.hire_in({"state": "screening"}, ["interviewing"]) is Truth.NOT_YET
    assert domain.hire_in({"state": "closed"}, ["interviewing"]) is Truth.UNTRUE
    assert domain.hire_in({"state": "interviewing"}, ["interviewing", "deciding"]) is Truth.HOLDS
    assert domain.not_erased({"state": "erased"}) is Truth.UNTRUE
