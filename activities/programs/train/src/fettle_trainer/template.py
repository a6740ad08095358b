"""`template`: what a counter needs that is no Python: the template's pieces, and the tokenizer as it really works."""

from fettle_contract import FINISHED, Workdir, sha256_of

import fettle_trainer.offline  # noqa: F401  before any library that reads it
from fettle_trainer.config import TemplateConfig
from fettle_trainer.encoding import Encoder
from fettle_trainer.pieces import NotPiecewise, pieces_of

NO_LIMIT = 1 << 24


def template(config: TemplateConfig, workdir: Workdir) -> int:
    """The tokenizer is written out as it was loaded: its class may have changed what its file says."""
    encoder = Encoder(config.model, NO_LIMIT, config.chat_template)
    try:
        pieces, reason = pieces_of(encoder).listed(), ""
    except NotPiecewise as e:
        pieces, reason = None, str(e)
    config.tokenizer.parent.mkdir(parents=True, exist_ok=True)
    encoder.tokenizer.backend_tokenizer.save(str(config.tokenizer))
    workdir.result(
        {
            "pieces": pieces,
            "reason": reason,
            "controls": sorted(encoder.controls),
            "stops": sorted(encoder.stops),
            "template_sha256": encoder.template_sha256,
            "tokenizer_sha256": sha256_of(config.model / "tokenizer.json"),
        }
    )
    return FINISHED
