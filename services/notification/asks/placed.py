"""What a policy may ask for besides: silence kept, how it stands, other offers let go, a check and its word, probation, guarantee, money.

| kind | field | codes or type | kept |
|---|---|---|---|
| nda | decision | yes, no | clear |
| standing | decision | yes, pressed, no | clear |
| release_others | decision | stay, release | clear |
| background_check | result | clear, finding | clear |
| probation_decision | decision | passed, longer, ended | clear |
| check_cleared_word, guarantee_call, replacement_shortlist, fee_claim, invoice_details, payment, release_draft | done | yes | clear |
| all of them | note | text | sealed |
"""

from services.notification.asks.base import FOLLOWED, AskKind, duty, note, one_of
from services.notification.wording import T

_LEAD = (T("{role}（{code}）。", "{role} ({code})."),)
_YOUR_LEAD = T("转给你的主管。", "It becomes your lead’s turn.")


def _staff(kind: str, act: T, title: T, done: T, silence: T = _YOUR_LEAD) -> AskKind:
    """A duty of our own people that the button answers."""
    return AskKind(
        kind=kind,
        audience="staff",
        act=act,
        title=title,
        lead=_LEAD,
        form=duty(note, submit=done),
        silence=silence,
    )


def _client(kind: str, act: T, title: T, done: T, silence: T) -> AskKind:
    """A duty of the client that the button answers."""
    return AskKind(
        kind=kind,
        audience="client",
        act=act,
        topic=T("{code}", "{code}"),
        title=title,
        lead=_LEAD,
        form=duty(note, submit=done),
        silence=silence,
    )


KINDS = (
    AskKind(
        kind="nda",
        audience="candidate",
        act=T("请先答应保密", "please agree to keep it quiet"),
        on_behalf="with_evidence",
        title=T("{you}，这件事需要先答应保密", "{you}, this needs your promise of silence first"),
        lead=(
            T(
                "对方还没有公开这件事。你答应不告诉别人，我们再往下谈。",
                "It is not public yet. We go on once you promise to tell nobody.",
            ),
        ),
        form=one_of(
            "decision", T("你答应吗？", "Do you agree?"), (("yes", T("答应", "Yes"), None), ("no", T("不答应", "No"), None))
        ),
        after=FOLLOWED,
        silence=T("没有答复，就不会往下谈；{rec}会打电话。", "Without your answer we do not go on; {rec} calls."),
    ),
    AskKind(
        kind="standing",
        audience="candidate",
        act=T("现在怎么样", "how do things stand"),
        title=T("{you}，现在怎么样？", "{you}, how do things stand?"),
        lead=(T("只是问一声，怎么答都不影响。", "Just asking; no answer counts against you."),),
        form=one_of(
            "decision",
            T("你现在", "At the moment"),
            (
                ("yes", T("还在继续", "I am still with you"), None),
                ("pressed", T("别处催我答复", "Others press me for an answer"), T("我们会想办法快一点", "we try to be quicker")),
                ("no", T("不继续了", "I would rather stop"), T("不必说明理由", "no reason needed")),
            ),
        ),
        done=T("谢谢你告诉我们", "Thank you for telling us"),
        after=FOLLOWED,
        silence=T("没有答复也没关系，{rec}会打电话。", "No answer is fine too; {rec} calls."),
    ),
    AskKind(
        kind="release_others",
        audience="candidate",
        act=T("其他几处怎么办", "what about the others"),
        title=T("{you}，这一处还要继续吗？", "{you}, shall this one go on?"),
        lead=(T("你已经答应了别处。哪一处我们都不会说。", "You have said yes elsewhere. We tell nobody where."),),
        form=one_of(
            "decision",
            T("你的决定", "Your decision"),
            (("stay", T("继续", "Go on"), None), ("release", T("停下", "Stop"), T("不必说明理由", "no reason needed"))),
        ),
        done=T("照你的意思办", "As you wish"),
        after=FOLLOWED,
        silence=T("没有答复就照旧，{rec}会打电话。", "Without an answer it goes on; {rec} calls."),
    ),
    AskKind(
        kind="background_check",
        audience="staff",
        act=T("请核实", "Please check"),
        title=T("请核实{cand}的材料", "Please check the papers of {cand}"),
        lead=(
            T(
                "只查本人同意的项目；现在的单位要等离职之后。",
                "Only what the person agreed to; the present employer after they resigned.",
            ),
        ),
        form=one_of(
            "result",
            T("结果", "Result"),
            (("clear", T("没有问题", "Clear"), None), ("finding", T("有一处要说明", "A finding"), None)),
        ),
        after=((T("有一处时", "A finding"), T("先听本人怎么说", "goes to the person first")),),
        silence=T("入职标为有风险，并告诉主管。", "The start is marked at risk and our lead is told."),
    ),
    _staff(
        "check_cleared_word",
        T("请告诉本人", "Tell the person"),
        T("{cand}的审核通过了，请告诉本人", "{cand} is cleared: tell them"),
        T("已告诉", "I have told them"),
    ),
    AskKind(
        kind="probation_decision",
        audience="client",
        act=T("试用期怎么定", "Probation"),
        title=T("{cand}的试用期：你的决定", "{cand}’s probation: your decision"),
        lead=(T("{role} · {start}到岗。没有答复不会当作不通过。", "{role} · started {start}. Silence never ends it."),),
        form=one_of(
            "decision",
            T("你的决定", "Your decision"),
            (
                ("passed", T("转正", "Passed"), None),
                ("longer", T("再看一个月", "A month longer"), T("须双方书面同意", "needs both sides’ written consent")),
                ("ended", T("不合适", "It ends"), T("先由人来谈，理由要写明", "people talk first; reasons are written down")),
            ),
        ),
        after=FOLLOWED,
        silence=T("转给人力；不会因为没有答复而结束。", "HR’s turn; nothing ends by silence."),
    ),
    _staff(
        "guarantee_call",
        T("保证期快到了", "The guarantee ends soon"),
        T("给{client}打个电话：{cand}的保证期快到了", "Call {client}: the guarantee for {cand} ends soon"),
        T("已通话", "We have talked"),
    ),
    _staff(
        "replacement_shortlist",
        T("请补一份名单", "A new shortlist"),
        T("{cand}离开了：给{client}补一份名单，不收费", "{cand} left: a new shortlist for {client}, free of fee"),
        T("名单已发出", "The shortlist is out"),
        T("转给总监。", "The director’s turn."),
    ),
    _staff(
        "fee_claim",
        T("受保护的候选人到岗了", "A protected person started"),
        T("{cand}在{client}到岗了，请提出费用", "{cand} started at {client}: claim the fee"),
        T("已提出", "Claimed"),
        T("转给总监。", "The director’s turn."),
    ),
    _client(
        "invoice_details",
        T("开票信息", "Invoice details"),
        T("请确认{cand}的开票信息", "Please confirm the invoice details for {cand}"),
        T("确认", "Confirm"),
        T("财务会打电话给你。", "Our finance calls you."),
    ),
    _client(
        "payment",
        T("付款", "Payment"),
        T("{cand}的费用：付款后请点一下", "The fee for {cand}: press when it is paid"),
        T("已付款", "Paid"),
        T("财务会打电话给你。", "Our finance calls you."),
    ),
    _staff(
        "release_draft",
        T("有一段话等你放行", "A draft waits for you"),
        T("给{cand}的话，等你放行", "Words for {cand} wait for you"),
        T("放行", "Release"),
        T("转给主管；没有放行什么都不会发出。", "Your lead’s turn; nothing leaves unreleased."),
    ),
)
