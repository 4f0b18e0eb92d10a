"""Due instants and ladders as practice.md tells them."""
from datetime import UTC, datetime, timedelta

import pytest

from shared.policy.due import PlanError, due_rung, jittered, next_repeat, offer_expiry, opens_at, plan
from shared.policy.grammar import parse_instant
from shared.policy.loader import load_policy, shipped_policy
from shared.policy.wall import CalendarError


def acts(planned) -> list[list[tuple[str, str | None]]]:
    return [[(act.do, act.role or act.template) for act in rung.acts] for rung in planned.rungs]


def test_the_scorecard_of_friday_evening_is_due_on_monday_noon_without_a_nag_on_the_weekend(agency, cn, at) -> None:
    planned = plan(agency, "scorecard", opened_at=at("2026-09-11 17:30"), calendar=cn, party_class="client")
    assert planned.due_at == at("2026-09-14 12:00")
    assert [rung.at for rung in planned.rungs] == [
        at("2026-09-14 10:15"), at("2026-09-14 12:00"), at("2026-09-14 17:00"), at("2026-09-15 12:00"),
    ]
    assert acts(planned) == [[("remind", "self")], [("remind", "self")], [("call", "client_manager")], [("lapse", None)]]
    assert planned.net
    assert not planned.provisional


def test_the_candidate_knows_the_same_evening_when_the_word_will_come(agency, cn, at) -> None:
    planned = plan(agency, "word_after_interview", opened_at=at("2026-09-11 17:30"), calendar=cn, party_class="staff", reader=cn)
    assert planned.due_at == at("2026-09-11 21:00")
    assert acts(planned)[-1] == [("tell", "interim_word")]
    assert planned.rungs[-1].at < planned.due_at


def test_the_word_is_never_due_later_than_24_hours_where_a_window_is_open_inside_them(agency, cn, at) -> None:
    planned = plan(agency, "word_after_interview", opened_at=at("2026-09-10 17:30"), calendar=cn, party_class="staff")
    assert planned.due_at == at("2026-09-11 17:30")
    saturday = plan(agency, "word_after_interview", opened_at=at("2026-09-12 21:30"), calendar=cn, party_class="staff")
    assert saturday.due_at == at("2026-09-14 21:00")
    late = plan(agency, "word_after_interview", opened_at=at("2026-09-11 20:50"), calendar=cn, party_class="staff")
    assert late.rungs[0].template == "interim_word"


def test_an_offer_delivered_before_national_day_stays_open_until_the_make_up_saturday(agency, cn, at) -> None:
    delivered = at("2026-09-28 10:00")
    expected = at("2026-10-10 20:00")
    assert offer_expiry(agency, delivered_at=delivered, zone="Asia/Shanghai", calendar=cn) == expected
    planned = plan(agency, "offer_answer", opened_at=delivered, calendar=cn, party_class="candidate")
    assert planned.due_at == expected
    assert acts(planned) == [[("tell", "offer_questions")], [("call", "recruiter")], [("lapse", None)]]
    assert planned.rungs[-1].at == expected


def test_an_offer_never_expires_on_the_first_working_day_after_a_holiday(agency, cn, munich, at) -> None:
    assert offer_expiry(agency, delivered_at=at("2026-09-23 10:00"), zone="Asia/Shanghai", calendar=cn) == at("2026-10-09 20:00")
    assert offer_expiry(agency, delivered_at=at("2026-12-16 10:00", "munich"), zone="Europe/Berlin", calendar=munich) == at(
        "2026-12-29 20:00", "munich"
    )


def test_an_offers_term_is_that_of_the_voice_then_of_the_calendar(agency, cn, munich, at) -> None:
    monday = at("2026-11-02 10:00")
    assert offer_expiry(agency, delivered_at=monday, zone="Asia/Shanghai", calendar=cn) == at("2026-11-09 20:00")
    assert offer_expiry(agency, delivered_at=monday, zone="Asia/Shanghai", calendar=cn, voice="campus") == at("2026-11-16 20:00")
    assert offer_expiry(agency, delivered_at=monday, zone="Europe/Berlin", calendar=munich) == at("2026-11-11 20:00", "munich")


