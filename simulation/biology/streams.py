"""Stream numbers, one per kind of decision: changing the draws of one kind keeps all others."""

from __future__ import annotations

import numpy as np

MOTION = np.uint64(1)
RELEASE = np.uint64(2)
CARGO = np.uint64(3)
IDENTITY = np.uint64(4)
TURNOVER = np.uint64(5)
THINNING = np.uint64(6)
SUSCEPTIBILITY = np.uint64(7)
SENESCENCE = np.uint64(8)
ANIMAL = np.uint64(9)
DOSE = np.uint64(10)
YOUTH = np.uint64(11)
ASSAY = np.uint64(12)
INDUCTION = np.uint64(13)
CLEARANCE = np.uint64(14)
