"""Each Ask kind and each tell renders in both languages on every surface, with the same times and names, and keeps its secrets."""

from __future__ import annotations

import re

import pytest

from services.notification import asks, tells
from services.notification.asks.sample import sample_scene
from services.notification.look import ask_page, mail, render
from services.notification.look.form import read
from shared.policy.kinds import is_kind as policy_knows

LINKS = mail.Links("https://go.example/a/7Kq2", "https://go.example/me/7Kq2", "https://go.example/home/7Kq2")
BOTH = pytest.mark.parametrize("lang", ["zh", "en"])
KINDS = pytest.mark.parametrize("kind", asks.KINDS.values(), ids=lambda kind: kind.kind)
TELLS = pytest.mark.parametrize("tell", tells.TELLS.values(), ids=lambda tell: tell.name)
HIRING = re.compile(r"面试|应聘|职位|录用|招聘|简历|offer|interview|job|hiring|hire|candidate|recruit|application", re.IGNORECASE)
TIME = re.compile(r"\d\d:\d\d")


@BOTH
@KINDS
def test_page_mail_and_text_say_the_same_times_and_names(kind: asks.AskKind, lang: str) -> None:
    scene = sample_scene(kind.kind, kind.audience, lang, "Europe/Berlin" if lang == "en" else "Asia/Shanghai")
    page = render.page_html(ask_page.ask_page(kind, scene, "/me/x", {"once": "x"}))
    made = mail.ask_mail(kind, scene, LINKS)
    html, text = render.mail_html(made), render.mail_text(made)
    for shown in (html, text):
        assert set(TIME.findall(made.heading + " ".join(made.lead))) <= set(TIME.findall(page))
        assert kind.heading(scene) in shown
    assert scene.by() in page and scene.by() in text
    for option in (kind.form(scene).first_choice() or kind.form(scene).fields[0]).options[:5]:
        if made.choices or made.escape:
            assert option.label in text and option.label in page
    assert "{" not in text.replace("{{", "") and "undefined" not in page.lower()


@BOTH
@KINDS
def test_what_reaches_a_candidate_unasked_holds_no_client_role_or_word_of_hiring(kind: asks.AskKind, lang: str) -> None:
    scene = sample_scene(kind.kind, kind.audience, lang)
    subject, short = kind.subject(scene), kind.sms(scene, "go.example/7Kq2")
    assert "\n" not in subject and "\r" not in subject and len(subject) <= 120
    assert len(short) <= (70 if lang == "zh" else 160) and short.endswith("go.example/7Kq2")
    if kind.audience in ("candidate", "hire"):
        for said in (subject, short):
            assert scene.client not in said and scene.role not in said and not HIRING.search(said), said


@BOTH
@KINDS
def test_a_blind_kind_never_names_the_client(kind: asks.AskKind, lang: str) -> None:
    if not kind.blind:
        assert kind.kind != "interest"
        return
    scene = sample_scene(kind.kind, kind.audience, lang)
    made = mail.ask_mail(kind, scene, LINKS)
    for shown in (render.page_html(ask_page.ask_page(kind, scene, "/me/x", {})), render.mail_html(made), render.mail_text(made)):
        assert scene.client not in shown


@KINDS
def test_codes_are_the_same_in_both_languages_and_words_are_sealed(kind: asks.AskKind) -> None:
    forms = [kind.form(sample_scene(kind.kind, kind.audience, lang)) for lang in ("zh", "en")]
    shapes = [[(one.name, one.kind, one.sealed, tuple(o.value for o in one.options)) for one in form.fields] for form in forms]
    assert shapes[0] == shapes[1]
    for one in forms[0].fields:
        assert one.sealed or one.kind not in ("text",), f"{one.name} is free text and must be sealed"
        assert one.label


@KINDS
def test_nothing_is_preselected_and_an_empty_answer_is_refused(kind: asks.AskKind) -> None:
    scene = sample_scene(kind.kind, kind.audience, "zh")
    page = ask_page.ask_page(kind, scene, "/me/x", {})
    assert not page.values and "checked" not in render.page_html(page)
    required = {one.name for one in kind.form(scene).fields if one.required}
    assert set(read(kind.form(scene), {}, "zh").errors) == required and required


@KINDS
def test_every_kind_is_one_that_a_policy_may_define(kind: asks.AskKind) -> None:
    assert kind.kind in ("add_candidate", "withdraw_me") or policy_knows(kind.kind)


@BOTH
@TELLS
def test_tells_render_and_keep_discretion(tell: tells.TellKind, lang: str) -> None:
    scene = sample_scene(tell.name, tell.audience, lang)
    made = mail.tell_mail(tell, scene, LINKS)
    assert tell.subject(scene) and made.heading in render.mail_html(made)
    text = render.mail_text(made)
    assert "{" not in text
    if tell.audience in ("candidate", "hire"):
        said = tell.subject(scene)
        assert scene.client not in said and scene.role not in said and not HIRING.search(said), said


def test_an_unknown_kind_or_tell_is_refused() -> None:
    with pytest.raises(asks.UnknownAskKindError):
        asks.kind_of("pick_a_card")
    with pytest.raises(tells.UnknownTellError):
        tells.tell_of("spam")


def test_a_department_gets_its_own_words() -> None:
    kind = asks.kind_of("prepare_desk")
    assert "工位" in kind.subject(sample_scene(kind.kind, "staff", "zh"))
