"""A requirement on its way to a search: questions, signatures of both sides, the plan, our own pool first, changes, openings.

| kind | field | codes or type | kept |
|---|---|---|---|
| requirement_questions | done | yes | clear |
| requirement_questions | background, duties, talent, timeline, budget | text | sealed |
| requirement_confirmation | decision | sign, change; of our side also unlawful | clear |
| requirement_confirmation | part, unlawful | which part, and what kind of clause, needed when unlawful | clear |
| requirement_confirmation | clause, instead | text: the words, and how to say it lawfully | sealed |
| plan_confirmation | decision | agree, change | clear |
| pool_search | decision | contact, none_fit | clear |
| first_shortlist | done | yes | clear |
| opening_due | decision | on_course, give_up | clear |
| change_decision | decision | apply, refuse | clear |
| plan_review | decision | go_on, close | clear |
| all of them | words | text | sealed |
"""

from collections.abc import Callable
from dataclasses import replace

from services.notification.asks import tags
from services.notification.asks.base import AskKind, choice, duty, form, note, one_of
from services.notification.asks.plan import plan_facts
from services.notification.look.form import Field, Form
from services.notification.look.scene import Scene
from services.notification.wording import T

PARTS = {
    "background": T("职位背景", "Background"),
    "duties": T("岗位职责", "Duties"),
    "talent": T("人才要求", "What the person brings"),
    "timeline": T("招聘周期", "Timeline"),
    "budget": T("预算", "Budget"),
}
UNLAWFUL = {
    "sex": T("性别", "sex"),
    "family": T("婚育", "family"),
    "health": T("乙肝等健康状况", "health"),
    "origin": T("户籍、籍贯", "origin"),
    "religion": T("宗教", "religion"),
    "age": T("年龄", "age"),
    "other": T("其他", "something else"),
}
STAGES = {
    "screening": T("筛选", "Screening"),
    "submission": T("推荐", "With the client"),
    "interviewing": T("面试", "Interviews"),
    "deciding": T("决定", "Deciding"),
    "offering": T("offer", "Offers"),
    "joining": T("入职准备", "Joining"),
    "settling": T("试用期", "Settling in"),
    "duties": T("未完成的事", "Open duties"),
}
_OTHER = T("其他", "Other")
_WORDS = T("说明（可不填）", "Remarks (optional)")


def _names(scene: Scene, param: str, words: dict[str, T]) -> str:
    codes = [code for code in scene.params.get(param, "").split(",") if code]
    return ("、" if scene.lang == "zh" else ", ").join(scene.fill(words.get(code, T(code, code))) for code in codes)


def statement(scene: Scene) -> tuple[tuple[str, str], ...]:
    """The requirement as it stands, part by part; what is signed, and by which fingerprint."""
    rows = [(scene.fill(PARTS[part]), text) for part, text in scene.need if part in PARTS and text]
    mark = scene.params.get("text_hash", "")[:12]
    return (*rows, *(((scene.fill(T("文本指纹", "Fingerprint of the text")), mark),) if mark else ()))


def gaps(scene: Scene) -> tuple[tuple[str, str], ...]:
    """What is missing and what may not be said."""
    rows = [(T("还缺", "Missing"), _names(scene, "missing", PARTS))]
    for _, clause, refused in scene.clauses:
        rows.append((T("法律不允许写", "The law does not allow") if refused else T("建议换一种写法", "Better said otherwise"), clause))
    if not scene.clauses:
        rows.append((T("法律不允许写", "The law does not allow"), _names(scene, "unlawful", UNLAWFUL)))
    return tuple((scene.fill(label), value) for label, value in rows if value)


def counts(scene: Scene) -> tuple[tuple[str, str], ...]:
    """How many are where: what a report tells, and what a change would touch."""
    found = [(name.removeprefix("n_"), value) for name, value in sorted(scene.params.items()) if name.startswith("n_")]
    return tuple((scene.fill(STAGES.get(stage, _OTHER)), value) for stage, value in found)


