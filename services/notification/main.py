"""The notification process: settings -> dependencies -> consumer, sender, doors."""

from pathlib import Path

from services.notification import asks, house_wording, tells
from services.notification.channels.accounts import read_accounts
from services.notification.channels.build import channels_of
from services.notification.channels.doors import vendor_doors
from services.notification.desk import Desk
from services.notification.handlers import make_router
from services.notification.links import Links
from services.notification.look import render
from services.notification.mailbox.folder import Mailbox
from services.notification.ops import ops_routes
from services.notification.pages.app import make_app
from services.notification.reported import reported_routes
from services.notification.scenes import House
from services.notification.sending.sender import Sender
from services.notification.sending.valve import valve_of
from services.notification.store.bell import ring_on_jump
from shared.runtime import app


async def build(ctx: app.ProcessContext) -> app.Process:
    """What this process runs; a wrong valve or a missing key ends it with one clear line."""
    settings = ctx.settings
    valve = valve_of(settings.outbound, held=ctx.clock.held, smtp=settings.smtp)
    vault = ctx.vault
    if settings.wording:
        _speak_as(Path(settings.wording))
    house = House(settings.organisation, settings.organisation_latin, vault)
    accounts = read_accounts(settings.channels)
    channels = channels_of(settings, valve.mode, accounts)
    links = Links(vault.links, settings.pages_url or f"http://{settings.notification_http}")
    desk = Desk(house, links, settings, channels=tuple(channels))
    app_of_doors = make_app(ctx.db, desk)
    app_of_doors.router.routes[:0] = vendor_doors(ctx.db, desk, accounts)
    sender = Sender(ctx.db, desk, channels, valve)
    loops: list[app.Loop] = [sender.run]
    if settings.mailbox:
        loops.append(Mailbox(ctx.db, desk, Path(settings.mailbox)).run)
    if ctx.clock.held:
        loops.append(lambda stop: ring_on_jump(settings.database_of("notification"), desk.bell, stop))
    return app.Process(
        routers=[make_router(desk)],
        http=app_of_doors,
        http_address=settings.notification_http,
        loops=loops,
        ops=[*ops_routes(ctx.db, desk), *reported_routes(ctx.db, desk, ctx.tokens)],
    )


def _speak_as(folder: Path) -> None:
    """The organisation's own words and mark, judged before the first message: WordingError ends the start."""
    own = house_wording.load(folder, asks.KINDS, tells.TELLS)
    asks.say_differently(own.asks)
    tells.say_differently(own.tells)
    render.wear(own.mark)


if __name__ == "__main__":
    app.run_process("notification", build)
