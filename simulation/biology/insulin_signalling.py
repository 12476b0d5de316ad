"""Insulin signalling in a cell of an organ: its blocks and its support."""

from __future__ import annotations

from gutexo.biology.portable_math import saturate
from gutexo.catalogue.organs import LIVER
from gutexo.compiled import rule


@rule
def signalling_block(r, organ, tnf, il6, lipid):
    """Drive of IRS-1 serine phosphorylation and loss; 0 in a cell that senses nothing.

    TNF acts most in muscle and fat. Insulin-resistance lipid (which needs no cytokine) and IL-6
    act most in the liver.

    Args:
        r: Rates of the body.
        organ: Position of the organ in the table of organs.
        tnf: TNF sensed, in constitutive levels.
        il6: IL-6 sensed, in constitutive levels.
        lipid: Insulin-resistance cargo held in the organ, in young levels.
    """
    by_tnf = 0.0
    if tnf > 1.0:
        by_tnf = r.insulin_cytokine_block * saturate((tnf - 1.0) / r.insulin_cytokine_half)
    by_lipid = r.insulin_cargo_block * saturate(lipid / r.insulin_cargo_half)
    if organ == LIVER:
        by_il6 = 0.0
        if il6 > 1.0:
            by_il6 = r.insulin_il6_block * saturate((il6 - 1.0) / r.insulin_cytokine_half)
        return r.insulin_liver_cytokine * by_tnf + by_il6 + by_lipid
    return by_tnf + r.insulin_peripheral_cargo * by_lipid


@rule
def capacity_target(r, protective):
    """Mitochondrial capacity (0 to 1) that an organ's protective cargo (young levels) leads to.

    Vesicles of young mice raise PGC-1alpha, and with it mitochondria, in old mice; the relation
    between the amount of cargo and the size of the effect is assumed.

    References:
        Chen et al. 2024, Nat Aging.
    """
    return saturate(protective / r.insulin_protection_half)


@rule
def sensitivity(r, fast, slow, capacity, senescent):
    """Insulin sensitivity of a cell, 1 where nothing blocks or supports it.

    A share of the block responds within hours (phosphorylation), the rest over a day (loss of
    IRS-1); support follows mitochondrial capacity, which changes over days to weeks.
    """
    support = r.insulin_cargo_protection * capacity
    share = r.insulin_fast_share
    blocked = share * fast + (1.0 - share) * slow + r.insulin_senescent_block * senescent
    return (1.0 + support) / (1.0 + blocked)
