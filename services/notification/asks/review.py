"""First looks by the recruiter: an application the rules could not settle, and those the machine says no to.

| kind | field | codes or type | kept |
|---|---|---|---|
| review_application, screen_out | decision | advance, reject, hold | clear |
| review_application, screen_out | reason_code | skills, experience, pay, location, timing, other | clear |
| review_application, screen_out | reason | text | sealed |
"""

from services.notification.asks.base import AskKind, choice, form, note
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T

REASONS = (
    ("skills", T("技能不符", "Skills"), None),
    ("experience", T("经验不够", "Experience"), None),
    ("pay", T("薪酬差距大", "Pay is too far apart"), None),
    ("location", T("地点", "Location"), None),
    ("timing", T("时间对不上", "Timing"), None),
    ("other", T("其他", "Something else"), None),
)


def _form(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("你对{cand}的决定", "Your decision on {cand}"),
            (
                (
                    "advance",
                    T("往下走", "Go on"),
                    T("推荐给用人方之前会先征得本人同意", "Nothing named leaves before the candidate’s own yes"),
                ),
                ("hold", T("先放一放", "Hold for now"), T("需要再问一个问题，或等一份材料", "A question or a paper is missing")),
                (
                    "reject",
                    T("这次不合适", "Not this time"),
                    T("会在发送时段内告诉本人，文字由你定", "The candidate is told in the next send window"),
                ),
            ),
        ),
        choice(scene, "reason_code", T("主要原因（不合适时选）", "Main reason (where it is a no)"), REASONS, required=False),
        note(
            scene,
            "reason",
            T("理由", "Your reason"),
            hint=T("写事实。本人可能会要求查看。", "Facts. The candidate may ask to see this."),
        ),
        submit=T("发送我的决定", "Send my decision"),
    )


_AFTER = (
    (T("往下走", "Go on"), T("先问本人是否愿意，再准备推荐", "the candidate is asked first, then the report is prepared")),
    (
        T("这次不合适", "Not this time"),
        T("不会马上发出，给你留出撤回的时间", "nothing leaves before your time to take it back is over"),
    ),
)
_LEAD = T(
    "{role}（{code}）。规则已经看过，每一条的结果和依据都在下面；决定由你来做。",
    "{role} ({code}). The rules have looked; each result stands below with its evidence. You decide.",
)

KINDS = (
    AskKind(
        kind="review_application",
        judged="reason",
        audience="staff",
        act=T("请看一份应聘", "Review an application"),
        title=T("{cand}：要不要往下走？", "{cand}: go on or not?"),
        lead=(_LEAD,),
        form=_form,
        done=T("记下了，{cand}的下一步已经安排", "Noted; the next step for {cand} is under way"),
        after=_AFTER,
        follower=T("{cand}", "{cand}"),
        notes=(T("应聘", "applied"), T("收到答复", "hears from us")),
        dossier=True,
        silence=T(
            "到期没有决定，转给你的主管。没有人会因此被拒。",
            "Without a decision it becomes your lead’s turn. Nobody is rejected by silence.",
        ),
    ),
    AskKind(
        kind="screen_out",
        judged="reason",
        audience="staff",
        act=T("请复核机器的“不通过”", "Check what the machine would refuse"),
        title=T("{cand}：规则说不通过，你怎么看？", "{cand}: the rules say no. And you?"),
        lead=(
            T(
                "{role}（{code}）。至少一条硬性条件没有满足。没有你的决定，谁也不会被拒。",
                "{role} ({code}). At least one hard condition is not met. Nobody is rejected without you.",
            ),
        ),
        form=_form,
        after=_AFTER,
        follower=T("{cand}", "{cand}"),
        notes=(T("应聘", "applied"), T("收到答复", "hears from us")),
        dossier=True,
        bundle=True,
        silence=T(
            "到期没有决定，转给你的主管；没有人被拒。", "Without a decision it becomes your lead’s turn; nobody is rejected."
        ),
    ),
)