def test_a_slot_is_chosen_in_time_for_the_slot(agency, cn, at) -> None:
    def due(opened: str, slot: str):
        return plan(agency, "choose_slot", opened_at=at(opened), calendar=cn, party_class="candidate", anchors={"slot": at(slot)})

    assert due("2026-09-07 10:00", "2026-09-10 10:00").due_at == at("2026-09-08 20:00")
    assert due("2026-09-07 10:00", "2026-09-08 10:00").due_at == at("2026-09-07 15:00")
    too_late = due("2026-09-07 10:00", "2026-09-07 11:00")
    assert too_late.due_at == at("2026-09-07 10:00")
    assert acts(due("2026-09-07 10:00", "2026-09-10 10:00"))[-1] == [("release_slots", None), ("call", "recruiter")]


def test_a_missing_instant_is_named(agency, cn, at) -> None:
    with pytest.raises(PlanError, match="'slot' is needed and was not passed"):
        plan(agency, "choose_slot", opened_at=at("2026-09-07 10:00"), calendar=cn, party_class="candidate")
    with pytest.raises(PlanError, match=r"add obligations\.dance"):
        plan(agency, "dance", opened_at=at("2026-09-07 10:00"), calendar=cn, party_class="staff")
    with pytest.raises(PlanError, match="no tier 'gold'"):
        plan(agency, "first_shortlist", opened_at=at("2026-09-07 10:00"), calendar=cn, party_class="staff", tier="gold")
    with pytest.raises(PlanError, match="opens by a fact"):
        opens_at(agency, "scorecard", anchors={}, calendar=cn)
    with pytest.raises(PlanError, match="'start' is needed"):
        opens_at(agency, "eve_of_start", anchors={}, calendar=cn)
    with pytest.raises(CalendarError, match="aware"):
        plan(agency, "scorecard", opened_at=datetime(2026, 9, 1, 9), calendar=cn, party_class="staff")  # noqa: DTZ001


@pytest.mark.parametrize(("party_class", "climbed"), [
    ("staff", ("climb", "own_line")), ("client", ("call", "client_manager")), ("candidate", ("call", "recruiter")),
    ("new_hire", ("call", "recruiter")), ("referee", ("call", "recruiter")), ("house", ("climb", "operators")),
])
def test_party_class_decides_who_may_be_climbed(agency, cn, at, party_class: str, climbed: tuple[str, str]) -> None:
    planned = plan(agency, "resigned", opened_at=at("2026-09-07 10:00"), calendar=cn, party_class=party_class)
    assert acts(planned)[2] == [climbed]


@pytest.mark.parametrize(("tier", "days"), [("strategic", "2026-09-14 10:00"), ("key", "2026-09-16 10:00"), ("ordinary", "2026-09-20 10:00")])
def test_the_first_shortlist_is_due_by_tier(agency, cn, at, tier: str, days: str) -> None:
    planned = plan(agency, "first_shortlist", opened_at=at("2026-09-07 10:00"), calendar=cn, party_class="staff", tier=tier)
    assert planned.due_at == at(days)


def test_a_contract_overrides_the_term(agency, cn, at) -> None:
    opened = at("2026-09-07 14:00")
    own = plan(agency, "client_verdict", opened_at=opened, calendar=cn, party_class="client", within=parse_instant("10 wd"))
    assert own.due_at == at("2026-09-20 14:00")
    assert own.rule == "10 wd"
    assert plan(agency, "client_verdict", opened_at=opened, calendar=cn, party_class="client").due_at == at("2026-09-09 14:00")


def test_a_clients_silence_ends_on_day_five_with_the_recruiter(agency, cn, at) -> None:
    planned = plan(agency, "client_verdict", opened_at=at("2026-09-07 14:00"), calendar=cn, party_class="client")
    assert planned.rungs[-2].acts[0].role == "client_manager"
    assert planned.rungs[-1].at == at("2026-09-14 14:00")
    assert (planned.rungs[-1].do, planned.rungs[-1].role) == ("transfer", "recruiter")


def test_a_call_is_due_at_the_end_of_a_window_in_which_it_can_be_made(agency, cn, at) -> None:
    opened = at("2026-09-07 14:00")
    assert plan(agency, "call", opened_at=opened, calendar=cn, party_class="staff").due_at == at("2026-09-07 20:30")
    client = plan(agency, "call", opened_at=opened, calendar=cn, party_class="staff", reader=cn, reader_class="client")
    assert client.due_at == at("2026-09-07 18:00")


def test_an_approval_goes_to_the_delegate_before_the_line_and_never_passes_by_silence(agency, cn, at) -> None:
    planned = plan(agency, "approve_offer", opened_at=at("2026-10-09 10:00"), calendar=cn, party_class="staff")
    assert acts(planned)[2:] == [[("climb", "delegate")], [("climb", "own_line")], [("hold", None)]]
    assert planned.due_at == at("2026-10-10 10:00")


