"""A release as launch/pack writes it, with stand-ins for build and jlink, and the machine on which setup takes it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tarfile
import unittest
from pathlib import Path

from machines import LAUNCH, Machine

FETTLE = '#!/bin/sh\necho "fettle $*" >>"$CALLS"\n[ "$1" = app ] && [ -z "$BROKEN" ] || exit 7\necho "$PWD/build"\n'
JLINK = '#!/bin/sh\nwhile [ "$1" != --output ]; do shift; done\nmkdir -p "$2/bin" && echo runtime >"$2/bin/java"\n'


class Pack(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = Machine()
        self.addCleanup(self.machine.close)
        self.checkout = self.machine.root / "checkout"
        shutil.copytree(LAUNCH, self.checkout / "infra/launch")
        for path, text in (
            ("checkout/fettle", FETTLE),
            ("checkout/LICENSE", "ours\n"),
            ("checkout/activities/programs/check", "#!/bin/sh\n"),
            ("checkout/build/lib/fettle.jar", "of these sources"),
            ("checkout/.fettle/tools/app/0123/lib/fettle.jar", "newest"),
            ("jdk/bin/jlink", JLINK),
        ):
            self.machine.write(path, text)
        for path in ("checkout/fettle", "jdk/bin/jlink"):
            (self.machine.root / path).chmod(0o755)
        self.git("init", "--quiet")
        self.git("add", "LICENSE", "activities", "infra")
        self.git("-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "--message", "m")

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", "-C", self.checkout, *arguments], check=True)

    def pack(self, **environment: str) -> subprocess.CompletedProcess[str]:
        self.archive = self.machine.root / "r.tar.gz"
        more = {"JAVA_HOME": str(self.machine.root / "jdk"), "CALLS": str(self.machine.calls), "BROKEN": ""}
        without = {"FETTLE_LIB": "", "FETTLE_HOME": str(self.checkout / ".fettle")}
        script = str(self.checkout / "infra/launch/pack")
        return self.machine.run(script, str(self.archive), **(more | without | environment))

    def packed(self, name: str) -> str:
        with tarfile.open(self.archive) as archive:
            file = archive.extractfile(f"./{name}")
            assert file
            return file.read().decode()

    @unittest.skipUnless(platform.system() == "Linux", "packs on Linux alone")
    def test_the_jars_are_those_of_the_sources_that_are_here(self) -> None:
        result = self.pack()
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertRegex(result.stdout, "^[0-9a-f]{64}\n$")
        self.assertEqual(self.packed("lib/fettle.jar"), "of these sources")
        self.assertEqual(self.packed("LICENSE"), "ours\n")
        self.assertEqual(self.packed("jre/bin/java"), "runtime\n")
        self.assertEqual(self.machine.done(), ["fettle app"])

    @unittest.skipUnless(platform.system() == "Linux", "packs on Linux alone")
    def test_jars_that_were_named_are_taken(self) -> None:
        result = self.pack(FETTLE_LIB=str(self.checkout / ".fettle/tools/app/0123/lib"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.packed("lib/fettle.jar"), "newest")
        self.assertEqual(self.machine.done(), [])

    def test_nothing_is_packed_where_nothing_is_built(self) -> None:
        self.assertEqual(self.pack(BROKEN="1").returncode, 7)
        self.assertFalse(self.archive.exists())

    @unittest.skipUnless(platform.system() == "Linux", "packs on Linux alone")
    def test_programs_that_are_not_committed_are_told_not_to_be_in_it(self) -> None:
        self.machine.write("checkout/activities/programs/check", "#!/bin/sh\nexit 1\n")
        result = self.pack()
        self.assertEqual(result.returncode, 0)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("activities/programs", result.stderr)
        self.assertEqual(self.packed("activities/programs/check"), "#!/bin/sh\n")

    def test_another_system_is_refused_with_what_to_do(self) -> None:
        self.machine.command("uname", "echo Darwin")
        result = self.pack()
        self.assertEqual(result.returncode, 7)
        self.assertIn("on Linux of the hosts' architecture", result.stderr)
        self.assertFalse(self.archive.exists())


class SetUp(unittest.TestCase):
    def test_a_release_of_another_architecture_is_refused_before_anything_is_done(self) -> None:
        machine = Machine()
        self.addCleanup(machine.close)
        release = machine.root / "opt/fettle"
        shutil.copytree(LAUNCH, release / "infra/launch")
        machine.write("opt/fettle/jre/bin/java", "\x7fELF of another\n")
        (release / "jre/bin/java").chmod(0o755)
        for name in ("useradd", "chown", "systemctl"):
            machine.command(name)
        result = machine.run(str(release / "infra/launch/setup"))
        self.assertEqual(result.returncode, 7)
        self.assertIn(f"does not run here, on {os.uname().machine}", result.stderr)
        self.assertEqual((machine.done(), Path(machine.root / "etc/systemd").exists()), ([], False))


if __name__ == "__main__":
    unittest.main()
