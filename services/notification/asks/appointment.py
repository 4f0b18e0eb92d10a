"""About an appointment that stands: who is there, what stands over it, what its hour means under new rules, absences.

| kind | field | codes or type | kept |
|---|---|---|---|
| presence, presence_panel | result | both, alone, cannot | clear |
| interview_conflict | decision | stands, replace, move | clear |
| interview_touched | decision | wall, instant | clear |
| no_show_ruling | decision | again, end | clear |
| calendar_unread | decision | mended, gone | clear |
| all of them | note | text | sealed |
"""

from dataclasses import replace
from datetime import datetime

from services.notification import wording
from services.notification.asks.base import DECIDED, AskKind, choice, form, note
from services.notification.asks.interview import meeting_facts
from services.notification.look.form import Form
from services.notification.look.scene import Scene
from services.notification.wording import T

WHY = {
    "busy": T("{owner}的日历在这个时间有了别的安排", "{owner} has something else in their calendar then"),
    "room": T("会议室坐不下这么多人了", "The room no longer holds everybody"),
    "holiday": T("新公布的假期正好是这一天", "A holiday that was published since falls on that day"),
    "calendar": T("读不到{owner}的日历了，不知道这个时间还有没有空", "{owner}’s calendar can’t be read any more; nobody sees whether the time is still free"),
    "other_time": T("{owner}在日历里提议了另一个时间", "{owner} proposes another time, from their calendar"),
}
"""What stands over an appointment, in words."""
CHAIR = frozenset({"busy", "holiday", "calendar"})
"""What somebody else in the chair would mend."""


def _presence(scene: Scene) -> Form:
    options = (
        ("both", T("都到了", "We are both here"), None),
        ("alone", T("我到了，对方还没到", "I am here, the other side is not"), T("我们马上去找", "We look for them at once")),
        ("cannot", T("我来不了", "I can’t come"), T("现在说一声，就能另找时间", "Say so now and another time is found")),
    )
    return form(scene, choice(scene, "result", T("到了吗？", "Is everybody there?"), options), note(scene))


def _proposed(scene: Scene) -> str:
    start, end = scene.params.get("starts_at"), scene.params.get("ends_at")
    if not start or not end:
        return ""
    return wording.span_zoned(datetime.fromisoformat(start), datetime.fromisoformat(end), scene.zone, scene.lang, scene.now)


def _why(scene: Scene) -> T:
    said, proposed = WHY.get(scene.params.get("why", ""), WHY["busy"]), _proposed(scene)
    return T(f"{said.zh}：{proposed}。", f"{said.en}: {proposed}.") if proposed else T(f"{said.zh}。", f"{said.en}.")


def _conflict(scene: Scene) -> Form:
    options = [("stands", T("照原时间进行", "It stays as it is"), T("问过了，可以", "I have asked, it is fine"))]
    if scene.params.get("why") in CHAIR:
        options.append(("replace", T("换一位面试官", "Another interviewer"), T("时间不变，请下一位", "Same time; the next one is asked")))
    options.append(("move", T("另找时间", "Another time"), T("原时间先留着，等{cand}选好新的", "The old one stands until {cand} has chosen")))
    return form(scene, choice(scene, "decision", T("怎么办？", "What shall be done?"), tuple(options)), note(scene))


def _hours(scene: Scene) -> tuple[str, str]:
    """The instant that was agreed, and what the wall that was agreed means now; the appointment's own where it isn't told."""
    told = [scene.params.get(name) for name in ("starts_at", "starts_at_now")]
    shown = [wording.instant_zoned(datetime.fromisoformat(one), scene.zone, scene.lang, scene.now) if one else scene.words["meeting"] for one in told]
    return shown[0], shown[1]


def _touched(scene: Scene) -> Form:
    agreed, now = (one.replace("{", "").replace("}", "") for one in _hours(scene))
    options = (
        ("wall", T(f"当地钟点不变：{now}", f"The hour on the wall stays: {now}"), None),
        ("instant", T(f"时刻不变：{agreed}", f"The instant stays: {agreed}"), None),
    )
    return form(scene, choice(scene, "decision", T("约的是哪一个？", "Which one was meant?"), options), note(scene))


def _ruling(scene: Scene) -> Form:
    options = (
        ("again", T("再给一次时间", "Offer times once more"), T("先和{cand}谈过", "after a talk with {cand}")),
        ("end", T("到此为止", "It ends here"), T("你会写给{cand}几句话", "{cand} hears it from you")),
    )
    return form(scene, choice(scene, "decision", T("你的决定", "Your decision"), options), note(scene))


