"""The first boot, and the life under systemd: the real user manager, in namespaces of its own."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from machines import LAUNCH, Machine

SYSTEMD = Path("/lib/systemd/systemd")
SHIM = LAUNCH.parent.parent / "activities/src/main/resources/io/fettle/activities/programs/shim.sh"

ARMED = ["systemctl daemon-reload", "systemctl start fettle-tenure.timer"]
SETTINGS = {
    "FETTLE_RELEASE": "s3://b/fettle/releases/r.tar.gz",
    "FETTLE_RELEASE_SHA256": "0" * 64,
    "FETTLE_SETTINGS": "AGENT_POOL=aws\nLAUNCH_ELASTIC=true",
    "IMAGE": "ami-1",
    "INSTANCE_PROFILE": "arn:aws:iam::1:instance-profile/fettle-agent",
    "SECURITY_GROUP": "sg-1",
}


class Boot(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = Machine()
        self.addCleanup(self.machine.close)
        self.machine.command("systemctl")
        content = self.machine.root / "content/infra/launch"
        content.mkdir(parents=True)
        (content / "setup").write_text('#!/bin/sh\necho set up >>"$SYSROOT/log"\n')
        (content / "setup").chmod(0o755)
        self.archive = self.machine.root / "release.tar.gz"
        subprocess.run(["tar", "-czf", self.archive, "-C", content.parent.parent, "."], check=True)
        self.sha256 = hashlib.sha256(self.archive.read_bytes()).hexdigest()

    def boot(self, sha256: str, **more: str) -> subprocess.CompletedProcess[str]:
        settings = "AGENT_POOL=aws\nFETTLE_STORE=s3://b/p"
        return self.machine.run(
            "boot",
            FETTLE_RELEASE=f"file://{self.archive}",
            FETTLE_RELEASE_SHA256=sha256,
            FETTLE_SETTINGS=settings,
            **more,
        )

    def test_a_new_machine_fetches_the_release_and_is_set_up(self) -> None:
        result = self.boot(self.sha256)
        self.assertEqual(result.returncode, 0, result.stderr)
        root = self.machine.root
        self.assertEqual((root / "etc/fettle/agent.env").read_text(), "AGENT_POOL=aws\nFETTLE_STORE=s3://b/p\n")
        self.assertEqual((root / "log").read_text(), "set up\n")
        self.archive.unlink()  # the second boot finds the release where it is
        self.assertEqual(self.boot(self.sha256).returncode, 0)
        self.assertEqual(self.machine.done(), ARMED + ARMED)

    def test_a_release_with_another_hash_is_not_unpacked_and_the_machine_ends(self) -> None:
        result = self.boot("0" * 64)
        self.assertEqual(result.returncode, 1)
        self.assertFalse((self.machine.root / "opt/fettle").exists())
        self.assertEqual(self.machine.done(), [*ARMED, "systemctl poweroff"])

    def test_a_machine_that_is_to_be_looked_at_stays(self) -> None:
        self.assertEqual(self.boot("0" * 64, LAUNCH_KEEP="1").returncode, 1)
        self.assertTrue((self.machine.root / "etc/fettle/keep").exists(), "its agent's end looks at that")
        self.assertEqual(self.machine.done(), [])
        self.assertEqual(self.boot("0" * 64).returncode, 1)
        self.assertNotIn("systemctl poweroff", self.machine.done(), "nor after a reboot")


class Template(unittest.TestCase):
    def template(self, **more: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | SETTINGS | more
        return subprocess.run([LAUNCH / "template"], env=environment, capture_output=True, text=True, check=False)

    def test_it_says_what_terraform_says(self) -> None:
        data = json.loads(self.template().stdout)
        terraform = (LAUNCH.parent / "terraform/aws/template.tf").read_text()
        for name, value in {**data["MetadataOptions"], **data["BlockDeviceMappings"][0]["Ebs"]}.items():
            snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
            if name != "VolumeSize":
                self.assertRegex(terraform, rf'{snake} *= "?{str(value).lower() if value is True else value}"?')
        self.assertIn(f'shutdown_behavior = "{data["InstanceInitiatedShutdownBehavior"]}"', terraform)

    def test_the_root_device_is_the_images(self) -> None:
        devices = [
            json.loads(each.stdout)["BlockDeviceMappings"]
            for each in (self.template(), self.template(ROOT_DEVICE="/dev/xvda"))
        ]
        self.assertEqual([each[0]["DeviceName"] for each in devices], ["/dev/sda1", "/dev/xvda"])

    def test_the_user_data_is_a_script_that_boots_with_these_settings(self) -> None:
        script = base64.b64decode(json.loads(self.template().stdout)["UserData"]).decode()
        self.assertTrue(script.startswith("#!/bin/sh\nFETTLE_RELEASE='s3://b/fettle/releases/r.tar.gz'\n"))
        self.assertLess(len(script), 16384)
        seen = subprocess.run(
            ["sh", "-c", script.split("set -eu")[0] + 'printf "%s" "$FETTLE_SETTINGS"'],
            capture_output=True,
            text=True,
            check=True,
        )
        self.assertEqual(seen.stdout, SETTINGS["FETTLE_SETTINGS"])

    def test_its_machines_are_those_of_one_run_each_whether_or_not_the_settings_say_so(self) -> None:
        data = json.loads(self.template(FETTLE_SETTINGS="AGENT_POOL=aws").stdout)
        script = base64.b64decode(data["UserData"]).decode()
        self.assertIn("FETTLE_SETTINGS='AGENT_POOL=aws\nLAUNCH_ELASTIC=true'\n", script)

    def test_what_is_missing_or_would_break_out_is_named(self) -> None:
        self.assertIn("IMAGE", self.template(IMAGE="").stderr)
        self.assertEqual(self.template(FETTLE_SETTINGS="A='; poweroff; '").returncode, 2)


class Setup(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = Machine()
        self.addCleanup(self.machine.close)
        self.machine.command("id", "echo 990")
        self.machine.command("chown")
        self.setup_again()
        self.system = self.machine.root / "etc/systemd/system"

    def setup_again(self) -> None:
        result = self.machine.run("setup")
        self.assertEqual(result.returncode, 0, result.stderr)

    def started(self) -> list[str]:
        return [line for line in self.machine.done() if line.startswith(("systemctl", "runuser"))]

    def test_in_an_image_nothing_is_started_and_all_is_enabled(self) -> None:
        self.assertEqual(self.started(), [])
        enabled = {each.name for each in (self.system / "multi-user.target.wants").iterdir()}
        self.assertEqual(enabled, {"fettle-host.service", "fettle-hold.service", "fettle-end.path"})

    def test_a_new_release_restarts_the_agent_and_nothing_that_its_trainers_live_in(self) -> None:
        (self.machine.root / "run/systemd/system").mkdir(parents=True)
        self.machine.write("etc/fettle/agent.env", "LAUNCH_USER=root\n")
        self.machine.command("systemctl")  # all are active
        self.machine.command("runuser")
        self.setup_again()
        manager = "runuser -u fettle -- env XDG_RUNTIME_DIR=/run/user/990 systemctl --user"
        self.assertEqual(
            self.started(),
            [
                "systemctl daemon-reload",
                "systemctl is-active --quiet fettle-host.service",
                "systemctl start user@990.service",
                f"{manager} daemon-reload",
                f"{manager} restart fettle-agent.service",
                "systemctl start fettle-hold.service fettle-end.path",
            ],
        )
        self.assertTrue((self.machine.root / "run/fettle/agent.env").exists())

    def test_the_agent_starts_at_each_boot_after_the_host_is_ready(self) -> None:
        self.assertTrue((self.machine.root / "var/lib/systemd/linger/fettle").exists())
        wants = self.machine.root / "home/fettle/.config/systemd/user/default.target.wants/fettle-agent.service"
        self.assertEqual(str(wants.readlink()), "/etc/systemd/user/fettle-agent.service")
        self.assertIn("Before=user@990.service", (self.system / "fettle-host.service").read_text())
        self.assertIn("After=user@990.service", (self.system / "fettle-hold.service").read_text())

    @unittest.skipUnless(shutil.which("systemd-analyze"), "needs systemd-analyze")
    def test_systemd_takes_every_unit(self) -> None:
        for each in ("host", "hold", "end", "worker"):  # systemd looks whether what it starts is there
            self.machine.write(f"opt/fettle/infra/launch/{each}", "#!/bin/sh\n")
            (self.machine.root / f"opt/fettle/infra/launch/{each}").chmod(0o755)
        units = [*self.system.glob("fettle-*"), self.machine.root / "etc/systemd/user/fettle-agent.service"]
        self.assertEqual(len(units), 5)
        for unit in units:
            text = unit.read_text().replace("=/opt/fettle", f"={self.machine.root}/opt/fettle")
            unit.write_text(text)
            result = subprocess.run(
                ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", unit],
                capture_output=True,
                text=True,
                check=False,
            )
            self.assertEqual((result.returncode, result.stderr), (0, ""), unit.name)


@unittest.skipUnless(os.geteuid() == 0 and SYSTEMD.exists() and shutil.which("unshare"), "needs root and systemd")
class UnderSystemd(unittest.TestCase):
    """An agent of a few lines starts a trainer by the real shim, under the real units."""

    AGENT = """#!/bin/sh
