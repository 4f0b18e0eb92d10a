"""PUBLISHING.md is run: each `sh` block in one shell, in order; each answer it promises must come."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

from deploy.local.stack import Stack
from tests.support.process import running

PAGE = Path(__file__).parents[2] / "PUBLISHING.md"


def _steps() -> list[tuple[str, list[str]]]:
    """(shell lines, promised pieces of the answer) of each block."""
    found = re.findall(r"```sh\n(.*?)```(?:\nAnswer: ([^\n]*))?", PAGE.read_text(), re.DOTALL)
    return [(block, re.findall(r"`([^`]+)`", promise)) for block, promise in found]


async def test_every_line_of_the_page_runs_and_answers_as_it_says(engines: Stack, provisioned: dict[str, str], tmp_path: Path) -> None:
    steps = _steps()
    assert sum(bool(promised) for _, promised in steps) >= 5
    script = "set -eu\n" + "\n".join(f"{block}\necho '=== {n}'" for n, (block, _) in enumerate(steps))
    env = {**os.environ, **provisioned, "TMPDIR": str(tmp_path)}
    async with running(engines, "intake"):
        shell = await asyncio.create_subprocess_exec("bash", "-c", script, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
        output = (await shell.communicate())[0].decode()
    assert shell.returncode == 0, output
    answers = re.split(r"=== \d+\n", output)
    for (block, promised), answer in zip(steps, answers, strict=False):
        for piece in promised:
            assert piece.replace(" ", "") in answer.replace(" ", ""), f"{block}\nanswered\n{answer}"
