"""How a program ends. Every status that is not listed here is a crash."""

FINISHED = 0
BAD_CONFIG = 64
BAD_DATA = 65
CRASHED = 70
OUT_OF_MEMORY = 71
DIVERGED = 72
STOPPED = 75


class Failure(Exception):
    """An end that the caller can act on; the text is one sentence for a person."""

    code = CRASHED


class BadConfig(Failure):
    """The configuration cannot be right. Carries every problem, not the first."""

    code = BAD_CONFIG

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class BadData(Failure):
    """The rows cannot be used: another attempt on the same rows would end the same way."""

    code = BAD_DATA


class OutOfMemory(Failure):
    """An allocation failed on the host or the accelerator; a smaller micro-batch may fit."""

    code = OUT_OF_MEMORY


class Diverged(Failure):
    """The loss left the range from which training comes back."""

    code = DIVERGED
