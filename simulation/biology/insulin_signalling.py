"""Insulin signalling in a cell of an organ: its blocks and its support."""

from __future__ import annotations

from gutexo.biology.portable_math import hill_square
from gutexo.catalogue.organs import LIVER
from gutexo.compiled import rule


@rule
def signalling_block(r, organ, tnf, lps, lipid, secretion):
    """Drive of IRS-1 serine phosphorylation and loss; near 0 in an organ that senses young levels.

    TNF acts most in muscle and fat. Insulin-resistance lipid, which needs no cytokine, acts most in
    the liver, and LPS in the liver alone.

    Args:
        r: Rates of the body.
        organ: Position of the organ in the table of organs.
        tnf: TNF sensed, in constitutive levels.
        lps: LPS sensed in plasma, in levels of a closed wall.
        lipid: Insulin-resistance cargo held in the organ, in young levels.
        secretion: What the senescent cells of the organ secrete, 1 in an old organ with full
            licence.

    References:
        Cani et al. 2007: infused LPS makes the liver insulin resistant. Ying et al. 2017: vesicles
        of obese mice block insulin signalling.
    """
    by_tnf = r.insulin_cytokine_block * hill_square(tnf / r.insulin_cytokine_half)
    by_lipid = r.insulin_cargo_block * hill_square(lipid / r.insulin_cargo_half)
    by_cells = r.insulin_senescent_block * secretion
    if organ == LIVER:
        by_lps = r.insulin_lps_block * hill_square(lps / r.insulin_lps_half)
        return r.insulin_liver_cytokine * by_tnf + by_lipid + by_cells + by_lps
    return by_tnf + r.insulin_peripheral_cargo * by_lipid + by_cells


@rule
def capacity_target(r, protective):
    """Mitochondrial capacity (0 to 1) that an organ's protective cargo (young levels) leads to.

    Vesicles of young mice raise PGC-1alpha, and with it mitochondria, in old mice; the relation
    between the amount of cargo and the size of the effect is assumed.

    References:
        Chen et al. 2024, Nat Aging.
    """
    return hill_square(protective / r.cargo_protection_half)


@rule
def sensitivity(r, fast, slow, capacity):
    """Insulin sensitivity of a cell, 1 where nothing blocks or supports it.

    A share of the block responds within hours (phosphorylation), the rest over a day (loss of
    IRS-1); support follows mitochondrial capacity, which changes over days to weeks.
    """
    support = r.insulin_cargo_protection * capacity
    share = r.insulin_fast_share
    return (1.0 + support) / (1.0 + share * fast + (1.0 - share) * slow)
