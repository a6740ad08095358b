from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from machines import EBS, LAUNCH, Machine

FOLDER = "/mnt/fettle"
JAVA = Path(__file__).parent.parent / "activities/src/main/java/io/fettle/activities/disks/LocalDisks.java"


class Nvme(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = Machine()
        self.addCleanup(self.machine.close)
        self.machine.disk_commands()
        self.machine.disk("nvme0n1", EBS)

    def nvme(self) -> str:
        result = self.machine.run("nvme", str(self.machine.root / FOLDER[1:]))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.said = result.stderr
        return result.stdout.replace(str(self.machine.root), "").strip()

    def test_one_disk_is_formatted_and_mounted_as_it_is(self) -> None:
        self.machine.disk("nvme1n1")
        self.assertEqual(self.nvme(), FOLDER)
        self.assertEqual(
            self.machine.done(),
            ["mkfs.xfs -q -f -L fettle /dev/nvme1n1", f"mount -t xfs -o noatime /dev/nvme1n1 {FOLDER}"],
        )

    def test_several_disks_become_one_array(self) -> None:
        self.machine.disk("nvme2n1")
        self.machine.disk("nvme1n1", "nvme_card2")
        self.assertEqual(self.nvme(), FOLDER)
        self.assertEqual(
            self.machine.done(),
            [
                "mdadm --create --run --force --quiet --homehost=any --level=0 --raid-devices=2 /dev/md/fettle "
                "/dev/nvme1n1 /dev/nvme2n1",
                "mkfs.xfs -q -f -L fettle /dev/md/fettle",
                f"mount -t xfs -o noatime /dev/md/fettle {FOLDER}",
            ],
        )

    def test_after_a_reboot_nothing_is_formatted(self) -> None:
        self.machine.disk("nvme1n1")
        self.nvme()
        self.machine.calls.write_text("")
        self.assertEqual(self.nvme(), FOLDER)
        self.assertEqual(self.machine.done(), [f"mount -t xfs -o noatime /dev/nvme1n1 {FOLDER}"])

    def test_after_a_reboot_the_array_is_assembled(self) -> None:
        self.machine.disk("nvme1n1")
        self.machine.disk("nvme2n1")
        self.nvme()
        self.machine.calls.write_text("")
        (self.machine.root / "dev/md/fettle").unlink()
        self.assertEqual(self.nvme(), FOLDER)
        self.assertEqual(
            self.machine.done(),
            [
                "mdadm --assemble --quiet /dev/md/fettle /dev/nvme1n1 /dev/nvme2n1",
                f"mount -t xfs -o noatime /dev/md/fettle {FOLDER}",
            ],
        )

    def test_volumes_of_the_network_are_never_taken(self) -> None:
        self.machine.disk("nvme1n1", "nvme_card-pd")
        self.assertEqual(self.nvme(), "")
        self.assertEqual(self.machine.done(), [])

    def test_what_is_mounted_already_is_kept(self) -> None:
        self.machine.disk("nvme1n1")
        self.machine.mount("nvme1n1", "/opt/dlami/nvme\\040disk", "259:1")
        self.assertEqual(self.nvme(), "/opt/dlami/nvme disk")
        self.assertEqual(self.machine.done(), [])

    def test_an_array_of_local_disks_that_is_mounted_is_kept(self) -> None:
        self.machine.disk("nvme1n1")
        slaves = self.machine.root / "sys/block/dm-0/slaves"
        slaves.mkdir(parents=True)
        (slaves / "nvme1n1").symlink_to("../../nvme1n1")
        self.machine.mount("dm-0", "/opt/dlami/nvme", "253:0")
        self.assertEqual(self.nvme(), "/opt/dlami/nvme")

    def test_a_mount_that_rests_on_the_network_too_is_not_taken_for_one(self) -> None:
        self.machine.disk("nvme1n1")
        slaves = self.machine.root / "sys/block/dm-0/slaves"
        slaves.mkdir(parents=True)
        for disk in ("nvme0n1", "nvme1n1"):
            (slaves / disk).symlink_to(f"../../{disk}")
        (self.machine.root / "sys/block/nvme1n1/holders/dm-0").symlink_to("../../dm-0")
        self.machine.mount("dm-0", "/data", "253:0")
        self.assertEqual(self.nvme(), "")
        self.assertIn("nvme1n1 is left alone: dm-0 is on it", self.said)

    def test_a_disk_that_holds_something_else_is_left_alone(self) -> None:
        self.machine.disk("nvme1n1", holds="TYPE=ext4\nLABEL=mine\n")
        self.machine.disk("nvme2n1", holds="PTTYPE=gpt\n")
        self.machine.disk("nvme3n1", holds="TYPE=linux_raid_member\nLABEL=host:data\n")
        self.machine.disk("nvme4n1")
        (self.machine.root / "sys/block/nvme4n1/nvme4n1p1").mkdir()
        self.assertEqual(self.nvme(), "")
        self.assertEqual(self.machine.done(), [])
        self.assertEqual(self.said.count("is left alone"), 4)

    def test_the_models_are_those_that_the_agent_looks_for(self) -> None:
        ours = re.search(r"^models='(.*)'$", (LAUNCH / "nvme").read_text(), re.MULTILINE)
        theirs = re.search(r'Pattern\.compile\(\s*"(.*)"\)', JAVA.read_text())
        assert ours and theirs
        self.assertEqual(ours[1].replace("[0-9]", "\\\\d"), theirs[1])


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("mkfs.xfs"), "needs root and mkfs.xfs (xfsprogs)")
class RealDisk(unittest.TestCase):
    """The real mkfs, blkid and mount, on a loop device in a mount namespace of its own."""

    SCRIPT = """set -eu
loop=$(losetup --find --show "$1")
trap 'umount -q "$3" || :; losetup --detach "$loop"' EXIT
ln -s "$loop" "$SYSROOT/dev/nvme1n1"
sh "$2" "$3" >/dev/null && echo kept >"$3/file" && umount "$3"
sh "$2" "$3" >/dev/null && cat "$3/file"
grep " $3 " /proc/self/mountinfo
"""

    def test_a_file_outlives_a_reboot(self) -> None:
        machine = Machine()
        self.addCleanup(machine.close)
        machine.disk("nvme1n1")
        (machine.root / "dev/nvme1n1").unlink()
        with tempfile.TemporaryDirectory() as folder:
            image = Path(folder) / "image"
            with image.open("wb") as file:
                file.truncate(400 << 20)
            mount = Path(folder) / "mount"
            result = subprocess.run(
                ["unshare", "--mount", "sh", "-c", self.SCRIPT, "sh", image, LAUNCH / "nvme", mount],
                env={**os.environ, "SYSROOT": str(machine.root)},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        if result.stderr.startswith("losetup:"):
            self.skipTest(result.stderr.strip().splitlines()[0])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(result.stdout.startswith("kept\n"), result.stdout)
        self.assertIn("noatime", result.stdout)
        self.assertIn("xfs", result.stdout)


if __name__ == "__main__":
    unittest.main()
