"""The report of a run: its manifest, metrics and figures drawn as one page."""

from __future__ import annotations

from pathlib import Path

from guilder.store.files import write_file
from guilder.store.runs import load_run, rewrite_report


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

    run = load_run(where)
    drawn = page(run.manifest, run.metrics, run.figures)
    if out is None:
        return rewrite_report(run, drawn)
    target = Path(out)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(target, drawn.encode())
    return target
