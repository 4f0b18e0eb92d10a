"""client_verdict: a client’s decision on a submitted candidate; several stand side by side on one page.

| kind | field | codes or type | kept |
|---|---|---|---|
| client_verdict | decision | wanted, held, refused | clear |
| client_verdict | reason_code | skills, experience, pay, location, timing, known, other | clear |
| client_verdict | reason | text: reason or question, needed when held | sealed |
| client_verdict | known_since | date: already known to them since | clear |
"""

from services.notification.asks.base import AskKind, choice, day_field, form, note
from services.notification.asks.review import REASONS
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T

_KNOWN = (
    "known",
    T("我们早就认识这位", "We already know this person"),
    T("请写明何时、从哪里；五个工作日内附上凭据", "Say since when and where from; evidence within five working days"),
)


def _form(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("你对{cand}的决定", "Your verdict on {cand}"),
            (
                ("wanted", T("安排面试", "Interview"), None),
                ("held", T("先问一个问题", "Ask first"), None),
                ("refused", T("这次不合适", "Not this time"), None),
            ),
        ),
        choice(
            scene,
            "reason_code",
            T("不合适的主要原因（可不选）", "Main reason for a no (optional)"),
            (*REASONS[:-1], _KNOWN, REASONS[-1]),
            required=False,
        ),
        note(scene, "reason", T("理由或问题", "Reason or question"), needed_if=("decision", "held")),
        day_field(
            scene,
            "known_since",
            T("从哪天起就认识？（只在“早就认识”时填）", "Known since (only where you already know them)"),
            needed_if=("reason_code", "known"),
            folded=scene.fill(T("早就认识？写明日期", "Already known to you? Say since when")),
        ),
        submit=T("发送我的决定", "Send my verdicts"),
        small=T("可以只填一位，其余保留到{due_until}", "You may answer for one now; the others stay open until {due_until}"),
    )


KINDS = (
    AskKind(
        kind="client_verdict",
        judged="reason",
        waits_for=frozenset({"disclosure"}),
        audience="client",
        act=T("等你的决定", "Your verdict"),
        topic=T("{code}", "{code}"),
        dossier=True,
        bundle=True,
        title=T("{cand}，等你的决定", "{cand}: your verdict"),
        lead=(T("{role} · 需求 {code}", "{role} · requirement {code}"),),
        form=_form,
        done=T("收到你的决定", "Your verdict is in"),
        follower=T("{cand}", "{cand}"),
        notes=(T("交来", "submitted"), T("24 小时内收到结果", "hears within 24 hours")),
        after=(
            (
                T("安排面试", "Interview"),
                T("候选人当天收到可选时间，从你们的日历里取", "the candidate gets times from your calendar the same day"),
            ),
            (
                T("这次不合适", "Not this time"),
                T(
                    "你的理由由{rec}转述，不会原样转发",
                    "{rec} passes on your reason in own words; it is never forwarded as written",
                ),
            ),
            (
                T("没有回答", "No answer"),
                T("到期后在对账单里记为超时，我们会打电话", "counts as overdue in the statement after the due time, and we call"),
            ),
        ),
    ),
)
