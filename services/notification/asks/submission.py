"""Before a client sees anybody: interest in a blind role, consent to be named, the report, the client’s papers.

| kind | field | codes or type | kept |
|---|---|---|---|
| interest, represent_consent | decision | yes, no | clear |
| interest, represent_consent | note | text | sealed |
| candidate_report | done | yes | clear |
| candidate_report | report | text: the sentences the client reads | sealed |
| agreement | done | yes | clear |
| agreement | note | text | sealed |
"""

from services.notification.asks.base import DECIDED, FOLLOWED, AskKind, Facts, choice, duty, form, note
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T


def _interest(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("想进一步了解吗？", "Would you like to hear more?"),
            (
                (
                    "yes",
                    T("想了解", "Yes, tell me more"),
                    T(
                        "{rec}会打电话给你；在你同意之前，不会把你的名字告诉任何人",
                        "{rec} calls you; your name is told to nobody before you agree",
                    ),
                ),
                (
                    "no",
                    T("暂时不考虑", "Not for now"),
                    T("不必说明理由，三个月内不再为此打扰", "No reason needed; we do not ask again for three months"),
                ),
            ),
        ),
        note(scene),
    )


def _consent(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("你同意吗？", "Do you agree?"),
            (
                (
                    "yes",
                    T("同意推荐我", "Yes, you may present me"),
                    T("只给{client}，只为这个职位", "To {client} only, for this role only"),
                ),
                ("no", T("不同意", "No"), T("不必说明理由；什么都不会发出", "No reason needed; nothing is sent")),
            ),
        ),
        note(scene, label=T("有什么不想让对方知道的？（可不填）", "Anything they should not see? (optional)")),
        submit=T("发送我的决定", "Send my decision"),
    )


def _consent_facts(scene: Scene) -> Facts:
    zh = scene.lang == "zh"
    shown = (
        "姓名、经历、技能、期望；不含联系方式、照片、年龄、婚育"
        if zh
        else "Name, experience, skills, expectations; no contact data, photo, age or family"
    )
    rows = (
        ("给谁看" if zh else "To whom", scene.words["client"]),
        ("为什么" if zh else "What for", scene.words["role"]),
        ("看到什么" if zh else "What they see", shown),
        ("多久" if zh else "How long", "12 个月，随时可以撤回" if zh else "12 months; you can withdraw it at any time"),
    )
    return rows


_CAND_NOTES = (T("发来", "asked"), T("收到你的答复", "gets your answer"))

KINDS = (
    AskKind(
        kind="interest",
        audience="candidate",
        act=T("想听听你的想法", "would you like to hear more"),
        blind=True,
        title=T("{you}，有一个机会想先问问你", "{you}, may we tell you about something"),
        lead=(
            T(
                "方向：{role}。先不说是哪家，等你愿意了解再谈。",
                "Field: {role}. We do not name the organisation yet; only if you want to hear more.",
            ),
        ),
        form=_interest,
        done=T("收到，谢谢你告诉我们", "Thank you for telling us"),
        after=FOLLOWED,
        notes=_CAND_NOTES,
        silence=T(
            "没有答复就当作现在不方便：我们打一次电话，之后三个月不再打扰。",
            "No answer means not now: we call once, then rest for three months.",
        ),
    ),
    AskKind(
        kind="represent_consent",
        audience="candidate",
        act=T("需要你同意一件事", "we need your yes or no"),
        on_behalf="never",
        title=T("{you}，可以把你推荐给{client}吗？", "{you}, may we present you to {client}?"),
        lead=(
            T(
                "只有你本人能答复。没有你的同意，你的名字不会离开我们这里。",
                "Only you can answer. Without your yes your name does not leave our house.",
            ),
        ),
        form=_consent,
        facts=_consent_facts,
        done=DECIDED,
        after=(
            (
                T("同意", "Yes"),
                T("{rec}写好推荐报告再发出，发出时会告诉你", "{rec} writes the report; you hear when it goes out"),
            ),
            (T("不同意", "No"), T("到此为止，什么都不会发出", "it ends here, nothing is sent")),
        ),
        notes=_CAND_NOTES,
        silence=T(
            "没有答复就不会推荐，永远如此；{rec}会打电话问一次。",
            "Silence never means yes: you are not presented; {rec} calls once.",
        ),
    ),
    AskKind(
        kind="candidate_report",
        audience="staff",
        act=T("请写推荐报告", "Write the report"),
        title=T("给{client}的推荐报告：{cand}", "Your report to {client}: {cand}"),
        lead=(
            T(
                "{role}（{code}）。本人已同意。写清事实，哪里还不清楚也写上。",
                "{role} ({code}). The candidate agreed. Facts, and what is not known yet.",
            ),
        ),
        form=duty(
            lambda s: note(
                s,
                "report",
                T("报告", "Report"),
                required=True,
                hint=T("不写年龄、婚育、籍贯、民族；不放照片和联系方式。", "No age, family, origin; no photo, no contact data."),
            ),
            submit=T("报告写好，交给客户", "Hand the report on"),
        ),
        done=T("报告已交出", "The report is on its way"),
        after=((T("现在", "Now"), T("{client}收到，并开始计时", "{client} gets it and their clock starts")),),
        notes=(T("同意了", "agreed"), T("收到报告", "gets the report")),
        dossier=True,
        silence=T("到期没有交出，转给你的主管。", "When it is not handed on, it becomes your lead’s turn."),
    ),
    AskKind(
        kind="agreement",
        audience="staff",
        act=T("数据协议还没签", "Data agreement is missing"),
        topic=T("{client}", "{client}"),
        title=T("{client}的数据协议还没签", "No data agreement with {client} yet"),
        lead=(
            T(
                "没有协议，就不能给对方看任何人的名字。签好后点一下，已同意的候选人就能继续。",
                "Without it nobody can be shown by name. Press when it is signed; candidates who agreed then go on.",
            ),
        ),
        form=duty(note, submit=T("协议已签", "It is signed")),
        done=T("记下了，流程继续", "Noted; the hires go on"),
        after=FOLLOWED,
        silence=T("流程一直等着，并告诉你的主管。", "The hires wait, and your lead is told."),
    ),
)
