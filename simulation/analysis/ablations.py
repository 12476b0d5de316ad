"""Ablations: cut one mechanism in every mouse, donors too, and see which effects survive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gutexo.analysis.effects import effect
from gutexo.analysis.facts import OBSERVABLE
from gutexo.biology.places import AXES
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import patterns
from gutexo.cohort.compare import run_study
from gutexo.errors import GutexoError, suggest
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.studies import transfer
from gutexo.protocol.study import Scenario, Study
from gutexo.protocol.treatments import Factors

# What is looked at under every cut: the four constrained signs, and ageing itself.
AGEING = ("FITC-dextran", "plasma TNF", "HOMA-IR")


@dataclass(frozen=True)
class Cut:
    """One mechanism that is taken out, or replaced by a rival.

    Attributes:
        name: What is gone.
        meaning: What that says of the model.
        factors: Factor by rate name, in every mouse from its first day.
        changes: Parameters that differ in every mouse.
        lps_share: Share of the donors' luminal LPS that their exosomes bring along.
    """

    name: str
    meaning: str
    factors: dict[str, float] = field(default_factory=dict)
    changes: dict[str, float] = field(default_factory=dict)
    lps_share: float = 0.0

    def apply(self, study: Study) -> Study:
        """The study with this cut in every mouse."""
        arms = tuple(self._arm(arm) for arm in study.change(self.changes).arms)
        return Study(**{**dict(study), "arms": arms, "name": f"{study.name}, {self.name}"})

    def _life(self, life: Life) -> Life:
        if not self.factors:
            return life
        added = (*life.interventions, Factors(factors=self.factors))
        return Life(age=life.age, changes=life.changes, interventions=added)

    def _arm(self, arm: Scenario) -> Scenario:
        given = []
        for item in arm.interventions:
            donors = getattr(item, "source", None)
            if isinstance(donors, Donors):
                cut = Donors(life=self._life(donors.life), count=donors.count)
                fields = {**dict(item), "source": cut, "lps_share": self.lps_share}
                item = type(item)(**fields)
            given.append(item)
        life = self._life(arm.life)
        return Scenario(**{**dict(arm), "life": life, "interventions": tuple(given)})


CUTS: tuple[Cut, ...] = (
    Cut("nothing cut", "the model as it stands"),
    Cut(
        "no exosome uptake",
        "luminal exosomes stay in the lumen",
        {"exosome.mucus_entry": 0.0},
    ),
    Cut("no barrier cargo", "nothing in exosomes acts on junctions", {"cargo.load_barrier": 0.0}),
    Cut(
        "no inflammatory cargo",
        "nothing in exosomes sensitises macrophages",
        {"cargo.load_inflammatory": 0.0},
    ),
    Cut(
        "no insulin-resistance cargo",
        "nothing in exosomes blocks insulin signalling",
        {"cargo.load_insulin_resistance": 0.0},
    ),
    Cut("no protective cargo", "exosomes only harm", {"cargo.load_protective": 0.0}),
    Cut(
        "no protection of insulin signalling",
        "the coupling without a source is gone",
        changes={"insulin.cargo_protection": 0.0},
    ),
    Cut("no TNF", "nobody secretes TNF", {"tnf.secretion": 0.0}),
    Cut(
        "no senescence",
        "production does not rise with age; noise makes a few",
        {"senescence.production": 0.0},
    ),
    Cut("no microbiota", "germ-free from the first day", {"microbiota.density": 0.0}),
    Cut(
        "cargo adds to LPS",
        "rival structure: inflammatory cargo activates by itself, not through LPS",
        changes={"immune.cargo_gate": 0.0, "immune.cargo_direct": 0.1},
    ),
    Cut(
        "LPS comes along",
        "exosomes as they are, and all LPS of their donors' lumen with them",
        lps_share=1.0,
    ),
    Cut(
        "LPS in place of cargo",
        "rival explanation: exosomes carry nothing, LPS in the preparation does all",
        {f"cargo.load_{axis}": 0.0 for axis in AXES},
        lps_share=1.0,
    ),
)


@dataclass(frozen=True)
class Survival:
    """One effect under one cut.

    Attributes:
        cut: What is gone.
        readout: Observable.
        arm: Treated arm.
        comparator: Arm it is compared with.
        ratio: Geometric mean of the ratios of pairs.
        low: Lower end of its 95 % interval over mice.
        high: Upper end.
        survives: Whether the whole interval lies on the side of 1 it lies on with nothing cut;
            None where with nothing cut it lies on neither.
    """

    cut: str
    readout: str
    arm: str
    comparator: str
    ratio: float
    low: float
    high: float
    survives: bool | None = None


@dataclass(frozen=True)
class Gain:
    """How much the loop from junctions over LPS and macrophages back to junctions amplifies.

    Attributes:
        age: young or old.
        through: TNF alone, or everything: cargo, damage, bacteria and mucus too.
        gain: A small sustained push on the loss of junctions is amplified 1 / (1 - gain) times.
    """

    age: str
    through: str
    gain: float


GAIN_COLUMNS = {name: name for name in Gain.__dataclass_fields__}


def loop_gains(changes: Mapping[str, Any] | None = None) -> list[Gain]:
    """Gains of the barrier's loop, by the mean-field twin.

    Args:
        changes: Parameters that differ from the defaults.
    """
    from gutexo.analysis.twin.gain import THROUGH, loop_gain

    parameters = Parameters().change(dict(changes or {}))
    return [
        Gain(age, through, loop_gain(parameters, age, through))
        for age in ("young", "old")
        for through in THROUGH
    ]


def looked_at() -> list[tuple[str, str, str]]:
    """Readout, arm and comparator of every effect that is followed through the cuts."""
    found = []
    for row in patterns("constrain"):
        readout = OBSERVABLE.get(row.readout, row.readout)
        found.append((readout, str(row.arm), str(row.comparator)))
    return found + [(readout, "old + vehicle", "young + vehicle") for readout in AGEING]


def _side(low: float, high: float) -> int:
    """1 above 1, -1 below, 0 where the interval holds it."""
    return (low > 1.0) - (high < 1.0)


def ablations(
    cuts: Iterable[str] | None = None,
    *,
    replicates: int = 6,
    seed: int = 1,
    workers: int = 1,
    changes: dict[str, Any] | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[Survival]:
    """Run the six arms under every cut.

    Args:
        cuts: Names of cuts; all if None. "nothing cut" is always run: it is the measure.
        replicates: Mice an arm.
        seed: Seed of everything; the same mice under every cut.
        workers: Processes.
        changes: Parameters that differ from the defaults throughout.
        say: Called with a line for people.

    Returns:
        A row an effect and cut, cut by cut.

    Raises:
        GutexoError: A cut does not exist.
    """
    known = {cut.name: cut for cut in CUTS}
    for name in cuts or ():
        if name not in known:
            raise GutexoError(f"cut '{name}' does not exist{suggest(name, known)}")
    chosen = [c for c in CUTS if cuts is None or c.name in set(cuts) or c is CUTS[0]]
    sides: dict[tuple[str, str, str], int] = {}
    rows = []
    for number, cut in enumerate(chosen, start=1):
        say(f"cut {number} of {len(chosen)}: {cut.name}")
        study = cut.apply(transfer().change(changes or {}))
        data = run_study(study, replicates=replicates, seed=seed, workers=workers, say=say).data
        for where in looked_at():
            found = effect(data, *where)
            side = _side(found.ratio_low, found.ratio_high)
            whole = sides.setdefault(where, side)
            survives = None if whole == 0 else side == whole
            interval = (found.ratio, found.ratio_low, found.ratio_high)
            rows.append(Survival(cut.name, *where, *interval, survives))
    return rows
