"""The smoke tests' order of steps, with stand-ins for the clouds' command lines."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent
COMMANDS = HERE.parent / "cli/src/main/java/io/fettle/cli/command"
SCHEMA = HERE.parent / "docs/spec.schema.json"
ACCOUNT = r"""case "$*" in
  *get-caller-identity*) echo 123 ;;
  *assume-role*) printf 'of-control\tsecret\ttoken\n' ;;
  *describe-launch-templates*) echo lt-1 ;;
  *describe-instances*) cat "$STATE/machines" ;;
  *terminate-instances*) : >"$STATE/machines" ;;
esac"""
TERRAFORM = 'case "$*" in *"output -raw store") echo s3://fettle-smoke-123/fettle ;; *output*) echo pools: ;; esac'


def options(command: str) -> set[str]:
    """All that the command knows, by its source and its mixins'."""
    source = (COMMANDS / f"{command}.java").read_text()
    sources = [
        source,
        *((COMMANDS / f"{mixin}.java").read_text() for mixin in re.findall(r"@Mixin private (\w+)", source)),
    ]
    return {name for each in sources for name in re.findall(r"names = [^)]*?\"(--[a-z-]+)\"", each)}


def is_of_the_spec(key: str) -> bool:
    nodes = [json.loads(SCHEMA.read_text())]
    for part in key.split("."):
        forms = [form for node in nodes for form in (node, *node.get("anyOf", []))]
        nodes = [form["properties"][part] for form in forms if part in form.get("properties", {})]
    return bool(nodes)


def fettle() -> str:
    """Refuses what the command line does, and is no build: a script that says which options there are."""
    known = " | ".join(f"{each} | {each}=*" for each in sorted(options("RunCommand")))
    return f"""echo "as ${{AWS_ACCESS_KEY_ID:-admin}} $1" >>"$STATE/calls"
case $1 in run)
  for each; do case $each in {known}) ;; -*) echo "Unknown option: $each" >&2; exit 2 ;; esac; done ;;
esac"""


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
        self.program("fettle", fettle())

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

    def test_the_run_is_one_that_the_command_line_and_a_pool_that_launches_take(self) -> None:
        self.assertTrue({"--set", "--pool", "--detach", "--reason"} <= options("RunCommand"))
        for cloud in ("aws", "gcp"):
            self.calls.write_text("")
            shutil.rmtree(self.root / "home", ignore_errors=True)
            self.smoke(cloud, "--yes")
            run = next(line for line in self.calls.read_text().splitlines() if line.startswith("fettle run"))
            settings = dict(each.split("=", 1) for each in re.findall(r"--set (\S+)", run))
            self.assertEqual([key for key in settings if not is_of_the_spec(key)], [])
            self.assertEqual(settings["capacity.pools"], f"[{cloud}]")
            self.assertEqual(settings["deploy.enabled"], "false", "what launches its hosts serves no endpoint")

    def test_an_option_that_the_command_line_does_not_know_fails_it(self) -> None:
        steps = self.root / "infra/smoke/steps.sh"
        steps.write_text(steps.read_text().replace("--set capacity.market=spot", "--yes"))
        result = self.smoke("aws", "--yes")
        self.assertEqual(result.returncode, 2)
        self.assertIn("Unknown option: --yes", result.stderr)

    def test_an_account_that_never_asked_for_spot_gets_the_roles_that_it_asks_for_first(self) -> None:
        self.program("bin/aws", f"case $2 in create-service-linked-role) exit 254 ;; esac\n{ACCOUNT}")  # or has them
        result = self.smoke("aws", "--yes")
        self.assertEqual(result.returncode, 0, result.stderr)
        for service in ("spot.amazonaws.com", "ec2fleet.amazonaws.com"):
            self.assertTrue(self.called("create-service-linked-role", service))
        calls = self.calls.read_text()
        self.assertLess(calls.rindex("create-service-linked-role"), calls.index("assume-role"))

    def test_on_aws_the_run_has_the_rights_of_the_control_role_alone(self) -> None:
        self.smoke("aws", "--yes")
        self.assertTrue(self.called("assume-role"))
        self.assertTrue(self.called("as of-control run"))
        self.assertFalse(self.called("as admin run"))

    def test_no_worker_is_left_that_would_launch_again(self) -> None:
        self.program("fettle", '[ "$1" != run ]')
        self.smoke("aws", "--yes")
        calls = self.calls.read_text()
        self.assertLess(calls.index("fettle run"), calls.rindex("fettle down"))
        self.assertLess(calls.rindex("fettle down"), calls.rindex("describe-instances"))

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
