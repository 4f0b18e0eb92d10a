"""From yes to the first day: check, papers, leaving the old employer, the eve, the start.

| kind | field | codes or type | kept |
|---|---|---|---|
| check_consent | decision | yes, no | clear |
| check_consent | excluded | text: whom not to ask | sealed |
| check_consent | referees | text: whom to ask | sealed |
| resigned | decision | yes, not_yet | clear |
| resigned | last_day | date, needed when yes | clear |
| resigned | note | text | sealed |
| documents | done | yes | clear |
| leaving_certificate | done | yes | clear |
| leaving_certificate | last_day | date | clear |
| eve_of_start | done | yes, no | clear |
| eve_of_start, started | note | text | sealed |
| started | result | started, not_started, later | clear |
| started | new_day | date, needed when later | clear |
| placement_confirmation | done | yes | clear |
| documents, leaving_certificate, placement_confirmation | note | text | sealed |
"""

from services.notification.asks.base import DECIDED, AskKind, choice, day_field, duty, form, note
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T


def _check(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("你同意吗？", "Do you agree?"),
            (
                (
                    "yes",
                    T("同意", "Yes"),
                    T("现在的单位要等你离职之后才会联系", "Your present employer is asked only after you have resigned"),
                ),
                ("no", T("不同意", "No"), T("不做审核；我们会谈谈怎么办", "No check is made; we talk about what then")),
            ),
        ),
        note(scene, "excluded", T("不要联系谁？（可不填）", "Whom not to ask? (optional)")),
        note(scene, "referees", T("可以问谁？（可不填）", "Whom may we ask? (optional)")),
    )


def _resigned(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "decision",
            T("已经提离职了吗？", "Have you resigned?"),
            (
                ("yes", T("已经提了", "Yes"), None),
                ("not_yet", T("还没有", "Not yet"), T("不着急；有难处可以说", "No hurry; tell us if something is in the way")),
            ),
        ),
        day_field(scene, "last_day", T("最后工作日", "Last working day"), needed_if=("decision", "yes")),
        note(scene),
    )


def _eve(scene: Scene) -> Form:
    return form(
        scene,
        choice(
            scene,
            "done",
            T("明天按计划到岗吗？", "Is tomorrow still on?"),
            (
                ("yes", T("明天见", "See you tomorrow"), None),
                ("no", T("有变化", "Something changed"), T("写一句，{rec}马上打电话给你", "One line; {rec} calls you at once")),
            ),
        ),
        note(scene, needed_if=("done", "no")),
    )


def _started(scene: Scene) -> Form:
    me = scene.self_report
    words = (
        (T("到岗了", "I have started"), T("今天没有到岗", "I did not start"), T("改了日子", "The day has moved"))
        if me
        else (T("{cand}到岗了", "{cand} has started"), T("今天没有到", "Did not come"), T("改了日子", "The day has moved"))
    )
    return form(
        scene,
        choice(
            scene,
            "result",
            T("今天到岗了吗？", "Did it begin today?"),
            (("started", words[0], None), ("not_started", words[1], None), ("later", words[2], None)),
        ),
        day_field(scene, "new_day", T("新的到岗日", "The new day"), needed_if=("result", "later")),
        note(scene),
    )


def _started_title(scene: Scene) -> T:
    return (
        T("{you}，第一天，到岗了吗？", "{you}, your first day: have you started?")
        if scene.self_report
        else T("{cand}今天到岗了吗？", "Did {cand} start today?")
    )


_REC = ((T("接下来", "Next"), T("{rec}跟进", "{rec} follows up")),)

