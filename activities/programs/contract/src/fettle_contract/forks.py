"""Starts a program in milliseconds in tests: a server imports the heavy libraries once and forks for each start.

The server is a process of its own and has run nothing, so no thread of torch's can be lost in the fork.
"""

import importlib
import multiprocessing
import os
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path


class Forks:
    """`preload` names modules to import once; `main` is `package.module:function`, given the arguments as a list."""

    def __init__(self, main: str, preload: list[str]) -> None:
        self._main = main
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(preload)

    def start(self, arguments: list[str], stderr: Path) -> BaseProcess:
        process = self._context.Process(target=_enter, args=(self._main, arguments, str(stderr)))
        process.start()
        return process


def _enter(main: str, arguments: list[str], stderr: str) -> None:
    handle = os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 2)
    sys.stderr = os.fdopen(handle, "w", buffering=1)
    module, function = main.split(":")
    sys.exit(getattr(importlib.import_module(module), function)(arguments))
