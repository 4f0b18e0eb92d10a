"""Templates: nothing the copy guide forbids, word for word as agreed, and an organisation's own words and mark without a fork."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.notification import asks, house_wording, lint, tells
from services.notification.asks.sample import sample_scene
from services.notification.house_wording import WordingError
from services.notification.look import ask_page, mail, render
from services.notification.wording import T
from tests.unit.notification.goldens import FOLDER, all_goldens


def test_the_lint_finds_nothing_in_any_pair() -> None:
    assert [str(one) for one in lint.lint(asks.KINDS.values(), tells.TELLS.values())] == []


@pytest.mark.parametrize(
    ("part", "said", "rule"),
    [
        ("act", T("请在系统里尽快完成这一件对大家都非常重要的事情吧好吗谢谢", "x"), "too_long"),
        ("act", T("面试请选时间", "x"), "indiscreet"),
        ("act", T("拨 13800138000", "x"), "personal_data"),
        ("title", T("{nobody}，你好", "x"), "missing_variable"),
        ("title", T("您好！温馨提示", "x"), "forbidden_wording"),
        ("done", T("好了，他会联系你", "x"), "forbidden_wording"),
        ("title", T("x", "Unfortunately your session has expired"), "forbidden_wording"),
        ("title", T("请看 🎉", "x"), "forbidden_wording"),
    ],
)
def test_the_lint_sees_what_it_is_for(part: str, said: T, rule: str) -> None:
    wrong = replace(asks.kind_of("choose_slot"), **{part: said})
    assert rule in {one.rule for one in lint.lint([wrong], [])}


def test_a_lost_text_twin_and_a_picture_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "mail_text", lambda made: made.heading)
    monkeypatch.setattr(render, "mail_html", lambda made: '<img src="https://spy.example/x.gif">')
    assert {one.rule for one in lint.lint([asks.kind_of("choose_slot")], [])} >= {"missing_twin", "calls_home"}


def test_every_kind_says_what_its_golden_says() -> None:
    made = all_goldens()
    stored = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.txt")}
    how = "python -m tests.unit.notification.goldens, and look at the diff"
    assert made.keys() == stored.keys(), f"{made.keys() ^ stored.keys()}: {how}"
    other = [name for name, text in made.items() if stored[name] != text]
    assert not other, f"{other}: {how}"


OWN = """
asks:
  choose_slot:
    zh:
      act: 挑个时间
      title: "{you}，挑一个你方便的时间"
      lead: ["{round}。", "由{rec}安排。", "有问题直接回复。"]
tells:
  invitation:
    en: {title: "It is fixed", lead: ["See you then."]}
"""
MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 24"><rect x="2" y="2" width="20" height="20" fill="var(--ink)"/></svg>'


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "wording.yaml").write_text(OWN, "utf-8")
    yield tmp_path
    render.wear("")


def test_an_organisation_speaks_and_looks_as_itself(folder: Path) -> None:
    (folder / "mark.svg").write_text(MARK)
    own = house_wording.load(folder, asks.KINDS, tells.TELLS)
    zh, en = (
        ask_page.ask_page(own.asks["choose_slot"], sample_scene("choose_slot", "candidate", lang), "/me/x", {})
        for lang in ("zh", "en")
    )
    assert zh.heading == "林悦，挑一个你方便的时间" and len(zh.lead) == 3 and "周敏" in zh.lead[1]
    shipped = asks.kind_of("choose_slot")
    assert en.heading == shipped.heading(sample_scene("choose_slot", "candidate", "en")) and len(en.lead) == 1
    told = mail.tell_mail(own.tells["invitation"], sample_scene("invitation", "candidate", "en"), lint.LINKS)
    assert told.heading == "It is fixed" and told.lead == ("See you then.",)
    render.wear(own.mark)
    html = render.page_html(zh)
    assert '<rect x="2"' in html and 'aria-hidden="true"' in html and html.count("<svg") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("asks: {pick_a_card: {zh: {act: x}}}", "pick_a_card"),
        ("asks: {choose_slot: {fr: {act: x}}}", "zh or en"),
        ("asks: {choose_slot: {zh: {form: x}}}", "act, title"),
        ("asks: {choose_slot: {zh: {title: '{salary}'}}}", "missing_variable"),
        ("asks: {choose_slot: {zh: {title: 您好}}}", "forbidden_wording"),
        ("subject: x", "asks"),
        ("asks: [", "no YAML"),
    ],
)
def test_a_wrong_folder_is_refused_with_the_place(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "wording.yaml").write_text(text, "utf-8")
    with pytest.raises(WordingError, match=re.escape(told)):
        house_wording.load(tmp_path, asks.KINDS, tells.TELLS)


@pytest.mark.parametrize(
    "svg",
    [
        '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="https://spy.example/x"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(#a)"/></svg>',
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        "no svg",
    ],
)
def test_a_mark_is_plain_shapes_only(tmp_path: Path, svg: str) -> None:
    (tmp_path / "mark.svg").write_text(svg)
    with pytest.raises(WordingError):
        house_wording.load(tmp_path, asks.KINDS, tells.TELLS)


def test_what_a_person_wrote_for_this_one_comes_first() -> None:
    scene = replace(sample_scene("invitation", "candidate", "zh"), words_told="上次聊到的项目，我带来了资料。")
    made = mail.tell_mail(tells.tell_of("invitation"), scene, lint.LINKS)
    assert made.lead[0] == "上次聊到的项目，我带来了资料。" and len(made.lead) > 1
    plain = mail.tell_mail(tells.tell_of("rejection"), replace(scene, words_told="谢谢你的时间。"), lint.LINKS)
    assert sum("谢谢你的时间。" in line for line in plain.lead) == 1
