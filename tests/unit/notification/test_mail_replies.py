"""What people write back, in both languages and from the mail programs they use: what is new in it, and what is clear."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from services.notification import asks
from services.notification.asks.sample import sample_scene
from services.notification.look.form import Form
from services.notification.mailbox.judging import by_row, judge
from services.notification.mailbox.reading import new_words, read_mail


def _form(kind: str, lang: str = "zh") -> Form:
    entry = asks.kind_of(kind)
    return entry.form(replace(sample_scene(kind, entry.audience, lang), reading=False))


QUOTED = [
    ("好的\n\n在 2026年12月2日，启衡人才 <baton@qiheng.example> 写道：\n> 1) 12月3日\n> 2) 12月4日", "好的"),
    ('2\n\n------------------ 原始邮件 ------------------\n发件人: "启衡" <baton@qiheng.example>\n1) 12月3日', "2"),
    ("2\n\nOn Wed, 2 Dec 2026 at 09:31, Northgate Talent <baton@qiheng.example> wrote:\n> 1) Thu", "2"),
    ("Yes, please\n\nOn Wed, 2 Dec 2026 at 09:31 Northgate Talent\n<baton@qiheng.example> wrote:\n> 1) Thu", "Yes, please"),
    ("可以\n\n发件人：启衡人才 <baton@qiheng.example>\n发送时间：2026年12月2日\n主题：请选时间", "可以"),
    ("Yes\n\n-----Original Message-----\nFrom: Northgate\n1) Thu", "Yes"),
    ("1\n--\n林悦 13800138000", "1"),
    ("没问题\n\n发自我的iPhone", "没问题"),
    ("> 1) 12月3日\n> 2) 12月4日\n2", "2"),
    ("------------------ 原始邮件 ------------------\n同意", ""),
]


@pytest.mark.parametrize(("text", "said"), QUOTED)
def test_only_what_is_new_is_read(text: str, said: str) -> None:
    assert new_words(text) == said
    assert new_words(text.replace("\n", "\r\n")) == said


SLOTS = ("00000000-0000-5000-8000-000000000000", "00000000-0000-5000-8000-000000000001", "00000000-0000-5000-8000-000000000002")


@pytest.mark.parametrize(
    ("kind", "lang", "words", "clear"),
    [
        ("choose_slot", "zh", "1", {"slot": SLOTS[0]}),
        ("choose_slot", "zh", "你好，\n选 2\n谢谢！", {"slot": SLOTS[1]}),
        ("choose_slot", "zh", "选 2，谢谢！", {"slot": SLOTS[1]}),
        ("choose_slot", "zh", "第３个", {"slot": SLOTS[2]}),
        ("choose_slot", "zh", "12月3日 16:30 可以", {"slot": SLOTS[1]}),
        ("choose_slot", "zh", "周五 10:00", {"slot": SLOTS[2]}),
        ("choose_slot", "en", "Hi Zhou Min,\n\nOption 2\n\nBest regards,\nJonas", {"slot": SLOTS[1]}),
        ("choose_slot", "en", "Fri 10:00 works", {"slot": SLOTS[2]}),
        ("choose_slot", "zh", "都不合适\n周末全天都可以", {"slot": "none"}),
        ("choose_slot", "zh", "5\n下周工作日晚上", {"slot": "none"}),
        ("interest", "zh", "好的", {"decision": "yes"}),
        ("interest", "en", "No, thank you.", {"decision": "no"}),
        ("prepare_desk", "zh", "办好了", {"done": "yes"}),
        ("prepare_desk", "en", "Done!", {"done": "yes"}),
        ("client_verdict", "zh", "安排面试", {"decision": "wanted"}),
    ],
)
def test_what_is_clear_counts(kind: str, lang: str, words: str, clear: dict[str, str]) -> None:
    assert judge(words, _form(kind, lang)).clear == clear


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("choose_slot", ""),
        ("choose_slot", "好的"),
        ("choose_slot", "9"),
        ("choose_slot", "1 或 2"),
        ("choose_slot", "12月3日"),
        ("choose_slot", "14:00 不行，16:30 以后可以"),
        ("choose_slot", "除了 16:30 都可以"),
        ("choose_slot", "都不合适"),
        ("choose_slot", "1 不行"),
        ("choose_slot", "not 14:00"),
        ("choose_slot", "14:00 太早了"),
        ("choose_slot", "10:00 is too early for me"),
        ("choose_slot", "最好是 16:30 以后"),
        ("interest", "好的，不过薪酬是多少？"),
        ("interest", "也许"),
        ("scorecard", "好"),
        ("client_verdict", "好"),
        ("prepare_desk", "还没好"),
        ("prepare_desk", "done tomorrow"),
    ],
)
def test_what_is_not_clear_is_nothing(kind: str, words: str) -> None:
    assert judge(words, _form(kind)).label == ""


def test_words_after_the_choice_go_where_the_form_wants_them() -> None:
    said = judge("都不合适\n工作日 19:00 以后", _form("choose_slot"))
    assert said.sealed == {"when": "工作日 19:00 以后"} and said.label == "这些时间都不合适"


def test_in_a_mail_about_several_each_line_is_about_whom_it_begins_with() -> None:
    names = ["林悦", "苏航", "王若溪"]
    assert by_row("林悦：安排面试\n苏航 这次不合适", names) == {0: "安排面试", 1: "这次不合适"}
    assert by_row("安排面试", names) == {} and by_row("林悦 好\n林悦 不行", names) == {}


def _raw(body: str, **heads: str) -> bytes:
    lines = {
        "From": "Lin <LIN@mail.example>",
        "Subject": "Re: x",
        "Message-ID": "<r1@mail.example>",
        "In-Reply-To": "<m1@qiheng.example>",
        **heads,
    }
    return ("".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items()) + "\r\n" + body).encode()


def test_a_mail_is_read_with_whom_and_what_it_answers() -> None:
    came = read_mail(_raw("2\r\n", References="<m0@qiheng.example> <m1@qiheng.example>"))
    assert (came.sender, came.words, came.about, came.machine) == (
        "lin@mail.example",
        "2",
        ("<m1@qiheng.example>", "<m0@qiheng.example>"),
        False,
    )


@pytest.mark.parametrize(
    "heads",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Subject": "自动回复：我在休假"},
        {"Subject": "Out of office: back Monday"},
        {"X-Autoreply": "yes"},
        {"List-Id": "<all.example>"},
    ],
)
def test_a_machine_answers_nothing(heads: dict[str, str]) -> None:
    assert read_mail(_raw("2", **heads)).machine


def test_html_is_read_without_its_quotes_and_a_refused_origin_is_seen() -> None:
    html = '<div>可以</div><div class="gmail_quote"><div>On Wed wrote:</div><blockquote><p>1) 12月3日</p></blockquote></div>'
    came = read_mail(_raw(html, **{"Content-Type": "text/html; charset=utf-8", "Authentication-Results": "mx; dmarc=fail"}))
    assert came.words == "可以" and came.failed


def test_no_bytes_whatever_make_it_fall() -> None:
    dice = random.Random(7)
    whole = _raw("2\r\n\r\nOn Wed wrote:\r\n> x", **{"Content-Type": "text/plain; charset=klingon"})
    for _ in range(300):
        broken = bytearray(whole)
        for _ in range(dice.randint(1, 30)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        assert isinstance(read_mail(bytes(broken)).words, str)
