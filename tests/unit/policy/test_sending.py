"""When a message may leave: practice.md 2.9 and 2.10."""
from shared.policy.sending import next_closing, send_after

CHINA = "Asia/Shanghai"


def test_nothing_leaves_for_china_in_golden_week(agency, cn, at) -> None:
    for day in range(1, 8):
        for channel, first in [("mail", "2026-10-08 08:30"), ("sms", "2026-10-08 09:00"), ("call", "2026-10-08 12:00")]:
            sent = send_after(
                agency, channel, recipient_zone=CHINA, calendar=cn, party_class="candidate", instant=at(f"2026-10-0{day} 10:00"), weekends=True
            )
            assert sent == at(first)


def test_people_at_work_are_chatted_with_and_called_in_their_working_hours(agency, cn, munich, at) -> None:
    found = at("2026-10-02 10:00", "munich")
    assert send_after(agency, "chat", recipient_zone=CHINA, calendar=cn, party_class="client", instant=found) == at("2026-10-08 09:00")
    there = send_after(agency, "chat", recipient_zone="Europe/Berlin", calendar=munich, party_class="client", instant=found)
    assert there == found
    sunday = at("2026-09-20 10:00")
    assert send_after(agency, "call", recipient_zone=CHINA, calendar=cn, party_class="staff", instant=sunday) == sunday


def test_an_open_window_sends_at_once_and_a_closed_one_waits(agency, cn, at) -> None:
    def sent(channel: str, when: str, **more: bool):
        return send_after(agency, channel, recipient_zone=CHINA, calendar=cn, party_class="candidate", instant=at(when), **more)

    assert sent("mail", "2026-09-11 20:59") == at("2026-09-11 20:59")
    assert sent("mail", "2026-09-11 21:00") == at("2026-09-14 08:30")
    assert sent("sms", "2026-09-10 20:00") == at("2026-09-11 09:00")
    assert sent("mail", "2026-09-12 10:00", weekends=True) == at("2026-09-12 10:00")
    assert sent("call", "2026-09-12 09:00") == at("2026-09-12 10:00")
    assert sent("mail", "2026-10-03 03:00", urgent=True) == at("2026-10-03 03:00")
    assert sent("webhook", "2026-10-03 03:00") == at("2026-10-03 03:00")
    assert sent("hand", "2026-09-10 22:00") == at("2026-09-11 08:30")


def test_weekends_are_open_only_to_candidates_who_opted_in(agency, cn, at) -> None:
    saturday = at("2026-09-12 10:00")
    client = send_after(agency, "mail", recipient_zone=CHINA, calendar=cn, party_class="client", instant=saturday, weekends=True)
    assert client == at("2026-09-14 08:30")


def test_a_rejection_leaves_neither_on_friday_evening_nor_on_the_eve_of_a_holiday(agency, cn, at) -> None:
    def sent(when: str):
        return send_after(agency, "mail", recipient_zone=CHINA, calendar=cn, party_class="candidate", instant=at(when), bad_news=True)

    assert sent("2026-09-11 16:59") == at("2026-09-11 16:59")
    assert sent("2026-09-11 17:30") == at("2026-09-14 08:30")
    assert sent("2026-09-30 10:00") == at("2026-10-08 08:30")
    assert sent("2026-09-24 10:00") == at("2026-09-28 08:30")


def test_the_window_is_that_of_the_recipients_zone(agency, cn, at) -> None:
    abroad = send_after(
        agency, "mail", recipient_zone="America/New_York", calendar=cn, party_class="candidate", instant=at("2026-09-14 10:00")
    )
    assert abroad == at("2026-09-14 08:30", "new_york")


def test_the_end_of_a_window(agency, cn, at) -> None:
    end = next_closing(agency, "call", party_class="candidate", calendar=cn, instant=at("2026-09-07 18:00"))
    assert end == at("2026-09-07 20:30")
