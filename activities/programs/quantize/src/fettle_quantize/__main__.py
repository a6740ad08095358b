"""`python -m fettle_quantize quantize --config FILE.json --workdir DIR`, in the quantize environment."""

import sys

from fettle_contract import FINISHED, Verb, Workdir, run

from fettle_quantize.config import QuantizeConfig


def _quantize(config: QuantizeConfig, workdir: Workdir) -> int:
    workdir.events.beat()
    from fettle_quantize.quantize import quantize

    workdir.result(quantize(config, workdir.events.progress))
    return FINISHED


def main(arguments: list[str] | None = None) -> int:
    return run("fettle_quantize", {"quantize": Verb(QuantizeConfig, _quantize)}, arguments)


if __name__ == "__main__":
    sys.exit(main())
