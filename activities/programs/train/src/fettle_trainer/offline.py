"""Importing this first keeps the libraries off the network and quiet; the trainer reads local folders only."""

import os
import warnings

os.environ.update(
    {
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "TRANSFORMERS_VERBOSITY": "error",
    }
)
# the libraries' notes to their own maintainers would bury the one sentence that ends a failed run
warnings.filterwarnings("ignore", category=FutureWarning)
