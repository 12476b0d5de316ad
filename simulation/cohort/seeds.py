"""Seeds of mice: a hash of the seed of the study and the role and number of the mouse.

Donors never share a seed.
"""

from __future__ import annotations

import hashlib


def _seed(*parts: object) -> int:
    text = " ".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def recipient_seed(study_seed: int, replicate: int, attempt: int = 0) -> int:
    """Seed of the recipient of a replicate; all arms of a replicate share it.

    Args:
        study_seed: Seed of the whole study.
        replicate: Replicate, from 0.
        attempt: Number of the redraw, from 0, if mice before it died before their age.
    """
    return _seed("recipient", study_seed, replicate, attempt)


def donor_seed(study_seed: int, replicate: int, donor: int, attempt: int = 0) -> int:
    """Seed of a donor of a replicate; it never equals that of a recipient."""
    return _seed("donor", study_seed, replicate, donor, attempt)


def redrawn_seed(seed: int, attempt: int) -> int:
    """Seed of a mouse in an attempt: the seed itself, then others that follow from it."""
    return seed if attempt == 0 else _seed("raised", seed, attempt)
