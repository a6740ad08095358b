from __future__ import annotations

import getpass
import subprocess
import time
import unittest
from pathlib import Path

from machines import LAUNCH, Machine
from metadata import EC2, GCP, Metadata

TAGS = "/latest/meta-data/tags/instance/"
ATTRIBUTES = "/computeMetadata/v1/instance/attributes/"


class Host(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = Machine()
        self.addCleanup(self.machine.close)
        self.machine.disk_commands()

    def start(self, answers: dict[str, str], vendor: str, settings: str, code: int = 0) -> dict[str, str]:
        server = Metadata(answers)
        self.addCleanup(server.close)
        self.machine.write(f"sys/class/dmi/id/{vendor.split('=')[0]}", vendor.split("=")[1] + "\n")
        mine = f"AGENT_METADATA={server.address}\nLAUNCH_USER={getpass.getuser()}\n"
        self.machine.write("etc/fettle/agent.env", mine + settings)
        result = self.machine.run("host")
        self.said = result.stderr
        self.assertEqual(result.returncode, code, result.stderr)
        return self.settings("agent.env")

    def settings(self, name: str) -> dict[str, str]:
        lines = (self.machine.root / "run/fettle" / name).read_text().splitlines()
        return {line.split("=", 1)[0]: line.split("=", 1)[1] for line in lines}

    def test_a_machine_of_ec2_learns_who_it_is_and_which_run_it_is_for(self) -> None:
        self.machine.disk("nvme1n1")
        answers = EC2 | {
            TAGS + "fettle-acquisition": "tok-1",
            TAGS + "fettle-pool": "aws",
            TAGS + "fettle-expiry": "PT15M",
            TAGS + "fettle-grace": "PT3M30S",
            TAGS + "fettle-shape": "a10g-24gb-x1",
        }
        found = self.start(answers, "sys_vendor=Amazon EC2", "FETTLE_STORE=s3://b/p\nLAUNCH_ELASTIC=true\n")
        del found["AGENT_METADATA"]
        self.assertEqual(
            found,
            {
                "FETTLE_STORE": "s3://b/p",
                "AWS_REGION": "eu-west-1",
                "AGENT_SIGNAL": "ec2",
                "AGENT_HOST": "i-0abc",
                "AGENT_POOL": "aws",
                "AGENT_SHAPE": "a10g-24gb-x1",
                "AGENT_TOKEN": "tok-1",
                "AGENT_LEASE": "PT15M",
                "AGENT_GRACE": "PT3M30S",
                "AGENT_RENEWED": "/run/fettle/own/renewed",
                "AGENT_END": "touch,/run/fettle/own/end",
                "AGENT_STATE": f"{self.machine.root}/mnt/fettle/fettle/hosts/i-0abc",
            },
        )

    def test_a_machine_of_gcp_reads_its_attributes(self) -> None:
        answers = GCP | {ATTRIBUTES + "fettle-acquisition": "tok-2"}
        found = self.start(answers, "product_name=Google Compute Engine", "AGENT_POOL=gcp\nLAUNCH_ELASTIC=true\n")
        self.assertEqual(
            [found[key] for key in ("AGENT_HOST", "AGENT_SHAPE", "AGENT_TOKEN", "AGENT_POOL", "AGENT_SIGNAL")],
            ["fettle-0abc", "g2-standard-4", "tok-2", "gcp", "gcp"],
        )
        self.assertNotIn("AGENT_STATE", found)

    def test_what_was_given_wins_over_what_is_found(self) -> None:
        found = self.start(EC2, "sys_vendor=Amazon EC2", "AGENT_SHAPE=mine\nAGENT_HOST=named\n")
        self.assertEqual((found["AGENT_SHAPE"], found["AGENT_HOST"]), ("mine", "named"))
        self.assertNotIn("AGENT_TOKEN", found)
        self.assertNotIn("AGENT_END", found)  # a machine that was there before is there after

    def test_a_machine_for_one_run_that_lost_its_mark_does_not_work_for_others(self) -> None:
        self.start(EC2, "sys_vendor=Amazon EC2", "LAUNCH_ELASTIC=true\n", code=1)
        self.assertIn("carries no fettle-acquisition", self.said)

    def test_secrets_come_by_name_and_only_their_owner_reads_them(self) -> None:
        self.machine.command("aws", """printf '%s\\n' 'a"b\\c$d'""")
        settings = "LAUNCH_SECRETS=FETTLE_TEMPORAL_API_KEY=ssm:/fettle/key\n"
        found = self.start(EC2, "sys_vendor=Amazon EC2", settings)
        self.assertNotIn("FETTLE_TEMPORAL_API_KEY", found)
        self.assertEqual(self.settings("secrets.env"), {"FETTLE_TEMPORAL_API_KEY": '"a\\"b\\\\c\\$d"'})
        mode = (self.machine.root / "run/fettle/secrets.env").stat().st_mode
        self.assertEqual(oct(mode & 0o777), "0o600")
        self.assertEqual(
            self.machine.done(),
            [
                "aws ssm get-parameter --region eu-west-1 --with-decryption --name /fettle/key"
                " --query Parameter.Value --output text"
            ],
        )

    def test_a_secret_that_cannot_be_read_is_named(self) -> None:
        self.machine.command("aws", "exit 254")
        self.start(EC2, "sys_vendor=Amazon EC2", "LAUNCH_SECRETS=HF_TOKEN=ssm:/hf\n", code=1)
        self.assertIn("the secret HF_TOKEN cannot be read from ssm:/hf", self.said)

    def test_a_machine_of_ones_own_is_told_where_its_secrets_lie(self) -> None:
        for secret in ("ssm:/hf", "gcp:projects/p/secrets/hf"):
            self.start({}, "sys_vendor=QEMU", f"AGENT_SHAPE=cpu\nLAUNCH_SECRETS=HF_TOKEN={secret}\n", code=1)
            self.assertEqual(
                self.said,
                "host: LAUNCH_SECRETS needs a machine of EC2 (ssm:) or Google Cloud (gcp:); "
                "see docs/guides/own-machines.md\n",
            )

    def test_a_secrets_file_of_ones_own_is_kept_and_only_the_agent_reads_it(self) -> None:
        self.machine.write("etc/fettle/secrets.env", "HF_TOKEN=mine\n")
        for _ in range(2):
            found = self.start({}, "sys_vendor=QEMU", "AGENT_SHAPE=cpu\nAWS_REGION=eu-west-1\n")
            self.assertEqual(found["AWS_REGION"], "eu-west-1")  # which the SDKs want
        mine = self.machine.root / "etc/fettle/secrets.env"
        self.assertEqual((mine.read_text(), oct(mine.stat().st_mode & 0o777)), ("HF_TOKEN=mine\n", "0o600"))
        unit = (LAUNCH / "units/fettle-agent.service").read_text()
        self.assertIn("EnvironmentFile=-/etc/fettle/secrets.env\n", unit)

    def test_a_folder_of_ones_own_disks_is_made_for_the_agents_user(self) -> None:
        self.machine.command("chown")
        self.start({}, "sys_vendor=QEMU", "AGENT_SHAPE=cpu\nAGENT_STATE=/data/fettle/rack-7\n")
        self.assertTrue((self.machine.root / "data/fettle/rack-7").is_dir())
        self.assertIn(f"chown {getpass.getuser()}: /data/fettle/rack-7", self.machine.done())


class Hold(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = Machine()
        self.addCleanup(self.machine.close)
        self.work = self.machine.root / "mnt/work/run-1-000001"
        self.work.mkdir(parents=True)
        self.machine.write("run/fettle/agent.env", f"AGENT_STATE={self.work.parent.parent}\n")
        (self.work / "assignment.json").write_text("{}")

    def test_it_looks_where_an_agent_with_a_home_of_its_own_works(self) -> None:
        self.machine.write("run/fettle/agent.env", "AGENT_HOST=rack-7\nFETTLE_HOME=/data/fettle\n")
        work = self.machine.root / "data/fettle/state/hosts/rack-7/work/run-2-000001"
        work.mkdir(parents=True)
        (work / "assignment.json").write_text("{}")
        self.assertIn("not all was published", self.machine.run("hold", "0").stderr)

    def trainer(self, script: str, ticks: int | None = None) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(["sh", "-c", script], cwd=self.work)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        started = int(Path(f"/proc/{process.pid}/stat").read_text().rsplit(") ", 1)[1].split()[19])
        record = (
            f'{{"bootId":"b","pid":{process.pid},"startTicks":{ticks or started},"shimPid":1,"shimStartTicks":2}}\n'
        )
        (self.work / "process.json").write_text(record)
        return process

    def test_a_shutdown_waits_until_what_the_trainer_saved_is_published(self) -> None:
        # the agent's part too: it closes the folder once the trainer has ended
        self.trainer("trap 'sleep 1; touch saved closed; exit 75' TERM; touch up; while :; do sleep 0.1; done")
        while not (self.work / "up").exists():
            time.sleep(0.01)
        result = self.machine.run("hold", "20")
        self.assertIn("nothing is left to publish", result.stderr)
        self.assertTrue((self.work / "saved").exists())

    def test_it_does_not_wait_for_ever(self) -> None:
        result = self.machine.run("hold", "1")
        self.assertIn("not all was published within 1 s", result.stderr)

    def test_another_process_with_the_same_number_is_left_alone(self) -> None:
        process = self.trainer("sleep 60", ticks=1)
        self.machine.run("hold", "1")
        self.assertIsNone(process.poll())

    def test_a_machine_that_trains_nothing_is_not_held(self) -> None:
        (self.work / "closed").touch()
        result = self.machine.run("hold", "20")
        self.assertIn("after 0 s", result.stderr)


class End(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = Machine()
        self.addCleanup(self.machine.close)
        self.machine.command("systemctl")

    def test_a_machine_of_ec2_shuts_down(self) -> None:
        self.machine.run("end")
        self.assertEqual(self.machine.done(), ["systemctl poweroff"])

    def test_a_machine_that_is_kept_stays_until_it_is_kept_no_longer(self) -> None:
        self.machine.write("etc/fettle/keep", "")
        self.machine.command("sleep", '[ "$(grep -c sleep "$CALLS")" -lt 3 ] || rm "$SYSROOT/etc/fettle/keep"')
        result = self.machine.run("end", CALLS=str(self.machine.calls))
        self.assertEqual(result.stderr, "end: /etc/fettle/keep is there, so this machine stays until it is deleted\n")
        self.assertEqual(self.machine.done(), ["sleep 60"] * 3 + ["systemctl poweroff"])

    def test_a_machine_of_gcp_deletes_itself_first(self) -> None:
        server = Metadata(GCP)
        self.addCleanup(server.close)
        self.machine.write("sys/class/dmi/id/product_name", "Google Compute Engine\n")
        result = self.machine.run("end", METADATA=server.address, COMPUTE=server.address)
        self.assertEqual(result.stderr, "")
        self.assertEqual(server.asked[-1], "DELETE /compute/v1/projects/1/zones/europe-west4-a/instances/fettle-0abc")
        self.assertEqual(self.machine.done(), ["systemctl poweroff"])


if __name__ == "__main__":
    unittest.main()
