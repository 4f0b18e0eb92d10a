"""When things turn: a finding to be heard, a counter-offer, a wish to revoke, a question, a pause, a seat to fill again, departments.

| kind | field | codes or type | kept |
|---|---|---|---|
| adverse_answer | done | yes | clear |
| adverse_answer | words | text: the person's side | sealed |
| client_question | done | yes | clear |
| client_question | words | text: what was answered | sealed |
| counter_offer_talk | done | yes | clear |
| counter_offer_talk | staying | yes, no, open: stays with the present employer | clear |
| offer_withdrawal_review | decision | stands, talk | clear |
| replacement_decision | decision | yes, no | clear |
| pause_word, prepare_<what> | done | yes | clear |
| all of them | note or words | text | sealed |
"""

from services.notification.asks.base import AskKind, choice, duty, form, note
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T

PREPARED = {
    "contract": T("合同", "contract"),
    "account": T("账号", "accounts"),
    "desk": T("工位和电脑", "desk and computer"),
    "equipment": T("设备", "equipment"),
    "badge": T("门禁", "badge"),
    "buddy": T("带教人", "buddy"),
}


def _revoke(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("你的意见", "Your view"),
            (
                (
                    "stands",
                    T("offer 照旧有效", "The offer stands"),
                    T("送达之后不能撤销（民法典 476 条）", "After delivery it can't be revoked (Civil Code 476)"),
                ),
                (
                    "talk",
                    T("和候选人坦诚地谈", "Talk to the candidate openly"),
                    T("由人来谈，offer 仍然有效", "By a person; the offer still stands"),
                ),
            ),
        ),
        note(scene),
    )


def _replace(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("要我们免费补一位吗？", "Shall we find a replacement, free of fee?"),
            (("yes", T("要", "Yes"), None), ("no", T("不用", "No"), None)),
        ),
        note(scene),
    )


def _words(label: T):  # noqa: ANN202 - a field maker like every other
    return lambda scene: note(scene, "words", label)


def prepare(what: str) -> AskKind:
    """The kind `prepare_<what>`: a department gets something ready for a start."""
    thing = PREPARED.get(what, T(what.replace("_", " "), what.replace("_", " ")))
    return AskKind(
        kind=f"prepare_{what}",
        audience="staff",
        act=T(f"请准备{thing.zh}", f"Prepare: {thing.en}"),
        title=T(f"{{cand}}到岗前：{thing.zh}", f"Before {{cand}} starts: {thing.en}"),
        lead=(T("{client} · {role} · {start}到岗。", "{client} · {role} · starts on {start}."),),
        form=duty(note, submit=T("准备好了", "It is ready")),
        silence=T("到期往上请，到岗标为有风险。", "When due your line is asked, and the start is marked at risk."),
    )



KINDS = (
    AskKind(
        kind="adverse_answer",
        audience="hire",
        act=T("想听听你怎么说", "we would like to hear your side"),
        title=T("{you}，审核里有一处，想先听你说", "{you}, there is a finding; your side comes first"),
        lead=(
            T(
                "在任何决定之前，你先说。写在下面，或直接打电话给{rec}。",
                "Before anything is decided, you speak first. Write it below or call {rec}.",
            ),
        ),
        form=duty(_words(T("你的说明", "Your side")), submit=T("发送我的说明", "Send my side")),
        done=T("收到，由人来看", "Received; a person reads it"),
        on_behalf="with_evidence",
        silence=T(
            "没有说明，就由人来决定，并注明没有听到你的说明。",
            "Without it a person decides, and it is noted that your side was not heard.",
        ),
    ),
    AskKind(
        kind="client_question",
        audience="staff",
        act=T("客户在等回答", "The client waits for an answer"),
        topic=T("{client}", "{client}"),
        title=T("{client}对{cand}有一个问题", "{client} has a question about {cand}"),
        lead=(T("{role}（{code}）。先问清楚，再回答。", "{role} ({code}). Find out, then answer."),),
        form=duty(_words(T("你的回答", "Your answer")), submit=T("已回答", "Answered")),
        after=((T("之后", "Then"), T("轮到{client}决定", "{client} decides")),),
        silence=T("转给你的主管。", "It becomes your lead’s turn."),
    ),
    AskKind(
        kind="counter_offer_talk",
        audience="staff",
        act=T("请马上打电话", "Please call now"),
        title=T("{cand}可能被挽留", "{cand} may have a counter-offer"),
        lead=(T("先听，不劝。问清楚什么最重要。", "Listen, do not push. Find out what matters most."),),
        form=duty(
            lambda s: choice(
                s,
                "staying",
                T("会留在原单位吗？（可不选）", "Staying with the present employer? (optional)"),
                (
                    ("yes", T("会留下", "Yes"), None),
                    ("no", T("仍然来", "No, still coming"), None),
                    ("open", T("还没定", "Not decided"), None),
                ),
                required=False,
            ),
            note,
            submit=T("已通话", "We have talked"),
        ),
        silence=T("转给你的主管。", "It becomes your lead’s turn."),
    ),
    AskKind(
        kind="offer_withdrawal_review",
        audience="staff",
        act=T("有人想撤回 offer", "Somebody wants the offer back"),
        title=T("{client}想撤回给{cand}的 offer", "{client} wants the offer to {cand} back"),
        lead=(T("offer 已送达。没有决定之前，它照旧有效。", "The letter was delivered. Until people decide, it stands."),),
        form=_revoke,
        done=T("收到你的意见", "Your view is in"),
        silence=T("offer 照旧有效。", "The offer stands."),
    ),
    AskKind(
        kind="replacement_decision",
        audience="client",
        act=T("要补一位吗", "A replacement?"),
        title=T("{cand}在保证期内离开，要我们补一位吗？", "{cand} left within the guarantee. Shall we find a replacement?"),
        lead=(T("{role}（{code}）。不再收费。", "{role} ({code}). No further fee."),),
        form=_replace,
        done=T("收到你的决定", "Your decision is in"),
        silence=T("客户经理会打电话给你。", "Your client manager calls you."),
    ),
    AskKind(
        kind="pause_word",
        audience="staff",
        act=T("告诉候选人先停一下", "Tell them about the pause"),
        title=T("{role}暂停了，告诉{cand}", "{role} is paused: tell {cand}"),
        lead=(
            T(
                "暂停超过五个工作日。说实话，说下一次什么时候。",
                "Paused for more than five working days. Say so, and when the next word comes.",
            ),
        ),
        form=duty(_words(T("你说了什么", "What you told them")), submit=T("已告诉", "I have told them")),
        silence=T("会自动发一段朴素的话。", "Otherwise a plain text leaves by itself."),
    ),
    *(prepare(what) for what in PREPARED),
)
