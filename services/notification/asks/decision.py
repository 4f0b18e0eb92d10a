"""Decisions of the hiring manager, and the words that follow them to the candidate.

| kind | field | codes or type | kept |
|---|---|---|---|
| round_verdict, session_verdict | decision | pass, fail | clear |
| hire_decision | decision | hire, reserve, reject | clear |
| round_verdict, session_verdict, hire_decision | reason_code | skills, experience, pay, location, timing, other | clear |
| round_verdict, session_verdict, hire_decision | reason | text | sealed |
| word_after_interview, rejection_words, silence_guard | done | yes | clear |
| word_after_interview, rejection_words, silence_guard | words | text that the candidate gets, or was told | sealed |
| rejection_words | called | yes, no | clear |
"""

from collections.abc import Callable
from dataclasses import replace

from services.notification.asks.base import AskKind, Codes, choice, duty, form, note
from services.notification.asks.review import REASONS
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T


def _verdict_form(label: T, options: Codes, no: T) -> Callable[[Scene], Form]:
    """One of these, and for a no its reason: a code that counts, and words that somebody passes on."""
    said = T("由{rec}转述，不会原样转发。", "{rec} passes it on in own words.")
    return lambda scene: form(
        scene,
        choice(scene, "decision", label, options),
        choice(scene, "reason_code", no, REASONS, required=False),
        note(scene, "reason", T("理由", "Your reason"), hint=said),
        submit=T("发送我的决定", "Send my decision"),
    )


_round = _verdict_form(
    T("这一轮", "This round"),
    (("pass", T("通过", "Passed"), None), ("fail", T("不通过", "Not passed"), None)),
    T("主要原因（不通过时选）", "Main reason (for a no)"),
)
_hire = _verdict_form(
    T("你的决定", "Your decision"),
    (
        ("hire", T("录用", "Hire"), T("我们先打电话，再准备 offer", "We call first, then prepare the offer")),
        ("reserve", T("候补", "Keep in reserve"), T("如实告诉本人", "The candidate is told honestly")),
        ("reject", T("不录用", "Reject"), T("24 小时内给本人答复", "The candidate hears within 24 hours")),
    ),
    T("主要原因（不录用时选）", "Main reason (for a no)"),
)
_AFTER = ((T("24 小时内", "Within 24 hours"), T("{rec}把结果告诉{cand}", "{rec} tells {cand} the result")),)
_NEVER = T(
    "不会用沉默代替你的决定；到期我们会打电话，并告诉{cand}还要等。",
    "Silence never decides; when it is due we call you, and tell {cand} that it takes longer.",
)
_NOTES = (T("评分已打开", "scores are open"), T("24 小时内收到结果", "hears within 24 hours"))


def _verdict(kind: str, act: T, title: T, lead: T, answers: Callable[[Scene], Form]) -> AskKind:
    """A decision of the hiring manager with everything that was seen before their eyes; never by silence."""
    return AskKind(
        kind=kind,
        audience="client",
        act=act,
        title=title,
        lead=(lead,),
        form=answers,
        done=T("收到你的决定", "Your decision is in"),
        after=_AFTER,
        follower=T("{cand}", "{cand}"),
        notes=_NOTES,
        silence=_NEVER,
        judged="reason",
        dossier=True,
    )


KINDS = (
    _verdict(
        "round_verdict",
        T("这一轮等你决定", "Your verdict on this round"),
        T("{cand}：{round}，通过吗？", "{cand}: {round}. Passed?"),
        T("{role} · 需求 {code}。所有评分已一起打开。", "{role} · requirement {code}. All scores are open now."),
        _round,
    ),
    replace(
        _verdict(
            "session_verdict",
            T("这一场等你决定", "Your verdicts on this group"),
            T("{cand}：通过吗？", "{cand}: passed?"),
            T("{role} · 需求 {code}。评分已打开；同场的都在这一页。", "{role} · requirement {code}. Scores are open; all who were there stand on this page."),
            _round,
        ),
        topic=T("{code}", "{code}"),
        bundle=True,
    ),
    _verdict(
        "hire_decision",
        T("录用与否等你决定", "Your decision"),
        T("{cand}：录用吗？", "{cand}: hire or not?"),
        T("{role} · 需求 {code}。各轮的评分和依据都在下面。", "{role} · requirement {code}. All rounds and their evidence are below."),
        _hire,
    ),
    AskKind(
        kind="word_after_interview",
        audience="staff",
        act=T("答复候选人", "Answer the candidate"),
        title=T("该给{cand}一个答复了", "{cand} is waiting for a word"),
        lead=(
            T(
                "{meeting}结束后 24 小时内，{cand}要听到我们的话：结果，或者确切的下一个时间。",
                "Within 24 hours after {meeting}, {cand} hears from us: the result, or the exact next time.",
            ),
        ),
        form=duty(lambda s: note(s, "words", T("你说了什么", "What you told them")), submit=T("已答复", "I have answered")),
        after=((T("之后", "Then"), T("{cand}不会再收到自动的那一条", "{cand} does not get the automatic word")),),
        silence=T(
            "没有的话，我们会在时限前自动告诉本人下一个时间。",
            "Otherwise an honest interim word with the next time leaves by itself.",
        ),
    ),
    AskKind(
        kind="rejection_words",
        audience="staff",
        act=T("写一句真话", "Write the words"),
        title=T("给{cand}的答复：写一句只属于本人的真话", "Words for {cand}: one true sentence about this person"),
        lead=(
            T(
                "面试过的人值得一句具体的话。不转发客户原话，不写“人才库”。",
                "Who came to an interview deserves one specific sentence. Not the client’s own words, no “talent pool”.",
            ),
        ),
        form=duty(
            lambda s: note(s, "words", T("这句话", "The sentence"), required=True),
            lambda s: choice(
                s,
                "called",
                T("打过电话了吗？", "Did you call?"),
                (("yes", T("打过了", "Yes"), None), ("no", T("还没有", "Not yet"), None)),
                required=False,
            ),
            submit=T("写好了", "These are the words"),
        ),
        done=T("写好了，会在合适的时段发出", "Written; it leaves in a decent hour"),
        after=(
            (T("发送", "Sending"), T("不在周五 17:00 后，也不在节前", "not on Friday after 17:00, nor on the eve of a holiday")),
        ),
        silence=T(
            "到期会发出一段朴素诚实的话，并附上通话的邀请。", "Otherwise a plain honest text with the offer of a call leaves."
        ),
    ),
    AskKind(
        kind="silence_guard",
        audience="staff",
        act=T("五天没有音讯了", "Five days without a word"),
        title=T("{cand}已经五个工作日没有听到我们", "{cand} has not heard from us for five working days"),
        lead=(
            T(
                "打个电话或写两句：现在到哪一步，下一次什么时候。",
                "Call or write: where things stand, and when the next word comes.",
            ),
        ),
        form=duty(lambda s: note(s, "words", T("你说了什么", "What you told them")), submit=T("已联系", "I have been in touch")),
        after=_AFTER,
        silence=T("没有的话，会自动发一条如实的进展。", "Otherwise an honest status leaves by itself."),
    ),
)