echo start >>"$AGENT_STATE/starts"
trap 'echo the agent ends >>"$AGENT_STATE/order"; exit 0' TERM
work=$AGENT_STATE/work/run-000001
mkdir -p "$work"
echo '{}' >"$work/assignment.json"
[ -d "$work/started" ] || setsid sh "$AGENT_STATE/shim.sh" "$work" sh "$AGENT_STATE/trainer" &
while :; do
  if [ -f "$work/exit.json" ] && [ ! -f "$work/closed" ]; then
    sleep 0.5
    echo the agent has published >>"$AGENT_STATE/order"
    touch "$work/closed"
  fi
  sleep 0.1
done
"""
    TRAINER = """trap 'echo the trainer saves >>"$AGENT_STATE/order"; exit 75' TERM
while :; do sleep 0.1; done
"""
    MANAGER = """set -eu
state=$1
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/user/0 /run/fettle
chmod 700 /run/user/0
export XDG_RUNTIME_DIR=/run/user/0 XDG_CONFIG_HOME="$state/config" SYSTEMD_LOG_TARGET=console
echo "AGENT_STATE=$state" >/run/fettle/agent.env
for kind in systemd unified .; do
  top=/sys/fs/cgroup/$kind
  [ -w "$top/cgroup.procs" ] && mkdir -p "$top/fettle-test" && echo $$ >"$top/fettle-test/cgroup.procs"
