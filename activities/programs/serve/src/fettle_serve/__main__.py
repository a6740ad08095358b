"""`python -m fettle_serve ARGUMENTS`: vLLM's OpenAI server, with its own arguments.

Its engine core and its worker are forked from the server, and die with it. On a CPU vLLM would spawn them, which
imports everything two more times (37 s of CPU to a first token, forked 14 s), so that it can pin OpenMP threads
before torch is loaded; Fettle pins none. And a server that is killed would leave both of them running. Between steps
they wait for messages and do not poll, and adapters are computed as `fettle_serve.adapters` says.
"""

import ctypes
import os
import runpy
import signal
import time
from typing import Any

PR_SET_PDEATHSIG = 1
LOOK_MS = 5


def tame_cpu() -> None:
    """Nothing changes where vLLM does not run on a CPU."""
    from vllm.platforms import current_platform

    if current_platform.is_cpu():
        platform = type(current_platform)
        _fork(platform)
        _wait()
        platform.get_punica_wrapper = classmethod(lambda _: "fettle_serve.adapters.ByAdapter")


def _fork(platform: Any) -> None:
    """The platform's own check sets the method to spawn, so the method is set after it."""
    check = platform.check_and_update_config

    def check_then_fork(vllm_config: Any) -> None:
        check(vllm_config)
        os.environ["VLLM_WORKER_MULTIPROC_METHOD"] = "fork"

    platform.check_and_update_config = staticmethod(check_then_fork)


def _wait() -> None:
    """For a second after each message vLLM's processes poll shared memory: a whole core, while the worker computes.

    They sleep until the next notification instead, and briefly: of two within a millisecond ZeroMQ may drop one.
    """
    from vllm.distributed.device_communicators.shm_broadcast import SpinCondition

    wait_when_idle = SpinCondition.wait

    def wait(self: Any, timeout_ms: int | None = None) -> None:
        if time.monotonic() > self.last_read + self.busy_loop_s:
            wait_when_idle(self, timeout_ms)
        elif self.local_notify_socket.poll(LOOK_MS):
            self.local_notify_socket.recv()

    SpinCondition.wait = wait


def die_with_parent() -> None:
    """Killed, not asked: an engine without its server answers nobody. Shared memory goes with the resource tracker."""
    libc = ctypes.CDLL(None)
    os.register_at_fork(after_in_child=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL))


if __name__ == "__main__":
    die_with_parent()
    tame_cpu()
    runpy.run_module("vllm.entrypoints.openai.api_server", run_name="__main__")
