"""Ablations: remove one mechanism in every mouse, donors too, and find which effects survive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gutexo.analysis.effects import estimate_effect
from gutexo.analysis.facts import OBSERVABLE_BY_READOUT
from gutexo.biology.codes import AXES
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import reported_signs
from gutexo.cohort.study_run import run_study
from gutexo.errors import GutexoError, suggest
from gutexo.protocol.life import Donors, Life, checked_donors
from gutexo.protocol.standard_studies import transfer
from gutexo.protocol.study import Scenario, Study
from gutexo.protocol.treatments import Factors

# Effects estimated under every ablation: the four reported signs, and ageing itself.
AGEING = ("FITC-dextran", "plasma TNF", "HOMA-IR")


@dataclass(frozen=True)
class Ablation:
    """One mechanism that is removed, or replaced by an alternative one.

    Attributes:
        name: What is removed.
        meaning: What that means for the model.
        factors: Factor by rate name, in every mouse from its first day.
        changes: Parameters that differ in every mouse.
        lps_share: Share of the donors' luminal LPS that is given together with their exosomes.
    """

    name: str
    meaning: str
    factors: dict[str, float] = field(default_factory=dict)
    changes: dict[str, float] = field(default_factory=dict)
    lps_share: float = 0.0

    def apply(self, study: Study) -> Study:
        """Return the study with this ablation in every mouse."""
        arms = tuple(self._arm(arm) for arm in study.change(self.changes).arms)
        return Study(**{**dict(study), "arms": arms, "name": f"{study.name}, {self.name}"})

    def _life(self, life: Life) -> Life:
        if not self.factors:
            return life
        added = (*life.interventions, Factors(factors=self.factors))
        return Life(age=life.age, changes=life.changes, interventions=added)

    def _arm(self, arm: Scenario) -> Scenario:
        interventions = []
        for item in arm.interventions:
            donors = checked_donors(item)
            if donors is not None:
                ablated = Donors(life=self._life(donors.life), count=donors.count)
                fields = {**dict(item), "source": ablated, "lps_share": self.lps_share}
                item = type(item)(**fields)
            interventions.append(item)
        life = self._life(arm.life)
        return Scenario(**{**dict(arm), "life": life, "interventions": tuple(interventions)})


ABLATIONS: tuple[Ablation, ...] = (
    Ablation("nothing cut", "the model as it stands"),
    Ablation(
        "no exosome uptake",
        "luminal exosomes stay in the lumen",
        {"exosome.mucus_entry": 0.0},
    ),
    Ablation(
        "no barrier cargo", "nothing in exosomes acts on junctions", {"cargo.load_barrier": 0.0}
    ),
    Ablation(
        "no inflammatory cargo",
        "nothing in exosomes sensitises macrophages",
        {"cargo.load_inflammatory": 0.0},
    ),
    Ablation(
        "no insulin-resistance cargo",
        "nothing in exosomes blocks insulin signalling",
        {"cargo.load_insulin_resistance": 0.0},
    ),
    Ablation("no protective cargo", "exosomes only harm", {"cargo.load_protective": 0.0}),
    Ablation(
        "no protection of insulin signalling",
        "the coupling without a source is gone",
        changes={"insulin.cargo_protection": 0.0},
    ),
    Ablation("no TNF", "nobody secretes TNF", {"tnf.secretion": 0.0}),
    Ablation(
        "no senescence",
        "production does not rise with age; noise makes a few",
        {"senescence.production": 0.0},
    ),
    Ablation("no microbiota", "germ-free from the first day", {"microbiota.density": 0.0}),
    Ablation(
        "no induction",
        "no signal turns a cell senescent",
        {"senescence.induction_gut": 0.0, "senescence.induction_organs": 0.0},
    ),
    *(
        Ablation(f"no {name}", meaning, changes={parameter: 0.0})
        for name, meaning, parameter in (
            ("induction by TNF", "TNF turns no cell senescent", "senescence.induction_by_tnf"),
            (
                "induction by neighbours",
                "senescent cells turn no neighbour",
                "senescence.induction_by_senescence",
            ),
            (
                "protection from induction",
                "protective cargo does not counter induction",
                "senescence.induction_protection",
            ),
            ("gate", "inflammatory cargo sensitises no macrophage", "immune.cargo_gate"),
            ("calming", "protective cargo calms no macrophage", "immune.protection"),
            ("repair by cargo", "protective cargo repairs no junction", "barrier.protection"),
            ("closure by cargo", "protective cargo closes no wound", "epithelium.protection"),
            ("shedding by TNF", "TNF sheds no epithelium", "epithelium.injury_by_tnf"),
            ("pore", "TNF opens no pore", "barrier.pore_opening"),
            ("shift by TNF", "TNF brings no pathobionts", "microbiota.shift_by_tnf"),
            ("block by TNF", "TNF blocks no insulin signalling", "insulin.cytokine_block"),
            ("block by lipid", "lipid of exosomes blocks nothing", "insulin.cargo_block"),
            ("block by LPS", "LPS blocks nothing in the liver", "insulin.lps_block"),
            (
                "block by senescent cells",
                "senescent cells block no insulin signalling",
                "insulin.senescent_block",
            ),
            ("TNF of senescent cells", "they secrete no TNF", "immune.tnf_by_senescence"),
        )
    ),
    Ablation(
        "no induction by cargo",
        "exosomes turn no cell senescent",
        changes={"senescence.induction_cargo_half": 100.0},
    ),
    Ablation(
        "no licence",
        "bacteria do not amplify what senescent cells secrete",
        changes={"senescence.licence_half": 200.0},
    ),
    Ablation(
        "LPS comes along",
        "exosomes as they are, and all LPS of their donors' lumen with them",
        lps_share=1.0,
    ),
    Ablation(
        "LPS in place of cargo",
        "rival explanation: exosomes carry nothing, LPS in the preparation does all",
        {f"cargo.load_{axis}": 0.0 for axis in AXES},
        lps_share=1.0,
    ),
)


@dataclass(frozen=True)
class AblatedEffect:
    """One effect under one ablation.

    Attributes:
        cut: What is removed.
        readout: Observable.
        arm: Treated arm.
        comparator: Arm it is compared with.
        ratio: Geometric mean of the ratios of pairs.
        ratio_low: Lower end of its 95 % interval over mice.
        ratio_high: Upper end.
        survives: Whether the whole interval lies on the same side of 1 as without an ablation;
            None where the interval without an ablation contains 1.
    """

    cut: str
    readout: str
    arm: str
    comparator: str
    ratio: float
    ratio_low: float
    ratio_high: float
    survives: bool | None = None


@dataclass(frozen=True)
class LoopGain:
    """Amplification by the loop from LPS through senescent cells, macrophages and wall to LPS.

    Attributes:
        age: young, middle-aged or old.
        through: Path of the loop: signals, with all sites as they are, or induction too.
        gain: A small sustained rise of the LPS that crosses is amplified 1 / (1 - gain) times.
    """

    age: str
    through: str
    gain: float


def loop_gains(changes: Mapping[str, Any] | None = None) -> list[LoopGain]:
    """Compute the gains of the barrier's loop with the mean-field model.

    Args:
        changes: Parameters that differ from the defaults.
    """
    from gutexo.mean_field.gain import AGES, THROUGH, loop_gain

    parameters = Parameters().change(dict(changes or {}))
    return [
        LoopGain(age, through, loop_gain(parameters, age, through))
        for age in AGES
        for through in THROUGH
    ]


def list_followed_effects() -> list[tuple[str, str, str]]:
    """List readout, arm and comparator of every effect that is estimated under the ablations."""
    found = []
    for row in reported_signs():
        readout = OBSERVABLE_BY_READOUT.get(row.readout, row.readout)
        found.append((readout, str(row.arm), str(row.comparator)))
    return found + [(readout, "old + vehicle", "young + vehicle") for readout in AGEING]


def choose_ablations(names: Iterable[str] | None = None) -> list[Ablation]:
    """Choose ablations by name; all if None. "nothing cut" is always one, as the reference.

    Args:
        names: Names of ablations.

    Raises:
        GutexoError: An ablation does not exist.
    """
    by_name = {ablation.name: ablation for ablation in ABLATIONS}
    chosen = list(by_name if names is None else names)
    for name in chosen:
        if name not in by_name:
            raise GutexoError(f"ablation '{name}' does not exist{suggest(name, by_name)}")
    return [one for one in ABLATIONS if one.name in chosen or one is ABLATIONS[0]]


def build_ablated_study(ablation: Ablation, changes: Mapping[str, Any] | None = None) -> Study:
    """Build the six arms under an ablation.

    Args:
        ablation: What is removed.
        changes: Parameters that differ from the defaults.
    """
    return ablation.apply(transfer().change(dict(changes or {})))


def simulate_ablations(
    names: Iterable[str] | None = None,
    *,
    replicates: int = 6,
    seed: int = 1,
    workers: int = 1,
    changes: dict[str, Any] | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> list[AblatedEffect]:
    """Run the six arms under every ablation.

    Args:
        names: Names of ablations; all if None. "nothing cut" is always run, as the reference.
        replicates: Mice per arm.
        seed: Seed of everything; the same mice under every ablation.
        workers: Processes.
        changes: Parameters that differ from the defaults in every run.
        report: Called with a line of text for the user.

    Returns:
        One row per effect and ablation, in the order of the ablations.

    Raises:
        GutexoError: An ablation does not exist.
    """
    chosen = choose_ablations(names)
    whole_effects: dict[tuple[str, str, str], str] = {}
    rows = []
    for number, ablation in enumerate(chosen, start=1):
        report(f"ablation {number} of {len(chosen)}: {ablation.name}")
        study = build_ablated_study(ablation, changes)
        data = run_study(
            study, replicates=replicates, seed=seed, workers=workers, report=report
        ).data
        for where in list_followed_effects():
            found = estimate_effect(data, *where)
            whole = whole_effects.setdefault(where, found.direction)
            survives = found.direction == whole if whole in ("up", "down") else None
            interval = (found.ratio, found.ratio_low, found.ratio_high)
            rows.append(AblatedEffect(ablation.name, *where, *interval, survives))
    return rows
