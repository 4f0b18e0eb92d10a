"""Standing Asks: forms nobody was asked for; no clock, the same renderer, the same POST (practice.md 1.3).

| kind | field | codes or type | kept |
|---|---|---|---|
| add_candidate | requisition | a requisition's external id | clear |
| add_candidate | name, mail, phone | line | sealed |
| add_candidate | origin | sourced, referred, applied | clear |
| add_candidate | skills, years | line | clear |
| add_candidate | resume | text: a pasted résumé | sealed |
| withdraw_me | decision | withdraw | clear |
| withdraw_me | note | text | sealed |
"""

from services.notification.asks.base import AskKind, choice, form, note
from services.notification.look.form import Field, Form, Option
from services.notification.look.scene import Scene
from services.notification.wording import T


def _add(scene: Scene) -> Form:
    roles = tuple(Option(code, label) for code, label in scene.criteria)
    return form(
        scene,
        Field("requisition", scene.fill(T("哪个需求", "For which requirement")), "choice", roles, required=True),
        Field("name", scene.fill(T("姓名", "Name")), "line", required=True, sealed=True),
        Field("mail", scene.fill(T("邮箱", "Mail")), "line", sealed=True),
        Field("phone", scene.fill(T("电话", "Phone")), "line", sealed=True),
        Field("skills", scene.fill(T("技能（用逗号分开，可不填）", "Skills (comma-separated, optional)")), "line"),
        Field("years", scene.fill(T("工作年数（可不填）", "Years of work (optional)")), "line"),
        note(
            scene,
            "resume",
            T("简历文字（可不填）", "Résumé as text (optional)"),
            folded=T("粘贴简历", "Paste a résumé"),
            limit=40_000,
            hint=T("直接粘贴全文，技能和年限会自己读出来。", "Paste the whole text; skills and years are read from it."),
        ),
        choice(
            scene,
            "origin",
            T("怎么来的", "Where from"),
            (
                ("sourced", T("我找到的", "I found them"), None),
                ("referred", T("别人推荐", "Referred"), None),
                ("applied", T("本人投递", "They applied"), None),
            ),
        ),
        submit=T("添加", "Add"),
    )


def _withdraw(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("不再应聘 {role}？", "Withdraw from {role}?"),
            (
                (
                    "withdraw",
                    T("不再应聘", "Withdraw"),
                    T("不必说明理由；不影响以后", "No reason needed; it does not count against you"),
                ),
            ),
        ),
        note(scene),
        submit=T("确认", "Confirm"),
    )


KINDS = (
    AskKind(
        kind="add_candidate",
        audience="staff",
        act=T("添加候选人", "Add a candidate"),
        title=T("添加候选人", "Add a candidate"),
        lead=(T("和别的来源走同一扇门：重复的会被认出来。", "Through the same door as every source: repeats are recognised."),),
        form=_add,
        done=T("收到，正在入库", "Received, it is being taken in"),
        after=((T("马上", "Now"), T("规则先看一遍，再轮到你", "the rules look first, then it is your turn")),),
    ),
    AskKind(
        kind="withdraw_me",
        audience="candidate",
        act=T("到此为止", "it ends here"),
        title=T("{you}，不再应聘了？", "{you}, do you want to withdraw?"),
        lead=(T("随时可以，一步就好。", "At any time, in one step."),),
        form=_withdraw,
        done=T("好的，已经记下", "As you wish, it is noted"),
        after=((T("马上", "Now"), T("所有与此有关的提醒都会停下", "every message about it stops")),),
        on_behalf="with_evidence",
    ),
)
