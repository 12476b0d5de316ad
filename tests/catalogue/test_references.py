"""Records: each can be found, each is pointed to, and each can be cited."""

import re

import pytest

from gutexo.body.interventions import Intervention
from gutexo.catalogue import Parameters
from gutexo.catalogue.references import (
    find_reference,
    format_bibtex,
    format_references,
    format_text,
)
from gutexo.catalogue.sources import ALL, REFERENCES
from gutexo.errors import GutexoError
from gutexo.protocol import exosome_treatments, treatments
from gutexo.protocol.citations import all_reference_keys, find_study_or_scenario, reference_keys
from gutexo.protocol.exosome_treatments import GiveExosomes
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.study import Scenario
from gutexo.protocol.treatments import Butyrate, GermFree, Senolytic

# Records without DOI, PMID or PMCID: what was found instead, or why nothing was.
WITHOUT_ID = {
    "mouse-epithelium-1970": "OpenAlex",
    "srtools-aging": "a package",
    "jax-diabetes": "a page of a breeder",
    "il6-rat": "CQVIP",
    "fd4-protocol": "PubCompare",
    "ogtt-protocol": "PubCompare",
    "itt-protocol": "a laboratory's page",
    "glucose-mice": "scilit",
    "hesketh-2016": "MDPI's own number",
    "engelman-irs1": "the author's university",
    "zeng-2006": "Bohrium",
    "ayala-2006": "journal, volume and page only",
    "butyrate-2024": "journal and article number only",
}
PARAMETERS = {key for entry in Parameters().entries() for key in entry.keys()}
INTERVENTIONS = {
    name: thing
    for module in (exosome_treatments, treatments)
    for name, thing in vars(module).items()
    if isinstance(thing, type) and issubclass(thing, Intervention)
}


@pytest.mark.parametrize("key", REFERENCES)
def test_a_record_can_be_found(key):
    record = REFERENCES[key]
    assert record.key == key and record.title
    if record.own:
        assert not record.published and not record.species
        return
    assert record.species and record.assay and record.note
    if key in WITHOUT_ID:
        assert not record.published, f"{key} has an id now; take it off the list"
        assert record.identifier or (record.journal and record.pages)
        assert re.search("unknown|not read|without DOI", record.note)
    else:
        assert record.published, f"{key} has lost its DOI, PMID or PMCID"
    assert not record.doi or re.fullmatch(r"10\.\d{4,5}/\S+", record.doi)
    assert not record.pmid or re.fullmatch(r"\d{7,8}", record.pmid)
    assert not record.pmcid or re.fullmatch(r"PMC\d{6,8}", record.pmcid)


def test_the_exceptions_exist_and_no_key_stands_twice():
    assert set(WITHOUT_ID) <= set(REFERENCES)
    assert len(ALL) == len(REFERENCES)


def test_every_record_is_pointed_to_and_every_key_has_its_record():
    pointed = PARAMETERS | {key for kind in INTERVENTIONS.values() for key in kind.sources}
    assert pointed == set(REFERENCES) == set(all_reference_keys())


@pytest.mark.parametrize("removed", sorted(PARAMETERS))
def test_a_removed_record_is_noticed(removed, monkeypatch):
    monkeypatch.delitem(REFERENCES, removed)
    with pytest.raises(GutexoError, match=f"reference '{removed}' does not exist"):
        format_text(reference_keys(find_study_or_scenario("young mouse")))


def test_references_as_text_and_bibtex():
    assert "PMID 41888049" in format_text(["khalyfa-2026", "khalyfa-2026"])
    assert format_text(["khalyfa-2026", "khalyfa-2026"]).count("\n") == 0
    entry = format_bibtex(["topp-2000"])
    assert entry.startswith("@article{topp-2000,")
    for line in (
        "author = {Topp, B and Promislow, K and deVries, G and Miura, RM and Finegood, DT}",
        "journal = {Journal of Theoretical Biology}",
        "year = {2000}",
        "volume = {206}",
        "number = {4}",
        "pages = {605--619}",
        "doi = {10.1006/jtbi.2000.2150}",
    ):
        assert line in entry
    assert "author = {{Chen} and others}" in format_bibtex(["chen-2024"])
    assert "Cell Host \\& Microbe" in format_bibtex(["thevaranjan-2017"])
    assert format_bibtex(["feasibility-search"]).startswith("@misc{feasibility-search,")
    with pytest.raises(GutexoError, match="did you mean 'topp-2000'"):
        find_reference("topp-2001")
    with pytest.raises(GutexoError, match="style 'bibtx' does not exist; did you mean 'bibtex'"):
        format_references(["topp-2000"], "bibtx")


def test_every_entry_of_bibtex_is_balanced():
    text = format_bibtex(REFERENCES)
    assert text.count("{") == text.count("}")
    for entry in text.split("\n\n"):
        assert re.fullmatch(r"@(article|misc)\{[\w-]+,\n(  \w+ = \{.+\},?\n)+\}", entry), entry
        assert ("journal = " in entry) == entry.startswith("@article")


def test_a_scenario_cites_its_numbers_and_what_is_done():
    plain = reference_keys(find_study_or_scenario("young mouse"))
    assert set(plain) == PARAMETERS
    assert "thevaranjan-2017" in reference_keys(find_study_or_scenario("germ-free mouse"))
    donors = Donors(life=Life(age=730, interventions=(GermFree(),)))
    given = GiveExosomes(source=donors)
    found = reference_keys(Scenario(name="x", interventions=(given, Butyrate())))
    assert {"khalyfa-2026", "thevaranjan-2017", "butyrate-2024"} <= set(found)
    assert reference_keys(Senolytic()) == ("xu-2018", "islam-2023")
    assert set(reference_keys(find_study_or_scenario("exosome_transfer"))) >= set(plain)
    with pytest.raises(GutexoError, match="did you mean 'young mouse'"):
        find_study_or_scenario("yung mouse")


def test_a_changed_value_rests_on_its_record_no_more():
    life = Life().change({"immune.tnf_half_life": "40 min"})
    assert set(reference_keys(Life())) - set(reference_keys(life)) == {"ferraiolo-1988"}


def test_an_intervention_of_ones_own_cites_what_it_names():
    class Tea(Intervention):
        """A tea."""

        sources = ("chelakkot-2018",)

    class Guess(Intervention):
        """Nothing behind it."""

    assert reference_keys(Tea()) == ("chelakkot-2018",) and reference_keys(Guess()) == ()
    assert Tea().digest() != Guess().digest()
