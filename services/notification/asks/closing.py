"""From a hiring decision to a letter: closing orally, the client’s letter, our draft, its approval.

| kind | field | codes or type | kept |
|---|---|---|---|
| verbal_close | done | yes | clear |
| verbal_close | note | text | sealed |
| client_offer | done | yes | clear |
| client_offer, draft_offer | start_day | date | clear |
| client_offer, draft_offer | base | money, whole units a month | sealed |
| draft_offer | done | yes | clear |
| client_offer, draft_offer | counter | meet, keep: only where the candidate wished for other terms | clear |
| draft_offer | months | 12, 13, 14, 15, 16 | clear |
| draft_offer | note | text | sealed |
| approve_offer | decision | approve, reject | clear |
| approve_offer | reason | text, needed when reject | sealed |
"""

from services.notification.asks.base import AskKind, Facts, choice, day_field, duty, form, given, note
from services.notification.asks.terms import base_field, counter_facts, offer_facts
from services.notification.look.form import Field, Form
from services.notification.look.scene import Scene
from services.notification.wording import T


def _start(scene: Scene) -> Field:
    return day_field(
        scene,
        "start_day",
        T("到岗日", "Start day"),
        hint=scene.fill(T("工作日；本人离职需要的时间也算进去", "A working day; allow for the notice period")),
    )


_MEET = (
    ("meet", T("改条件", "Change the terms"), T("写在下面；新的一版重新审批，旧链接失效", "Below; the new version is approved again, old links die")),
    ("keep", T("条件不变", "Keep the terms"), T("这份 offer 照旧有效；打电话告诉本人", "The letter stands as it is; somebody calls the candidate")),
)


def _countered(scene: Scene) -> tuple[Field, ...]:
    """What becomes of the candidate's wish; nothing where there is none."""
    return (choice(scene, "counter", T("候选人希望改条件", "The candidate wishes for other terms"), _MEET),) if "counter_of" in scene.params else ()


def _client(scene: Scene) -> Form:
    fields = (*_countered(scene), _start(scene), base_field(scene), note(scene))
    return form(scene, given(scene), *fields, submit=T("已发出书面录用", "The letter is out"))


def _draft_facts(scene: Scene) -> Facts:
    return (*offer_facts(scene), *counter_facts(scene))


def _draft(scene: Scene) -> Form:
    made = duty(
        *((lambda s, one=one: one) for one in _countered(scene)),
        base_field,
        lambda s: choice(
            s,
            "months",
            T("每年几个月薪（可不选）", "Salaries a year (optional)"),
            tuple((str(n), T(f"{n} 个月", f"{n}"), None) for n in range(12, 17)),
            required=False,
        ),
        _start,
        note,
        submit=T("草稿写好，送审批", "Send for approval"),
    )
    return made(scene)


def _approve(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("你的决定", "Your decision"),
            (
                ("approve", T("批准", "Approve"), None),
                ("reject", T("退回", "Send back"), T("写明要改什么", "Say what to change")),
            ),
        ),
        note(scene, "reason", T("理由", "Reason"), needed_if=("decision", "reject")),
        submit=T("发送我的决定", "Send my decision"),
    )


_NEXT = ((T("接下来", "Next"), T("{rec}跟进，{cand}会知道进展", "{rec} follows up, and {cand} is kept informed")),)

KINDS = (
    AskKind(
        kind="verbal_close",
        audience="staff",
        act=T("先口头谈定", "Close it orally first"),
        title=T("和{cand}口头谈定", "Agree orally with {cand}"),
        lead=(
            T(
                "{client}决定录用。薪酬、到岗日、离职要多久，先在电话里谈定，再出书面。",
                "{client} wants to hire. Pay, start day, notice period: agree on the phone before anything is written.",
            ),
        ),
        form=duty(note, submit=T("口头谈定了", "Agreed orally")),
        after=_NEXT,
        silence=T("主管会看到；在谈定之前不出书面。", "Your lead sees it; no letter before that."),
    ),
    AskKind(
        kind="client_offer",
        audience="client",
        act=T("等你们的书面录用", "Your letter is awaited"),
        topic=T("{code}", "{code}"),
        title=T("{cand}在等你们的书面录用", "{cand} waits for your letter"),
        lead=(
            T(
                "{role}。已口头谈定。你们发出后，请在这里记下到岗日。",
                "{role}. Agreed orally. Once it is out, note the start day here.",
            ),
        ),
        form=_client,
        facts=counter_facts,
        done=T("收到，我们会跟进", "Thank you; we follow up"),
        after=_NEXT,
        silence=T(
            "到期客户经理打电话，并如实告诉{cand}还要等。",
            "When due, your client manager calls, and {cand} is told that it takes longer.",
        ),
    ),
    AskKind(
        kind="draft_offer",
        audience="staff",
        act=T("请写 offer", "Draft the offer"),
        title=T("{cand}的 offer 草稿", "Draft the offer for {cand}"),
        lead=(
            T(
                "{role}（{code}）。检查试用期与合同期限、试用期工资不低于 80%、到岗是工作日。",
                "{role} ({code}). Check probation against term, probation pay of at least 80 %, start on a working day.",
            ),
        ),
        form=_draft,
        done=T("草稿已送审批", "The draft is with the approvers"),
        after=_NEXT,
        facts=_draft_facts,
        silence=T("到期转给你的主管。", "When due it becomes your lead’s turn."),
    ),
    AskKind(
        kind="approve_offer",
        audience="staff",
        act=T("请审批 offer", "Approve the offer"),
        title=T("审批：{cand}的 offer", "For approval: the offer to {cand}"),
        lead=(T("{role}（{code}）。", "{role} ({code})."),),
        form=_approve,
        done=T("收到你的决定", "Your decision is in"),
        after=_NEXT,
        facts=offer_facts,
        on_behalf="with_evidence",
        silence=T(
            "不会因沉默而批准；到期请你的代理人，再往上。",
            "Never approved by silence; when due your delegate is asked, then your line.",
        ),
    ),
)
