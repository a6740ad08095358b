"""What ends a machine launched for a run, though its agent never comes up: launch/boot arms it first of all."""

from __future__ import annotations

import shutil
import subprocess
import unittest

from machines import Machine

LEASE, SAVING, START, SPARE = 900, 210, 600, 120


class Tenure(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = Machine()
        self.addCleanup(self.machine.close)
        self.machine.command("systemctl")
        self.reboots = 0
        self.reboot()
        self.machine.command("aws", "exit 1")  # the release never comes

    def boot(self, settings: str = "LAUNCH_ELASTIC=true", **more: str) -> None:
        self.machine.run(
            "boot", FETTLE_RELEASE="s3://b/r", FETTLE_RELEASE_SHA256="0" * 64, FETTLE_SETTINGS=settings, **more
        )

    def host(self, more: str = "") -> None:
        """As launch/host leaves it."""
        self.machine.write("run/fettle/agent.env", f"AGENT_TOKEN=tok-1\nAGENT_RENEWED=/run/fettle/own/renewed\n{more}")

    def renewal(self, number: int) -> None:
        self.machine.write("run/fettle/own/renewed", f"{number}\n")

    def reboot(self) -> None:
        shutil.rmtree(self.machine.root / "run")
        (self.machine.root / "run").mkdir()
        self.reboots += 1
        self.machine.write("proc/sys/kernel/random/boot_id", f"boot-{self.reboots}\n")

    def ends(self, uptime: int) -> bool:
        """Whether the look at that time ends the machine."""
        self.machine.write("proc/uptime", f"{uptime}.25 1.00\n")
        before = len(self.machine.done())
        result = self.machine.run(str(self.machine.root / "etc/fettle/tenure"))
        self.assertEqual(result.returncode, 0, result.stderr)
        return self.machine.done()[before:] == ["systemctl poweroff"]

    def test_it_is_armed_before_anything_that_may_hang(self) -> None:
        self.boot()
        self.assertEqual(
            [line.split(" --")[0] for line in self.machine.done()],
            [
                "systemctl daemon-reload",
                "systemctl start fettle-tenure.timer",
                "aws s3 cp",
                "systemctl poweroff",
            ],
        )
        wants = self.machine.root / "etc/systemd/system/timers.target.wants/fettle-tenure.timer"
        self.assertEqual(str(wants.readlink()), "/etc/systemd/system/fettle-tenure.timer")  # after a reboot, too

    @unittest.skipUnless(shutil.which("systemd-analyze"), "needs systemd-analyze")
    def test_systemd_takes_its_units(self) -> None:
        self.boot()
        folder = self.machine.root / "etc/systemd/system"
        for name in ("fettle-tenure.timer", "fettle-tenure.service"):
            result = subprocess.run(
                ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", folder / name],
                capture_output=True,
                text=True,
                check=False,
            )
            self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_one_that_is_kept_stays(self) -> None:
        self.boot()
        self.machine.write("etc/fettle/keep", "")
        self.assertFalse(self.ends(100_000))

    def test_nothing_but_a_number_is_taken_from_the_agents_file(self) -> None:
        self.boot()
        self.host()
        self.machine.write("run/fettle/own/renewed", "7\nroot:secret:1\n")
        self.assertFalse(self.ends(60))
        self.assertFalse(self.ends(100))
        for each in ("run", "var/lib"):
            kept = (self.machine.root / each / "fettle-tenure").read_text()
            self.assertNotIn("secret", kept)
            self.assertTrue(kept.startswith("40 "), kept)  # the same number renews nothing

    def test_a_machine_whose_boot_hangs_ends_after_a_start_and_a_lease(self) -> None:
        self.boot()
        limit = LEASE + SAVING + START
        self.assertFalse(self.ends(60))
        self.assertFalse(self.ends(limit))
        self.assertTrue(self.ends(limit + 1))

    def test_reboots_do_not_begin_the_count_anew(self) -> None:
        self.boot()
        self.assertFalse(self.ends(1000))
        self.reboot()
        self.assertFalse(self.ends(60))
        self.reboot()
        self.assertTrue(self.ends(LEASE + SAVING + START + 1 - 1060))

    def test_a_machine_that_is_renewed_stays_and_one_that_is_not_ends_though_its_agent_starts_again_and_again(
        self,
    ) -> None:
        self.boot()
        self.host()
        for minute in range(100):
            self.renewal(minute)
            self.assertFalse(self.ends(60 * minute))
        last = 60 * 99
        self.renewal(99)  # an agent that has started again writes what it finds
        self.assertFalse(self.ends(last + LEASE + SAVING + SPARE))
        self.reboot()
        self.host()
        self.renewal(99)
        self.assertTrue(self.ends(10))

    def test_lease_and_grace_are_the_agents(self) -> None:
        for lease, grace, seconds in (("PT2H", "PT1M30S", 7290), ("20m", "90s", 1290), ("PT1H0.5S", "1m", 3660)):
            with self.subTest(lease):
                self.setUp()
                self.boot()
                self.host(f"AGENT_LEASE={lease}\nAGENT_GRACE={grace}\n")
                self.assertFalse(self.ends(seconds + START))
                (self.machine.root / "run/fettle/agent.env").unlink()  # launch/host is writing it anew
                self.assertFalse(self.ends(seconds + START))
                self.assertTrue(self.ends(seconds + START + 1))

    def test_it_ends_as_the_agent_would(self) -> None:
        self.boot()
        self.machine.write("opt/fettle/infra/launch/end", "#!/bin/sh\nsystemctl ended\n")
        (self.machine.root / "opt/fettle/infra/launch/end").chmod(0o755)
        self.assertFalse(self.ends(10_000))
        self.assertEqual(self.machine.done()[-1], "systemctl ended")

    def test_a_full_disk_keeps_it_from_nothing(self) -> None:
        self.boot()
        self.host()
        (self.machine.root / "var/lib/fettle-tenure.new").mkdir(parents=True)
        self.renewal(1)
        self.assertFalse(self.ends(10_000))
        self.assertFalse(self.ends(11_000))
        self.assertTrue(self.ends(12_000))

    def test_a_machine_of_ones_own_is_left_alone(self) -> None:
        self.boot("AGENT_POOL=lab")
        self.assertFalse(self.ends(1_000_000))
        self.machine.write("run/fettle/agent.env", "AGENT_POOL=lab\n")
        self.assertFalse(self.ends(2_000_000))

    def test_so_is_one_with_a_release_that_does_not_write_its_renewals(self) -> None:
        self.boot()
        self.machine.write("run/fettle/agent.env", "AGENT_TOKEN=tok-1\n")
        self.assertFalse(self.ends(1_000_000))

    def test_and_one_that_is_to_be_looked_at(self) -> None:
        self.boot(LAUNCH_KEEP="1")
        self.assertEqual([line for line in self.machine.done() if line.startswith("systemctl")], [])
        self.assertFalse((self.machine.root / "etc/systemd").exists())


if __name__ == "__main__":
    unittest.main()
