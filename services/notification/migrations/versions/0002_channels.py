"""What several channels need: the order of the queue by what is owed soonest, the vendor's ids, presses of buttons, short links, opt-outs."""

from alembic import op

revision = "0002"
down_revision = "0001"

_CHANGES = """
alter table messages add column owed_at timestamptz, add column provider_id text, add column seen_at timestamptz, add column shown text;
update messages set owed_at = coalesce(send_at, created_at);
alter table messages alter column owed_at set not null;
create index messages_lane on messages (channel, owed_at, id) where state in ('queued', 'sending');
create index messages_cards on messages (ask_id) where shown is not null;
create index messages_provider on messages (provider_id) where provider_id is not null;
alter table attempts add column began timestamptz not null default clock_timestamp(), add column provider_id text;
comment on column attempts.began is 'real time: how long a vendor knows a key again is no matter of business time';
create table presses (vendor text not null, key text not null, ask_id uuid, at timestamptz not null, primary key (vendor, key));
comment on table presses is 'owned: buttons that were pressed in chats, so that a repeated callback counts once';
create table short_links (code text primary key, link_id uuid not null, door text not null);
comment on table short_links is 'owned: the short form of a signed link for text messages; rebuildable from links by sending again';
create table optouts (person_id uuid not null, channel text not null, at timestamptz not null, primary key (person_id, channel));
comment on table optouts is 'owned: who wants nothing more of what the machine begins, by which channel';
"""


def upgrade() -> None:
    """Add columns and tables."""
    for statement in (part.strip() for part in _CHANGES.split(";\n") if part.strip()):
        op.execute(statement)


def downgrade() -> None:
    """Never: data is moved forward only."""
    raise RuntimeError("data is moved forward only; restore a backup instead")
