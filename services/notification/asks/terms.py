"""The terms of an offer as lines of facts, the same on page, in mail and before the approver."""

from datetime import date

from services.notification import wording
from services.notification.asks.base import Facts
from services.notification.look.form import Field
from services.notification.look.scene import Scene
from services.notification.wording import T


def base_field(scene: Scene, name: str = "base", label: T = T("月薪（税前，整数）", "Base a month (before tax, whole units)")) -> Field:
    """A monthly base salary: a sealed number in whole currency units."""
    return Field(name, scene.fill(label), "money", sealed=True, currency=scene.offer.currency if scene.offer else "CNY")


def counter_facts(scene: Scene) -> Facts:
    """What the candidate wishes for beside what the letter says, term by term; their own words last."""
    offer, lang, said = scene.offer, scene.lang, scene.params
    rows = []
    if offer is not None and said.get("wished_base"):
        wished = wording.money(round(float(said["wished_base"]) * 100), offer.currency, lang)
        rows.append((T("月薪：希望", "Pay a month: wished for"), f"{wording.money(offer.base_minor, offer.currency, lang)} → {wished}"))
    if offer is not None and said.get("wished_start"):
        days = [wording.day(one, lang, scene.now) for one in (offer.start_day, date.fromisoformat(said["wished_start"])) if one]
        rows.append((T("到岗：希望", "Start: wished for"), " → ".join(days)))
    if said.get("wished_words"):
        rows.append((T("候选人的话", "In their words"), said["wished_words"]))
    return tuple((scene.fill(label), value) for label, value in rows)


def offer_facts(scene: Scene) -> Facts:
    """Role, pay, place, start, probation: full figures with currency, period and before tax; unknown terms are left out."""
    offer, zh = scene.offer, scene.lang == "zh"
    if offer is None:
        return ()
    role = scene.words["role"] + (
        (f"，向{offer.reports_to}汇报" if zh else f", reporting to {offer.reports_to}") if offer.reports_to else ""
    )
    rows = [("职位" if zh else "Role", role)]
    if offer.base_minor:
        month = wording.money(offer.base_minor, offer.currency, scene.lang)
        year = wording.money(offer.base_minor * offer.months, offer.currency, scene.lang)
        rows.append(
            (
                "薪酬" if zh else "Pay",
                f"月薪 {month} × {offer.months} 个月（税前年薪 {year}）"
                if zh
                else f"{month} a month × {offer.months} ({year} a year before tax)",
            )
        )
    if offer.place:
        rows.append(("地点" if zh else "Place", offer.place))
    if offer.start_day:
        start = wording.day(offer.start_day, scene.lang, scene.now)
        rows.append(("到岗" if zh else "Start", f"{start}，可以商量" if zh else f"{start}, open to talk"))
    if offer.probation_months:
        rows.append(
            (
                "试用期" if zh else "Probation",
                f"{offer.probation_months} 个月，薪酬相同" if zh else f"{offer.probation_months} months, same pay",
            )
        )
    if offer.changed:
        rows.append(("这一版改了" if zh else "Changed in this version", wording.listing(offer.changed, scene.lang)))
    return tuple(rows)
