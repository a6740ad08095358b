"""A whole machine: this one's files in a container of systemd's, set up, booted, used and ended by its own scripts.

What it changes lies in memory; it has no network, and starts no service of this machine's but the bus and logind.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from machines import LAUNCH

SHIM = LAUNCH.parent.parent / "activities/src/main/resources/io/fettle/activities/programs/shim.sh"

WORKER = """#!/bin/sh
echo "the agent of $AGENT_HOST starts as $(id -un)" >>/out/log
trap 'echo the agent ends >>/out/log; exit 143' TERM
work=/var/lib/fettle/state/hosts/$AGENT_HOST/work/run-000001
mkdir -p "$work"
echo '{}' >"$work/assignment.json"
[ -d "$work/started" ] || setsid sh /opt/fettle/shim.sh "$work" sh /opt/fettle/trainer &
while :; do
  if [ -f "$work/exit.json" ] && [ ! -f "$work/closed" ]; then
    sleep 0.5
    echo the agent has published >>/out/log
    touch "$work/closed"
  fi
  sleep 0.1
done
"""
TRAINER = """trap 'echo the trainer saves >>/out/log; exit 75' TERM
while :; do sleep 0.1; done
"""
OPERATOR = """exec >>/out/log 2>/out/errors
for n in $(seq 100); do record=$(ls /var/lib/fettle/state/hosts/*/work/*/process.json) && break; sleep 0.1; done
pid=$(sed -n 's/.*"pid":\\([0-9]*\\).*/\\1/p' "$record")
echo "scopes of the trainer: $(grep -h -o 'user@.*scope' /proc/$pid/cgroup | sort -u | wc -l)"
/opt/fettle/infra/launch/setup
for n in $(seq 100); do [ "$(grep -c starts /out/log)" = 2 ] && break; sleep 0.1; done
kill -0 "$pid" && echo the trainer outlived a new release
runuser -u fettle -- touch /run/fettle/own/end
"""
UNITS = {
    "fettle-test.target": """[Unit]
Requires=multi-user.target
Wants=dbus.socket systemd-logind.service fettle-host.service fettle-hold.service fettle-end.path fettle-test.service
Wants=fettle-tenure.timer
""",
    # in place of this machine's own, whose services are none of ours
    "multi-user.target": "[Unit]\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes\n",
    "fettle-test.service": """[Unit]
After=fettle-hold.service
[Service]
Type=oneshot
ExecStart=/bin/sh /opt/fettle/operator
""",
}
# What boot leaves where it hangs, with a clock that runs faster; systemctl's turn comes once the machine has booted
LOST = """mkdir -p /tmp/none && printf '#!/bin/sh\\n' >/tmp/none/systemctl && chmod 755 /tmp/none/systemctl
PATH=/tmp/none:$PATH FETTLE_RELEASE=file:///nowhere FETTLE_RELEASE_SHA256=0 FETTLE_SETTINGS=LAUNCH_ELASTIC=true \\
  sh /opt/fettle/infra/launch/boot
sed -i 's/Sec=60/Sec=1/' /etc/systemd/system/fettle-tenure.timer
echo '1700 0 1110 before ' >/var/lib/fettle-tenure
echo 'StandardOutput=journal+console' >>/etc/systemd/system/fettle-tenure.service
rm -rf /opt/fettle
"""
CONTAINER = """set -eu
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root" || exit 8
rm -rf "$1/root/opt/fettle" "$1/root/etc/fettle" "$1/root"/var/lib/systemd/linger/*
cp -R "$2/machine/." "$1/root/"
chroot "$1/root" env SYSROOT=/ sh /opt/fettle/prepare
exec systemd-nspawn --quiet --register=no --keep-unit --private-network --machine="fettle-$$" --directory="$1/root" \\
  --bind="$2/out:/out" --boot systemd.unit=fettle-test.target </dev/null >"$2/out/console" 2>&1
"""


@unittest.skipUnless(
    os.geteuid() == 0 and shutil.which("systemd-nspawn"), "needs root and systemd-nspawn (systemd-container)"
)
class WholeMachine(unittest.TestCase):
    def files(self, folder: Path, prepare: str) -> None:
        fettle = folder / "machine/opt/fettle"
        shutil.copytree(LAUNCH, fettle / "infra/launch")
        shutil.copy(SHIM, fettle / "shim.sh")
        (fettle / "infra/launch/worker").write_text(WORKER)
        (fettle / "trainer").write_text(TRAINER)
        (fettle / "operator").write_text(OPERATOR)
        (fettle / "prepare").write_text(prepare)
        (folder / "machine/etc/fettle").mkdir(parents=True)
        settings = "AGENT_POOL=lab\nAGENT_SHAPE=cpu\nAGENT_HOST=rack-7\n"
        (folder / "machine/etc/fettle/agent.env").write_text(settings)
        units = folder / "machine/etc/systemd/system"
        units.mkdir(parents=True)
        for name, text in UNITS.items():
            (units / name).write_text(text)
        (folder / "out").mkdir()
        (folder / "out/log").touch()
        (folder / "out/log").chmod(0o666)

    def live(self, prepare: str) -> tuple[list[str], str]:
        """From its boot to its end; what was logged, and the console."""
        with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as root:
            folder = Path(name)
            self.files(folder, prepare)
            folder.chmod(0o755)
            result = subprocess.run(
                ["unshare", "--mount", "sh", "-c", CONTAINER, "sh", root, name],
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            if result.returncode == 8:
                self.skipTest("no overlay can be mounted here")
            log = (folder / "out/log").read_text().splitlines()
            console = folder / "out/console"
            said = console.read_text(errors="replace") if console.exists() else result.stderr
        if "Reached target" not in said:
            self.skipTest("no container can boot here: " + said[-300:])
        return [line for line in log if not line.startswith(("host:", "nvme:"))], said

    def test_a_machine_whose_release_never_comes_ends_itself(self) -> None:
        log, said = self.live(LOST)
        self.assertEqual(log, [], said[-3000:])
        self.assertIn("tenure: nobody has renewed this machine", said)
        self.assertIn("Powering off", said)

    def test_it_boots_works_takes_a_new_release_and_ends_itself_with_all_published(self) -> None:
        log, said = self.live("exec /opt/fettle/infra/launch/setup\n")
        self.assertEqual(
            log,
            [
                "the agent of rack-7 starts as fettle",
                "scopes of the trainer: 1",
                "the agent ends",
                "the agent of rack-7 starts as fettle",
                "the trainer outlived a new release",
                "the trainer saves",
                "the agent has published",
                "the agent ends",
            ],
            said[-3000:],
        )


if __name__ == "__main__":
    unittest.main()
