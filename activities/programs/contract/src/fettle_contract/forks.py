"""Starts a program in milliseconds in tests: a server imports the heavy libraries once and forks for each start.

The server is a process of its own and has run nothing, so no thread of torch's can be lost in the fork.
"""

import importlib
import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any


class Forks:
    """`preload` names modules to import once; `main` is `package.module:function`, given the arguments as a list."""

    def __init__(self, main: str, preload: list[str]) -> None:
        self._main = main
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(preload)

    def start(self, arguments: list[str], stderr: Path) -> BaseProcess:
        return self._run(_enter, (self._main, arguments), stderr)

    def check(self, body: Callable[..., None], *arguments: Any, stderr: Path) -> None:
        """Runs a test's body, a function of a module, where the libraries are; its failure fails here."""
        process = self._run(body, arguments, stderr)
        process.join()
        assert process.exitcode == 0, stderr.read_text(encoding="utf-8")

    def _run(self, target: Callable[..., None], arguments: tuple[Any, ...], stderr: Path) -> BaseProcess:
        process = self._context.Process(target=_with_stderr, args=(str(stderr), target, *arguments))
        process.start()
        return process


def _with_stderr(stderr: str, target: Callable[..., None], *arguments: Any) -> None:
    handle = os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 2)
    sys.stderr = os.fdopen(handle, "w", buffering=1)
    target(*arguments)


def _enter(main: str, arguments: list[str]) -> None:
    module, function = main.split(":")
    sys.exit(getattr(importlib.import_module(module), function)(arguments))
