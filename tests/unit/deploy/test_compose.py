"""docker-compose.yml is the same system as the local stack: there is no Docker here to try it, so everything else about it is checked."""

import json
import re

import pytest
from compose_spec import PyCompose
from ruamel.yaml import YAML

from deploy.cli.checks import known_settings
from deploy.local import kafka, postgres, temporal
from deploy.local.environment import ROOT, SERVICES, WORKFLOW_PROCESSES
from deploy.local.services import MODULES, PROVISION

TEXT = (ROOT / "docker-compose.yml").read_text()
OURS = (*SERVICES, *WORKFLOW_PROCESSES)


@pytest.fixture(scope="module")
def services() -> dict:
    return YAML(typ="safe").load(TEXT)["services"]


def properties(text: str, separator: str = "=") -> dict[str, str]:
    """key = value lines without comments."""
    rows = (line.partition(separator) for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return {key.strip(): value.strip().strip("'") for key, _, value in rows}


def test_compose_when_read_by_the_specification_then_valid():
    whole = YAML(typ="safe").load(TEXT)  # the checker does not resolve merged maps itself
    PyCompose.from_yaml(json.dumps(whole))
    whole["services"]["kafka"]["healthchekc"] = whole["services"]["kafka"].pop("healthcheck")
    with pytest.raises(ValueError, match="healthchekc"):
        PyCompose.from_yaml(json.dumps(whole))


def test_compose_when_it_names_a_setting_then_the_code_knows_it(services):
    used = {name for service in services.values() for name in service.get("environment", {}) if name.startswith("BATON_")}
    assert used and used - set(known_settings()) == set()


def test_compose_when_it_runs_our_processes_then_all_of_them_by_their_modules(services):
    assert {name: services[name]["command"] for name in OURS} == {name: [module] for name, module in MODULES.items()}
    assert services["provision"]["command"] == [PROVISION]


def test_compose_when_a_service_runs_then_it_knows_only_its_own_database(services):
    for name in OURS:
        own = "BATON_DATABASE_" + ("WORKFLOWS" if name in WORKFLOW_PROCESSES else name.upper())
        assert [key for key in services[name]["environment"] if key.startswith("BATON_DATABASE")] == [own]


def test_compose_when_an_image_is_named_then_pinned_to_a_version(services):
    for name, service in services.items():
        assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+(\.\d+)?", service["image"]), name


def test_compose_when_something_waits_then_for_health_or_success(services):
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "test" in services[other]["healthcheck"], f"{name} waits for the health of {other}, which has no check"
            else:
                assert how["condition"] == "service_completed_successfully"
                assert services[other]["restart"] in ("no", "on-failure"), other
    for name in OURS:
        assert "test" in services[name]["healthcheck"]


def test_compose_when_a_port_is_published_then_for_this_machine_only(services):
    for name, service in services.items():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name


def test_compose_when_kafka_is_configured_then_as_the_local_one(services):
    local = properties(kafka.CONF.read_text())
    given = services["kafka"]["environment"]
    assert {key: given.get("KAFKA_" + key.upper().replace(".", "_")) for key in local} == local
    assert given["CLUSTER_ID"] == kafka.CLUSTER_ID
    locked = {line.split()[0].rpartition(":")[2] for line in (ROOT / "deploy/local/kafka.lock").read_text().splitlines() if "org.apache.kafka:" in line}
    assert services["kafka"]["image"] == f"apache/kafka:{locked.pop()}"


def test_compose_when_postgres_is_configured_then_as_the_local_one(services):
    local = properties(postgres.CONF.read_text())
    only_there = {"listen_addresses", "unix_socket_directories", "log_line_prefix"}
    given = dict(part.split("=") for part in services["postgres"]["command"] if "=" in part)
    assert given == {key: value for key, value in local.items() if key not in only_there}
    assert "C.UTF-8" in services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]


def test_compose_when_temporal_is_prepared_then_with_the_same_namespace_and_search_attributes():
    script = (ROOT / "deploy/temporal/create-namespace.sh").read_text()
    found = re.search(r"for name in (.+); do", script)
    assert found and tuple(found[1].split()) == temporal.SEARCH_ATTRIBUTES
    assert f"create -n {temporal.NAMESPACE} --retention {temporal.RETENTION.days}d" in script


def test_image_when_built_then_pinned_and_not_root():
    text = (ROOT / "deploy/Dockerfile").read_text()
    assert re.search(r"^FROM python:3\.11\.\d+-\S+$", text, re.MULTILINE)
    assert re.search(r"^USER baton$", text, re.MULTILINE)
