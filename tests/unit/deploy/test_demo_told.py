"""The story's days are told from facts alone: with the facts a sentence, without them nothing - and nothing is a violation of the demo."""

from __future__ import annotations

from typing import Any

from deploy.demo.first_page import with_first_page
from deploy.demo.ledger import Fact, Ledger
from deploy.demo.result import Result, sides
from deploy.demo.session import MORNING
from deploy.demo.told import (
    DAYS,
    Told,
    days,
    evening,
    gateway,
    group_interview,
    offer_stands,
    provisional,
    replaced,
    replacement,
    reserve,
    same_group,
    second_version,
    summer_time,
    thrown_in,
    told_second,
    unlawful_need,
    weekend,
)


def fact(type_: str, time: str, **body: Any) -> Fact:
    return Fact(type_, "", f"{time}+08:00", 1, "test", body)


def told(*facts: Fact) -> Told:
    names = ("shao-yifan", "gu-siqi", "song-zhiyuan", "lu-wenqing", "lin-yue")
    return Told(Ledger([*(fact("application.received", "2026-09-03T09:00:00", hire_id=name, externalref=f"urn:x#{name}") for name in names), *facts]))


def duty(kind: str, who: str, time: str, role: str = "recruiter", **more: Any) -> Fact:
    return fact("obligation.opened", time, hire_id=who, kind=kind, obligation_id=kind + time, owed_by={"role": role, "person_id": role},
                due_at=f"{time}+08:00", **more)


def test_need_when_unlawful_then_clause_wording_and_hours_until_both_signed():
    finding = {"code": "sex", "clause": "男性优先 → 写清工作内容和强度 / describe the work", "refused": True}
    need = [fact("requisition.recorded", "2026-09-02T08:30:11", requisition_id="r", code="R-121", findings=[finding]),
            fact("requisition.registered", "2026-09-02T08:30:11", requisition_id="r", unlawful=["sex"]),
            fact("requisition.confirmed", "2026-09-02T12:48:07", requisition_id="r"), fact("requisition.opened", "2026-09-02T17:18:07", requisition_id="r")]
    line = unlawful_need(told(*need))
    assert "“男性优先”" in line and "写清工作内容和强度" in line and "4.3 h later" in line and "17:18" in line
    assert unlawful_need(told(*need[:2])) == "", "never signed"


def test_same_group_when_anything_left_the_house_then_it_is_not_told():
    refused = fact("intake.command_refused", "2026-09-04T14:33:07", hire_id="shao-yifan", reason="same_group")
    why = "baton.intake.disclose was refused: same_group"
    known = told(refused)
    assert same_group(known) == "", "whynot must say so too"
    known.whynot = why
    assert "Fri 4 Sep 14:33" in same_group(known) and why in same_group(known)
    assert same_group(told(refused, fact("disclosure.made", "2026-09-04T14:40:00", hire_id="shao-yifan"))) == ""


def test_offer_when_taken_back_after_delivery_then_two_look_and_it_stands():
    sent = fact("offer.sent", "2026-09-28T10:03:07", hire_id="song-zhiyuan")
    looks = [duty("offer_withdrawal_review", "song-zhiyuan", "2026-09-30T10:05:11", role) for role in ("legal_owner", "client_manager")]
    yes = fact("offer.accepted", "2026-10-09T19:42:07", hire_id="song-zhiyuan")
    assert "client manager and legal owner look, the offer stands, accepted Fri 9 Oct 19:42" in offer_stands(told(sent, *looks, yes))
    assert offer_stands(told(sent, *looks)) == offer_stands(told(sent, looks[0], yes)) == ""


def test_second_version_when_approved_then_who_was_asked_and_what_differs():
    away = fact("person.recorded", "2026-09-30T10:05:11", person_id="zhang-lan", delegate_id="department_head",
                absences=[{"starts_at": "2026-10-08T00:00:00+08:00", "ends_at": "2026-10-17T00:00:00+08:00"}])
    changed = fact("offer.changed", "2026-10-09T14:33:07", hire_id="gu-siqi", version=2, changed=["base_salary"])
    asked = [duty("approve_offer", "gu-siqi", "2026-10-09T14:33:07", "department_head"), duty("approve_offer", "gu-siqi", "2026-10-09T17:18:07", "finance")]
    approved = fact("offer.approved", "2026-10-09T17:18:07", hire_id="gu-siqi", version=2)
    line = second_version(told(away, changed, *asked, approved))
    assert "version 2 differs in base_salary: asked department head, finance (by delegate)" in line
    assert second_version(told(changed, *asked)) == ""


