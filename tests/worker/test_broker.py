"""The broker's server: which one it accepts, and the embedded one that comes and goes with its owner."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from structlog.testing import capture_logs

from domain.errors import BadInput
from domain.settings import Settings
from worker import embedded_valkey
from worker.broker import check_server, make_broker, redis_client
from worker.embedded_valkey import EmbeddedValkey, socket_path, wait_until_it_answers
from worker.pace import RedisPace


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl"])
def test_a_server_that_evicts_keys_is_refused(valkey: redis.Redis, policy: str) -> None:
    valkey.config_set("maxmemory-policy", policy)

    with pytest.raises(BadInput, match=f"maxmemory-policy {policy}.*set maxmemory-policy noeviction"):
        check_server(valkey)


def test_a_server_without_an_append_only_file_is_warned_of(valkey: redis.Redis) -> None:
    with capture_logs() as logs:
        check_server(valkey)

    assert "no append-only file" in logs[0]["event"]


def test_an_address_without_a_server_is_named_as_the_problem() -> None:
    settings = Settings.from_environment({"REDIS_URL": "unix:///nowhere/valkey.sock"})

    with pytest.raises(BadInput, match="REDIS_URL does not lead to a server"):
        redis_client(settings)


def test_a_killed_workers_messages_are_not_left_for_minutes(valkey: redis.Redis) -> None:
    broker = make_broker(valkey)

    assert (broker.maintenance_chance, broker.heartbeat_timeout) == (1_000_000, 5_000)


def test_the_embedded_server_starts_in_a_folder_with_blanks_and_chinese_characters(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path / "sales data 销售")

    server.start()
    server.stop()

    kept = tmp_path / "sales data 销售" / "valkey" / "appendonlydir"
    assert kept.is_dir()
    assert not embedded_valkey.answers(server.socket)


def test_the_embedded_server_keeps_what_it_was_given(tmp_path: Path) -> None:
    first = EmbeddedValkey(tmp_path)
    first.start()
    client = redis.Redis(unix_socket_path=str(first.socket))
    check_server(client)
    assert client.info("persistence")["aof_enabled"] == 1
    client.set("kept", "yes")
    first.stop()
    assert not embedded_valkey.answers(first.socket)

    again = EmbeddedValkey(tmp_path)
    again.start()

    assert client.get("kept") == b"yes"
    client.close()
    again.stop()


def test_the_embedded_server_ends_with_an_owner_that_was_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from worker.embedded_valkey import EmbeddedValkey;"
        "EmbeddedValkey(Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    assert embedded_valkey.answers(socket_path(tmp_path))

    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    owner.stdout.close()

    deadline = time.monotonic() + 60
    while embedded_valkey.answers(socket_path(tmp_path)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not embedded_valkey.answers(socket_path(tmp_path))


def test_a_long_home_gets_a_socket_with_a_short_path(tmp_path: Path) -> None:
    long_home = tmp_path / ("x" * 120)

    path = socket_path(long_home)

    assert len(str(path)) <= 100
    assert path == socket_path(long_home)
    assert path != socket_path(tmp_path / ("y" * 120))


def test_who_waits_in_vain_for_the_embedded_server_is_told_what_to_start(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"start the scheduler that runs it \(python -m worker.scheduler\)"):
        wait_until_it_answers(tmp_path / "valkey.sock", timeout_s=0.2)


def test_one_message_a_second_for_each_conversation_over_all_workers(valkey: redis.Redis) -> None:
    one, other = RedisPace(valkey), RedisPace(valkey)
    assert one.wait_ms("C1") == 0

    assert 0 < other.wait_ms("C1") <= 1_000
    assert other.wait_ms("C2") == 0


def test_a_conversation_on_hold_waits_as_long_as_slack_asked(valkey: redis.Redis) -> None:
    pace = RedisPace(valkey)

    pace.hold("C1", 30_000)

    assert 29_000 < pace.wait_ms("C1") <= 30_000
    assert 29_000 < pace.held_ms("C1") <= 30_000
    assert pace.held_ms("C2") == 0
    assert pace.wait_ms("C2") == 0


def test_one_worker_at_a_time_searches_a_conversation(valkey: redis.Redis) -> None:
    one, other = RedisPace(valkey), RedisPace(valkey)

    with one.looking("C1") as first, other.looking("C1") as second:
        assert (first, second) == (True, False)
    with other.looking("C1") as afterwards:
        assert afterwards


def test_one_picture_is_uploaded_by_one_worker_at_a_time(valkey: redis.Redis) -> None:
    one, other = RedisPace(valkey), RedisPace(valkey)

    with one.uploading("d1") as first, other.uploading("d1") as second, other.uploading("d2") as another:
        assert (first, second, another) == (True, False, True)