@pytest.mark.parametrize(("kind", "opens", "due"), [
    ("eve_of_start", "2026-11-13 16:00", "2026-11-13 20:00"),
    ("started", "2026-11-16 10:30", "2026-11-16 16:00"),
    ("checkin_1", "2026-11-16 17:30", "2026-11-18 17:30"),
    ("checkin_7", "2026-11-23 10:00", "2026-11-25 10:00"),
    ("checkin_30", "2026-12-15 10:00", "2026-12-17 10:00"),
    ("checkin_90", "2027-02-15 10:00", "2027-02-17 10:00"),
    ("client_call_30", "2026-12-15 10:00", "2026-12-18 10:00"),
])
def test_planned_duties_of_a_start_on_16_november(agency, cn, at, kind: str, opens: str, due: str) -> None:
    anchors = {"start": at("2026-11-16 09:00")}
    opened = opens_at(agency, kind, anchors=anchors, calendar=cn)
    assert opened == at(opens)
    planned = plan(agency, kind, opened_at=opened, calendar=cn, party_class="new_hire", anchors=anchors)
    assert planned.due_at == at(due)
    assert planned.provisional is (due >= "2027")


def test_papers_are_due_before_the_start_and_never_before_they_are_asked_for(agency, cn, at) -> None:
    def due(opened: str):
        return plan(agency, "documents", opened_at=at(opened), calendar=cn, party_class="new_hire", anchors={"start": at("2026-11-16 09:00")})

    assert due("2026-10-12 10:00").due_at == at("2026-11-09 09:00")
    assert due("2026-11-13 10:00").due_at == at("2026-11-16 10:00")


def test_planned_by_the_end_of_probation_and_guarantee(agency, cn, at) -> None:
    ends = {"probation_end": at("2026-12-31 18:00"), "guarantee_end": at("2026-11-20 18:00")}
    assert opens_at(agency, "probation_decision", anchors=ends, calendar=cn) == at("2026-12-01 18:00")
    assert opens_at(agency, "guarantee_call", anchors=ends, calendar=cn) == at("2026-11-06 18:00")
    assert opens_at(agency, "attendance", anchors={"slot": at("2026-09-11 16:30")}, calendar=cn) == at("2026-09-11 16:40")


def test_keeping_warm_comes_back_weekly_then_every_fortnight_then_monthly(agency, cn, at) -> None:
    began = at("2026-03-02 10:00")

    def after(last: str):
        return next_repeat(agency, "keep_warm", began_at=began, last_at=at(last), calendar=cn)

    assert after("2026-03-02 10:00") == at("2026-03-09 10:00")
    assert after("2026-04-08 10:00") == at("2026-04-22 10:00")
    assert after("2026-06-03 10:00") == at("2026-07-03 10:00")
    assert next_repeat(agency, "scorecard", began_at=began, last_at=began, calendar=cn) is None


def test_after_a_downtime_only_the_highest_due_rung_fires(agency, cn, at) -> None:
    planned = plan(agency, "scorecard", opened_at=at("2026-09-11 17:30"), calendar=cn, party_class="staff")
    found = due_rung(planned, fired=0, now=at("2026-09-14 23:00"))
    assert found is not None
    assert found.n == 3
    assert due_rung(planned, fired=3, now=at("2026-09-14 23:00")) is None


def test_jitter_moves_reminders_but_no_due_and_no_act(agency, cn, at) -> None:
    planned = plan(agency, "scorecard", opened_at=at("2026-09-11 17:30"), calendar=cn, party_class="staff")
    moved = jittered(planned, key="ask-1", spread=timedelta(minutes=20))
    assert moved == jittered(planned, key="ask-1", spread=timedelta(minutes=20))
    assert moved != jittered(planned, key="ask-2", spread=timedelta(minutes=20))
    assert moved.due_at == planned.due_at
    assert moved.rungs[2:] == planned.rungs[2:]
    assert all(timedelta() <= new.at - old.at <= timedelta(minutes=20) for new, old in zip(moved.rungs, planned.rungs, strict=True))


def test_munichs_terms_keep_the_wall_over_the_end_of_summer_time(agency, munich, at) -> None:
    planned = plan(agency, "client_verdict", opened_at=at("2026-10-23 15:00", "munich"), calendar=munich, party_class="client")
    assert planned.due_at == at("2026-10-27 15:00", "munich") == datetime(2026, 10, 27, 14, tzinfo=UTC)


