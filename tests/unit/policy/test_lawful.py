"""Clauses that a requirement may not hold, by jurisdiction; what is about the work passes."""

from __future__ import annotations

import pytest

from shared.policy.lawful import clauses, reasons


@pytest.mark.parametrize(("text", "code"), [
    ("男性优先，五年以上经验", "sex"), ("male preferred", "sex"), ("已婚已育优先", "family"), ("体检含乙肝五项", "health"), ("限本地户籍", "origin"),
    ("无宗教信仰", "religion")])
def test_a_clause_about_the_person_is_refused_everywhere(text: str, code: str) -> None:
    for jurisdiction in ("CN", "DE-BY", "US"):
        found = clauses(text, jurisdiction)
        assert [one.code for one in found if one.refused] == [code] and found[0].instead


def test_an_age_limit_is_warned_of_in_china_and_refused_abroad() -> None:
    assert [one.refused for one in clauses("35 岁以下", "CN")] == [False]
    assert [one.refused for one in clauses("35 岁以下", "DE-BY")] == [True]


@pytest.mark.parametrize("text", ["五年以上伺服控制经验，英语流利", "Ten years of motion control, travels 20 percent", "团队 35 人", ""])
def test_what_is_about_the_work_passes(text: str) -> None:
    assert clauses(text, "CN") == [] and clauses(text, "US") == []


@pytest.mark.parametrize(("text", "code"), [
    ("她刚结婚，怕要生孩子", "family"), ("不想要女生，要加班", "sex"), ("外地人，住得远", "origin"), ("She just married and wants kids", "family"),
    ("We prefer a man for this", "sex"), ("男性优先", "sex")])
def test_a_reason_about_the_person_is_refused_as_it_is_spoken(text: str, code: str) -> None:
    assert [one.code for one in reasons(text, "CN") if one.refused] == [code]


def test_too_old_is_warned_of_in_china_and_refused_abroad() -> None:
    assert [one.refused for one in reasons("年龄偏大", "CN")] == [False] and [one.refused for one in reasons("too old for us", "US")] == [True]


@pytest.mark.parametrize("text", ["经验不够，没有带过团队", "薪酬差距大", "Too junior; no servo experience", "她的英语不够流利", "时间对不上：要到三月才能到岗", "与职位要求相符。"])
def test_a_reason_about_the_work_passes(text: str) -> None:
    assert reasons(text, "CN") == [] and reasons(text, "DE-BY") == []
