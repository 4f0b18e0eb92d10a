"""`python -m deploy.local.sink`: the mail sink, and the stand-ins of chat and SMS vendors, as a process of their own."""

import argparse
import asyncio
import json
import os
import signal
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.routing import BaseRoute

from deploy.local.sink.mailbox import Hooks, Mailbox
from deploy.local.sink.smtp import factory, self_signed
from deploy.local.sink.web import Web
from deploy.local.vendors.inbox import Inbox
from deploy.local.vendors.vendor import House
from deploy.local.vendors.web import Vendors


def arguments() -> argparse.Namespace:
    """What the supervisor, a test or the container passes."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.sink", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--login", help="user:password; AUTH is then required")
    parser.add_argument("--starttls", action="store_true", help="offer STARTTLS with a self-signed certificate in the folder")
    parser.add_argument("--accounts", type=Path, help="JSON file of accounts with chat and SMS vendors: their stand-ins are served too")
    parser.add_argument("--doors", default="", help="where callbacks of vendors go, http://host:port")
    return parser.parse_args()


def vendors(options: argparse.Namespace, inbox: Inbox) -> list[BaseRoute]:
    """The stand-ins of chat and SMS vendors, where accounts are named."""
    if not options.accounts:
        return []
    return Vendors(House(json.loads(options.accounts.read_text()), options.doors, inbox)).routes()


async def serve(options: argparse.Namespace) -> None:
    """Run both doors until a signal comes."""
    mailbox, hooks, inbox = Mailbox(options.folder), Hooks(options.folder), Inbox(options.folder)
    login = tuple(options.login.split(":", 1)) if options.login else None
    tls = self_signed(options.folder) if options.starttls else None
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(factory(mailbox, login=login, tls=tls), options.host, options.smtp_port)
    app = Web(mailbox, hooks, chats=lambda: len(inbox.notes)).app(vendors(options, inbox))
    http = Server(app, options.host, options.http_port, interface=Interfaces.ASGINL, log_enabled=False)
    done = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, done.set)
    serving = asyncio.create_task(http.serve())
    await asyncio.wait([serving, asyncio.create_task(done.wait())], return_when=asyncio.FIRST_COMPLETED)
    smtp.close()
    http.stop()
    await asyncio.wait([serving], timeout=3)


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
    os._exit(0)  # everything is on disk; threads of the HTTP server can abort an interpreter that is ending
