"""Around the interview: the panel's yes, who was there, the talk after it, the scorecard.

| kind | field | codes or type | kept |
|---|---|---|---|
| confirm_panel | decision | yes, no | clear |
| confirm_panel | note | text, needed when no | sealed |
| attendance, session_attendance | result | both, candidate_absent, interviewer_absent | clear |
| attendance, session_attendance | note | text | sealed |
| debrief | done | yes | clear |
| debrief | mood | 1 to 5 | clear |
| debrief | note | text | sealed |
| scorecard | c_<criterion> | 1 to 4, 0 = not covered | clear |
| scorecard | e_<criterion> | text: what was seen or heard | sealed |
| scorecard | recommend | strong_yes, yes, no, strong_no | clear |
| scorecard | why | text: the reason in one sentence | sealed |
"""

from services.notification.asks.base import AskKind, Facts, choice, duty, form, note, scale
from services.notification.look.form import Field, Form
from services.notification.look.scene import Scene
from services.notification.wording import T

LEVELS = (
    (
        "4",
        T("4 · 突出", "4 · Strong"),
        T("自己推导、说清取舍，知道通常做法何时不行", "Derives it, states the trade-offs, says when the usual recipe fails"),
    ),
    ("3", T("3 · 达到", "3 · Meets it"), T("独立完成，每一步都能解释", "Works alone and explains each step")),
    ("2", T("2 · 不足", "2 · Below"), T("知道步骤，说不出原因", "Knows the steps, not the reasons")),
    ("1", T("1 · 明显不足", "1 · Well below"), T("概念混淆", "Mixes up the concepts")),
    ("0", T("这次没有谈到", "Not covered this time"), None),
)
MOODS = (
    ("5", T("5 · 很好", "5 · Very well"), None),
    ("4", T("4 · 不错", "4 · Well"), None),
    ("3", T("3 · 一般", "3 · So so"), None),
    ("2", T("2 · 不太好", "2 · Not so well"), None),
    ("1", T("1 · 不好", "1 · Badly"), None),
)
DEFAULT_CRITERIA = (
    ("craft", T("专业能力", "The craft")),
    ("solving", T("解决问题", "Solving problems")),
    ("together", T("与人合作", "Working with others")),
)


def _criteria(scene: Scene) -> tuple[tuple[str, str], ...]:
    return scene.criteria or tuple((code, text.at(scene.lang)) for code, text in DEFAULT_CRITERIA)


def _card(scene: Scene) -> Form:
    fields: list[Field] = []
    for n, (code, label) in enumerate(_criteria(scene), 1):
        plain = T(label.replace("{", "").replace("}", ""), label.replace("{", "").replace("}", ""))
        fields.append(scale(scene, f"c_{code}", T(f"{n}. {plain.zh}", f"{n}. {plain.en}"), LEVELS))
        fields.append(note(scene, f"e_{code}", T("看到或听到了什么？", "What did you see or hear?")))
    fields.append(
        choice(
            scene,
            "recommend",
            T("总体（只看这个职位、这次面试）", "Overall (for this role, from this interview alone)"),
            (
                ("strong_yes", T("强烈建议录用", "Hire, strongly"), None),
                ("yes", T("建议录用", "Hire"), None),
                ("no", T("不建议录用", "Do not hire"), None),
                ("strong_no", T("强烈不建议", "Do not hire, strongly"), None),
            ),
        )
    )
    fields.append(
        note(
            scene,
            "why",
            T("一句话说明理由", "The reason in one sentence"),
            hint=T("{cand}可能会要求查看。写事实，不写印象。", "{cand} may ask to see what was written. Facts, not impressions."),
        )
    )
    return form(scene, *fields, submit=T("封存我的评分", "Seal my scores"))


def _panel(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("你能参加吗？", "Can you take it?"),
            (
                ("yes", T("可以", "Yes"), None),
                ("no", T("不行", "No"), T("我们去请下一位，不用你找人", "We ask the next person; you need not find one")),
            ),
        ),
        note(scene, label=T("什么时候可以？或者为什么不行", "When could you, or why not"), needed_if=("decision", "no")),
    )


