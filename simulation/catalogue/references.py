"""Records of references and their formats for citation."""

from __future__ import annotations

from collections.abc import Iterable

from gutexo.catalogue.reference_record import Reference
from gutexo.catalogue.sources import REFERENCES
from gutexo.errors import GutexoError, suggest


def reference_records() -> dict[str, Reference]:
    """Return all records by key."""
    return REFERENCES


def find_reference(key: str) -> Reference:
    """Find the record of a key.

    Raises:
        GutexoError: There is no such record.
    """
    if key not in reference_records():
        raise GutexoError(
            f"reference '{key}' does not exist{suggest(str(key), reference_records())}"
        )
    return reference_records()[key]


def format_text(keys: Iterable[str]) -> str:
    """Format references as text, one per line, each once."""
    return "\n".join(find_reference(key).text for key in dict.fromkeys(keys))


def format_bibtex(keys: Iterable[str]) -> str:
    """Format references as BibTeX, each once; those that are not articles have the type misc."""
    return "\n\n".join(_bibtex_entry(find_reference(key)) for key in dict.fromkeys(keys))


def format_references(keys: Iterable[str], style: str = "text") -> str:
    """Format references in a style.

    Args:
        keys: Keys of records.
        style: "text" or "bibtex".

    Raises:
        GutexoError: A key or the style does not exist.
    """
    styles = {"text": format_text, "bibtex": format_bibtex}
    if style not in styles:
        raise GutexoError(f"style '{style}' does not exist{suggest(str(style), styles)}")
    return styles[style](keys)


_BIBTEX_ESCAPES = str.maketrans({c: f"\\{c}" for c in "&%#$_"})


def _bibtex_entry(record: Reference) -> str:
    names = [name.strip() for name in record.authors.split(",") if name.strip()]
    authors = " and ".join("others" if name == "et al." else _invert_name(name) for name in names)
    notes = (record.identifier, f"{record.species}; {record.assay}".strip("; "), record.note)
    volume, _, number = record.volume.partition("(")
    fields = {
        "author": authors.translate(_BIBTEX_ESCAPES),
        "title": f"{{{record.title.translate(_BIBTEX_ESCAPES)}}}",
        "journal": record.journal.translate(_BIBTEX_ESCAPES),
        "year": str(record.year or ""),
        "volume": volume,
        "number": number.rstrip(")"),
        "pages": record.pages.replace("-", "--"),
        "doi": record.doi,
        "pmid": record.pmid,
        "pmcid": record.pmcid,
        "note": ". ".join(part.rstrip(".") for part in notes if part).translate(_BIBTEX_ESCAPES),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{'article' if record.journal else 'misc'}{{{record.key},\n{body}\n}}"


def _invert_name(name: str) -> str:
    """Put a comma before the initials ("von Zglinicki, T"); a name without initials is kept."""
    family, _, initials = name.rpartition(" ")
    return f"{family}, {initials}" if family and initials.isupper() else f"{{{name}}}"
