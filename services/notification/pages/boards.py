"""Two more tables of /home: the candidates of one's own requisitions, and what people told us about their links and their data."""

from datetime import timedelta
from uuid import UUID

from services.notification import wording
from services.notification.desk import Desk
from services.notification.look.page import Board, Line
from services.notification.people import Person, people
from services.notification.store import directory, ledger
from services.notification.wording import T
from shared.runtime.db import Uow

STAGES = {
    "screening": T("筛选", "Screening"),
    "submission": T("推荐", "Submission"),
    "interviewing": T("面试", "Interviewing"),
    "deciding": T("决定", "Deciding"),
    "offering": T("录用", "Offer"),
    "joining": T("入职", "Joining"),
    "settling": T("适应", "Settling in"),
}
TOLD = {
    "erase": T("请求删除自己的信息", "Asks to be erased"),
    "not_mine": T("有一件事不归自己", "Something is not theirs"),
    "mine": T("说现在归自己负责", "Says it is theirs now"),
    "mistake": T("收到了别人的链接", "Got somebody else's link"),
}
HEARS = frozenset({"operators", "director", "privacy_owner", "lead"})
LOOKS_BACK = timedelta(days=15)
"""As long as an erasure may take."""


async def candidates(uow: Uow, desk: Desk, person: UUID, lang: str) -> list[Line]:
    """Everybody who is not at an end yet on the reader's requisitions, newest news first."""
    rows = await ledger.live_hires_of_team(uow, person)
    known = await people(uow, desk.house.vault, [directory.as_uuid(row["person_id"]) for row in rows])
    lines = []
    for row in rows:
        who = known.get(UUID(row["person_id"])) if row["person_id"] else None
        waits = row["waits"] or []
        state, word = (
            ("you", T("等你", "Waiting on you"))
            if any(waits)
            else ("them", T("等对方", "Waiting on them"))
            if waits
            else ("waived", T("没有待办", "Nothing open"))
        )
        stage = STAGES.get(row["state"] or "screening", STAGES["screening"]).at(lang)
        name = (who.party.shown(lang) if who else "") or "—"
        lines.append(
            Line(
                state,
                word.at(lang),
                name,
                f"{row['code']} · {row['title']}",
                wording.day(row["at"].date(), lang, uow.now),
                who=stage,
            )
        )
    return lines


def of_candidates(lines: list[Line], lang: str) -> Board:
    """The table of the reader's candidates."""
    heads = T("状态|候选人|阶段|最近", "State|Candidate|Stage|Latest").at(lang).split("|")
    return Board(
        T(f"我的候选人（{len(lines)}）", f"My candidates ({len(lines)})").at(lang),
        tuple(lines),
        T("还没有。", "None yet.").at(lang),
        (heads[0], heads[1], heads[2], heads[3]),
    )


async def told_us(uow: Uow, desk: Desk, reader: Person | None, lang: str) -> tuple[Board, ...]:
    """What people told us, for those whose duty it is to hear it; nothing at all for others."""
    if reader is None or not HEARS & set(reader.roles):
        return ()
    rows = await ledger.told_us(uow, uow.now - LOOKS_BACK)
    known = await people(uow, desk.house.vault, [row["person_id"] for row in rows])
    lines = tuple(
        Line(
            "you",
            T("等处理", "To be dealt with").at(lang),
            TOLD[row["what"]].at(lang),
            due=wording.instant(row["at"], reader.zone, lang, uow.now),
            who=known[row["person_id"]].party.shown(lang) if row["person_id"] in known else "—",
        )
        for row in rows
        if row["what"] in TOLD
    )
    heads = T("状态|说了什么|谁|时间", "State|What|Who|When").at(lang).split("|")
    title = T(f"别人告诉我们的（{len(lines)}）", f"What people told us ({len(lines)})").at(lang)
    return (Board(title, lines, "", (heads[0], heads[1], heads[2], heads[3])),) if lines else ()
