"""A sample scene for every Ask kind, used by goldens, page tests and rehearsals; people and companies are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.notification.look.scene import Dossier, Meeting, Offer, Party, Scene, Slot

NOW = datetime(2026, 12, 2, 1, 31, tzinfo=UTC)
LIN = Party("林悦", latin="Lin Yue")
JONAS = Party("Jonas Weber", given="Jonas")
ZHOU = Party("周敏", latin="Zhou Min", org="启衡人才")
HE = Party("何立", latin="He Li", org="海港机器人")
CHEN = Party("陈维", latin="Chen Wei", org="海港机器人")

PARAMS = {"reason": "unreadable", "missing": "budget", "unlawful": "age", "n_interviewing": "2", "n_screening": "5", "why_0": "years:7"}
MEET = datetime(2026, 12, 3, 6, tzinfo=UTC)
NEED = {"zh": (("duties", "带三个人的小组"),), "en": (("duties", "Leads a group of three"),)}


def _slots() -> tuple[Slot, ...]:
    starts = (
        datetime(2026, 12, 3, 6, tzinfo=UTC),
        datetime(2026, 12, 3, 8, 30, tzinfo=UTC),
        datetime(2026, 12, 4, 2, tzinfo=UTC),
        datetime(2026, 12, 7, 1, 30, tzinfo=UTC),
    )
    return tuple(
        Slot(f"00000000-0000-5000-8000-00000000000{n}", start, start + timedelta(hours=1)) for n, start in enumerate(starts)
    )


def _dossier(lang: str) -> Dossier:
    if lang == "zh":
        return Dossier(
            (
                ("伺服控制 5 年以上", "met", "7 年：AGV 与六轴机械臂"),
                ("主导过量产", "met", "主导过两代驱动板量产"),
                ("工作英语", "partly", "读写流利，会议少"),
            ),
            (("期望薪酬", "年 52 万；你们的范围 45–58 万"), ("可到岗", "1 月 4 日"), ("还不清楚", "没有带过团队")),
            datetime(2026, 11, 27, 1, 40, tzinfo=UTC),
        )
    return Dossier(
        (
            ("Servo control, 5+ years", "met", "7 years: AGVs and six-axis arms"),
            ("Has led a product to production", "met", "Took two drive boards to production"),
            ("Working English", "partly", "Fluent in writing, few meetings"),
        ),
        (("Expects", "520k a year; your range 450–580k"), ("Can start", "4 January"), ("Not known", "Has not led a team")),
        datetime(2026, 11, 27, 1, 40, tzinfo=UTC),
    )


LISTED = {
    "zh": (("14:00–15:00", "面试：林悦"), ("看一份申请", "苏航 · R-118 · 12月2日（周三）20:00 前"), ("还有", "3 件，都在你的首页")),
    "en": (("14:00–15:00", "Interview: Lin Yue"), ("Review an application", "Su Hang · R-118 · by Wed 2 Dec, 13:00"), ("And", "3 more, all on your page")),
}
"""A day of somebody of ours."""


def _offer(zh: bool) -> Offer:
    until = datetime(2026, 12, 8, 10, tzinfo=UTC)
    return Offer(3_800_000, "CNY", 14, "上海临港" if zh else "Lingang, Shanghai", date(2027, 1, 4), 3, "陈维" if zh else "Chen Wei", until)


def sample_scene(kind: str, audience: str, lang: str = "zh", zone: str = "Asia/Shanghai") -> Scene:
    """A full scene: the holder fits the audience, times lie around 2 December 2026."""
    zh = lang == "zh"
    seeker = LIN if zh else JONAS
    holder = {"candidate": seeker, "hire": seeker, "client": HE, "interviewer": CHEN, "staff": ZHOU}[audience]
    scene = Scene(
        lang=lang,
        zone=zone,
        now=NOW,
        holder=holder,
        due_at=datetime(2026, 12, 2, 12, tzinfo=UTC),
        opened_at=datetime(2026, 12, 2, 1, 10, tzinfo=UTC),
        previous=HE if audience == "staff" else ZHOU,
        next=Party("陈维、Priya", latin="Chen Wei, Priya") if audience == "candidate" else LIN if audience == "staff" else ZHOU,
        sender="启衡人才" if zh else "Northgate Talent",
        client="海港机器人" if zh else "Harbour Robotics",
        candidate=(LIN if zh else JONAS) if audience in ("candidate", "hire") else LIN,
        self_report=audience in ("candidate", "hire"),
        recruiter=ZHOU,
        role="高级运动控制工程师" if zh else "Senior Motion Control Engineer",
        code="R-118",
        panel=("陈维", "Priya Raman") if zh else ("Chen Wei", "Priya Raman"),
        slots=_slots(),
        meeting=Meeting(MEET, MEET + timedelta(hours=1), "技术" if zh else "technical", "video", "", 2),
        other_zone="Asia/Shanghai",
        offer=_offer(zh),
        dossier=_dossier(lang),
        owner=HE,
        what="决定" if zh else "the verdict",
        params=PARAMS,
        need=NEED[lang],
        listed=LISTED[lang],
    )
    if kind == "add_candidate":
        return replace(scene, criteria=(("R-118", "R-118 · " + scene.role), ("R-121", "R-121")), due_at=None)
    return replace(scene, due_at=datetime(2026, 12, 8, 10, tzinfo=UTC)) if kind == "offer_answer" else scene