def test_in_house_the_departments_own_line_is_climbed_and_hr_takes_over(cn, at) -> None:
    house = shipped_policy("inhouse-cn")
    planned = plan(house, "client_verdict", opened_at=at("2026-09-07 14:00"), calendar=cn, party_class="staff")
    assert acts(planned)[2] == [("climb", "own_line")]
    assert acts(planned)[3][0] == ("transfer", "hr")


def test_an_agreed_instant_replaces_the_term_and_the_ladder_follows(agency, cn, at) -> None:
    planned = plan(
        agency, "scorecard", opened_at=at("2026-09-11 17:30"), calendar=cn, party_class="staff", due_at=at("2026-09-15 10:00")
    )
    assert planned.due_at == at("2026-09-15 10:00")
    assert planned.rule == "agreed"
    assert [rung.at for rung in planned.rungs[1:]] == [at("2026-09-15 10:00"), at("2026-09-15 15:00"), at("2026-09-16 10:00")]


def test_nobody_is_reminded_in_the_moment_of_the_question(agency, cn, at) -> None:
    planned = plan(
        agency, "documents", opened_at=at("2026-11-09 10:00"), calendar=cn, party_class="new_hire",
        anchors={"start": at("2026-11-16 09:00")}, due_at=at("2026-11-01 10:00"),
    )
    assert planned.due_at == planned.opened_at
    assert acts(planned)[0] == [("call", "recruiter")]


def test_an_executive_hears_no_machine(agency, cn, at) -> None:
    word = plan(agency, "word_after_interview", opened_at=at("2026-09-11 17:30"), calendar=cn, party_class="staff", voice="executive")
    assert acts(word) == [[("remind", "self")], [("call", "consultant")]]
    asked = plan(agency, "standing", opened_at=at("2026-09-11 10:30"), calendar=cn, party_class="candidate", voice="executive")
    assert acts(asked) == [[("call", "recruiter")], [("hold", None)]]


def test_nothing_stands_behind_an_end_and_no_reminder_beside_an_act(cn, at) -> None:
    policy = load_policy(
        "policy: mine\ncalendar: CN\nzone: Asia/Shanghai\njurisdiction: CN\n"
        "obligations:\n  scorecard: {ladder: standard, silence: {at: due, do: [tell(noted), lapse]}}\n"
    )
    planned = plan(policy, "scorecard", opened_at=at("2026-09-11 17:30"), calendar=cn, party_class="staff")
    assert acts(planned) == [[("remind", "self")], [("tell", "noted"), ("lapse", None)]]
    assert planned.rungs[-1].at == planned.due_at


SILENCES = {
    "lead": "call review_application screen_out first_shortlist client_question candidate_report verbal_close draft_offer check_cleared_word "
            "counter_offer_talk worry client_call_30 guarantee_call data_defect release_report release_draft",
    "director": "complaint_answer human_review unlawful_reason replacement_decision replacement_shortlist fee_claim right_request",
    "interviewer": "confirm_panel", "hr": "probation_decision", "hr_head": "wave_decision", "recruiter": "client_verdict",
    "operators": "machine_step",
}


@pytest.mark.parametrize(("role", "kind"), [(role, kind) for role, kinds in SILENCES.items() for kind in kinds.split()])
def test_whose_turn_it_is_after_silence(agency, role: str, kind: str) -> None:
    said = [(act.do, act.role) for step in agency.obligation(kind).silence for act in step.do]
    assert ("transfer", role) in said


@pytest.mark.parametrize(("kind", "verbs"), [
    ("interest", ["call", "lapse"]), ("represent_consent", ["call", "lapse"]), ("introduction_claim", ["lapse"]), ("ownership_ruling", ["lapse"]),
    ("choose_slot", ["release_slots", "call"]), ("attendance", ["lapse"]), ("scorecard", ["lapse"]), ("round_verdict", ["hold"]),
    ("hire_decision", ["hold"]), ("word_after_interview", ["tell"]), ("silence_guard", ["tell"]), ("rejection_words", ["tell"]),
    ("approve_offer", ["hold"]), ("offer_answer", ["lapse"]), ("offer_revive", ["tell", "lapse"]), ("late_acceptance", ["call", "hold"]),
    ("offer_withdrawal_review", ["lapse"]), ("eve_of_start", ["call"]), ("started", ["call"]), ("checkin_30", ["call", "lapse"]),
    ("pool_consent", ["lapse"]), ("pause_word", ["tell"]), ("agreement", ["tell", "hold"]),
])
def test_what_silence_means(agency, kind: str, verbs: list[str]) -> None:
    assert [act.do for step in agency.obligation(kind).silence for act in step.do] == verbs