def _unread(scene: Scene) -> Form:
    options = (
        ("mended", T("现在能读了", "It can be read again"), T("我们再读一次；还不行，下个工作日再问", "We read it again; if it fails, you are asked on the next working day")),
        ("gone", T("这个日历不用了", "That calendar is not used any more"), T("我们把它去掉", "We take it out")),
    )
    return form(scene, choice(scene, "decision", T("怎么样了？", "How is it?"), options), note(scene))


_REC = ((T("之后", "Then"), T("有变动的人都会收到新的安排", "everybody whom it changes hears of it")),)

_PRESENCE = AskKind(
    kind="presence",
    audience="candidate",
    act=T("今天的约定", "our appointment today"),
    title=T("{meeting}：到了点一下", "{meeting}: one tap when you are there"),
    lead=(T("只提醒这一次。来不了也请点一下，我们另找时间。", "The only reminder. If you can’t come, tap too: another time is found."),),
    form=_presence,
    after=((T("之后", "Then"), T("按约定进行", "as agreed")),),
    facts=meeting_facts,
    silence=T("没有人点，就记为“不清楚”，不会当作到了。", "If nobody taps it stays unknown, never “attended”."),
)

KINDS = (
    _PRESENCE,
    replace(
        _PRESENCE,
        kind="presence_panel",
        audience="interviewer",
        act=T("面试到了吗", "Are you there"),
        title=T("{cand}，{meeting}：到了点一下", "{cand}, {meeting}: one tap when you are there"),
    ),
    AskKind(
        kind="interview_conflict",
        audience="staff",
        act=T("面试时间撞上了", "Something stands over an interview"),
        title=T("{cand}的面试：还照原时间吗？", "{cand}’s interview: does the time still stand?"),
        lead=(_why, T("{meeting}。在你决定之前，原来的安排不变。", "{meeting}. Until you decide, the appointment stands.")),
        form=_conflict,
        done=T("收到，马上安排", "Thank you, it is being arranged"),
        after=_REC,
        facts=meeting_facts,
        silence=T("转给主管；不会自己改。", "It becomes your lead’s turn; nothing is changed by itself."),
    ),
    AskKind(
        kind="interview_touched",
        audience="staff",
        act=T("时区规则变了", "The rules of a time zone changed"),
        title=T("{cand}的面试：约的是钟点，还是时刻？", "{cand}’s interview: was the hour meant, or the instant?"),
        lead=(T("当地的时区规则改了，约好的钟点现在是另一个时刻。", "The zone’s rules changed: the hour that was agreed is another instant now."),),
        form=_touched,
        done=T("收到，马上通知大家", "Thank you, everybody is told"),
        after=_REC,
        facts=meeting_facts,
        silence=T("转给主管；不会自己改。", "It becomes your lead’s turn; nothing is changed by itself."),
    ),
    AskKind(
        kind="no_show_ruling",
        audience="staff",
        act=T("几次没到或没回，请决定", "Absent or silent again: please decide"),
        title=T("{cand}几次没有来，或没有回复：还约吗？", "{cand} has not come, or not answered, several times: once more?"),
        lead=(T("{role}（{code}）。可能有原因，先打个电话。", "{role} ({code}). There may be a reason: call first."),),
        form=_ruling,
        done=DECIDED,
        after=((T("之后", "Then"), T("{cand}会收到消息", "{cand} hears of it")),),
        silence=T("转给主管；没有人因为沉默被拒绝。", "It becomes your lead’s turn; nobody is rejected by silence."),
    ),
    AskKind(
        kind="calendar_unread",
        audience="interviewer",
        act=T("有个日历读不到了", "A calendar can’t be read"),
        topic=T("{owner}", "{owner}"),
        title=lambda scene: (
            T("你的日历读不到了", "Your calendar can’t be read any more") if scene.owner == scene.holder
            else T("{owner}的日历读不到了", "{owner}’s calendar can’t be read any more")),
        lead=(
            T("约面试要看这个日历有没有空。请看看分享链接或密码是不是变了。", "Interviews are set around it. Please see whether its address or password has changed."),
            T("上次读到的安排还算数，新的我们看不见。", "What was read last still counts; whatever is new nobody sees."),
        ),
        form=_unread,
        done=T("谢谢，我们再读一次", "Thank you, it is read again"),
        after=((T("之后", "Then"), T("读得到了就不再问", "once it can be read nobody asks any more")),),
        silence=T("到期还没有看，我们自己去看。", "If nobody has looked by then, we look ourselves."),
    ),
)
