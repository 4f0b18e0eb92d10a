"""The commands around the stack, as a person types them: each error says what is wrong and what to do, without a traceback."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.environment import ROOT
from deploy.local.spawn import on_birth, unprivileged

pytestmark = pytest.mark.xdist_group("stack_commands")


def baton(*arguments: str, birth=None, **env: str) -> subprocess.CompletedProcess:
    """Run the command line to its end."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
    argv = [sys.executable, "-m", "deploy.cli.main", *arguments]
    full = {**clean, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **env}
    return subprocess.run(argv, env=full, cwd="/", capture_output=True, text=True, timeout=120, check=False, preexec_fn=birth)


def refused(done: subprocess.CompletedProcess, code: int, *words: str) -> None:
    """Ended with this code, said these words, showed no traceback."""
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    for word in words:
        assert word in said


def test_up_status_down_when_used_in_order_then_each_says_what_is(tmp_path):
    home = ["--home", str(tmp_path / "home")]
    up = baton("up", *home, "--only", "sink", "--json")
    assert up.returncode == 0, up.stdout + up.stderr
    started = json.loads(up.stdout)
    again = baton("up", *home, "--json")
    assert json.loads(again.stdout)["pid"] == started["pid"]
    status = json.loads(baton("status", *home, "--json").stdout)
    assert status["ok"] and status["processes"]["sink"]["state"] == "ready"
    assert baton("logs", "sink", *home).returncode == 0
    assert json.loads(baton("down", *home, "--json").stdout) == {"ok": True, "was_running": True}
    assert json.loads(baton("down", *home, "--json").stdout) == {"ok": True, "was_running": False}
    refused(baton("status", *home), 3, "No stack is running", "baton up")


def test_up_when_a_remembered_port_is_taken_then_it_names_the_port_and_new_ports_help(tmp_path):
    home = tmp_path / "home"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        home.mkdir()
        (home / "ports.json").write_text(json.dumps({"smtp": port}))
        refused(baton("up", "--home", str(home), "--only", "sink"), 1, str(port), "taken", "--new-ports")
        assert baton("up", "--home", str(home), "--only", "sink", "--new-ports").returncode == 0
    assert baton("down", "--home", str(home)).returncode == 0


def test_up_when_the_folder_lies_below_a_file_then_it_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    refused(baton("up", "--home", str(tmp_path / "file" / "home")), 1, "not a folder", "--home")


def test_up_when_the_folder_is_not_writable_then_it_is_refused(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    user = unprivileged()  # root may write everywhere: then another user tries
    birth = on_birth(signal.SIGTERM, user, reach=True) if user else None
    refused(baton("up", "--home", str(closed / "home"), birth=birth), 1, "cannot be used", "Permission denied", "--home")


def test_up_when_a_file_of_the_home_is_damaged_then_it_is_named(tmp_path):
    (tmp_path / "ports.json").write_text("{")
    refused(baton("up", "--home", str(tmp_path), "--only", "sink"), 1, "ports.json", "damaged")


def test_up_when_a_process_is_unknown_then_the_known_ones_are_listed(tmp_path):
    refused(baton("up", "--home", str(tmp_path), "--only", "kafkaa"), 1, "kafkaa", "postgres")


def test_command_when_misused_then_exit_code_2(tmp_path):
    assert baton("up", "--bogus").returncode == 2
    assert baton("nonsense").returncode == 2


def test_doctor_when_a_given_server_does_not_answer_then_exit_code_3_and_the_variable_is_named(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    done = baton("doctor", "--home", str(tmp_path), "--json", BATON_KAFKA=address)
    findings = {found["check"]: found for found in json.loads(done.stdout)["findings"]}
    assert done.returncode == 3
    assert findings["kafka"]["verdict"] == "unreachable" and "BATON_KAFKA" in findings["kafka"]["cure"]


def test_doctor_when_a_variable_is_misspelled_then_it_is_found(tmp_path):
    refused(baton("doctor", "--home", str(tmp_path), BATON_KAFKAA="x"), 1, "BATON_KAFKAA")


def test_doctor_when_secrets_are_open_to_others_then_it_says_how_to_close_them(tmp_path):
    (tmp_path / "keys.json").write_text("{}")
    (tmp_path / "keys.json").chmod(0o644)
    refused(baton("doctor", "--home", str(tmp_path)), 1, "chmod 600")


def test_help_when_asked_for_then_every_listed_command_has_an_example():
    listed = baton("--help")
    assert listed.returncode == 0
    for name in ("up", "down", "status", "logs", "doctor", "migrate", "version"):
        assert name in listed.stdout
        assert f"Example: baton {name}" in " ".join(baton(name, "--help").stdout.replace("│", "").split())


def test_entry_point_when_installed_then_it_is_the_same_command():
    assert (Path(sys.executable).parent / "baton").exists(), "run `make .venv`"
