"""The pages of a run, its report and its model document, drawn from its manifest, metrics and figures."""

from __future__ import annotations

from pathlib import Path

from guilder.errors import RunNotFound
from guilder.store.runs import DOCUMENT, REPORT, Run, open_run, rewrite_page
from guilder.workflow.audit import Audit


def report(where: str | Path, *, out: str | Path | None = None) -> Path:
    """Draw the report of a published run anew.

    Parameters
    ----------
    where : path
        A run's folder, a folder of runs, or a bank: its published run.
    out : path, optional
        Write the page here instead of into the run.
    """
    from guilder.report.page import page

    run = _run(where)
    with Audit.of_run(run).watched("report", run=run.id) as audit:
        drawn = page(run.manifest, run.metrics, run.figures)
        if out is None:
            return rewrite_page(run.report, drawn)
        return audit.export("report", Path(out), drawn.encode(), run=run.id)


def document(where: str | Path, *, out: str | Path | None = None) -> Path:
    """Write the model document of a published run anew.

    Parameters
    ----------
    where : path
        A run's folder, a folder of runs, or a bank: its published run.
    out : path, optional
        Write the page here instead of into the run.

    Raises
    ------
    RunNotFound
        When the run has no risk model to document.
    """
    from guilder.report.document import document as written

    run = _run(where)
    if "risk" not in run.metrics:
        raise RunNotFound(
            f"run {run.id} has no risk model to document", known=f"it holds: {', '.join(run.models) or 'no model'}",
            todo="train it: guilder train BANK risk",
        )  # fmt: skip
    with Audit.of_run(run).watched("document", run=run.id) as audit:
        drawn = written(run.manifest, run.metrics, run.figures)
        if out is None:
            return rewrite_page(run.document, drawn)
        return audit.export("document", Path(out), drawn.encode(), run=run.id)


def _run(where: str | Path) -> Run:
    """Open a run whose pages may be broken: they are drawn from the rest of it."""
    return open_run(where).verify(besides=(REPORT, DOCUMENT))
