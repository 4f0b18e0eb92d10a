"""The tables of scheduling.

`people`, `absences`, `rooms` and `busy` can be rebuilt from intake.persons, intake.records and intake.events; `interviews`, `sessions`, `bookings`
and `room_bookings` are owned. Two exclusion constraints make double booking impossible whatever the code does: per person, per room.
"""

from alembic import op

from shared.runtime.plumbing import plumbing_ddl

revision, down_revision = "0001", None

_TABLES = (
    """create table people (person_id uuid primary key, version int not null, zone text not null, calendar text not null,
      left_at timestamptz)""",
    """create table absences (person_id uuid, starts_at timestamptz, ends_at timestamptz, primary key (person_id, starts_at, ends_at),
      check (starts_at < ends_at))""",
    "create table busy (busy_id uuid primary key, person_id uuid not null, starts_at timestamptz not null, ends_at timestamptz not null)",
    "create index busy_by_person on busy (person_id, ends_at)",
    "create table rooms (room_id uuid primary key, version int not null, zone text not null, capacity int not null)",
    """create table interviews (interview_id uuid primary key, hire_id uuid not null, requisition_id uuid not null, candidate_id uuid not null,
      round int not null, minutes int not null, mode text not null, zone text not null, state text not null, version int not null,
      session_id uuid, starts_at timestamptz, ends_at timestamptz, wall_start text, panel uuid[], room_id uuid, reason text)""",
    """create table sessions (session_id uuid primary key, interview_id uuid not null references interviews, starts_at timestamptz not null,
      ends_at timestamptz not null, room_id uuid, state text not null, capacity int not null default 1, taken int not null default 0,
      check (state in ('held', 'booked', 'freed')), check (taken between 0 and capacity), check (starts_at < ends_at))""",
    "create index sessions_by_interview on sessions (interview_id)",
    """create table bookings (session_id uuid references sessions, person_id uuid, role text not null, seat int not null,
      at tstzrange not null, active boolean not null default true, primary key (session_id, person_id),
      constraint one_place_at_a_time exclude using gist (person_id with =, at with &&) where (active))""",
    """create table room_bookings (session_id uuid primary key references sessions, room_id uuid not null, at tstzrange not null,
      active boolean not null default true,
      constraint one_use_at_a_time exclude using gist (room_id with =, at with &&) where (active))""",
    "create view in_flight as select * from plumbing_in_flight",
)


def upgrade() -> None:
    """Plumbing and own tables."""
    for statement in (*plumbing_ddl(), *_TABLES):
        op.execute(statement)


