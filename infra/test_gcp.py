"""What Terraform makes of GCP's variables: what it is given, and nothing that needs the provider, not at hand here."""

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
VARIABLES = {
    "project": "team-ml",
    "region": "europe-west4",
    "zones": ["europe-west4-a"],
    "bucket": "team-fettle",
    "image": "projects/ml-images/global/images/family/gpu",
    "release": {"key": "fettle/releases/r.tar.gz", "sha256": "0" * 64},
    "settings": {"FETTLE_TEMPORAL_ADDRESS": "temporal.example.com:7233"},
}


@unittest.skipUnless(shutil.which("terraform"), "terraform is not on the PATH")
class Startup(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.module = Path(folder.name) / "terraform/gcp"
        self.module.mkdir(parents=True)
        shutil.copytree(HERE / "launch", Path(folder.name) / "launch")
        shutil.copy(HERE / "terraform/gcp/variables.tf", self.module)
        for name in ("main.tf", "template.tf"):
            text = (HERE / "terraform/gcp" / name).read_text()
            (self.module / name).write_text("\n".join(re.findall(r"^locals \{\n.*?^\}\n", text, re.M | re.S)))

    def startup(self, **more: object) -> str:
        (self.module / "terraform.tfvars.json").write_text(json.dumps(VARIABLES | more))
        said = subprocess.run(
            ["terraform", "console"],
            cwd=self.module,
            env=os.environ | {"TF_CLI_CONFIG_FILE": os.devnull},
            input="jsonencode(local.startup)",
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(said.returncode, 0, said.stderr)
        return str(json.loads(json.loads(said.stdout)))

    def test_a_host_knows_its_namespace_pool_store_and_secrets(self) -> None:
        startup = self.startup(namespace="team", secrets={"HF_TOKEN": "hf-token"})
        settings = re.findall("FETTLE_SETTINGS='(.*?)'", startup, re.S)[0].splitlines()
        self.assertCountEqual(
            settings,
            [
                "AGENT_POOL=gcp",
                "FETTLE_STORE=gs://team-fettle/fettle",
                "FETTLE_TEMPORAL_ADDRESS=temporal.example.com:7233",
                "FETTLE_TEMPORAL_NAMESPACE=team",
                "LAUNCH_ELASTIC=true",
                "LAUNCH_SECRETS=HF_TOKEN=gcp:projects/team-ml/secrets/hf-token",
            ],
        )
        self.assertIn("FETTLE_RELEASE='gs://team-fettle/fettle/releases/r.tar.gz'", startup)

    def test_the_namespace_is_fettle_and_a_setting_of_the_same_name_wins(self) -> None:
        self.assertIn("FETTLE_TEMPORAL_NAMESPACE=fettle\n", self.startup())
        settings = VARIABLES["settings"] | {"FETTLE_TEMPORAL_NAMESPACE": "lab"}  # type: ignore[operator]
        self.assertIn("FETTLE_TEMPORAL_NAMESPACE=lab\n", self.startup(settings=settings))


class Template(unittest.TestCase):
    def test_it_keeps_its_name_when_it_is_replaced_for_pools_name_it(self) -> None:
        template = (HERE / "terraform/gcp/template.tf").read_text()
        self.assertRegex(template, r'resource "google_compute_instance_template" "agent" \{\n  name +=')
        self.assertNotIn("create_before_destroy", template)  # two of one name cannot be


class Roles(unittest.TestCase):
    def test_the_control_plane_may_do_what_the_guide_says_and_nothing_else(self) -> None:
        roles = (HERE / "terraform/gcp/roles.tf").read_text()
        control = roles[roles.index("# --- The control plane") :]
        guide = (HERE.parent / "docs/guides/compute-engine.md").read_text()
        needed = set(re.findall(r"`(compute\.[a-zA-Z.]+)`", guide[: guide.index("## One machine")]))
        self.assertEqual(set(re.findall(r'"(compute\.[a-zA-Z.]+)"', control)), needed)


if __name__ == "__main__":
    unittest.main()
