"""Ages that are part of the model."""

WEANING_DAYS = 21.0  # a mouse is weaned and first stepped; three weeks, as laboratories do
