"""The plan of a requirement as lines of facts, the same where it is confirmed and in the kick-off pack."""

from datetime import datetime

from services.notification import wording
from services.notification.asks.base import Facts
from services.notification.look.scene import Scene
from services.notification.wording import T


def plan_facts(scene: Scene) -> Facts:
    """How it is worked on: openings with their days, channels, milestones, rounds, the wished start."""
    day = {iso: wording.day(wording.local(datetime.fromisoformat(iso), scene.zone).date(), scene.lang, scene.now) for _, _, iso in scene.plan if iso}
    of = {kind: [(name, day.get(iso, "")) for what, name, iso in scene.plan if what == kind] for kind, _, _ in scene.plan}
    dates = [at for _, at in of.get("opening", []) if at]
    rows = [
        (T("人数", "Openings"), f"{len(of['opening'])}" + (f" · {wording.listing(dates, scene.lang)}" if dates else "")) if "opening" in of else None,
        (T("希望到岗", "Wished start"), of["start"][0][1]) if "start" in of else None,
        (T("渠道", "Channels"), wording.listing([name for name, _ in of["channel"]], scene.lang)) if "channel" in of else None,
        *((T("节点", "Milestone"), f"{name} · {at}") for name, at in of.get("milestone", [])),
        (T("面试轮次", "Rounds"), " → ".join(name for name, _ in of["round"])) if "round" in of else None,
    ]
    return tuple((scene.fill(label), value) for label, value in (row for row in rows if row))
