"""Charts as server-side SVG (look.md 7): pure functions, no script; colours are variables of the style sheet, so dark and print follow.

Each returns only the `<svg>`; the caller adds the caption with the finding, and a table with the same numbers beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

FILL = {"met": "var(--v-met)", "late": "var(--v-late)", "over": "var(--v-over)", "open": "var(--baton)", "waived": "var(--v-mute)",
        "lapsed": "var(--v-mute)", "house": "var(--v4)"}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hold:
    """One holding on its lane; `end` None: still held; `due` None: the firm's own time."""

    n: int
    lane: int
    start: datetime
    end: datetime | None
    due: datetime | None
    state: str


@dataclass(frozen=True)
class Frame:
    """What a relay lane is drawn in: lane names, the span, this moment (None: the hire has ended), words."""

    lanes: Sequence[str]
    first: datetime
    last: datetime
    now: datetime | None
    title: str
    now_word: str
    day: Callable[[datetime], str]


def _svg(size: tuple[float, float], title: str, body: str, extra: str = "") -> str:
    return f'<svg{extra} viewBox="0 0 {size[0]:g} {size[1]:g}" role="img" aria-label="{escape(title)}">{body}</svg>'


def _hatch(name: str) -> str:
    return (f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<rect width="6" height="6" fill="var(--sheet)"/><rect width="3.2" height="6" fill="var(--v-late)"/></pattern></defs>')


def _rect(x: float, y: float, w: float, h: float, rest: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" {rest}/>'


def _bar(box: tuple[float, float, float, float], state: str, hatch: str, split: float | None) -> str:
    """One holding: late time is hatched after its due stroke, the open one is drawn as the baton itself."""
    x, y, w, h = box
    if state == "late" and split is not None and split < w:
        before = max(0.0, split)
        return (_rect(x, y, before, h, 'fill="var(--v-met)"')
                + _rect(x + before, y, w - before, h, f'fill="url(#{hatch})" stroke="var(--v-late)"'))
    if state == "open":
        bands = "".join(_rect(x + w * q - 1.5, y - 1, 3, h + 2, 'fill="var(--band)"') for q in (0.14, 0.86))
        return _rect(x, y - 1, w, h + 2, 'rx="3" fill="var(--baton)" stroke="var(--rim)" stroke-width="1.5"') + bands
    if state == "house":
        return _rect(x, y + h / 2 - 3, w, 6, 'rx="2" fill="var(--v4)" stroke="var(--edge)" stroke-width=".5"')
    dashed = ' stroke="var(--edge)" stroke-dasharray="3 3"' if state == "lapsed" else ' stroke="var(--edge)"' if state == "waived" else ""
    return _rect(x, y, w, h, f'rx="3" fill="{FILL[state]}"{dashed}')


def relay_lane(holds: Sequence[Hold], frame: Frame, *, hatch: str) -> str:
    """The signature picture: one lane a party, the baton's way from hand to hand; time runs with the text."""
    left, top, lane_h, width = 150, 46, 44, 1080
    span = max((frame.last - frame.first).total_seconds(), 1.0)
    height = top + lane_h * len(frame.lanes) + 10

    def x(at: datetime) -> float:
        return left + (at - frame.first).total_seconds() / span * (width - left - 14)

    def y(lane: int) -> float:
        return top + lane_h * lane + lane_h / 2

    out = _days(frame, x, (top, height))
    for index, name in enumerate(frame.lanes):
        out.append(f'<line x1="{left}" x2="{width}" y1="{y(index)}" y2="{y(index)}" stroke="var(--line)" stroke-width="1.5"/>'
                   f'<text class="b" x="0" y="{y(index) + 5}">{escape(name)}</text>')
    ordered = sorted(holds, key=lambda hold: hold.start)
    for one, other in zip(ordered, ordered[1:], strict=False):
        if one.end is not None and one.lane != other.lane:
            at = x(other.start)
            out.append(f'<path d="M{at - 5:.1f} {y(one.lane)}C{at + 9:.1f} {y(one.lane)} {at - 9:.1f} {y(other.lane)} {at + 5:.1f} {y(other.lane)}"'
                       ' fill="none" stroke="var(--ink)" stroke-width="1.5"/>')
    if frame.now is not None:
        out.append(f'<line x1="{x(frame.now):.1f}" x2="{x(frame.now):.1f}" y1="{top - 8}" y2="{height - 4}" stroke="var(--ink)" stroke-dasharray="2 4"/>'
                   f'<text class="b" x="{x(frame.now):.1f}" y="{top - 30}" text-anchor="end">{escape(frame.now_word)}</text>')
    out += [_hold(hold, frame, x, (y(hold.lane), hatch)) for hold in ordered]
    return _svg((width, height), frame.title, _hatch(hatch) + "".join(out), f' width="{width}" height="{height}"')


def _hold(hold: Hold, frame: Frame, x: Callable[[datetime], float], place: tuple[float, str]) -> str:
    y, hatch = place
    begin, end = x(hold.start), x(hold.end or frame.now or frame.last)
    width = max(end - begin, 4.0)
    split = x(hold.due) - begin if hold.due is not None else None
    out = _bar((begin, y - 7, width, 14), hold.state, hatch, split)
    if hold.due is not None and frame.first <= hold.due <= frame.last and hold.state in ("late", "over", "open", "lapsed"):
        out += f'<path d="M{x(hold.due):.1f} {y - 12}v24m-3 0h6" stroke="var(--ink)" stroke-width="1.5" fill="none"/>'
    return out + (f'<text class="s" x="{begin + 1:.1f}" y="{y - 11:.1f}"><tspan class="b">{hold.n}</tspan></text>' if hold.state != "house" else "")


def _days(frame: Frame, x: Callable[[datetime], float], edges: tuple[int, int]) -> list[str]:
    """Weekends as bands where they can be seen, and about ten dates above."""
    top, height = edges
    days = max((frame.last - frame.first) // DAY, 1)
    step, out = max(1, round(days / 10)), []
    day = frame.first.replace(hour=0, minute=0, second=0, microsecond=0)
    for index in range(days + 1):
        at = day + DAY * index
        if days <= 45 and at.weekday() >= 5 and at + DAY > frame.first:
            begin, end = x(max(at, frame.first)), x(min(at + DAY, frame.last))
            out.append(_rect(begin, top - 6, max(0.0, end - begin), height - top, 'fill="var(--sunk)"'))
        if index % step == 0 and frame.first <= at <= frame.last:
            out.append(f'<text class="s" x="{x(at):.1f}" y="{top - 16}">{escape(frame.day(at))}</text>')
    return out


def meter(used: float, title: str) -> str:
    """One open obligation: asked at the left, due at the stroke, the baton where now is; red only past the stroke."""
    width, due = 160, 112
    at = min(max(used * due, 9), width - 10)
    over = used > 1
    fill, rim, band = ("var(--v-over)", "var(--v-over)", "var(--sheet)") if over else ("var(--baton)", "var(--rim)", "var(--band)")
    out = f'<line x1="0" x2="{width}" y1="9" y2="9" stroke="var(--edge)" stroke-width="1.5"/>'
    if over:
        out += _rect(due, 7, max(at - due, 2), 4, 'fill="var(--v-over)"')
    out += f'<path d="M{due} 2v14m-3 0h6" stroke="var(--ink)" stroke-width="1.5" fill="none"/>'
    out += _rect(at - 9, 5, 18, 8, f'rx="2" fill="{fill}" stroke="{rim}"')
    out += f'<path d="M{at - 5.5:.1f} 5v8m11 0v-8" stroke="{band}" stroke-width="1.5"/>'
    return _svg((width, 18), title, out, f' width="{width}" height="18"')


def duty_bar(counts: dict[str, int], title: str, *, most: int, hatch: str) -> str:
    """Every duty that fell due is one block, on the same scale for both sides: plain met, hatched late, tall overdue, hollow waived."""
    unit = min(9.0, 520 / max(most, 1))
    out, x = [], 0.5
    for state in ("met", "late", "over", "waived"):
        fill = {"late": f"url(#{hatch})", "waived": "none"}.get(state, FILL[state])
        edge = {"late": "var(--v-late)", "waived": "var(--edge)"}.get(state, FILL[state])
        y, height = (1, 16) if state == "over" else (4, 10)
        for _ in range(counts.get(state, 0)):
            out.append(_rect(x, y, max(unit - 2, 0.8), height, f'rx="1" fill="{fill}" stroke="{edge}" stroke-width=".75"'))
            x += unit
    return _svg((522, 18), title, _hatch(hatch) + "".join(out), ' width="522" height="18"')


def count_bars(rows: Sequence[tuple[str, int, str]], title: str) -> str:
    """Counts as bars on one base line: (name, n, note)."""
    width, step = 520, 40
    most = max((n for _, n, _ in rows), default=1) or 1
    out = []
    for index, (name, n, note) in enumerate(rows):
        y = index * step
        out.append(f'<text x="0" y="{y + 15}"><tspan class="b">{n}</tspan>  {escape(name)}<tspan class="s" dx="8">{escape(note)}</tspan></text>')
        out.append(_rect(0, y + 21, max(n / most * (width - 4), 3), 10, 'rx="3" fill="var(--v2)"'))
    return _svg((width, max(len(rows), 1) * step), title, "".join(out))
