"""What runs in the background, and behind the command: read a batch, put it into the register.

Each step opens its transactions itself and looks at the state first, so that it may run twice.
"""

from xzgis.networks.jobs.background import accept_batch_job, read_batch_job
from xzgis.networks.jobs.coming_in import (
    KeptFile,
    batch_of_kept,
    delivery_of,
    facts_of,
    keep_files,
    read_again,
    upload_batch,
    with_saved_mapping,
)
from xzgis.networks.jobs.reading import LONG_STATEMENT_S, Watch, read_batch
from xzgis.networks.jobs.taking_in import accept_batch, take_in

__all__ = [
    "LONG_STATEMENT_S",
    "KeptFile",
    "Watch",
    "accept_batch",
    "accept_batch_job",
    "batch_of_kept",
    "delivery_of",
    "facts_of",
    "keep_files",
    "read_again",
    "read_batch",
    "read_batch_job",
    "take_in",
    "upload_batch",
    "with_saved_mapping",
]
