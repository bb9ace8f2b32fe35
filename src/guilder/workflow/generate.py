"""A made-up bank on disk: whole or not at all, also where another stands already."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from guilder.store.files import new_files


def generate(
    folder: str | Path,
    *,
    customers: int = 5000,
    seed: int = 0,
    format: str = "parquet",
    signal: float = 1.0,
    dirt: float = 0.0,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Make up a bank and write it to a folder.

    The same arguments (and versions of NumPy, Arrow and Faker) give the same bytes. About 200 bookings a customer.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there; a bank made there before makes way when the new one is complete. Interrupted in that
        moment, the folder has no bank.toml, and so holds no bank.
    customers : int
        How many people.
    seed : int
        Seeds every draw.
    format : {"parquet", "csv"}
        Of the tables; the truths are always Parquet.
    signal : float
        Strength of what can be learned: 1 as planted, 0 pure noise.
    dirt : float
        Share of broken rows added to each table (0 to .2). A bank with dirt holds text in every column.
    progress : callable, optional
        Told a sentence after each piece.

    Returns
    -------
    Path
        The bank's ``bank.toml``.

    Raises
    ------
    UsageError
        If an argument is out of its range.
    """
    from guilder.source.demo import check
    from guilder.source.demo import generate as make

    check(customers, format, signal, dirt)
    with new_files(Path(folder), last="bank.toml") as made:
        make(made, customers=customers, seed=seed, format=format, signal=signal, dirt=dirt, progress=progress)
    return Path(folder) / "bank.toml"
