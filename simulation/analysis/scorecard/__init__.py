"""Scorecard: every pattern that was fixed beforehand, simulated and compared with its window.

The five uses are never pooled: `calibrate` rows may be fitted, `constrain` rows are what the model
was built to be able to show, `validate` rows are never fitted, `verify` rows are known answers,
`report` rows are shown with their window without a verdict.
"""

from __future__ import annotations

from gutexo.analysis.scorecard.card import (
    Score,
    predict_patterns,
    score_measured,
    score_patterns,
    select_failed,
)

__all__ = ["Score", "predict_patterns", "select_failed", "score_measured", "score_patterns"]
