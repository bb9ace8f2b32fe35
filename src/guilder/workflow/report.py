"""The pages of a run, its report and its model document, drawn from its manifest, metrics and figures."""

from __future__ import annotations

from pathlib import Path

from guilder.errors import RunNotFound
from guilder.store.files import write_file
from guilder.store.runs import DOCUMENT, REPORT, Run, open_run, rewrite_page


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
    drawn = page(run.manifest, run.metrics, run.figures)
    if out is None:
        return rewrite_page(run.report, drawn)
    return _copy(drawn, Path(out))


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
    drawn = written(run.manifest, run.metrics, run.figures)
    return rewrite_page(run.document, drawn) if out is None else _copy(drawn, Path(out))


def _run(where: str | Path) -> Run:
    """Open a run whose pages may be broken: they are drawn from the rest of it."""
    return open_run(where).verify(besides=(REPORT, DOCUMENT))


def _copy(page: str, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(target, page.encode())
    return target
