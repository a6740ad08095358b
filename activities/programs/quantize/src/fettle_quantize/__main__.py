"""`python -m fettle_quantize quantize --config FILE.json --workdir DIR`, in the quantize environment."""

import os
import sys

from fettle_contract import FINISHED, Verb, Workdir, run

from fettle_quantize.config import QuantizeConfig

# Spinning threads would starve an engine or a trainer on the same cores; read when torch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def _quantize(config: QuantizeConfig, workdir: Workdir) -> int:
    workdir.events.beat()
    from fettle_quantize.quantize import quantize

    workdir.result(quantize(config, workdir.events.progress))
    return FINISHED


def main(arguments: list[str] | None = None) -> int:
    return run("fettle_quantize", {"quantize": Verb(QuantizeConfig, _quantize)}, arguments)


if __name__ == "__main__":
    sys.exit(main())
