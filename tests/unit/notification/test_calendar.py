"""Invitations that every calendar reads the same: a strict lint, two independent parsers, and answers read back from real clients' mails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from uuid import UUID

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.look.mail import Mail
from services.notification.sending.calendar_entry import Entry, entry_bytes, feed_bytes, uid_of
from services.notification.sending.calendar_reply import Reply, read_reply
from services.notification.sending.letter import Letter
from tests.support.ical_lint import faults, mail_faults, parse

ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "Africa/Casablanca", "UTC",
         "Pacific/Chatham", "Europe/Dublin", "Asia/Tehran", "Africa/Cairo"]
FIRM, LI = ("启衡人才, 招聘; \"组\"", "baton@qiheng.example"), ("Dr. Vogel: A", "vogel@kestrel.example")
ID = UUID(int=7)
START = datetime(2026, 10, 21, 7, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200)


def entry(method: str = "REQUEST", **more) -> Entry:
    """An appointment in Munich."""
    fields = {"interview_id": ID, "sequence": 1, "start": START, "end": START + timedelta(hours=1), "zone": "Europe/Berlin", "summary": "周敏：约好的时间",
              "method": method, "stamp": START - timedelta(days=3)}
    return Entry(**{**fields, **more})


def reads(raw: bytes):
    """The second parser, with what it remembers of zones from other calendars forgotten: it must read the one that we wrote."""
    vars(vobject.icalendar)["__tzidMap"].clear()
    return vobject.readOne(raw.decode())


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(["REQUEST", "CANCEL", "DECLINECOUNTER"]), st.sampled_from(ZONES), st.integers(0, 7 * 366 * 24 * 4).map(lambda n: datetime(2024, 1, 1, tzinfo=UTC) + n * timedelta(minutes=15)),
       st.integers(0, 9), words, words)
def test_entry_of_anything_then_lint_finds_nothing_and_two_parsers_agree(method, zone, start, sequence, summary, place):
    one = entry(method, zone=zone, start=start, end=start + timedelta(minutes=45), sequence=sequence, summary=summary, location=place)
    raw = entry_bytes(one, FIRM, LI)
    assert faults(raw) == [f"no SUMMARY in a {method}"] * (not summary)
    [first] = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    second = reads(raw).vevent
    assert first["DTSTART"].dt.astimezone(UTC) == second.dtstart.value.astimezone(UTC) == start
    assert first["DTEND"].dt.astimezone(UTC) == second.dtend.value.astimezone(UTC) == start + timedelta(minutes=45)
    assert str(first["UID"]) == second.uid.value == uid_of(ID, FIRM[1])
    assert int(first["SEQUENCE"]) == int(second.sequence.value) == sequence
    assert str(first.get("SUMMARY", "")) == (second.summary.value if hasattr(second, "summary") else "") == summary
    assert str(first["ATTENDEE"]) == second.attendee.value == "mailto:vogel@kestrel.example"
    assert str(first["ORGANIZER"]) == second.organizer.value


def test_feed_then_cancelled_ones_as_such_and_nobody_elses_address():
    entries = [entry(), entry("CANCEL", interview_id=UUID(int=8), sequence=4, zone="Asia/Shanghai", start=START + timedelta(days=200), end=START + timedelta(days=200, hours=1))]
    raw = feed_bytes(entries, name="陈维, 面试", organizer_mail=FIRM[1])
    assert faults(raw) == []
    assert faults(feed_bytes([], name="x", organizer_mail=FIRM[1])) == []
    events = list(reads(raw).vevent_list)
    assert [(one.status.value, one.transp.value, one.sequence.value) for one in events] == [("CONFIRMED", "OPAQUE", "1"), ("CANCELLED", "TRANSPARENT", "4")]
    assert b"mailto:" not in raw.replace(b"\r\n ", b"")


@pytest.mark.parametrize(("took", "partstat"), [("", "NEEDS-ACTION"), ("accepted", "ACCEPTED"), ("declined", "DECLINED"), ("counter", "TENTATIVE")])
def test_feed_then_its_reader_stands_in_it_with_what_they_answered(took, partstat):
    raw = feed_bytes([entry(took=took)], name="Vogel", organizer_mail=FIRM[1], reader=LI)
    assert faults(raw) == [] and b"METHOD" not in raw, "one that publishes may name no attendee"
    [event] = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert str(event["ATTENDEE"]) == reads(raw).vevent.attendee.value == "mailto:vogel@kestrel.example"
    assert event["ATTENDEE"].params["PARTSTAT"] == reads(raw).vevent.attendee.params["PARTSTAT"][0] == partstat
    assert "attendees without an organizer" in faults(raw.replace(b"ORGANIZER:", b"X-ORGANIZER:"))


@pytest.mark.parametrize(("old", "new", "fault"), [
    (b"\r\nSEQUENCE:1", b"", "no SEQUENCE"), (b"\r\n", b"\n", "does not end with CRLF"), (b"METHOD:REQUEST", b"METHOD:CANCEL", "a CANCEL that is not CANCELLED"),
    (b"BEGIN:VTIMEZONE", b"BEGIN:X-OTHER", "END:VTIMEZONE closes nothing"), (b"TZID:Europe/Berlin", b"TZID:Berlin", "DTSTART: no VTIMEZONE for Europe/Berlin"),
    (b";TZID=Europe/Berlin:20261021T09", b":20261021T09", "DTSTART floats"), (b"mailto:", b"", "ATTENDEE is no mail address"), (b"RSVP=TRUE", b"RSVP=FALSE", "an attendee is not asked to answer"),
    (b"CLASS:PRIVATE", b"CLASS:PRIVATE\r\nCLASS:PRIVATE", "CLASS 2 times"), (b"CLASS:PRIVATE", b"DESCRIPTION:a;b", "DESCRIPTION has an unescaped ';'"),
    (b"CLASS:PRIVATE", b"X-A:" + b"a" * 80, "a line of 84 octets")])
def test_lint_when_something_is_broken_then_it_is_named(old, new, fault):
    raw = entry_bytes(entry(), FIRM, LI)
    whole = raw if old in raw else raw.replace(b"\r\n ", b"")
    assert old in whole
    assert fault in faults(whole.replace(old, new))


def answer_mail(method: str, lines: str, *, sender: str = "Vogel <Vogel@Kestrel.example>", newline: str = "\r\n", kind: str = "text/calendar") -> bytes:
    """What a mail client sends back."""
    text = f"BEGIN:VCALENDAR\nPRODID:-//Client\nVERSION:2.0\nMETHOD:{method}\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n".replace("\n", newline)
    root, inner = MIMEMultipart("mixed"), MIMEMultipart("alternative")
    inner.attach(MIMEText("Dr. Vogel hat zugesagt.", "plain", "utf-8"))
    main, _, sub = kind.partition("/")
    part = MIMEBase(main, sub, method=method, charset="UTF-8")
    part.set_payload(text.encode())
    inner.attach(part)
    root.attach(inner)
    root["From"], root["To"], root["Subject"] = sender, FIRM[1], "Accepted"
    return root.as_bytes()


UID = f"UID:{ID}@qiheng.example\nDTSTAMP:20261018T070000Z\nSEQUENCE:2"
ATTENDEE = "ATTENDEE;CN=Vogel;PARTSTAT={}:MAILTO:VOGEL@kestrel.example"


@pytest.mark.parametrize(("partstat", "answer"), [("ACCEPTED", "accepted"), ("declined", "declined"), ("TENTATIVE", "tentative"), ("DELEGATED", "delegated")])
@pytest.mark.parametrize("how", [{}, {"newline": "\n"}, {"kind": "application/ics"}])
def test_reply_then_whose_answer_to_which_version(partstat, answer, how):
    mail = answer_mail("REPLY", f"{UID}\n{ATTENDEE.format(partstat)}\nCOMMENT:Ich komme\\, gern.\nDTSTART:20261021T070000Z", **how)
    reply = read_reply(mail, "qiheng.example")
    assert reply == Reply(ID, 2, "vogel@kestrel.example", answer, "vogel@kestrel.example", "Ich komme, gern.")
    assert reply.from_the_invited and reply.is_about(2) and reply.is_about(1) and not reply.is_about(3)


@pytest.mark.parametrize("times", [
    "DTSTART:20261022T120000Z\nDTEND:20261022T130000Z", "DTSTART;TZID=Europe/Berlin:20261022T140000\nDTEND;TZID=Europe/Berlin:20261022T150000"])
def test_counter_then_the_proposed_time_in_utc(times):
    reply = read_reply(answer_mail("COUNTER", f"{UID}\n{ATTENDEE.format('TENTATIVE')}\n{times}"), "qiheng.example")
    assert reply is not None
    assert (reply.answer, reply.starts_at, reply.ends_at) == ("counter", datetime(2026, 10, 22, 12, tzinfo=UTC), datetime(2026, 10, 22, 13, tzinfo=UTC))


@pytest.mark.parametrize("mail", [
    answer_mail("REPLY", f"{UID.replace('@qiheng', '@other')}\n{ATTENDEE.format('ACCEPTED')}"), answer_mail("REPLY", f"{UID}\n{ATTENDEE.format('NEEDS-ACTION')}"),
    answer_mail("REQUEST", f"{UID}\n{ATTENDEE.format('ACCEPTED')}"), answer_mail("REPLY", f"UID:x@qiheng.example\n{ATTENDEE.format('ACCEPTED')}"), answer_mail("REPLY", UID),
    answer_mail("COUNTER", f"{UID}\n{ATTENDEE.format('TENTATIVE')}\nDTSTART;VALUE=DATE:20261022"), answer_mail("COUNTER", f"{UID}\n{ATTENDEE.format('TENTATIVE')}\nDTSTART:20261022T120000"),
    answer_mail("COUNTER", f"{UID}\n{ATTENDEE.format('TENTATIVE')}\nDTSTART:tomorrow"),
    answer_mail("REPLY", f"{UID}\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.example\nATTENDEE;PARTSTAT=DECLINED:mailto:b@x.example"),
    b"From: a@b\r\n\r\nyes", b"", b"\xff\xfe"])
def test_reply_when_not_clear_or_not_ours_then_none(mail):
    assert read_reply(mail, "qiheng.example") is None


def test_reply_when_two_attendees_then_the_senders_own():
    mail = answer_mail("REPLY", f"{UID}\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.example\n{ATTENDEE.format('DECLINED')}")
    reply = read_reply(mail, "qiheng.example")
    assert reply is not None and (reply.attendee, reply.answer) == ("vogel@kestrel.example", "declined")
    stranger = read_reply(answer_mail("REPLY", f"{UID}\n{ATTENDEE.format('ACCEPTED')}", sender="eve@x.example"), "qiheng.example")
    assert stranger is not None and not stranger.from_the_invited


@settings(deadline=None)
@given(st.binary(max_size=600), st.binary(max_size=200))
def test_reply_of_garbage_then_never_an_exception(head, body):
    read_reply(head + body, "x.example")
    read_reply(b"From: a@b.example\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n" + body + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "x.example")


def test_parse_then_params_in_quotes_are_one():
    [event] = parse(entry_bytes(entry(), FIRM, LI)).inside("VEVENT")
    assert event.all("ATTENDEE")[0].params["CN"] == ["Dr. Vogel: A"]
    assert mail_faults(b"From: a@b.example\r\n\r\nhi") == ["0 calendar parts"]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_mail_with_an_invitation_then_as_mail_clients_want_it(method):
    mail = Mail(lang="zh", subject="约好的时间", preheader="", sender="启衡人才, 招聘", beside="", heading="见面", lead=("周三见。",))
    letter = Letter(mail=mail, message_id=UUID(int=9), date=START, to=LI, sender=FIRM[1], invite=entry(method))
    assert mail_faults(letter.as_bytes()) == []
