"""Headless Chromium for page tests: found, brought by apt where we are root, or a clear word how to get it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW = "page tests need Chromium and a CJK font: apt-get install -y chromium fonts-noto-cjk (as root), then run the tests again"


def executable() -> str:
    """Where Chromium is; installs it once as root on Debian, fails with a clear word otherwise."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(
            "apt-get update -q && apt-get install -y -q chromium fonts-noto-cjk",
            shell=True,
            check=False,
            env=env,
            capture_output=True,
        )
        found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.fail(HOW)
    return str(found)


@contextmanager
def launched() -> Iterator[Browser]:
    """One browser for a module's tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()
