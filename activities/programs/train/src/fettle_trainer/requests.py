"""What the agent asks for by signal, taken at the next step boundary: a step is never cut in half.

SIGUSR2 alone is answered at once, even from inside a step: every thread's stack goes to stderr.
"""

import faulthandler
import signal
from types import FrameType


class Requests:
    """SIGTERM: checkpoint and exit. SIGUSR1: checkpoint and go on (its default would kill the process)."""

    def __init__(self) -> None:
        self.stop = False
        self._checkpoint = False
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGUSR1, self._on_checkpoint)
        faulthandler.register(signal.SIGUSR2)

    def take_checkpoint(self) -> bool:
        asked, self._checkpoint = self._checkpoint, False
        return asked

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop = True

    def _on_checkpoint(self, _number: int, _frame: FrameType | None) -> None:
        self._checkpoint = True
