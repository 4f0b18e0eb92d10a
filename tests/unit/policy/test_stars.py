"""Stars (C107, practice.md 2.11): priority shortens the recruiter's prompts; it never adds a message to the candidate."""

from datetime import timedelta

import pytest

from shared.policy.due import Planned, plan
from shared.policy.loader import PolicyError, load_policy

KINDS = ("review_application", "draft_offer", "candidate_report", "debrief", "scorecard", "represent_consent", "offer_answer", "choose_slot",
         "client_verdict", "word_after_interview", "silence_guard", "hire_decision")
CANDIDATES = ("represent_consent", "offer_answer", "choose_slot")


def _planned(agency, cn, at, kind: str, party: str, hurry: float) -> Planned:  # noqa: ANN001
    anchors = {"slot": at("2026-09-18 10:00"), "offer_expiry": at("2026-09-16 20:00")}
    return plan(agency, kind, opened_at=at("2026-09-08 09:30"), calendar=cn, party_class=party, anchors=anchors, reader=cn, hurry=hurry)


def test_our_own_side_is_prompted_once_more_before_the_due_and_its_line_hears_sooner(agency, cn, at) -> None:
    plain, star = (_planned(agency, cn, at, "candidate_report", "staff", factor) for factor in (1.0, 0.5))
    assert star.due_at == plain.due_at
    said = [[(act.do, act.role) for act in rung.acts] for rung in star.rungs]
    assert said == [[("remind", "self")], [("remind", "self")], [("remind", "self")], [("climb", "own_line")], [("transfer", "lead")]]
    assert len(star.rungs) == len(plain.rungs) + 1 and star.rungs[0].at < plain.rungs[0].at == star.rungs[1].at
    climbed = [next(rung.at for rung in one.rungs if rung.do == "climb") for one in (star, plain)]
    assert climbed[0] < climbed[1] and star.rungs[-1].at == plain.rungs[-1].at, "what silence does, it does no sooner"


@pytest.mark.parametrize("party", ["candidate", "new_hire", "client", "vendor", "referee"])
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_else_is_prompted_otherwise(agency, cn, at, kind: str, party: str) -> None:
    assert _planned(agency, cn, at, kind, party, 0.25) == _planned(agency, cn, at, kind, party, 1.0)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in CANDIDATES])
def test_what_our_own_duties_tell_others_stays_word_for_word_and_at_its_instant(agency, cn, at, kind: str) -> None:
    def others(planned: Planned) -> list[tuple[object, str]]:
        return [(rung.at, str(act)) for rung in planned.rungs for act in rung.acts if act.do not in ("remind", "climb")]

    plain, star = (_planned(agency, cn, at, kind, "staff", factor) for factor in (1.0, 0.5))
    assert others(plain) == others(star) and star.due_at == plain.due_at
    assert all(one.at >= star.opened_at for one in star.rungs) and [one.at for one in star.rungs] == sorted(one.at for one in star.rungs)


def test_the_factor_is_policy_and_has_bounds() -> None:
    head = "policy: own\ncalendar: CN\nzone: Asia/Shanghai\njurisdiction: CN\n"
    assert load_policy(head).stars == 0.5 and load_policy(head + "stars: 0.25\n").stars == 0.25
    for wrong in ("0", "2", "often"):
        with pytest.raises(PolicyError):
            load_policy(head + f"stars: {wrong}\n")


def test_no_reminder_comes_in_the_moment_of_asking(agency, cn, at) -> None:
    star = _planned(agency, cn, at, "call", "staff", 0.1)
    assert star.rungs[0].at - star.opened_at > timedelta(minutes=5)
