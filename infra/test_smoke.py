"""The smoke tests' order of steps, with stand-ins for the clouds' command lines."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent
ACCOUNT = """case "$*" in
  *get-caller-identity*) echo 123 ;;
  *describe-launch-templates*) echo lt-1 ;;
  *describe-instances*) cat "$STATE/machines" ;;
  *terminate-instances*) : >"$STATE/machines" ;;
esac"""
TERRAFORM = 'case "$*" in *"output -raw store") echo s3://fettle-smoke-123/fettle ;; *output*) echo pools: ;; esac'


class Smoke(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name in ("smoke", "terraform"):
            shutil.copytree(HERE / name, self.root / "infra" / name)
        (self.root / "infra/launch").mkdir()
        (self.root / "bin").mkdir()
        (self.root / "model").mkdir()
        (self.root / "machines").touch()
        self.calls = self.root / "calls"
        self.calls.touch()
        self.program("bin/aws", ACCOUNT)
        self.program("bin/gcloud", "")
        self.program("bin/terraform", TERRAFORM)
        self.program("infra/launch/pack", "echo abc123")
        self.program("fettle", "")

    def program(self, path: str, script: str) -> None:
        file = self.root / path
        file.write_text(f'#!/bin/sh\necho "{file.name} $*" >>"$STATE/calls"\n{script}\n')
        file.chmod(0o755)

    def smoke(self, cloud: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PATH": f"{self.root}/bin:{os.environ['PATH']}",
            "STATE": str(self.root),
            "FETTLE_HOME": str(self.root / "home"),
            "FETTLE_TEMPORAL_ADDRESS": "t.example.com:7233",
            "SMOKE_MODEL": str(self.root / "model"),
            "SMOKE_PROJECT": "team",
            "SMOKE_IMAGE": "image",
        }
        return subprocess.run(
            ["sh", self.root / "infra/smoke" / cloud, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self, *words: str) -> bool:
        return any(all(word in line for word in words) for line in self.calls.read_text().splitlines())

    def test_it_spends_nothing_unless_it_is_told_to(self) -> None:
        for cloud in ("aws", "gcp"):
            result = self.smoke(cloud)
            self.assertEqual(result.returncode, 2)
            self.assertIn("NEVER BEEN RUN", result.stdout)
        self.assertEqual(self.calls.read_text(), "")

    def test_all_that_it_made_is_gone_in_the_end(self) -> None:
        for cloud in ("aws", "gcp"):
            self.calls.write_text("")
            shutil.rmtree(self.root / "home", ignore_errors=True)
            result = self.smoke(cloud, "--yes")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("passed", result.stderr)
            order = [self.calls.read_text().find(each) for each in ("pack", " apply ", "fettle run", " destroy ")]
            self.assertEqual(order, sorted(order))
            self.assertNotIn(-1, order)

    def test_where_the_run_fails_no_machine_stays(self) -> None:
        self.program("fettle", 'case "$1" in run) echo i-1 >"$STATE/machines"; exit 1 ;; esac')
        result = self.smoke("aws", "--yes")
        self.assertEqual(result.returncode, 1)
        self.assertTrue(self.called("terminate-instances", "--instance-ids i-1"))
        self.assertTrue(self.called("describe-instances", "Name=tag-key,Values=fettle-owner", "lt-1"))
        self.assertFalse(self.called("terraform", "destroy"))
        self.assertIn("--destroy", result.stderr)

    def test_what_a_failed_one_left_can_be_deleted_later(self) -> None:
        self.program("fettle", '[ "$1" != run ]')
        self.smoke("aws", "--yes")
        self.assertEqual(self.smoke("aws", "--destroy").returncode, 0)
        self.assertTrue(self.called("terraform", "destroy"))
        self.assertTrue(self.called("s3 rm", "--recursive s3://fettle-smoke-123"))


if __name__ == "__main__":
    unittest.main()
