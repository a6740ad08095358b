"""A machine for tests of launch/: a root folder with /sys, /proc and /dev, and commands that write down their use."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

LAUNCH = Path(__file__).parent / "launch"
INSTANCE_STORE = "Amazon EC2 NVMe Instance Storage        "  # the kernel pads the model
EBS = "Amazon Elastic Block Store              "


class Machine:
    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name) / "root"
        self.commands = Path(self.folder.name) / "bin"
        self.calls = Path(self.folder.name) / "calls"
        self.commands.mkdir()
        self.calls.touch()
        for folder in ("sys/block", "sys/dev/block", "proc/self", "dev", "sys/class/dmi/id", "etc/fettle", "run"):
            (self.root / folder).mkdir(parents=True)
        self.write("proc/self/mountinfo", "")

    def close(self) -> None:
        self.folder.cleanup()

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def disk(self, name: str, model: str = INSTANCE_STORE, holds: str = "") -> None:
        """A disk, and what blkid finds on it: lines TAG=value."""
        self.write(f"sys/block/{name}/device/model", model + "\n")
        (self.root / f"sys/block/{name}/holders").mkdir()
        self.write(f"dev/{name}", holds)

    def mount(self, device: str, folder: str, number: str) -> None:
        (self.root / f"sys/dev/block/{number}").symlink_to(Path("../../block") / device)
        with (self.root / "proc/self/mountinfo").open("a") as file:
            file.write(f"31 1 {number} / {folder} rw - xfs /dev/x rw\n")

    def command(self, name: str, script: str = "") -> None:
        """On the PATH before all others; each use is a line of the calls."""
        file = self.commands / name
        file.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self.calls}"\n{script}\n')
        file.chmod(0o755)

    def disk_commands(self) -> None:
        self.command("blkid", 'for tag; do :; done\nsed -n "s/^$5=//p" "$6"')
        self.command("mkfs.xfs", 'for last; do :; done; printf "TYPE=xfs\\nLABEL=fettle\\n" >"$last"')
        self.command("mount")
        made = 'for each; do case $each in */dev/md/*) mkdir -p "${each%/*}"; '
        created = (
            made
            + ': >"$each" ;; */dev/nvme*) printf "TYPE=linux_raid_member\\nLABEL=any:fettle\\n" >"$each" ;; esac; done'
        )
        assembled = made + 'printf "TYPE=xfs\\nLABEL=fettle\\n" >"$each" ;; esac; done'
        self.command("mdadm", f"if [ $1 = --create ]; then {created}; else {assembled}; fi")

    def run(self, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PATH": f"{self.commands}:{os.environ['PATH']}", "SYSROOT": str(self.root), **environment}
        return subprocess.run(
            ["sh", str(LAUNCH / script), *arguments], env=env, capture_output=True, text=True, timeout=60, check=False
        )

    def done(self) -> list[str]:
        """What was called, with paths as the machine itself has them; the questions of blkid left out."""
        lines = self.calls.read_text().replace(str(self.root), "").splitlines()
        return [line for line in lines if not line.startswith("blkid")]
