"""The scorecard: every pattern that was fixed beforehand, simulated and held against its window.

The five uses are never pooled: `calibrate` rows may be fitted, `constrain` rows are what the model
was built to be able to show, `validate` rows are never fitted, `verify` rows are known answers,
`report` rows stand beside their window without a verdict.
"""

from __future__ import annotations

from gutexo.analysis.scorecard.card import Score, failed, judge, scorecard

__all__ = ["Score", "failed", "judge", "scorecard"]