def _attendance(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "result",
            T("双方都到了吗？", "Was everybody there?"),
            (
                ("both", T("都到了", "Both sides were there"), None),
                (
                    "candidate_absent",
                    T("候选人没到", "The candidate did not come"),
                    T("先打个电话；可能有原因", "Call first; there may be a reason"),
                ),
                (
                    "interviewer_absent",
                    T("面试官没到", "An interviewer did not come"),
                    T("是我们的责任，马上道歉改期", "Ours to mend: apologise and move it at once"),
                ),
            ),
        ),
        note(scene),
    )


def meeting_facts(scene: Scene) -> Facts:
    """When and which round; nothing where no appointment is known."""
    if scene.meeting is None:
        return ()
    zh = scene.lang == "zh"
    return (("时间" if zh else "When", scene.words["meeting"]), ("哪一轮" if zh else "Round", scene.words["round"]))


_NEXT = ((T("接下来", "Next"), T("{rec}按时给{cand}答复", "{rec} answers {cand} in time")),)

KINDS = (
    AskKind(
        kind="confirm_panel",
        audience="interviewer",
        act=T("请确认能否参加", "Can you take this one"),
        title=T("{round}：{cand}，你能参加吗？", "{round}: {cand}. Can you take it?"),
        lead=(T("{role}，{meeting}。", "{role}, {meeting}."),),
        form=_panel,
        done=T("收到", "Thank you"),
        after=_NEXT,
        facts=meeting_facts,
        silence=T("没有回答就请下一位。", "Without an answer the next person is asked."),
    ),
    AskKind(
        kind="attendance",
        audience="staff",
        act=T("面试双方到了吗", "Was everybody there"),
        title=T("{cand}的面试：双方都到了吗？", "{cand}’s interview: was everybody there?"),
        lead=(T("{meeting}。不知道就打个电话问一下。", "{meeting}. Call if you do not know."),),
        form=_attendance,
        after=_NEXT,
        facts=meeting_facts,
        silence=T("没有人说，就记为“不清楚”，不会当作到了。", "If nobody says, it stays unknown; never “attended”."),
    ),
    AskKind(
        kind="session_attendance",
        audience="staff",
        act=T("群面谁到了", "Who came to the group interview"),
        topic=T("{code}", "{code}"),
        bundle=True,
        title=T("{cand}到了吗？", "Was {cand} there?"),
        lead=(T("{meeting}。", "{meeting}."),),
        form=_attendance,
        after=_NEXT,
        silence=T("没有人说，就记为“不清楚”，不会当作到了。", "If nobody says, it stays unknown; never “attended”."),
    ),
    AskKind(
        kind="debrief",
        audience="staff",
        act=T("面试后的电话", "Call after the interview"),
        title=T("给{cand}打个电话：面试感觉怎样？", "Call {cand}: how was the interview?"),
        lead=(
            T(
                "{meeting}刚结束。听本人怎么说，也告诉本人什么时候有结果。",
                "{meeting} has ended. Hear how it was, and say when the result comes.",
            ),
        ),
        form=duty(
            lambda s: scale(
                s, "mood", T("本人感觉如何？（可不选）", "How did it go for them? (optional)"), MOODS, required=False
            ),
            note,
            submit=T("已通话", "We have talked"),
        ),
        after=_NEXT,
        silence=T("主管会看到；不会有机器替你联系。", "Your lead sees it; no machine calls in your place."),
    ),
    AskKind(
        kind="scorecard",
        audience="interviewer",
        act=T("请评分", "Scorecard"),
        title=T("你的评分：{cand}", "Your scorecard: {cand}"),
        lead=(T("{role} · {round} · {meeting} · 约 4 分钟", "{role} · {round} · {meeting} · about 4 minutes"),),
        form=_card,
        remark=T(
            "评分先封存，大家都填完才一起打开。在那之前谁也看不到，{rec}也看不到。",
            "Scores stay sealed. They open together when all are in. Until then nobody sees them, not even {rec}.",
        ),
        done=T("封存好了，谢谢", "Sealed, thank you"),
        after=(
            (
                T("都填完后", "When all are in"),
                T("一起打开，由用人经理决定", "they open together, and the hiring manager decides"),
            ),
        ),
        notes=(T("面试完了", "was interviewed"), T("要给{cand}答复", "answers {cand}")),
        on_behalf="with_evidence",
        silence=T(
            "再过一个工作日就不等这份评分了，并会写明。",
            "One working day later it is decided without this card, and that is said.",
        ),
    ),
)
