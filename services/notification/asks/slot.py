"""choose_slot: a candidate picks one of the times held for them.

| kind | field | codes or type | kept |
|---|---|---|---|
| choose_slot | slot | an offered slot's id (of a loop: a way's, which books all its parts), or `none` | clear |
| choose_slot | when | text, needed when slot is `none` | sealed |
| choose_slot | needs | text: what helps to take part | sealed |
"""

from services.notification import wording
from services.notification.asks.base import AskKind, form, note
from services.notification.look.form import Field, Form, Option
from services.notification.look.scene import Scene, Slot
from services.notification.wording import T


def _options(scene: Scene) -> tuple[Option, ...]:
    made = []
    for slot in scene.slots:
        if slot.parts:
            made.append(Option(slot.id, wording.span(slot.start, slot.end, scene.zone, scene.lang, scene.now), _way(scene, slot)))
            continue
        near = wording.near_day(slot.start, scene.zone, scene.lang, scene.now) if scene.reading else ""
        there = wording.other_side(slot.start, slot.end, (scene.zone, scene.other_zone or scene.zone), scene.lang)
        label = wording.span(slot.start, slot.end, scene.zone, scene.lang, scene.now)
        made.append(Option(slot.id, label, ("，" if scene.lang == "zh" else ", ").join(part for part in (near, there) if part)))
    escape = T(
        "写下你方便的时间，{rec}会回复你。不影响对你的评价。",
        "Tell us what would. {rec} answers you. It does not count against you.",
    )
    none = T("这些时间都不合适", "None of these fit")
    return (*made, Option("none", scene.fill(none), scene.fill(escape)))


def _way(scene: Scene, slot: Slot) -> str:
    """Each interview of this way with its hours, and its day where they lie on several."""
    days = {wording.local(start, scene.zone).date() for _, start, _ in slot.parts}
    said = []
    for n, (name, start, end) in enumerate(slot.parts, 1):
        shown = name if name and not (scene.lang == "zh" and name.isascii()) else scene.fill(T(f"第 {n} 场", f"part {n}"))
        hours = f"{wording.local(start, scene.zone):%H:%M}–{wording.local(end, scene.zone):%H:%M}"
        said.append(f"{shown} {hours if len(days) == 1 else wording.span(start, end, scene.zone, scene.lang, scene.now)}")
    return ("；" if scene.lang == "zh" else "; ").join(said)


def _form(scene: Scene) -> Form:
    legend = scene.words["zone_legend"]
    return form(
        scene,
        Field(
            "slot",
            legend,
            "choice",
            _options(scene),
            required=True,
            said=scene.fill(T("你选的（{zone_said}）", "You chose, {zone_said}")),
        ),
        note(
            scene,
            "when",
            T("哪些时间方便？", "When could you?"),
            needed_if=("slot", "none"),
            hint=T("例如：工作日 19:00 以后，或某一天全天", "For example: weekdays after 17:00, or any time on one day"),
        ),
        note(
            scene,
            "needs",
            T("例如字幕、中间休息、文字代替语音", "Captions, a break, another format"),
            folded=T("面试时需要什么便利？", "Anything that would help you take part well?"),
            hint=T(
                "只用于安排面试，面试官只会看到安排，看不到原因。",
                "Used only to set up the interview. Interviewers see the arrangement, not the reason.",
            ),
        ),
        submit=T("发送我的选择", "Send my choice"),
        small=T("以后要改：在日历里拒绝或提议别的时间，或者回复邀请。", "To change it later, decline or propose another time in your calendar, or reply to the invitation."),
    )


def _lead(scene: Scene) -> T:
    if scene.slots and scene.slots[0].parts:
        return _whole(scene)
    minutes = int((scene.slots[0].end - scene.slots[0].start).total_seconds() // 60) if scene.slots else 60
    who = wording.listing(scene.panel, scene.lang).replace("{", "").replace("}", "")
    if chairs := scene.params.get("chairs"):
        zh = f"{{round}}，群面，{minutes} 分钟，一场 {chairs} 席，先回复的先入座。" + (f"面试官是{who}。" if who else "")
        en = f"Your {{round}}, in a group of {chairs}, {minutes} minutes; whoever answers first has a chair." + (f" With {who}." if who else "")
        return T(zh, en)
    zh = f"{{round}}，{minutes} 分钟，视频。" + (f"面试官是{who}。" if who else "")
    en = f"Your {{round}}, {minutes} minutes, by video" + (f", with {who}." if who else ".")
    return T(zh, en)


def _whole(scene: Scene) -> T:
    """A loop: all of it is chosen at once."""
    held = scene.slots[0].parts
    n, minutes = len(held), sum(int((end - start).total_seconds() // 60) for _, start, end in held)
    return T(
        f"{{round}}共 {n} 场，合计 {minutes} 分钟，视频。选一种安排，{n} 场一起定下。",
        f"Your {{round}} has {n} interviews, {minutes} minutes in all, by video. Choose one plan and all {n} are set together.")


def _missed(scene: Scene) -> T | None:
    """What became of a session whose list is closed: named, and that another one follows."""
    if not scene.params.get("chairs") or not scene.slots:
        return None
    when = wording.span(scene.slots[0].start, scene.slots[0].end, scene.zone, scene.lang, scene.now).replace("{", "").replace("}", "")
    over = scene.slots[0].end <= scene.now
    return T(
        f"{when}的群面，名单已在{{due_until}}定下{'，也已经结束' if over else ''}。仍然欢迎你：{{rec}}另给你安排一场，不影响对你的评价。",
        f"The list for the group interview of {when} closed at {{due_until}}{' and it is over' if over else ''}. You are still welcome: {{rec}} finds you another"
        " one, and it does not count against you.")


def _ready(scene: Scene) -> T:
    n = len(scene.slots)
    if scene.params.get("chairs"):
        return T("席位有限，先回复的先入座；不合适也没关系。", "Chairs are few, whoever answers first has one; it is fine if it does not fit.")
    return T(f"{n} 个时间可选，都不合适也没关系。", f"{n} times to choose from; it is fine if none fits.")


KINDS = (
    AskKind(
        kind="choose_slot",
        waits_for=frozenset({"slots"}),
        confirms=T(
            "{zone_legend}。点开后再确认一次才算选定。",
            "{zone_legend}. The page asks you to confirm; nothing is fixed before that.",
        ),
        preheader=_ready,
        late=_missed,
        audience="candidate",
        act=T("请选时间", "choose a time"),
        title=T("{you}，哪个时间方便面试？", "{you}, which time suits you?"),
        lead=(_lead,),
        form=_form,
        done=T("选好了", "Done, your time is chosen"),
        after=(
            (T("马上", "Now"), T("你和面试官收到日历邀请", "you and the interviewers get the invitation")),
            (T("要改时间", "If it no longer fits"), T("在日历里拒绝，我们另给时间", "decline it in your calendar and other times are offered")),
            (
                T("面试后 24 小时内", "Within 24 hours after"),
                T("无论结果如何，你都会收到答复", "you hear from us, whatever the result"),
            ),
        ),
        notes=(T("发来", "asked"), T("收到面试通知", "get the invitation")),
        silence=T(
            "到期没有选，时间会让给别人，{rec}会打电话给你。", "If you do not choose, the times go back and {rec} calls you."
        ),
    ),
)