def matches(scene: Scene) -> tuple[tuple[str, str], ...]:
    """Who of our pool fits, and why."""
    why = [value for name, value in sorted(scene.params.items()) if name.startswith("why_")]
    label = T("人才库第 {n} 位", "From our pool, {n}")
    return tuple((label.at(scene.lang).format(n=n), tags.words(scene, reasons)) for n, reasons in enumerate(why, start=1))


def _questions(scene: Scene) -> Form:
    missing = scene.params.get("missing", "").split(",")
    needed = [*missing, *(part for part, _, refused in scene.clauses if refused)]
    asked = [part for part in PARTS if part in needed] or list(PARTS)
    fields = [note(scene, part, PARTS[part], required=part in needed) for part in asked]
    made = duty(submit=T("写好了", "Written"))(scene)
    return Form((*made.fields, *fields), made.submit, made.small)


def two(yes: tuple[str, T], no: tuple[str, T], label: T) -> Callable[[Scene], Form]:
    """A decision between two ways, with words to it."""
    return one_of("decision", label, ((*yes, None), (*no, None)), words=lambda scene: note(scene, "words", _WORDS))


_DECISION = T("你的决定", "Your decision")
_SIGN = (("sign", T("确认并签署", "Sign"), None), ("change", T("要改", "Something must change"), None))
_UNLAWFUL = (
    "unlawful",
    T("有一处法律不允许写", "A clause is unlawful"),
    T("写明哪一处；客户改好之前，需求不打开", "Say which; the requirement stays shut until the client has said it otherwise"),
)
_IF_UNLAWFUL = ("decision", "unlawful")


def _confirmation(scene: Scene) -> Form:
    """Both sides sign or want a change; our side also says which clause the law does not allow, where the lint did not see it."""
    if scene.params.get("side") != "client_manager":
        return form(scene, choice(scene, "decision", _DECISION, _SIGN), note(scene, "words", _WORDS))
    parts = tuple((part, label, None) for part, label in PARTS.items())
    kinds = tuple((code, label, None) for code, label in UNLAWFUL.items())
    return form(
        scene,
        choice(scene, "decision", _DECISION, (*_SIGN, _UNLAWFUL)),
        _if_unlawful(choice(scene, "part", T("哪一部分？（只在不合法时选）", "Which part? (only for an unlawful clause)"), parts, required=False)),
        _if_unlawful(choice(scene, "unlawful", T("关于什么？", "About what?"), kinds, required=False)),
        note(scene, "clause", T("那一处的原话", "The words as they stand"), needed_if=_IF_UNLAWFUL, folded=T("不合法的那一处", "The unlawful clause"), limit=140),
        note(scene, "instead", T("合法的写法（可不填）", "How to say it lawfully (optional)"), folded=T("换一种写法", "Said otherwise"), limit=140),
        note(scene, "words", _WORDS),
    )


def _if_unlawful(field: Field) -> Field:
    return replace(field, needed_if=_IF_UNLAWFUL)


_LEAD = T("转给你的主管。", "It becomes your lead’s turn.")

