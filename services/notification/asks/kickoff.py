"""The kick-off pack (C180): goal, scope, dates, milestones and what each side is measured by, on one signed page for team and client.

| kind | field | codes or type | kept |
|---|---|---|---|
| kickoff | decision | read, change | clear |
| kickoff | words | text, needed when change | sealed |
"""

import re

from services.notification.asks.base import AskKind, choice, form, note
from services.notification.asks.plan import plan_facts
from services.notification.asks.requirement import PARTS
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T

KPIS = {
    "first_shortlist": T("我们：第一批候选人", "We: the first candidates"),
    "client_question": T("我们：回答你们的问题", "We: answers to your questions"),
    "word_after_interview": T("我们：面试之后给候选人答复", "We: word to candidates after an interview"),
    "client_verdict": T("你们：对推荐人选的决定", "You: a verdict on whom we present"),
    "scorecard": T("面试官：面试之后的评分", "Interviewers: scorecards after an interview"),
    "round_verdict": T("你们：每一轮的结论", "You: the result of each round"),
}
"""What each side is measured by, with the term that the policy gives it; the same clocks remind and climb."""
_UNITS = {
    "wd": T("{n} 个工作日", "{n} working days"),
    "wh": T("{n} 个工作小时", "{n} working hours"),
    "h": T("{n} 小时", "{n} hours"),
    "d": T("{n} 天", "{n} days"),
    "min": T("{n} 分钟", "{n} minutes"),
}
_LENGTH = re.compile(r"(\d+) (wd|wh|h|d|min)\b")
_NEXT = re.compile(r"next wd (\d\d:\d\d)")


def term(rule: str, lang: str) -> str:
    """A policy's term in words: `2 wd` is two working days. What has no plain length is shown as the policy writes it."""
    next_day = _NEXT.fullmatch(rule)
    if next_day:
        return T("下一个工作日 {at} 前", "by {at} on the next working day").at(lang).format(at=next_day[1])
    length = _LENGTH.search(rule)
    if length is None:
        return rule
    said = _UNITS[length[2]].at(lang).format(n=length[1])
    return said.removesuffix("s") if lang == "en" and length[1] == "1" else said


def _facts(scene: Scene) -> tuple[tuple[str, str], ...]:
    goal = (scene.fill(T("目标", "Goal")), scene.fill(T("{client} · {role}（{code}）", "{client} · {role} ({code})")))
    need = [(scene.fill(PARTS[part]), text) for part, text in scene.need if part in PARTS and text]
    kpis = [(scene.fill(label), term(scene.params[f"kpi_{kind}"], scene.lang)) for kind, label in KPIS.items() if scene.params.get(f"kpi_{kind}")]
    return (goal, *need, *plan_facts(scene), *kpis)


def _form(scene: Scene) -> Form:
    said = T("你的回应", "Your answer")
    options = (("read", T("看过了，没有问题", "Read; all clear"), None), ("change", T("有一处不对", "Something is not right"), None))
    return form(scene, choice(scene, "decision", said, options), note(scene, "words", T("哪里不对", "What is not right"), needed_if=("decision", "change")))


KINDS = (
    AskKind(
        kind="kickoff",
        audience="client",
        act=T("项目启动", "The kick-off"),
        topic=T("{code}", "{code}"),
        title=T("{role}：目标、范围、时间、各自的标准", "{role}: goal, scope, dates, and what each side is measured by"),
        lead=(
            T(
                "计划已经确认，今天开始。下面是双方说好的，随时可以再打开看。",
                "The plan is agreed and work begins. Below is what both sides agreed on; open it whenever you like.",
            ),
        ),
        form=_form,
        facts=_facts,
        done=T("收到", "Noted"),
        notes=(T("发来", "sent"), T("开始找人", "begins the search")),
        silence=T("不用回应也照常开始。", "Work begins without an answer, too."),
    ),
)
