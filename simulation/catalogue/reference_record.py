"""The record of a source: what was read of it, and how it is written in a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """A source; what was not read is left empty.

    Attributes:
        key: Short name with which values and interventions cite it.
        title: Title, or what was read instead of it.
        authors: Names as "Miwa S, Lawless C, et al.", as far as they were read.
        journal: Journal; empty if it is not an article.
        year: Year, 0 if unknown.
        volume: Volume, with the issue where it was read.
        pages: Pages or article number.
        doi: DOI.
        pmid: PubMed number.
        pmcid: PubMed Central number.
        identifier: Another name under which it can be found: a database record, a page.
        species: Animal or cell that was studied.
        assay: How it was measured.
        note: What it is used for here, and what is not known of it.
        own: Whether it is our own choice, and not a publication.
    """

    key: str
    title: str
    authors: str = ""
    journal: str = ""
    year: int = 0
    volume: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    identifier: str = ""
    species: str = ""
    assay: str = ""
    note: str = ""
    own: bool = False

    @property
    def published(self) -> str:
        """DOI, PubMed and PubMed Central numbers; empty if none is known."""
        doi = f"doi {self.doi}" if self.doi else ""
        pmid = f"PMID {self.pmid}" if self.pmid else ""
        return ", ".join(part for part in (doi, pmid, self.pmcid) if part)

    @property
    def text(self) -> str:
        """The reference as one line."""
        place = " ".join(part for part in (self.journal, self.volume) if part)
        place = f"{place}:{self.pages}" if self.pages else place
        when = str(self.year) if self.year else ""
        found = ", ".join(part for part in (self.published, self.identifier) if part)
        where = "; ".join(part for part in (self.species, self.assay) if part)
        parts = [self.authors, self.title, ", ".join(part for part in (place, when) if part)]
        line = ". ".join(part.rstrip(".") for part in parts if part)
        line = f"{line} ({found})" if found else line
        line = f"{line} [{where}]" if where else line
        return f"{line}. {self.note.rstrip('.')}." if self.note else f"{line}."
