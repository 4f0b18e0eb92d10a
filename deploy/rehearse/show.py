"""A rehearsal for reading: lines for a terminal, and one self-contained page that a client can look through and sign."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from html import escape

from deploy.rehearse.post import Said, Story
from shared.policy.wall import zone_of

PACE_WORDS = {"prompt": "everybody answers within two hours", "late": "everybody answers after the due",
              "silent": "nobody outside the house ever answers"}
WHAT = {"ask": "asks", "remind": "reminds", "climb": "tells the line", "receipt": "confirms"}
_CSS = """:root{color-scheme:light dark;--ink:#1b1f24;--dim:#5b6672;--line:#d9dee4;--paper:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--dim:#9aa5b1;--line:#343b44;--paper:#15181c}}
body{font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.2rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.45rem .6rem .45rem 0;border-bottom:1px solid var(--line)}
td:first-child{white-space:nowrap}small,.dim{color:var(--dim)}.sign td{height:3rem}@media(max-width:30rem){td,th{display:block;border:0}tr{display:block;border-bottom:1px solid var(--line)}}
@media print{h2{break-after:avoid}tr{break-inside:avoid}}"""


def text_of(story: Story, *, words: bool = True) -> str:
    """Every message in the order of leaving, then how many each person got; one line each. Without `words`: the skeleton, for golden files."""
    policy, zone = story.setting.policy, story.setting.policy.zone
    version = f" {policy.version}" if words else ""
    lines = [f"policy {policy.policy}{version}, plan {story.setting.plan or 'one round'}, {PACE_WORDS[story.setting.pace]}, {zone}", ""]
    for one in story.said:
        due = f"  until {_when(one.due_at, zone)}" if one.due_at else ""
        lines.append(f"{_when(one.at, zone)}  {one.to:<16} {WHAT.get(one.purpose, 'tells'):<14} {one.template:<22} {one.subject if words else ''}{due}")
    lines += ["", *(f"{name:<16} {n} messages, at most {most} a day" for name, n, most in _counts(story)),
              f"{story.untrue} were written and not sent: no longer true when they could have left", _end(story)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def page_of(stories: list[Story]) -> str:
    """One HTML page without anything from outside: each pace, each person with every message, and a place to sign."""
    policy = stories[0].setting.policy
    body = [f"<h1>{escape(policy.policy)}: every message of one hire</h1>",
            f"<p>Version <code>{policy.version}</code>, calendar {escape(policy.calendar)}, times of {escape(policy.zone)}. {escape(policy.note.capitalize())}.</p>"]
    for story in stories:
        body.append(f"<h2>When {PACE_WORDS[story.setting.pace]}</h2><p>{escape(_end(story))}. {story.untrue} messages were not sent because they were no longer true.</p>")
        body.append("<ul>" + "".join(f'<li><a href="#{_anchor(story, name)}">{escape(name)}</a>: {n} messages, at most {most} a day</li>' for name, n, most in _counts(story)) + "</ul>")
        body += [_person(story, name) for name, _, _ in _counts(story)]
    body.append('<h2>Approval</h2><table class="sign"><tr><th>Name</th><th>Date</th><th>Signature</th></tr><tr><td></td><td></td><td></td></tr></table>'
                f"<p class=dim>By signing, this version ({policy.version}) may be put into force.</p>")
    return ('<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(policy.policy)}: rehearsal</title><style>{_CSS}</style></head><body><main>{''.join(body)}</main></body></html>\n")


def _person(story: Story, name: str) -> str:
    rows = "".join(_row(one, story.setting.policy.zone) for one in story.said if one.to == name)
    head = "<tr><th>Leaves</th><th>Message</th><th>Answer until</th></tr>"
    return f'<h3 id="{_anchor(story, name)}">{escape(name)}</h3><table>{head}{rows}</table>'


def _row(one: Said, zone: str) -> str:
    words = "<br>".join(escape(line) for line in one.lines if line)
    waited = " <small>(waited for its hour)</small>" if one.held else ""
    due = _when(one.due_at, zone) if one.due_at else ""
    return f"<tr><td>{_when(one.at, zone)}</td><td><b>{escape(one.subject)}</b>{waited}<br><small>{escape(WHAT.get(one.purpose, 'tells'))}: {escape(one.template)}</small><br>{words}</td><td>{due}</td></tr>"


def _counts(story: Story) -> list[tuple[str, int, int]]:
    zone = zone_of(story.setting.policy.zone)
    days = Counter((one.to, one.at.astimezone(zone).date()) for one in story.said)
    totals = Counter(one.to for one in story.said)
    return [(name, n, max(count for (who, _), count in days.items() if who == name)) for name, n in sorted(totals.items(), key=lambda item: (item[0] != "candidate", item[0]))]


def _end(story: Story) -> str:
    days = (story.ended - story.began).days
    if story.outcome is None:
        return f"After {days} days the hire is in {story.stage}; more days show how it goes on"
    return f"The hire ends as {story.outcome} after {days} days" if story.stage == "closed" else f"After {days} days: {story.outcome}, {story.stage}"


def _anchor(story: Story, name: str) -> str:
    return f"{story.setting.pace}-{name.replace(' ', '-')}"


def _when(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(zone_of(zone)):%a %d %b %H:%M}" if at else ""
