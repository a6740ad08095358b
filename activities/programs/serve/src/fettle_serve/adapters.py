"""LoRA on a CPU, an adapter at a time.

vLLM's own gathers the adapter's weights once a token (for the logits a vocabulary by rank matrix each), and where a
batch holds tokens of the base model beside an adapter's, it takes their -1 for the last adapter's index.
"""

from typing import TYPE_CHECKING, Any

from vllm.lora.punica_wrapper.punica_cpu import PunicaWrapperCPU

if TYPE_CHECKING:
    from torch import Tensor

Rows = list[tuple[int, "slice | Tensor"]]  # an adapter's slot, and its rows of the batch


class ByAdapter(PunicaWrapperCPU):  # type: ignore[misc]  # vLLM has no types here
    """Stacked weights are A: [slot, 1, rank, in] and B: [slot, 1, out, rank]; a slot of -1 is the base model alone."""

    def update_metadata(self, *arguments: Any, **options: Any) -> None:
        """Once a batch."""
        super().update_metadata(*arguments, **options)
        self._tokens = _rows(self.token_lora_indices)
        self._sampled = _rows(self.sampler_indices)

    def add_lora_linear(
        self,
        y: "Tensor",
        x: "Tensor",
        lora_a_stacked: tuple["Tensor", ...],
        lora_b_stacked: tuple["Tensor", ...],
        scale: float,
        output_slices: tuple[int, ...],
        **_: Any,
    ) -> None:
        """Adds to each slice of y: [tokens, sum of out], the product of x: [tokens, in] with its A and B."""
        start = 0
        for a, b, width in zip(lora_a_stacked, lora_b_stacked, output_slices, strict=True):
            _add(_flat(y)[:, start : start + width], _flat(x), a, b, scale, self._tokens)
            start += width

    def add_lora_logits(
        self, y: "Tensor", x: "Tensor", lora_a_stacked: "Tensor", lora_b_stacked: "Tensor", scale: float, **_: Any
    ) -> None:
        """The same for y: [sampled, vocabulary]; B's vocabulary may be padded."""
        _add(_flat(y), _flat(x), lora_a_stacked, lora_b_stacked, scale, self._sampled)


def _rows(slots: "Tensor") -> Rows:
    found = [slot for slot in slots.unique().tolist() if slot >= 0]
    if len(found) == 1 and bool((slots == found[0]).all()):
        return [(found[0], slice(0, len(slots)))]
    return [(slot, (slots == slot).nonzero(as_tuple=True)[0]) for slot in found]


def _add(y: "Tensor", x: "Tensor", a: "Tensor", b: "Tensor", scale: float, rows: Rows) -> None:
    """In fp32 between A and B, as vLLM's own."""
    for slot, chosen in rows:
        narrow = x[chosen].float() @ a[slot, 0].float().T * scale
        wide = narrow.to(y.dtype) @ b[slot, 0].to(y.dtype).T
        y[chosen] += wide[:, : y.shape[-1]]


def _flat(tensor: "Tensor") -> "Tensor":
    return tensor.view(-1, tensor.shape[-1])
