"""References: one record a source; what was not read in the source itself is left empty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulation.errors import GutexoError, suggest


@dataclass(frozen=True)
class Reference:
    """A source.

    Attributes:
        key: Short name by which values point to it.
        text: Authors, year, title or journal, as far as they were read.
        year: Year, 0 if unknown.
        doi: DOI, if known.
        pmid: PubMed or PMC identifier, if known.
        species: In which animal or cell.
        note: What it is used for here.
    """

    key: str
    text: str
    year: int = 0
    doi: str = ""
    pmid: str = ""
    species: str = ""
    note: str = ""


_LIST = (
    Reference(
        "khalyfa-2026",
        "Khalyfa et al. 2026, Gut Luminal Exosomes in Young and Old Mice: Multi-Omic Characteristics and Regulation of Gut Permeability. Aging Cell",
        2026,
        "",
        "PMID 41888049",
        "C57BL/6 mouse",
        "The study whose design is simulated; only secondary pages were read",
    ),
    Reference(
        "topp-2000",
        "Topp et al. 2000, J Theor Biol 206:605-619 (BioModels BIOMD0000000341)",
        2000,
        "",
        "",
        "human-scaled",
        "Beta-cell mass, insulin and glucose",
    ),
    Reference(
        "karin-2019",
        "Karin et al. 2019, Nat Commun 10:5495",
        2019,
        "",
        "PMC6889273",
        "mouse",
        "Saturating removal of senescent cells",
    ),
    Reference(
        "srtools-aging",
        "SRtools, identifiable ratios of the saturating-removal fits to survival of UM-HET3 mice",
        0,
        "",
        "",
        "mouse",
        "Rates of the senescent burden",
    ),
    Reference(
        "ferraiolo-1988",
        "Ferraiolo et al. 1988, Drug Metab Dispos",
        1988,
        "",
        "PMID 2898346",
        "BDF1 mouse",
        "Plasma half-life of TNF",
    ),
    Reference(
        "lps-clearance-2016",
        "J Immunol 2016, clearance of LPS from mouse plasma by the liver",
        2016,
        "",
        "",
        "mouse",
        "Plasma half-life of LPS, first phase",
    ),
    Reference(
        "PMC6956244",
        "Pharmaceutics 2019, review of exosome pharmacokinetics, table 1",
        2019,
        "",
        "PMC6956244",
        "CD-1 mouse",
        "Plasma half-lives of exosomes",
    ),
    Reference(
        "mouse-epithelium-1970",
        "Quantitative description of the intestinal epithelium of the mouse, 1970",
        1970,
        "",
        "",
        "C57BL/6 mouse",
        "Crypt-to-tip transit",
    ),
    Reference(
        "tnf-ter-caco2",
        "TNF increases sodium and chloride conductance across the tight junction of Caco-2 BBe",
        0,
        "",
        "",
        "Caco-2 BBe cells",
        "TER under TNF",
    ),
    Reference(
        "constrained-signs",
        "Own fit by hand of four values to the four reported signs (see docs/design.md)",
        2026,
        note="Values moved so that the signs show; graded assumed, never a prediction",
    ),
    Reference(
        "feasibility-search",
        "Own search of a mean-field sketch for sets that meet the patterns (see docs/design.md)",
        2026,
        "",
        "",
        "",
        "Starting values of what nobody measured; graded assumed",
    ),
)
REFERENCES: dict[str, Reference] = {reference.key: reference for reference in _LIST}


def reference(key: str) -> Reference:
    """The record of a key.

    Raises:
        GutexoError: There is none.
    """
    if key not in REFERENCES:
        raise GutexoError(f"reference '{key}' does not exist{suggest(key, REFERENCES)}")
    return REFERENCES[key]


def cite(keys: Iterable[str]) -> str:
    """References as text, one a line, each once."""
    lines = []
    for key in dict.fromkeys(keys):
        record = reference(key)
        found = "; ".join(x for x in (record.doi and f"doi {record.doi}", record.pmid) if x)
        lines.append(f"{record.text}{f' ({found})' if found else ''}. {record.note}.")
    return "\n".join(lines)


def bibtex(keys: Iterable[str]) -> str:
    """References as BibTeX."""
    entries = []
    for key in dict.fromkeys(keys):
        r = reference(key)
        fields = {"note": f"{r.text}. {r.pmid}".strip(), "year": str(r.year or ""), "doi": r.doi}
        body = ",\n".join(f"  {k} = {{{v}}}" for k, v in fields.items() if v)
        entries.append(f"@misc{{{key},\n{body}\n}}")
    return "\n\n".join(entries)
