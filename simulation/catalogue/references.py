"""References: what a record of a source is, and how records are cited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gutexo.errors import GutexoError, suggest


@dataclass(frozen=True)
class Reference:
    """A source; what was not read is left empty.

    Attributes:
        key: Short name by which values and interventions point to it.
        title: Title, or what was read instead of it.
        authors: Names as "Miwa S, Lawless C, et al.", as far as they were read.
        journal: Journal; empty for what is no article.
        year: Year, 0 if unknown.
        volume: Volume, with the issue where it was read.
        pages: Pages or article number.
        doi: DOI.
        pmid: PubMed number.
        pmcid: PubMed Central number.
        identifier: Another name under which it can be found: a database record, a page.
        species: In which animal or cell.
        assay: How it was measured.
        note: What it is used for here, and what is not known of it.
        own: Our own choice, not a publication.
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
        """DOI, PubMed and PubMed Central numbers; empty where none is known."""
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


def records() -> dict[str, Reference]:
    """All records by key."""
    from gutexo.catalogue.sources import REFERENCES

    return REFERENCES


def reference(key: str) -> Reference:
    """The record of a key.

    Raises:
        GutexoError: There is none.
    """
    if key not in records():
        raise GutexoError(f"reference '{key}' does not exist{suggest(str(key), records())}")
    return records()[key]


def cite(keys: Iterable[str]) -> str:
    """References as text, one a line, each once."""
    return "\n".join(reference(key).text for key in dict.fromkeys(keys))


def bibtex(keys: Iterable[str]) -> str:
    """References as BibTeX, each once: articles with what is known of them, the rest as misc."""
    return "\n\n".join(_entry(reference(key)) for key in dict.fromkeys(keys))


def formatted(keys: Iterable[str], style: str = "text") -> str:
    """References in a style.

    Args:
        keys: Keys of records.
        style: "text" or "bibtex".

    Raises:
        GutexoError: A key or the style does not exist.
    """
    styles = {"text": cite, "bibtex": bibtex}
    if style not in styles:
        raise GutexoError(f"style '{style}' does not exist{suggest(str(style), styles)}")
    return styles[style](keys)


_SPECIAL = str.maketrans({c: f"\\{c}" for c in "&%#$_"})


def _entry(record: Reference) -> str:
    names = [name.strip() for name in record.authors.split(",") if name.strip()]
    authors = " and ".join("others" if name == "et al." else _inverted(name) for name in names)
    notes = (record.identifier, f"{record.species}; {record.assay}".strip("; "), record.note)
    volume, _, number = record.volume.partition("(")
    fields = {
        "author": authors.translate(_SPECIAL),
        "title": f"{{{record.title.translate(_SPECIAL)}}}",
        "journal": record.journal.translate(_SPECIAL),
        "year": str(record.year or ""),
        "volume": volume,
        "number": number.rstrip(")"),
        "pages": record.pages.replace("-", "--"),
        "doi": record.doi,
        "pmid": record.pmid,
        "pmcid": record.pmcid,
        "note": ". ".join(part.rstrip(".") for part in notes if part).translate(_SPECIAL),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{'article' if record.journal else 'misc'}{{{record.key},\n{body}\n}}"


def _inverted(name: str) -> str:
    """ "von Zglinicki T" as "von Zglinicki, T"; a name without initials as it is."""
    family, _, initials = name.rpartition(" ")
    return f"{family}, {initials}" if family and initials.isupper() else f"{{{name}}}"
