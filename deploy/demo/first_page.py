"""What the demo puts before the report: 周敏's morning as it stood on one day of the story, the five zeros, and the days as they went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from deploy.demo.result import Result

MAIN = "<main>"
HEADS = (("不能有的五件事", "几件", "用什么证明"), ("日子", "发生了什么", "用什么证明"))
ZEROS = {
    "hires without a holder": "没有人拿着棒的候选人", "told twice": "说了两遍的话", "untold 24 h after an interview": "面试后 24 小时没有回话",
    "shown without a yes": "本人没同意就给客户看", "messages in closed hours": "在不该打扰的时间发出的消息"}


def with_first_page(report: str, morning: tuple[datetime, str], result: Result) -> str:
    """The report with these sections first; unchanged where the cast did not play. `morning`: (when, the page of then)."""
    if not result.days or MAIN not in report:
        return report
    before, _, after = report.partition(MAIN)
    at, page = morning
    when = f'<p class="soft">周敏的早晨：{at.year}年{at.month}月{at.day}日 {at:%H:%M}</p>'
    zeros = [(ZEROS.get(what, what), str(n), proof) for what, n, proof in result.zeros()]
    days = [(day.when, day.line or "没有按故事走", day.proof) for day in result.days]
    parts = [f"<section>{when}{page}</section>" if page else "", "<h2>五个零</h2>", _table(HEADS[0], zeros), "<h2>这段故事</h2>", _table(HEADS[1], days)]
    return before + MAIN + "".join(parts) + "<h1>到最后一天</h1>" + after


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(f'<tr><th scope="row">{escape(first)}</th><td>{escape(second)}</td><td><code>{escape(third)}</code></td></tr>' for first, second, third in rows)
    return f'<table class="fold"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
