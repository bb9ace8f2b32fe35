"""The page: a run's summary as one self-contained HTML file, the same bytes for the same run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guilder.report.blocks import Section


def page(manifest: Mapping[str, Any], metrics: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """Draw a run as one HTML page with its charts inside.

    Parameters
    ----------
    manifest : mapping
        The run's manifest: run id, versions, seed, as of, inputs with their hashes, settings.
    metrics, figures : mapping
        The run's summary, plain JSON values as kept in ``metrics.json`` and ``figures.json``. A room that is absent
        is left out, and the page says so. Null and NaN are shown as a dash.

    Returns
    -------
    str
        HTML without scripts or references to anything outside it.
    """
    from guilder.report.section_headline import kicker

    return draw(sections(manifest, metrics, figures), manifest, metrics, "report", kicker(dict(metrics)))


def draw(
    shown: Sequence[Section], manifest: Mapping[str, Any], metrics: Mapping[str, Any], kind: str, kicker: str
) -> str:
    """Draw sections as one HTML page; ``kind`` is what the page is, ``kicker`` the line above the bank's name."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    from guilder.report import words

    environment = Environment(
        loader=PackageLoader("guilder.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )
    # only our own drawings pass unescaped: Matplotlib has escaped every name in them
    environment.filters["drawing"] = Markup
    return environment.get_template("page.html").render(
        bank=str(metrics.get("name") or "Bank"), as_of=words.as_of(as_of(manifest, metrics)),
        kind=kind, kicker=kicker, run_id=str(manifest.get("run_id", words.DASH) or ""),
        currency=str(metrics.get("currency") or ""),
        version=str(manifest.get("guilder") or ""), sections=[each for each in shown if not each.absent],
        absent=[each for each in shown if each.absent],
    )


def sections(
    manifest: Mapping[str, Any], metrics: Mapping[str, Any], figures: Mapping[str, Any]
) -> tuple[Section, ...]:
    """The page's sections in the reader's order, the absent ones included.

    Parameters
    ----------
    manifest, metrics, figures : mapping
        As for `page`.

    Returns
    -------
    tuple of Section
        Headline, data, risk, segments, offers, customers, run.
    """
    from guilder.report import prose
    from guilder.report.section_customers import customers
    from guilder.report.section_data import data
    from guilder.report.section_headline import headline
    from guilder.report.section_offers import offers
    from guilder.report.section_risk import risk
    from guilder.report.section_run import run
    from guilder.report.section_segments import segments

    meanings = prose.meanings(figures)
    known, drawn = prose.tidied(metrics, meanings), prose.tidied(figures, meanings)
    return (
        headline(known), data(known, drawn, meanings), risk(known, drawn, meanings), segments(known, drawn, meanings),
        offers(known, drawn), customers(known, drawn), run(manifest, as_of(manifest, metrics)),
    )


def as_of(manifest: Mapping[str, Any], metrics: Mapping[str, Any]) -> Any:
    """The moment that the run looks back from, as its summary says it; None where the bank has no dates."""
    return metrics["as_of"] if "as_of" in metrics else manifest.get("as_of")
