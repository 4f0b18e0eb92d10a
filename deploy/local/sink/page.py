"""The sink's two pages."""

from jinja2 import DictLoader, Environment

from deploy.local.sink.mailbox import Mail

FRAME = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{% block title %}Mail{% endblock %}</title><style>
:root { color-scheme: light dark } body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem }
a { color: inherit } ol { list-style: none; padding: 0 } li { border-top: 1px solid #8885; padding: .5rem 0 }
small, dt { opacity: .75 } li a { display: block; font-weight: 600 } dl { display: grid; grid-template-columns: 7rem 1fr; gap: .2rem }
dd { margin: 0; overflow-wrap: anywhere } pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8885; padding: 1rem }
iframe { width: 100%; height: 70vh; border: 1px solid #8885; background: #fff }</style>
{% block body %}{% endblock %}</html>"""

LIST = """{% extends "frame" %}{% block body %}<h1>Mail{% if to %} to {{ to }}{% endif %}</h1>
<form><label>To <input name="to" value="{{ to }}" size="40"></label> <button>Show</button></form>
{% if not mails %}<p>Nothing has arrived yet.</p>{% endif %}
<ol>{% for mail in mails %}<li><a href="/mails/{{ mail.n }}">{{ mail.subject or "(no subject)" }}</a>
<small>{{ mail.n }} · to {{ mail.to | join(", ") }} · {{ mail.date }}</small></li>{% endfor %}</ol>{% endblock %}"""

MAIL = """{% extends "frame" %}{% block title %}{{ mail.subject }}{% endblock %}{% block body %}
<p><a href="/">All mails</a></p><h1>{{ mail.subject or "(no subject)" }}</h1>
<dl><dt>To</dt><dd><a href="/?to={{ mail.to[0] | urlencode if mail.to }}">{{ mail.to | join(", ") }}</a></dd>
<dt>From</dt><dd>{{ mail.sender }}</dd><dt>Date</dt><dd>{{ mail.date }}</dd><dt>Message-ID</dt><dd>{{ mail.message_id }}</dd></dl>
<p><a href="/api/messages/{{ mail.n }}/raw">As it arrived</a></p>
{% if mail.html %}<h2>HTML</h2><iframe sandbox="allow-popups" src="/mails/{{ mail.n }}/html" title="HTML part"></iframe>{% endif %}
{% if mail.text %}<h2>Text</h2><pre>{{ mail.text }}</pre>{% endif %}
{% if mail.links %}<h2>Links</h2><ol>{% for link in mail.links %}<li><a href="{{ link }}">{{ link }}</a></li>{% endfor %}</ol>{% endif %}
{% if mail.ics %}<h2>Calendar</h2><pre>{{ mail.ics }}</pre>{% endif %}{% endblock %}"""


def _environment() -> Environment:
    return Environment(loader=DictLoader({"frame": FRAME, "list": LIST, "mail": MAIL}), autoescape=True)


TEMPLATES = _environment()


def render_list(mails: list[Mail], to: str) -> str:
    """The list of mails as HTML."""
    return TEMPLATES.get_template("list").render(mails=mails, to=to)


def render_mail(mail: Mail) -> str:
    """One mail as HTML."""
    return TEMPLATES.get_template("mail").render(mail=mail)
