"""What a visitor asks to see: an arm, a seed, changed parameters; small enough for a link."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError, suggest
from gutexo.page.messages import line_of, readable
from gutexo.protocol.intervention_classes import single_treatments
from gutexo.protocol.life import OLD, YOUNG, Life
from gutexo.protocol.standard_studies import COURSE_DAYS, QUICK, studies, study
from gutexo.protocol.study import Scenario

SHOWN = ("exosome transfer", "cargo not age", "ageing")
"""Studies whose arms can be watched."""
MOST_CHANGES = 40


Arms = Mapping[str, tuple[str, Scenario]]
"""What can be watched: study and scenario by the arm's name."""


@cache
def arms() -> Arms:
    """Arms of the studies that can be watched, and each intervention by itself."""
    found: dict[str, tuple[str, Scenario]] = {}
    for name in SHOWN:
        if name in studies():
            for arm in study(name).arms:
                found.setdefault(arm.name, (name, arm))
    for age, life in (("young", Life(age=YOUNG)), ("old", Life(age=OLD))):
        for name, arm in single_treatments(age, life, COURSE_DAYS).items():
            found.setdefault(name, (f"treatments of {age} mice", arm))
    return found


class Wish(BaseModel):
    """What is to be watched.

    Args:
        arm: Name of an arm (`arms`).
        beside: Another arm, of the same mouse, to be watched beside it.
        seed: Seed of the study; the mouse is its first.
        full: The mouse of studies, not the coarser one for a look.
        changes: Parameters that differ from the defaults, by full name.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    arm: str = "young + old exosomes"
    beside: str | None = None
    seed: int = Field(default=1, ge=0, lt=2**53)
    full: bool = False
    changes: dict[str, float] = Field(default_factory=dict, max_length=MOST_CHANGES)

    @field_validator("changes")
    @classmethod
    def _possible(cls, changes: dict[str, float]) -> dict[str, float]:
        sized = [name for name in changes if name.startswith("resolution.")]
        if sized:
            raise GutexoError(f"{sized[0]}: how finely a mouse is drawn is not changed by a link")
        Parameters().change(changes)
        return changes

    @classmethod
    def of(cls, content: Any, among: Arms | None = None) -> Self:
        """A wish as a page or a link sent it.

        Args:
            content: JSON types.
            among: What can be watched; `arms()` if None.

        Raises:
            GutexoError: It is not one that can be fulfilled, in one line.
        """
        if not isinstance(content, dict):
            raise GutexoError("a wish must be an object")
        try:
            wish = cls.model_validate(content)
        except ValidationError as error:
            raise GutexoError(line_of(error)) from None
        except UnicodeError:
            raise GutexoError("a name is not Unicode: it holds half of a character") from None
        wish.scenarios(among)
        return wish

    def scenarios(self, among: Arms | None = None) -> list[Scenario]:
        """The arms to be lived, one or two.

        Args:
            among: What can be watched; `arms()` if None.

        Raises:
            GutexoError: An arm does not exist.
        """
        among = arms() if among is None else among
        names = [self.arm] if self.beside is None else [self.arm, self.beside]
        for name in names:
            if name not in among:
                line = f"arm '{name[:60]}' does not exist{suggest(name[:60], among)}"
                raise GutexoError(readable(line))
        changes = {**({} if self.full else QUICK), **self.changes}
        return [among[name][1].change(changes) for name in names]
