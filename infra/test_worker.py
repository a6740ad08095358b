"""What launch/worker starts, with a stand-in for Java that prints its arguments and its environment."""

from __future__ import annotations

import subprocess
import unittest

from machines import LAUNCH, Machine

JAVA = '#!/bin/sh\nfor each; do printf "%s\\n" "argument $each"; done\nenv\n'


class Worker(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = Machine()
        self.addCleanup(self.machine.close)
        self.release = self.machine.root / "opt/fettle"
        for path, text in (("jre/bin/java", JAVA), ("infra/launch/worker", (LAUNCH / "worker").read_text())):
            self.machine.write(f"opt/fettle/{path}", text)
            (self.release / path).chmod(0o755)
        self.home = self.machine.root / "var/lib/fettle"
        self.ready = self.machine.root / "run/ready"
        self.machine.write("run/ready", "")

    def start(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        script = str(self.release / "infra/launch/worker")
        more = {"FETTLE_HOME": str(self.home), "FETTLE_READYFILE": str(self.ready)} | environment
        return self.machine.run(script, *arguments, **more)

    def doctor(self, *arguments: str, **environment: str) -> list[str]:
        result = self.start("doctor", *arguments, **environment)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout.splitlines()

    def test_the_doctor_knows_release_and_home_and_passes_options_on(self) -> None:
        said = [line.removeprefix("argument ") for line in self.doctor("--json", "--work", "/a b")]
        self.assertIn(f"-Dfettle.root={self.release}", said)
        self.assertIn(f"-Dfettle.home={self.home}", said)
        main = said.index("io.fettle.cli.Fettle")
        self.assertEqual(said[main - 2 : main], ["-cp", f"{self.release}/lib/*"])
        self.assertEqual(said[main + 1 : main + 6], ["doctor", "host", "--json", "--work", "/a b"])

    def test_the_doctor_has_the_agents_settings_as_systemd_reads_them(self) -> None:
        self.machine.write("run/fettle/agent.env", "# of host\nFETTLE_STORE=s3://b/p\nTWICE=1\nAGENT_POOL=lab\nTWICE=2")
        secrets = 'KEY="a\\"b\\\\c\\$d \\x"\nTWICE="3"\nRUN=$(touch ran)`touch ran`\nnot a line\n'
        self.machine.write("run/fettle/secrets.env", secrets)
        self.machine.write("etc/fettle/secrets.env", "SINGLE='it is'\nBARE=a\\ b\nEMPTY=\n")
        said = self.doctor(AGENT_POOL="mine")
        for each in (
            "FETTLE_STORE=s3://b/p",
            "AGENT_POOL=mine",
            'KEY=a"b\\c$d \\x',
            "TWICE=3",
            "RUN=$(touch ran)`touch ran`",
            "SINGLE=it is",
            "BARE=a b",
            "EMPTY=",
        ):
            self.assertIn(each, said)
        self.assertEqual([line for line in said if line.startswith("argument") and "s3://" in line], [])

    def test_the_doctor_leaves_the_ready_file_of_the_agent_beside_it(self) -> None:
        self.doctor()
        self.assertTrue(self.ready.exists())
        self.start("agent")
        self.assertFalse(self.ready.exists())

    def test_a_worker_reads_no_files_and_takes_no_options(self) -> None:
        self.machine.write("run/fettle/agent.env", "FETTLE_STORE=s3://b/p\n")
        said = self.start("control").stdout.splitlines()
        self.assertNotIn("FETTLE_STORE=s3://b/p", said)
        arguments = [line for line in said if line.startswith("argument ")]
        self.assertEqual(arguments[-1], "argument io.fettle.workers.control.ControlWorker")

    def test_anything_else_is_refused(self) -> None:
        result = self.start("docter")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("usage: worker agent|control|doctor", result.stderr)


if __name__ == "__main__":
    unittest.main()