done
/lib/systemd/systemd --user >"$state/systemd.log" 2>&1 &
manager=$!
n=0; until systemctl --user is-active --quiet default.target; do n=$((n + 1)); [ $n -lt 100 ] || exit 8; sleep 0.1; done
systemctl --user start fettle-agent.service fettle-hold.service
record=$state/work/run-000001/process.json
n=0; until [ -e "$record" ]; do n=$((n + 1)); [ $n -lt 100 ] || exit 9; sleep 0.1; done
pid=$(sed -n 's/.*"pid":\\([0-9]*\\).*/\\1/p' "$record")
"""
    RESTART = """echo "scopes $(grep -o 'run-[^/]*scope' /proc/$pid/cgroup | sort -u | wc -l)"
systemctl --user restart fettle-agent.service
sleep 0.5
kill -0 "$pid" && echo alive
systemctl --user stop fettle-agent.service
kill -0 "$pid" && echo alive
echo "starts $(wc -l <"$state/starts")"
"""
    SHUTDOWN = """systemctl --user exit
wait $manager || :
cat "$state/order"
"""

    def remove_groups(self) -> None:
        """The kernel may still be ending what was in them; what stays is an empty folder."""
        for kind in ("systemd", "unified", "."):
            for folder, _, _ in os.walk(f"/sys/fs/cgroup/{kind}/fettle-test", topdown=False):
                with contextlib.suppress(OSError):
                    Path(folder).rmdir()

    def under_the_manager(self, script: str) -> list[str]:
        self.addCleanup(self.remove_groups)
        with tempfile.TemporaryDirectory() as folder:
            state = Path(folder)
            self.install(state)
            alone = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]
            result = subprocess.run(
                [*alone, "sh", "-c", self.MANAGER + script, "sh", folder],
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        if result.returncode == 8:
            self.skipTest("no manager of systemd's can run here: " + result.stderr.strip())
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.splitlines()

    def install(self, state: Path) -> None:
        """The units as they are, but for what they start and whom they know: here one manager has them all."""
        units = state / "config/systemd/user"
        units.mkdir(parents=True)
        shutil.copy(SHIM, state / "shim.sh")
        (state / "trainer").write_text(self.TRAINER)
        (state / "worker").write_text(self.AGENT)
        (state / "worker").chmod(0o755)
        agent = (LAUNCH / "units/fettle-agent.service").read_text()
        agent = agent.replace("/opt/fettle/infra/launch/worker agent", f"{state}/worker")
        (units / "fettle-agent.service").write_text(agent)
        hold = (LAUNCH / "units/fettle-hold.service").read_text()
        hold = hold.replace("/opt/fettle/infra/launch", str(LAUNCH)).replace(
            "user@@UID@.service", "fettle-agent.service"
        )
        (units / "fettle-hold.service").write_text(hold)

    def test_a_restart_of_the_agent_leaves_its_trainer(self) -> None:
        self.assertEqual(self.under_the_manager(self.RESTART), ["scopes 1", "alive", "alive", "starts 2"])

    def test_a_shutdown_lets_the_trainer_save_and_the_agent_publish_before_the_agent_ends(self) -> None:
        order = self.under_the_manager(self.SHUTDOWN)
        self.assertEqual(order, ["the trainer saves", "the agent has published", "the agent ends"])


if __name__ == "__main__":
    unittest.main()