KINDS = (
    AskKind(
        kind="check_consent",
        audience="hire",
        act=T("需要你同意一件事", "we need your yes or no"),
        title=T("{you}，可以做入职前的审核吗？", "{you}, may we make the pre-start check?"),
        lead=(
            T(
                "核对学历和工作经历，结果只给用人单位。没有你的同意不会做。",
                "Degree and employment are checked; the papers go to the employer only. Nothing is done without your yes.",
            ),
        ),
        form=_check,
        done=DECIDED,
        after=_REC,
        on_behalf="never",
        silence=T(
            "没有答复就不审核；{rec}会打电话，到岗可能受影响。",
            "No check without an answer; {rec} calls, and the start is at risk.",
        ),
    ),
    AskKind(
        kind="resigned",
        audience="hire",
        act=T("有件事想确认", "one thing to confirm"),
        title=T("{you}，已经提离职了吗？", "{you}, have you resigned?"),
        lead=(
            T(
                "书面录用已盖章、审核已通过，现在可以放心提了。",
                "The letter is sealed and the check cleared: it is safe to resign now.",
            ),
        ),
        form=_resigned,
        done=T("收到，谢谢", "Thank you"),
        after=_REC,
        silence=T("{rec}会打电话给你。", "{rec} calls you."),
    ),
    AskKind(
        kind="documents",
        audience="hire",
        act=T("请准备几份材料", "a few papers to prepare"),
        title=T("{you}，入职材料准备好了吗？", "{you}, are your papers ready?"),
        lead=(
            T(
                "身份证、学历学位证、银行卡、体检（如需要）。不收押金，不留原件。",
                "Identity card, degree, bank account, medical if required. No deposit, no originals kept.",
            ),
        ),
        form=duty(note, submit=T("准备好了", "They are ready")),
        done=T("收到，谢谢", "Thank you"),
        after=_REC,
        silence=T("{rec}会打电话给你。", "{rec} calls you."),
    ),
    AskKind(
        kind="leaving_certificate",
        audience="hire",
        act=T("还差一份证明", "one paper is missing"),
        title=T("{you}，离职证明拿到了吗？", "{you}, do you have the leaving certificate?"),
        lead=(
            T(
                "到岗前需要原单位的离职证明；拿不到就告诉我们，一起想办法。",
                "It is needed before the start; if it is hard to get, tell us and we find a way.",
            ),
        ),
        form=duty(lambda s: day_field(s, "last_day", T("最后工作日", "Last working day")), note, submit=T("拿到了", "I have it")),
        done=T("收到，谢谢", "Thank you"),
        after=_REC,
        silence=T("{rec}会打电话；是否照常到岗由用人单位决定。", "{rec} calls; the employer decides on the start."),
    ),
    AskKind(
        kind="eve_of_start",
        audience="hire",
        act=T("明天见", "see you tomorrow"),
        title=T("{you}，明天见？", "{you}, see you tomorrow?"),
        lead=(
            T("{start}到岗。地点、时间、找谁都已发给你。", "You start on {start}. Place, time and whom to ask for are with you."),
        ),
        form=_eve,
        done=T("好，明天见", "Good, see you tomorrow"),
        after=_REC,
        silence=T("{rec}晚上会打电话给你。", "{rec} calls you tonight."),
    ),
    AskKind(
        kind="started",
        audience="hire",
        act=T("第一天", "your first day"),
        title=_started_title,
        lead=(T("{client} · {role}", "{client} · {role}"),),
        form=_started,
        done=T("收到，祝一切顺利", "Thank you, and good luck"),
        after=((T("之后", "Then"), T("第 1、7、30、60、90 天我们会问一句", "on day 1, 7, 30, 60 and 90 we ask briefly")),),
        silence=T("{rec}会打电话；不会当作到岗。", "{rec} calls; a start is never assumed."),
    ),
    AskKind(
        kind="placement_confirmation",
        audience="client",
        act=T("请确认到岗", "Confirm the start"),
        title=T("请确认：{cand}已在{client}到岗", "Please confirm: {cand} has started at {client}"),
        lead=(T("{role} · {start}", "{role} · {start}"),),
        form=duty(note, submit=T("确认", "Confirm")),
        done=T("已确认", "Confirmed"),
        after=_REC,
        silence=T("客户经理会打电话给你。", "Your client manager calls you."),
    ),
)
