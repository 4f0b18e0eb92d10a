"""Questions that settle something between people: a second look, whose introduction it is, a reason that won't do, a refusal by another.

| kind | field | codes or type | kept |
|---|---|---|---|
| human_review | decision | stands, again | clear |
| introduction_claim | decision | new, known | clear |
| introduction_claim | known_since | date, needed when known | clear |
| ownership_ruling | decision | ours, theirs | clear |
| unlawful_reason | done | yes | clear |
| refusal_review | decision | wanted, refused | clear |
| wave_decision | decision | hire, reserve, reject | clear |
| right_request | done | yes | clear |
| all of them | note | text | sealed |
"""

from services.notification.asks.base import DECIDED, AskKind, choice, day_field, duty, form, note, one_of
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T


def _claim(scene: Scene) -> Form:
    options = (
        ("new", T("第一次见到这位", "New to us"), None),
        ("known", T("我们早就认识", "Already known to us"), T("五个工作日内附上凭据", "with evidence, within five working days")),
    )
    return form(
        scene,
        choice(scene, "decision", T("是我们先推荐的吗？", "Was it we who introduced this person?"), options),
        day_field(scene, "known_since", T("从哪天起就认识？", "Known since"), needed_if=("decision", "known")),
        note(scene),
    )


_LEAD = (T("{role}（{code}）。", "{role} ({code})."),)

KINDS = (
    AskKind(
        kind="human_review",
        audience="staff",
        act=T("请再看一次", "Please look again"),
        title=T("{cand}请人再看一次", "{cand} asks that a person looks again"),
        lead=(
            T(
                "{role}（{code}）。自己看材料，不看机器的结论。",
                "{role} ({code}). Look at the papers, not at the machine’s verdict.",
            ),
        ),
        form=one_of(
            "decision",
            T("你的结论", "Your finding"),
            (("stands", T("维持原来的决定", "The decision stands"), None), ("again", T("重新考虑", "Consider again"), None)),
        ),
        done=DECIDED,
        after=((T("之后", "Then"), T("{rec}告诉{cand}", "{rec} tells {cand}")),),
        dossier=True,
        silence=T("转给总监。", "It becomes the director’s turn."),
    ),
    AskKind(
        kind="introduction_claim",
        audience="client",
        act=T("确认推荐", "Confirm the introduction"),
        topic=T("{code}", "{code}"),
        title=T("{cand}：是我们先推荐的吗？", "{cand}: did we introduce this person?"),
        lead=_LEAD,
        form=_claim,
        done=DECIDED,
        silence=T(
            "五个工作日没有答复，就算由我们推荐。", "Without a claim within five working days the introduction counts as ours."
        ),
    ),
    AskKind(
        kind="ownership_ruling",
        audience="staff",
        act=T("请裁定归属", "Please rule on ownership"),
        title=T("{cand}：算谁的推荐？", "{cand}: whose introduction is it?"),
        lead=_LEAD,
        form=one_of(
            "decision",
            T("你的裁定", "Your ruling"),
            (("ours", T("算我们的", "Ours"), None), ("theirs", T("对方早就认识", "They knew them"), None)),
        ),
        done=DECIDED,
        silence=T("以最早一次具名推荐为准。", "The first disclosure by name stands."),
    ),
    AskKind(
        kind="unlawful_reason",
        audience="staff",
        act=T("理由不合法，请沟通", "A reason that won’t do"),
        topic=T("{client}", "{client}"),
        title=T("{client}给出的理由不能用", "The reason {client} gave can’t be used"),
        lead=(
            T(
                "{cand}，{role}。先打电话说明；决定先不生效，谈过之后重新问一次。",
                "{cand}, {role}. Call first. The decision does not count; after your talk it is asked for again.",
            ),
        ),
        form=duty(note, submit=T("已沟通，请重新问", "We have talked; ask again")),
        done=T("记下了，会重新问", "Noted; it is asked again"),
        silence=T("转给总监；决定一直不生效。", "The director’s turn; the decision stays on hold."),
    ),
    AskKind(
        kind="refusal_review",
        audience="client",
        act=T("同事说不合适，你的看法？", "A colleague said no: and you?"),
        topic=T("{code}", "{code}"),
        title=T("{cand}：你的同事觉得不合适，由你定", "{cand}: a colleague said no; you decide"),
        lead=_LEAD,
        form=one_of(
            "decision",
            T("你的决定", "Your decision"),
            (("wanted", T("安排面试", "Interview"), None), ("refused", T("同意，这次不合适", "Agreed, not this time"), None)),
        ),
        done=DECIDED,
        dossier=True,
        silence=T("到期就按同事的答复办。", "When due, your colleague’s answer counts."),
    ),
    AskKind(
        kind="wave_decision",
        judged="note",
        audience="client",
        act=T("请逐一决定", "Decide on each"),
        topic=T("{code}", "{code}"),
        bundle=True,
        dossier=True,
        title=T("{cand}，等你的决定", "{cand}: your decision"),
        lead=_LEAD,
        form=one_of(
            "decision",
            T("你对{cand}的决定", "Your decision on {cand}"),
            (
                ("hire", T("录用", "Hire"), None),
                ("reserve", T("候补", "Reserve"), None),
                ("reject", T("这次不录用", "Not this time"), None),
            ),
        ),
        done=DECIDED,
        after=((T("之后", "Then"), T("每位候选人都会收到结果", "each candidate hears the result")),),
        silence=T("转给人力负责人；不会默认淘汰任何人。", "The head of HR’s turn; nobody is rejected by silence."),
    ),
    AskKind(
        kind="right_request",
        audience="staff",
        act=T("有人要求行使权利", "A request about personal data"),
        title=T("{cand}要求查看、更正或删除自己的数据", "{cand} asks to see, correct or erase their data"),
        lead=(T("十五天之内办完并答复本人。", "To be done and answered within fifteen days."),),
        form=duty(note, submit=T("已办完并答复", "Done and answered")),
        silence=T("转给总监，不会失效。", "The director’s turn; it never lapses."),
    ),
)
