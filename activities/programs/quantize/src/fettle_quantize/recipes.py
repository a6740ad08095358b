"""The schemes, as llm-compressor understands them."""

from typing import Any

from fettle_contract import BadConfig

from fettle_quantize.config import Scheme

GROUP_SIZES = (128, 64, 32)  # larger is smaller and faster, smaller is more exact; 128 is what engines are tuned for
IGNORED = ("lm_head",)  # a few percent of the bytes and most of the damage


def recipe(scheme: Scheme, group_size: int | None) -> list[Any]:
    """Modifiers in order. Per scheme, what it needs of calibration is in `needs_calibration`."""
    from llmcompressor.modifiers.gptq import GPTQModifier
    from llmcompressor.modifiers.quantization import QuantizationModifier

    ignore = list(IGNORED)
    match scheme:
        case "w8a8":
            return [QuantizationModifier(targets="Linear", scheme="W8A8", ignore=ignore)]
        case "fp8_dynamic":
            return [QuantizationModifier(targets="Linear", scheme="FP8_DYNAMIC", ignore=ignore)]
        case "w4a16":
            return [GPTQModifier(config_groups={"group_0": _four_bits(group_size)}, ignore=ignore)]
        case "none":
            return []


def needs_calibration(scheme: Scheme) -> bool:
    """Dynamic activations need none, and eight bits round well enough without."""
    return scheme == "w4a16"


def group_size_for(scheme: Scheme, widths: set[int]) -> int | None:
    """The largest group that divides the input width of every quantized layer; null where the scheme has no groups."""
    if scheme != "w4a16":
        return None
    for size in GROUP_SIZES:
        if all(width % size == 0 for width in widths):
            return size
    odd = next(width for width in sorted(widths) if width % GROUP_SIZES[-1])
    raise BadConfig(f"scheme w4a16 needs layer widths that divide by {GROUP_SIZES[-1]}, one is {odd}; take w8a8")


def _four_bits(group_size: int | None) -> Any:
    from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme

    weights = QuantizationArgs(num_bits=4, type="int", strategy="group", group_size=group_size, symmetric=True)
    return QuantizationScheme(targets=["Linear"], weights=weights)
