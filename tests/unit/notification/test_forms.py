"""What a POST means: way out, needed fields, clear and sealed apart; bad input is named, never raised."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.notification import asks
from services.notification.asks import care
from services.notification.asks.sample import sample_scene
from services.notification.look import ask_page, states
from services.notification.look.form import TEXT_LIMIT, read

SLOT = asks.kind_of("choose_slot")
SCENE = sample_scene("choose_slot", "candidate")


def test_the_way_out_asks_when_and_keeps_it_sealed() -> None:
    form = SLOT.form(SCENE)
    assert set(read(form, {"slot": "none"}, "zh").errors) == {"when"}
    filled = read(form, {"slot": "none", "when": "工作日晚上"}, "zh")
    assert filled.clear == {"slot": "none"} and filled.sealed == {"when": "工作日晚上"} and not filled.errors


def test_a_slot_that_is_not_offered_is_refused() -> None:
    assert set(read(SLOT.form(SCENE), {"slot": "00000000-0000-0000-0000-000000000000"}, "en").errors) == {"slot"}


def test_dates_and_money_are_judged() -> None:
    form = asks.kind_of("draft_offer").form(sample_scene("draft_offer", "staff"))
    wrong = read(form, {"done": "yes", "start_day": "morgen", "base": "viel"}, "en")
    assert set(wrong.errors) == {"start_day", "base"}
    right = read(form, {"done": "yes", "start_day": "2027-01-04", "base": "38000", "months": "14"}, "en")
    assert right.clear == {"done": "yes", "start_day": "2027-01-04", "months": "14"} and right.sealed == {"base": "38000"}


def test_a_text_beyond_the_limit_is_refused_kindly() -> None:
    form = asks.kind_of("rejection_words").form(sample_scene("rejection_words", "staff"))
    assert "words" in read(form, {"done": "yes", "words": "长" * (TEXT_LIMIT + 1)}, "zh").errors


@given(st.dictionaries(st.sampled_from(["slot", "when", "needs", "do", "once", "x"]), st.text(max_size=60), max_size=6))
def test_no_input_raises_and_only_known_fields_are_kept(posted: dict[str, str]) -> None:
    filled = read(SLOT.form(SCENE), posted, "zh")
    assert set(filled.clear) <= {"slot"} and set(filled.sealed) <= {"when", "needs"}


def test_a_bundle_names_each_field_by_its_ask() -> None:
    form = asks.kind_of("client_verdict").form(sample_scene("client_verdict", "client")).prefixed("a1")
    filled = read(form, {"a1.decision": "held"}, "zh")
    assert set(filled.errors) == {"a1.reason"}


def test_a_call_carries_the_form_it_serves_without_requiring_it() -> None:
    served = asks.kind_of("interest").form(sample_scene("interest", "candidate"))
    form = care.with_served(asks.kind_of("call").form(sample_scene("call", "staff")), served, "想听听你的想法")
    assert read(form, {"done": "yes"}, "zh").clear == {"done": "yes"}
    assert read(form, {"done": "yes", "serves.decision": "yes"}, "zh").clear == {"done": "yes", "serves.decision": "yes"}


def test_errors_name_what_is_missing_and_keep_what_was_typed() -> None:
    page = states.with_errors(ask_page.ask_page(SLOT, SCENE, "/me/x", {}), {"slot": "none"}, {"when": "还差这一处"})
    assert page.alert == "还差一处：哪些时间方便？" and page.values == {"slot": "none"}


def test_an_unlawful_requirement_is_quoted_with_a_lawful_wording_and_asks_for_that_part_alone() -> None:
    kind = asks.kind_of("requirement_questions")
    quoted = "“男性优先” → 写清工作内容和强度"
    scene = replace(sample_scene("requirement_questions", "client"), params={"unlawful": "sex"},
                    clauses=(("talent", quoted, True), ("talent", "“35 岁以下” → 写年限和能力", False)))
    assert [value for _, value in kind.facts(scene)] == [quoted, "“35 岁以下” → 写年限和能力"]
    form = kind.form(scene)
    assert [field.name for field in form.fields if field.required] == ["done", "talent"] and "budget" not in [field.name for field in form.fields]
    assert set(read(form, {"done": "yes"}, "zh").errors) == {"talent"}


def test_our_side_names_an_unlawful_clause_with_its_words_and_the_client_is_not_asked_to() -> None:
    kind = asks.kind_of("requirement_confirmation")
    ours = kind.form(replace(sample_scene("requirement_confirmation", "client"), params={"side": "client_manager"}))
    theirs = kind.form(replace(sample_scene("requirement_confirmation", "client"), params={"side": "client"}))
    assert [one.value for one in theirs.fields[0].options] == ["sign", "change"] and theirs.field("clause") is None
    assert set(read(ours, {"decision": "unlawful"}, "zh").errors) == {"part", "unlawful", "clause"}
    filled = read(ours, {"decision": "unlawful", "part": "talent", "unlawful": "family", "clause": "最好没有家庭负担", "instead": "每月出差十天"}, "zh")
    assert filled.clear == {"decision": "unlawful", "part": "talent", "unlawful": "family"} and not filled.errors
    assert filled.sealed == {"clause": "最好没有家庭负担", "instead": "每月出差十天"}
    assert read(ours, {"decision": "sign"}, "zh").clear == {"decision": "sign"}


def test_a_counter_offer_is_a_figure_or_a_day_and_the_figure_is_sealed() -> None:
    form = asks.kind_of("offer_answer").form(sample_scene("offer_answer", "candidate"))
    assert set(read(form, {"decision": "counter"}, "zh").errors) == {"wished_base"}
    assert not read(form, {"decision": "counter", "wished_start": "2027-02-01"}, "zh").errors
    filled = read(form, {"decision": "counter", "wished_base": "42000", "wished_start": "2027-02-01", "note": "现在的公司要加薪"}, "zh")
    assert filled.clear == {"decision": "counter", "wished_start": "2027-02-01"} and filled.sealed == {"wished_base": "42000", "note": "现在的公司要加薪"}
    assert set(read(form, {"decision": "question"}, "zh").errors) == {"note"} and not read(form, {"decision": "accept"}, "zh").errors
    row = form.prefixed("a1")
    assert not read(row, {"a1.decision": "counter", "a1.wished_start": "2027-02-01"}, "zh").errors


def test_whoever_owes_the_letter_sees_the_wish_beside_the_terms_and_says_whether_they_change() -> None:
    for kind, audience in (("draft_offer", "staff"), ("client_offer", "client")):
        plain = sample_scene(kind, audience)
        wished = {"counter_of": "x", "wished_base": "42000", "wished_start": "2027-02-01", "wished_words": "现在的公司要加薪"}
        scene = replace(plain, params=wished)
        shown = [value for _, value in asks.kind_of(kind).facts(scene)][-3:]
        assert shown == ["¥38,000 → ¥42,000", "2027年1月4日（周一） → 2027年2月1日（周一）", "现在的公司要加薪"]
        form = asks.kind_of(kind).form(scene)
        assert set(read(form, {"done": "yes"}, "zh").errors) == {"counter"}
        assert asks.kind_of(kind).form(plain).field("counter") is None


def test_the_kickoff_pack_shows_goal_need_dates_milestones_and_what_each_side_is_measured_by() -> None:
    plan = (("opening", "", "2027-01-04T01:00:00+00:00"), ("opening", "", ""), ("channel", "内推", ""), ("channel", "猎聘", ""),
            ("milestone", "第一批名单", "2026-12-09T01:00:00+00:00"), ("start", "", "2027-02-01T01:00:00+00:00"), ("round", "技术", ""), ("round", "终面", ""))
    measures = {"kpi_first_shortlist": "5 wd", "kpi_client_verdict": "1 wd", "kpi_scorecard": "next wd 12:00", "kpi_word_after_interview": "last send window in 24 h"}
    for lang, expected in (("zh", ["海港机器人 · 高级运动控制工程师（R-118）", "带三个人的小组", "2 · 2027年1月4日（周一）", "2027年2月1日（周一）", "内推、猎聘",
                                   "第一批名单 · 12月9日（周三）", "技术 → 终面", "5 个工作日", "24 小时", "1 个工作日", "下一个工作日 12:00 前"]),):
        scene = replace(sample_scene("kickoff", "client", lang), plan=plan, params=measures)
        assert [value for _, value in asks.kind_of("kickoff").facts(scene)] == expected
    english = replace(sample_scene("kickoff", "client", "en"), plan=plan, params=measures)
    assert [value for _, value in asks.kind_of("kickoff").facts(english)][-4:] == ["5 working days", "24 hours", "1 working day", "by 12:00 on the next working day"]
    agreed = asks.kind_of("plan_confirmation").facts(replace(english, params={}))
    assert ("Channels", "内推 and 猎聘") in agreed


def test_tags_are_shown_in_words_with_the_matches_and_on_the_follow_up_where_one_more_can_be_noted() -> None:
    search = replace(sample_scene("pool_search", "staff"), params={"why_0": "skills:servo,interview:strong,note:open_now"})
    assert [value for _, value in asks.kind_of("pool_search").facts(search)] == ["skills:servo · 面试评价很高 · 现在愿意看机会"]
    follow = replace(sample_scene("pool_followup", "staff", "en"), params={"tags": "degree:4,experience:mid,note:leads"})
    assert asks.kind_of("pool_followup").facts(follow) == (("Tags", "Master · Three to seven years · Has led people"),)
    form = asks.kind_of("pool_followup").form(follow)
    assert read(form, {"decision": "later", "tag": "mobile"}, "en").clear == {"decision": "later", "tag": "mobile"}
    assert not read(form, {"decision": "later"}, "en").errors and "tag" in read(form, {"decision": "later", "tag": "invented"}, "en").errors