def test_clocks_when_munich_leaves_summer_time_then_the_wall_there_stays_and_the_one_here_moves():
    tom = fact("person.recorded", "2026-09-02T08:00:00", person_id="tom", zone="Europe/Berlin")

    def guard(due: str) -> Fact:
        return fact("obligation.opened", "2026-10-20T15:48:00", kind="silence_guard", owed_by={"person_id": "tom", "role": "recruiter"},
                    opened_at="2026-10-20T15:48:00+08:00", due_at=due)

    line = summer_time(told(tom, guard("2026-10-27T16:48:00+08:00")))
    assert "silence guard at 09:48 there before and after, 15:48 and then 16:48 here" in line
    assert summer_time(told(tom, guard("2026-10-27T15:48:00+08:00"))) == "", "an hour too early there"


def test_weekend_when_somebody_at_work_is_reminded_on_a_free_day_then_it_is_not_told():
    card = fact("obligation.opened", "2026-09-11T10:00:00", kind="scorecard", due_at="2026-09-14T12:00:00+08:00")

    def nag(time: str, role: str = "interviewer") -> Fact:
        return fact("message.sent", time, purpose="remind", party={"role": role})

    worked = [nag("2026-09-14T09:00:00"), nag("2026-09-20T09:00:00"), nag("2026-09-12T10:00:00", "candidate")]
    assert weekend(told(card, *worked)).startswith("1 scorecards of a Friday were due on Monday; 0 of 2 reminders")
    assert weekend(told(card, *worked, nag("2026-09-13T09:00:00"))) == ""


def test_seat_when_reneged_then_minutes_until_the_reserve_was_called():
    gone = fact("hire.reneged", "2026-11-16T09:20:11", hire_id="gu-siqi")
    call = duty("call", "gu-siqi", "2026-11-16T09:20:11")
    met = fact("obligation.met", "2026-11-16T09:48:11", hire_id="gu-siqi", kind="call", obligation_id=call.body["obligation_id"])
    waits = fact("hire.closed", "2026-09-24T09:00:00", hire_id="lin-yue", outcome="reserve")
    assert "(lin-yue) called 28 min later" in reserve(told(gone, call, met, waits))
    assert reserve(told(gone, call)) == ""


def test_replacement_and_provisional_dues_are_counted_from_facts():
    left = fact("hire.left", "2026-12-25T09:00:00", hire_id="lu-wenqing", day=40)
    decided = fact("obligation.met", "2026-12-25T14:33:07", hire_id="lu-wenqing", kind="replacement_decision", obligation_id="d")
    new = duty("replacement_shortlist", "lu-wenqing", "2027-01-11T14:33:07", provisional=True)
    held = fact("fee.held", "2026-12-25T10:05:11", hire_id="lu-wenqing", instalment=2, of=2, share=40)
    assert "day 40" in replacement(told(left, decided, new, held)) and "2 of 2 (40 %) held" in replacement(told(left, decided, new, held))
    assert replacement(told(left, decided, new)) == replacement(told(left, decided, held)) == ""
    assert provisional(told(new)).startswith("the list of holidays of 2027 is not out: 1 dues") and provisional(told()) == ""


def test_days_when_nothing_happened_then_every_line_is_empty_but_its_proof_is_not():
    found = days(Ledger())
    assert len(found) == len(DAYS) and all(day.proof.startswith("baton") for day in found)
    assert not any(day.line for day in found)


def test_sides_when_duties_ended_then_by_who_owed_them():
    ended = [fact(f"obligation.{how}", "2026-09-09T12:00:00", obligation_id=str(n), owed_by={"role": role}, late=late)
             for n, (how, role, late) in enumerate([("met", "recruiter", False), ("met", "interviewer", True), ("lapsed", "candidate", False), ("cancelled", "candidate", False)])]
    found = sides(Ledger(ended))
    assert (found["our side"]["met"], found["the clients'"]["late"], found["candidates'"]["lapsed"], found["candidates'"]["due"]) == (1, 1, 1, 1)


def test_first_page_when_the_cast_played_then_the_morning_stands_before_the_report():
    result = Result(Ledger(), {}, [], days=days(Ledger()))
    page = with_first_page("<body><main><h1>end</h1></main></body>", (MORNING, "<h1>08:00</h1>"), result)
    assert "周敏的早晨：2026年9月11日 09:00" in page and "说了两遍的话" in page
    assert page.index("08:00") < page.index("五个零") < page.index("Wed 2 Sep") < page.index("<h1>end</h1>")
    assert with_first_page("<main></main>", (MORNING, ""), Result(Ledger(), {}, [])) == "<main></main>"


def door(**more: int) -> dict[str, int]:
    return {"sent": 9, "accepted": 6, "waiting": 1, "duplicate": 2, "parked": 1, "opened": 4, **more}


def test_records_when_the_sum_is_wrong_or_nothing_came_of_them_then_it_is_not_told():
    joined = fact("duplicate.suspected", "2026-09-03T12:00:00", hire_id="lin-yue")
    known = told(joined)
    known.outside = door()
    assert thrown_in(known).startswith("9 sent = 6 accepted (1 of them waiting) + 2 duplicate + 1 parked; 5 hires began")
    for wrong in (door(sent=10), door(waiting=0), door(accepted=7, sent=10)):
        known.outside = wrong
        assert thrown_in(known) == ""
    assert thrown_in(told(joined)) == "", "nobody counted"


