"""The first signal asks a process to stop, the second ends it."""

import signal
import subprocess
import sys

import pytest

PROCESS = """
import sys, threading, time
from domain.stopping import when_told_to_stop

told = threading.Event()
when_told_to_stop(told.set)
print("running", flush=True)
told.wait()
print("finishing", flush=True)
time.sleep(float(sys.argv[1]))
print("finished", flush=True)
"""


def a_process(finishes_in_s: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(finishes_in_s)], stdout=subprocess.PIPE, text=True
    )
    assert said(process) == "running"
    return process


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_lets_it_finish(number: signal.Signals) -> None:
    with a_process(0.1) as process:
        process.send_signal(number)

        assert (said(process), said(process)) == ("finishing", "finished")
        assert process.wait(60) == 0


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_the_second_signal_ends_it_at_once(second: signal.Signals) -> None:
    with a_process(600) as process:
        process.send_signal(signal.SIGTERM)
        assert said(process) == "finishing"
        process.send_signal(second)

        assert process.wait(60) == 128 + second