KINDS = (
    AskKind(
        kind="requirement_questions",
        audience="client",
        act=T("需求还缺几处", "The requirement has gaps"),
        topic=T("{code}", "{code}"),
        title=T("{role}：开始前还有几个问题", "{role}: a few questions before we begin"),
        lead=(T("写清楚了才能开始找人。法律不允许的写法，我们换一种说法。", "The search begins when it is clear and lawful."),),
        form=_questions,
        done=T("收到，我们更新需求", "Received; the requirement is updated"),
        facts=gaps,
        silence=T("需求先不打开，客户经理会打电话。", "The requirement stays shut, and your client manager calls."),
    ),
    AskKind(
        kind="requirement_confirmation",
        audience="client",
        act=T("请签需求确认书", "Sign the requirement"),
        topic=T("{code}", "{code}"),
        title=T("请确认：{role}", "Please confirm: {role}"),
        lead=(T("需求 {code}。双方签的是同一份文本。", "Requirement {code}. Both sides sign the very same text."),),
        form=_confirmation,
        done=T("收到你的答复", "Your answer is in"),
        notes=(T("发来", "sent"), T("开始找人", "begins the search")),
        on_behalf="with_evidence",
        facts=statement,
        silence=T(
            "没有确认，我们只在人才库里找，客户经理会打电话给你。",
            "Without it we only search our pool, and your client manager calls you.",
        ),
    ),
    AskKind(
        kind="plan_confirmation",
        audience="client",
        act=T("请确认招聘计划", "Confirm the plan"),
        topic=T("{code}", "{code}"),
        title=T("{role}：招聘计划", "{role}: the plan"),
        lead=(T("渠道、时间节点、面试流程。", "Channels, milestones, rounds."),),
        form=two(("agree", T("同意", "Agreed")), ("change", T("要改", "Something must change")), _DECISION),
        done=T("收到你的答复", "Your answer is in"),
        facts=lambda scene: (*plan_facts(scene), *statement(scene)),
        silence=T("客户经理会打电话。", "Your client manager calls."),
    ),
    AskKind(
        kind="pool_search",
        audience="staff",
        act=T("先看人才库", "Our own pool first"),
        topic=T("{code}", "{code}"),
        title=T("{role}：先看我们自己的人才库", "{role}: look into our own pool first"),
        lead=(T("对外找人之前，先看认识的人。理由写在旁边。", "Before the search outside: people we know, with reasons."),),
        form=two(
            ("contact", T("会联系合适的", "I will contact who fits")), ("none_fit", T("没有合适的", "Nobody fits")), _DECISION
        ),
        done=T("记下了，对外找人开始", "Noted; the search outside begins"),
        facts=matches,
        silence=_LEAD,
    ),
    AskKind(
        kind="first_shortlist",
        audience="staff",
        act=T("第一批候选人", "The first candidates"),
        topic=T("{code}", "{code}"),
        title=T("{role}：第一批候选人给{client}", "{role}: the first candidates for {client}"),
        lead=(T("推荐出第一位就算完成，不用在这里点。", "Done by itself with the first one that {client} sees."),),
        form=duty(lambda s: note(s, "words", _WORDS), submit=T("已经给了", "They have them")),
        silence=T("转给你的主管，并告诉客户新的日期。", "It becomes your lead’s turn; the client is told the new date."),
    ),
    AskKind(
        kind="opening_due",
        audience="staff",
        act=T("名额快到期了", "An opening is near its date"),
        topic=T("{code}", "{code}"),
        title=T("{role}：这个名额能按时招到吗？", "{role}: will this opening be filled in time?"),
        lead=(T("{client}。不能按时就早点说。", "{client}. If not, say so early."),),
        form=two(("on_course", T("能，继续", "Yes, going on")), ("give_up", T("这个名额放弃", "Give this opening up")), _DECISION),
        silence=_LEAD,
    ),
    AskKind(
        kind="change_decision",
        audience="staff",
        act=T("客户要改需求", "The requirement is to change"),
        topic=T("{code}", "{code}"),
        title=T("{role}：改需求之前，先看影响", "{role}: see what the change touches first"),
        lead=(T("没有人点“改”，什么都不动；改了要重新签。", "Nothing moves before a yes; then it is signed again."),),
        form=two(("apply", T("改，送双方签", "Change it, both sides sign")), ("refuse", T("不改", "Leave it")), _DECISION),
        done=T("收到你的决定", "Your decision is in"),
        facts=lambda scene: (*gaps(scene), *counts(scene)),
        silence=_LEAD,
    ),
    AskKind(
        kind="plan_review",
        audience="staff",
        act=T("请看看计划", "Please look at the plan"),
        topic=T("{client}", "{client}"),
        title=T("{client}：接下来怎么走", "{client}: how to go on"),
        lead=(T("停着、招满了、或有人不满意：想清楚下一步。", "Paused, filled, or somebody is not content: decide what is next."),),
        form=two(("go_on", T("继续", "Go on")), ("close", T("关闭", "Close it")), _DECISION),
        silence=T("转给总监。", "It becomes the director’s turn."),
    ),
)
