"""The candidate’s answer to an offer, and what may follow an expiry.

| kind | field | codes or type | kept |
|---|---|---|---|
| offer_answer | decision | accept, decline, question, counter | clear |
| offer_answer | reason_code | pay, role, place, counter_offer, other_offer, family, other | clear |
| offer_answer | note | text, needed when question | sealed |
| offer_answer | wished_base | money, whole units a month, needed when counter and no other day is wished | sealed |
| offer_answer | wished_start | date | clear |
| offer_revive, late_acceptance | decision | yes, no | clear |
| offer_revive, late_acceptance | note | text | sealed |
"""

from dataclasses import replace

from services.notification import wording
from services.notification.asks.base import AskKind, choice, day_field, form, note
from services.notification.asks.terms import base_field, offer_facts
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T

_WHY_NOT = (
    ("pay", T("薪酬", "Pay"), None),
    ("role", T("职位本身", "The role itself"), None),
    ("place", T("地点", "Place"), None),
    ("counter_offer", T("现在的公司挽留", "My present employer made an offer"), None),
    ("other_offer", T("接受了别处", "I accepted another one"), None),
    ("family", T("家里的原因", "Family"), None),
    ("other", T("其他", "Something else"), None),
)


_DECISIONS = (
    ("accept", T("接受", "I accept"), T("发送后我们马上确认，并寄出合同", "We confirm at once and send the contract")),
    (
        "question",
        T("想先谈谈", "I would like to talk first"),
        T("薪酬、到岗时间、延期，或任何问题", "Pay, start, more time, or anything else"),
    ),
    (
        "counter",
        T("提出别的条件", "Propose other terms"),
        T("写下你想要的；这还不是接受，这份 offer 照旧有效", "Write what you wish for; this accepts nothing, and the letter stands meanwhile"),
    ),
    ("decline", T("谢绝", "I decline"), T("不必说明理由", "No reason needed")),
)
_WISHED = T("想要的月薪（税前，整数；只在提别的条件时填）", "Base a month you would say yes to (only for other terms)")


def _answer(scene: Scene) -> Form:
    return form(
        scene,
        choice(scene, "decision", T("你的答复", "Your answer"), _DECISIONS),
        note(scene, needed_if=("decision", "question")),
        replace(
            base_field(scene, "wished_base", _WISHED),
            needed_if=("decision", "counter"),
            unless="wished_start",
            folded=scene.fill(T("想要的月薪", "The pay you wish for")),
        ),
        day_field(
            scene,
            "wished_start",
            T("想要的到岗日（只在提别的条件时填）", "Start day you wish for (only for other terms)"),
            folded=scene.fill(T("想要的到岗日", "The start day you wish for")),
        ),
        choice(
            scene,
            "reason_code",
            T("谢绝的话，主要因为什么？（可不选）", "If you decline: mainly because of? (optional)"),
            _WHY_NOT,
            required=False,
        ),
    )


def _yes_no(label: T, yes: T, no: T):  # noqa: ANN202 - a form maker like every other
    def make(scene: Scene) -> Form:
        return form(scene, choice(scene, "decision", label, (("yes", yes, None), ("no", no, None))), note(scene))

    return make


def _until(scene: Scene) -> T:
    expires = scene.offer.expires_at if scene.offer and scene.offer.expires_at else scene.due_at
    if expires is None:
        return T("需要更多时间就告诉我们，通常可以延长。", "If you need more time, say so; it usually works.")
    at_zh, at_en = (wording.instant_zoned(expires, scene.zone, lang, scene.now) for lang in ("zh", "en"))
    return T(
        f"有效期到 {at_zh}。需要更多时间就告诉我们，通常可以延长。到期没有答复，这份 offer 就失效；之前{{rec}}会打电话给你。",
        f"Open until {at_en}. If you need longer, say so; it usually works. Without an answer it lapses then; {{rec}} calls you before.",
    )


KINDS = (
    AskKind(
        kind="offer_answer",
        proves="offer_sent",
        audience="candidate",
        act=T("有一份文件等你答复", "a letter waits for your answer"),
        title=T("{you}，{client}想邀请你加入", "{you}, {client} invites you to join"),
        lead=(_until,),
        form=_answer,
        facts=offer_facts,
        done=T("收到你的答复", "Your answer is in"),
        on_behalf="with_evidence",
        notes=(T("批准", "approved"), T("当天跟进", "follows up the same day")),
        after=(
            (
                T("接受之后", "If you accepted"),
                T("当天寄出合同，慢慢读", "the contract leaves the same day; take your time to read"),
            ),
            (
                T("先别离职", "Do not resign yet"),
                T(
                    "等盖章的书面录用和审核结果都到了再提；我们会提醒你",
                    "before the sealed letter and the cleared check; we tell you when",
                ),
            ),
            (
                T("到岗以后", "After the start"),
                T("第 1、7、30、60、90 天我们会问一句“还好吗”", "on day 1, 7, 30, 60 and 90 we ask how you are"),
            ),
        ),
        silence=T("到期失效，我们会如实告诉你。", "It lapses at the date, and you are told."),
    ),
    AskKind(
        kind="offer_revive",
        audience="client",
        act=T("offer 已失效，要重新发吗", "The letter lapsed: offer again"),
        title=T("{cand}的 offer 到期失效了，要重新发吗？", "The offer to {cand} lapsed. Offer again?"),
        lead=(T("{role}（{code}）。到期没有收到答复。", "{role} ({code}). There was no answer by its date."),),
        form=_yes_no(T("你的决定", "Your decision"), T("重新发", "Offer again"), T("到此为止", "Leave it")),
        done=T("收到你的决定", "Your decision is in"),
        after=((T("之后", "Then"), T("{rec}告诉{cand}", "{rec} tells {cand}")),),
        silence=T("保持失效，并好好告诉本人。", "It stays lapsed, and the person is told with care."),
    ),
    AskKind(
        kind="late_acceptance",
        audience="client",
        act=T("到期后收到接受", "Accepted after the date"),
        title=T("{cand}在到期之后接受了", "{cand} accepted after the date"),
        lead=(
            T(
                "{role}（{code}）。过期的接受等于一份新的要约：要不要接，由你决定。",
                "{role} ({code}). A late acceptance is a new offer: whether to take it is yours to decide.",
            ),
        ),
        form=_yes_no(T("你的决定", "Your decision"), T("仍然欢迎", "Still welcome"), T("不再继续", "Not any more")),
        done=T("收到你的决定", "Your decision is in"),
        after=((T("之后", "Then"), T("{rec}打电话告诉{cand}", "{rec} calls {cand}")),),
        silence=T("{rec}打电话说明；不会默认合同成立。", "{rec} calls; no contract is assumed."),
    ),
)
