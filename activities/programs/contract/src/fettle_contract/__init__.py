"""What every Fettle program shares: exit codes, events, strict configuration, whole files."""

from fettle_contract.codes import (
    BAD_CONFIG,
    BAD_DATA,
    CRASHED,
    DIVERGED,
    FINISHED,
    OUT_OF_MEMORY,
    STOPPED,
    BadConfig,
    BadData,
    Diverged,
    Failure,
    OutOfMemory,
)
from fettle_contract.config import bounded, load_config
from fettle_contract.events import Events
from fettle_contract.files import sha256_of, sync_directory, tree_of, write_json
from fettle_contract.program import Verb, Workdir, run

__all__ = [
    "BAD_CONFIG",
    "BAD_DATA",
    "CRASHED",
    "DIVERGED",
    "FINISHED",
    "OUT_OF_MEMORY",
    "STOPPED",
    "BadConfig",
    "BadData",
    "Diverged",
    "Events",
    "Failure",
    "OutOfMemory",
    "Verb",
    "Workdir",
    "bounded",
    "load_config",
    "run",
    "sha256_of",
    "sync_directory",
    "tree_of",
    "write_json",
]
