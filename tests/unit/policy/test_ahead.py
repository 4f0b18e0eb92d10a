"""Why not yet: the first condition with its value now, from the hire's own rules."""

from deploy.rehearse.ahead import conditions
from workflows.hire.printer import paper_hire


def _until(kind: str):
    hire = paper_hire("agency-cn")
    hire.tell("screening.uncertain")
    for _ in range(200):
        if any(owed.kind == kind and owed.status == "open" for owed in hire.state.owed.values()):
            return hire
        assert hire.step()
    raise AssertionError(kind)


def test_a_letter_when_the_client_has_not_answered_then_that_is_the_first_condition():
    hire = _until("client_verdict")
    found = conditions(hire.state, hire.directory, hire.now, "offer_answer")
    assert found[0].what == "client_verdict is answered"
    assert "open, owed by client_contact until 2026" in found[0].now
    asked = [one.what.split(" ")[0] for one in found[1:]]
    assert "hire_decision" in asked and asked.index("choose_slot") < asked.index("hire_decision")


def test_a_question_when_it_is_open_then_nothing_holds_it_back():
    hire = _until("client_verdict")
    assert conditions(hire.state, hire.directory, hire.now, "client_verdict") == []


def test_something_when_no_good_story_leads_to_it_then_it_says_never():
    hire = _until("hire_decision")
    found = conditions(hire.state, hire.directory, hire.now, "rejection_words")
    assert found[0].what == "hire_decision is answered" and found[-1].now.startswith("never")


def test_a_hire_when_paused_or_closed_then_that_comes_first():
    hire = _until("client_verdict")
    paused = hire.state.model_copy(update={"paused_at": hire.now})
    assert "paused since" in conditions(paused, hire.directory, hire.now, "offer_answer")[0].now
    closed = hire.state.model_copy(update={"closed": True, "outcome": "filled"})
    assert conditions(closed, hire.directory, hire.now, "offer_answer")[0].now == "it ended as filled"