def test_gateway_when_a_get_answered_anything_then_it_is_not_told():
    still = told(fact("ask.answered", "2026-09-09T09:48:07", kind="client_verdict"))
    still.outside = door()
    assert "4 GETs, 0 answers" in gateway(still)
    answered = told(fact("ask.answered", "2026-09-09T08:03:11", kind="client_verdict"))
    answered.outside = door()
    assert gateway(answered) == ""


def test_second_answer_when_she_came_a_minute_later_at_most_then_whose_stands():
    people = [fact("person.recorded", "2026-09-02T08:00:00", person_id=who, roles=[role]) for who, role in (("zhang", "hr_head"), ("he", "hiring_manager"))]
    first = [fact("ask.answered", "2026-09-07T09:48:07", kind="client_verdict", ask_id=n, answer={"by": "he"}) for n in "ab"]
    second = [fact("ask.answered_second", at, kind="client_verdict", ask_id=n, by="zhang", first_by="he")
              for n, at in (("a", "2026-09-07T09:48:47"), ("b", "2026-09-07T14:33:07"))]
    assert told_second(told(*people, *first, *second)) == "张岚 answers 1 of them 40 s later and is told that 何立 was first"
    assert told_second(told(*people, *first, second[1])) == "" and told_second(told(*first, *second)) == "", "nobody knows who they are"


def test_friday_evening_when_a_card_is_due_on_monday_and_a_word_leaves_the_same_day():
    ended = fact("interview.scheduled", "2026-09-07T12:18:07", hire_id="lin-yue", ends_at="2026-09-11T17:30:00+08:00")
    card = fact("obligation.opened", "2026-09-11T17:30:00", hire_id="lin-yue", kind="scorecard", due_at="2026-09-14T12:00:00+08:00")
    word = fact("message.sent", "2026-09-11T20:30:00", hire_id="lin-yue", template="interim", party={"role": "candidate"})
    assert evening(told(ended, card, word)) == (
        "an interview ended at 17:30: scorecard due Mon 14 Sep 12:00; at 20:30 the candidate knew when the next word comes")
    assert evening(told(ended, card)) == "" and evening(told(ended, word)) == ""


def session(hires: list[str], day: str, id: str = "s") -> list[Fact]:
    return [fact("interview.scheduled", "2026-09-07T12:18:07", hire_id=hire, starts_at=f"{day}T09:30:00+08:00", session={"session_id": id, "capacity": 6})
            for hire in hires]


def test_group_interview_when_one_chair_or_one_verdict_is_missing_then_it_is_not_told():
    names = [f"c{n}" for n in range(6)]
    verdicts = [fact("ask.answered", f"2026-10-13T09:30:{2 * n:02d}", kind="session_verdict", hire_id=hire, answer={"by": "he"}) for n, hire in enumerate(names[1:])]
    absent = fact("interview.no_show", "2026-10-10T09:48:07", hire_id="c0", party="candidate")
    received = fact("application.received", "2026-09-03T09:00:00", hire_id="late", externalref="urn:x#shen-anning")
    late = fact("ask.answered_late", "2026-10-10T11:18:07", kind="choose_slot", hire_id="late")
    seated = Fact("interview.scheduled", "", "2026-10-10T12:18:07+08:00", 1, "test", {
        "hire_id": "late", "starts_at": "2026-10-13T09:30:00+08:00", "session": {"session_id": "t", "capacity": 6}})
    whole = [*session(names, "2026-10-10"), *verdicts, absent, received, late, seated]
    line = group_interview(told(*whole))
    assert "6 of 6 chairs taken, 1 did not come, 5 decided on one page (Tue 13 Oct 09:30)" in line and "seated Tue 13 Oct 09:30" in line
    for missing in (whole[0], verdicts[0], absent, late, seated):
        assert group_interview(told(*(one for one in whole if one is not missing))) == ""
    apart = [*session(names[:3], "2026-10-10"), *session(names[3:], "2026-10-10", "u"), *whole[6:]]
    assert group_interview(told(*apart)) == "", "two sessions"


def test_chairs_when_several_hires_tell_of_one_session_then_it_is_one_chair():
    gone = fact("person.recorded", "2026-09-02T08:00:00", person_id="li")
    same = [fact("interviewer.replaced", "2026-09-10T11:33:11", hire_id=hire, interview_id=hire, session={"session_id": "s"}, out_id="li", version=2) for hire in "abc"]
    assert replaced(told(gone, *same)).startswith("1 chair taken by somebody else at 11:33")
    other_day = fact("interviewer.replaced", "2026-09-30T10:05:11", hire_id="a", interview_id="a", session={"session_id": "s"}, out_id="z", version=3)
    assert replaced(told(gone, other_day)) == ""
