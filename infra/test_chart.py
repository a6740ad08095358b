"""The chart, rendered by helm, against the schemas of Kubernetes and our own rules; and the images."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

HELM = Path(__file__).parent / "helm"
DOCKERFILE = Path(__file__).parent / "docker/Dockerfile"
KUBERNETES = "1.34"
WORKLOADS = ("Deployment", "StatefulSet")


def helm(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([os.environ["HELM"], *arguments], capture_output=True, text=True, check=False)


def render(*more: str | Path) -> subprocess.CompletedProcess[str]:
    return helm(
        "template", "fettle", HELM / "fettle", "--namespace", "fettle", "--kube-version", KUBERNETES + ".0", *more
    )


def objects(*more: str | Path) -> list[dict[str, Any]]:
    import yaml  # of the tools' environment

    rendered = render(*more)
    assert rendered.returncode == 0, rendered.stderr
    return [each for each in yaml.safe_load_all(rendered.stdout) if each]


def targets() -> list[str]:
    """What infra/docker/build makes."""
    (names,) = re.findall(r"^for target in (.*); do$", (DOCKERFILE.parent / "build").read_text(), flags=re.MULTILINE)
    return list(names.split())


@unittest.skipUnless("HELM" in os.environ and importlib.util.find_spec("yaml"), "infra/check gives HELM and PyYAML")
class Chart(unittest.TestCase):
    VALUES = ("lab", "ray")

    def values(self, name: str) -> list[dict[str, Any]]:
        return objects("--values", HELM / f"values/{name}.yaml")

    def pods(self, name: str) -> dict[str, Any]:
        return {
            each["metadata"]["name"]: each["spec"]["template"]["spec"]
            for each in self.values(name)
            if each["kind"] in WORKLOADS
        }

    def test_it_lints_and_renders_what_kubernetes_takes(self) -> None:
        for name in self.VALUES:
            values = HELM / f"values/{name}.yaml"
            lint = helm("lint", "--strict", "--kube-version", KUBERNETES + ".0", HELM / "fettle", "--values", values)
            self.assertEqual(lint.returncode, 0, lint.stdout)
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                file.write(render("--values", values).stdout)
                file.flush()
                program = Path(sys.executable).parent / "kubernetes-validate"
                result = subprocess.run(
                    [program, "--strict", "-k", KUBERNETES, file.name], capture_output=True, text=True, check=False
                )
            self.assertEqual(result.returncode, 0, result.stderr + result.stdout)

    def test_no_pod_runs_as_root_or_writes_to_its_image(self) -> None:
        for name in self.VALUES:
            for pod in self.pods(name).values():
                self.assertTrue(pod["securityContext"]["runAsNonRoot"])
                self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
                for container in pod["containers"]:
                    context = container["securityContext"]
                    self.assertTrue(context["readOnlyRootFilesystem"])
                    self.assertFalse(context["allowPrivilegeEscalation"])
                    self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
                    self.assertIn("requests", container["resources"])
                    self.assertIn("readinessProbe", container)
                    self.assertNotIn("livenessProbe", container)  # it would kill a trainer whose server is away

    def test_an_agent_is_told_how_long_its_pod_may_take_to_end(self) -> None:
        pod = self.pods("lab")["fettle-lab-a100-80gb-x1"]
        environment = {each["name"]: each.get("value") for each in pod["containers"][0]["env"]}
        self.assertEqual(environment["AGENT_NOTICEWINDOW"], f"{pod['terminationGracePeriodSeconds']}s")
        self.assertEqual((environment["AGENT_POOL"], environment["AGENT_SHAPE"]), ("lab", "a100-80gb-x1"))
        self.assertEqual(pod["containers"][0]["resources"]["limits"], {"memory": "120Gi", "nvidia.com/gpu": 1})

    def test_an_agent_without_a_gpu_asks_for_none(self) -> None:
        container = self.pods("lab")["fettle-lab-cpu"]["containers"][0]
        self.assertNotIn("limits", container["resources"])

    def test_secrets_are_named_and_never_written(self) -> None:
        for name in self.VALUES:
            self.assertNotIn("Secret", {each["kind"] for each in self.values(name)})
        environment = {each["name"]: each for each in self.pods("lab")["fettle-control"]["containers"][0]["env"]}
        self.assertEqual(environment["HF_TOKEN"]["valueFrom"], {"secretKeyRef": {"name": "fettle", "key": "HF_TOKEN"}})

    def test_only_a_control_worker_that_makes_rayjobs_gets_a_token_of_the_cluster(self) -> None:
        self.assertFalse(self.pods("lab")["fettle-control"]["automountServiceAccountToken"])
        self.assertTrue(self.pods("ray")["fettle-control"]["automountServiceAccountToken"])
        self.assertIn("Role", {each["kind"] for each in self.values("ray")})
        for pod in (*self.pods("lab").values(),):
            self.assertFalse(pod["automountServiceAccountToken"])

    def environment(self, *more: str) -> dict[str, Any]:
        rendered = objects("--values", HELM / "values/ray.yaml", *more)
        control = next(each for each in rendered if each["metadata"]["name"] == "fettle-control" and "spec" in each)
        (container,) = control["spec"]["template"]["spec"]["containers"]
        return {each["name"]: each.get("value") for each in container["env"]}

    def test_a_build_of_the_control_worker_is_a_release_of_its_own_and_no_agent_hears_of_it(self) -> None:
        names = ("CONTROL_DEPLOYMENT=fettle", "CONTROL_BUILD=2")
        build = [each for name in names for each in ("--set-string", f"control.environment.{name}")]
        rendered = objects("--values", HELM / "values/lab.yaml", *build)
        changed = [one["metadata"]["name"] for one, was in zip(rendered, self.values("lab"), strict=True) if one != was]
        self.assertEqual(changed, ["fettle-control"])
        own = self.environment(*build)
        self.assertEqual((own["CONTROL_DEPLOYMENT"], own["CONTROL_BUILD"]), ("fettle", "2"))
        twice = render("--values", HELM / "values/lab.yaml", "--set", "control.environment.AWS_REGION=x")
        self.assertIn("AWS_REGION is in environment and in control.environment", twice.stderr)

    def test_a_release_may_have_agents_alone(self) -> None:
        agents = objects("--values", HELM / "values/lab.yaml", "--set", "control.replicas=0")
        replicas = {each["metadata"]["name"]: each["spec"]["replicas"] for each in agents if each["kind"] in WORKLOADS}
        self.assertEqual(replicas.pop("fettle-control"), 0)
        self.assertNotIn(0, replicas.values())

    def test_the_authority_of_the_secret_is_trusted_where_that_is_said(self) -> None:
        own = self.environment("--set", "temporal.tlsSecret=tls", "--set", "temporal.tlsCa=true")
        self.assertEqual(own["FETTLE_TEMPORAL_TLS_CA"], "/etc/fettle/tls/ca.crt")
        self.assertEqual(own["FETTLE_TEMPORAL_TLS_CERT"], "/etc/fettle/tls/tls.crt")
        self.assertNotIn("FETTLE_TEMPORAL_TLS_CA", self.environment("--set", "temporal.tlsSecret=tls"))
        nowhere = render("--values", HELM / "values/ray.yaml", "--set", "temporal.tlsCa=true")
        self.assertIn("temporal.tlsSecret names no secret", nowhere.stderr)

    def test_rayjobs_of_the_example_have_what_they_need(self) -> None:
        import yaml  # of the tools' environment

        values = yaml.safe_load((HELM / "values/ray.yaml").read_text())
        pool = values["control"]["pools"]["kube"]
        accounts = [each["metadata"]["name"] for each in self.values("ray") if each["kind"] == "ServiceAccount"]
        self.assertIn(pool["service_account"], accounts)
        self.assertEqual(pool["namespace"], "fettle")  # where render() installs, and so the Role is
        built = [f"{values['images']['registry']}fettle-{name}:{values['images']['tag']}" for name in targets()]
        self.assertIn(pool["image"], built)
        self.assertIn("ray", pool["image"])
        self.assertIn(pool["secret"], {each["secret"] for each in values["secrets"]})
        keys = {each["name"]: each["key"] for each in values["secrets"]}
        # a RayJob gets keys by their names
        self.assertEqual(keys["FETTLE_TEMPORAL_API_KEY"], "FETTLE_TEMPORAL_API_KEY")
        self.assertNotIn("tlsSecret", values["temporal"])

    def test_the_api_server_is_reached_behind_its_service_where_rayjobs_are_made(self) -> None:
        def ports(name: str) -> set[int]:
            (policy,) = [each for each in self.values(name) if each["kind"] == "NetworkPolicy"]
            return {port["port"] for rule in policy["spec"]["egress"] for port in rule.get("ports", [])}

        self.assertEqual(ports("ray") - ports("lab"), {6443})

    def test_pods_of_kueue_carry_its_label(self) -> None:
        queue = objects(
            "--values", HELM / "values/lab.yaml", "--set", "agents[0].queue=gpu", "--set", "agents[0].shape=s"
        )
        labels = [each["spec"]["template"]["metadata"]["labels"] for each in queue if each["kind"] in WORKLOADS]
        self.assertEqual([each.get("kueue.x-k8s.io/queue-name") for each in labels].count("gpu"), 1)

    def test_values_that_cannot_be_right_are_refused_with_their_names(self) -> None:
        wrong = render("--values", HELM / "values/lab.yaml", "--set", "store=nowhere", "--set", "agentz=1")
        self.assertNotEqual(wrong.returncode, 0)
        self.assertIn("store", wrong.stderr)
        self.assertIn("agentz", wrong.stderr)

    def test_a_pool_in_a_namespace_that_gives_no_right_is_refused(self) -> None:
        values = ("--values", HELM / "values/ray.yaml", "--set", "control.pools.kube.namespace=elsewhere")
        wrong = render(*values)
        self.assertNotEqual(wrong.returncode, 0)
        self.assertIn("control.pools.kube.namespace is elsewhere, and the release goes into fettle", wrong.stderr)
        another = render(*values, "--set", "control.pools.kube.endpoint=https://cluster.example.com:6443")
        self.assertEqual(another.returncode, 0, another.stderr)


class Images(unittest.TestCase):
    def test_the_base_is_pinned_and_no_image_runs_as_root(self) -> None:
        stages = DOCKERFILE.read_text().split("\nFROM ")[1:]
        self.assertEqual(len(stages), 4)
        self.assertRegex(stages[0], r"^docker\.io/library/\S+@sha256:[0-9a-f]{64} AS base\n")
        for stage in stages[1:]:
            self.assertRegex(stage, r"^(base|agent) AS ")
            users = [line for line in stage.splitlines() if line.startswith("USER ")]
            self.assertEqual(users[-1], "USER 10001:10001")

    def test_every_image_is_built(self) -> None:
        stages = re.findall(r" AS (\S+)$", DOCKERFILE.read_text(), flags=re.MULTILINE)
        self.assertEqual(targets(), stages[1:])

    def test_ray_is_the_one_that_is_locked(self) -> None:
        (stage,) = [each for each in DOCKERFILE.read_text().split("\nFROM ") if each.startswith("agent AS agent-ray")]
        (lock,) = re.findall(r"--require-hashes \\\n\s*--requirement /opt/fettle/(\S+)", stage)
        self.assertIn("\nray==", (Path(__file__).parent.parent / lock).read_text())


if __name__ == "__main__":
    unittest.main()
