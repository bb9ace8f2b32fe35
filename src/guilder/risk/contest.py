"""The contest: candidates fitted on some rows and judged on others, the promising ones again, until time is up."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guilder.evaluation.calibration import row_log_loss
from guilder.evaluation.splits import Split
from guilder.risk.boosters import wake
from guilder.risk.candidates import Candidate, Panel, Progress, Rows, Slice, Spec, cross_calibrate
from guilder.risk.classifier import ENOUGH
from guilder.risk.folds import folds
from guilder.risk.learners import at_once, fit_pipeline, raw_log_odds
from guilder.risk.settings import anchors, draw

Floats = NDArray[np.float64]
Turn = tuple[Rows, Rows]

FEW_BADS = 100
"""Held-out rows with fewer bads choose poorly: earlier windows are added to a validation slice, and no settings are
searched for, since the best of many draws would be the luckiest."""
DRAWS, KEPT = 6, 2
"""Settings drawn for each learner in one round of the search, and those of them that are tried on all turns."""
MOST_ROUNDS = 5
MANY, MORE = 4_000, 20_000
"""Rows from which three folds are enough, and two: a model of two thirds of them, or half, is as good as one of all."""
MOST_PARTS = 2
"""Most settings of one learner that are weighed for an ensemble."""


@dataclass
class Search:
    """How long to look for better settings, and what was found so far.

    Parameters
    ----------
    more : callable
        Asked before each fit whether there is time for it; the room has no clock of its own.
    known : mutable mapping of text to float
        Log losses by specification and turn. What it holds is not fitted again, so that a search which was stopped
        goes on where it was; what is found is added.
    """

    more: Callable[[], bool]
    known: MutableMapping[str, float] = field(default_factory=dict)
    tried: int = 0
    stopped: bool = False

    def goes_on(self) -> bool:
        """Say whether there is time left, and remember when there was none."""
        self.stopped = self.stopped or not self.more()
        return not self.stopped


def turns(split: Split, y: NDArray[np.intp], random_state: int) -> list[Turn]:
    """Pairs of rows to learn from and rows to be judged on, numbered as in ``y``.

    Out of time: the validation slice after the training slice, with the earlier windows before them where it holds
    few bads. Otherwise folds of all rows that are not tested, customers whole.
    """
    if split.kind == "out_of_time":
        windows = split.windows or ((split.train, split.valid),)
        return list(windows if y[split.valid].sum() < FEW_BADS else windows[-1:])
    rows = split.refit
    groups = None if split.groups is None else split.groups[rows]
    parts = 5 if len(rows) < ENOUGH else 4 if len(rows) < MANY else 3 if len(rows) < MORE else 2
    return [(rows[learn], rows[held]) for learn, held in folds(y[rows], groups, parts, random_state)]


@dataclass(frozen=True)
class Standing:
    """What the contest found.

    Parameters
    ----------
    finalists : list of Candidate
        All that were tried on every turn, judged on the same rows.
    grid : list of Candidate
        Every learner with every balancing, judged on the newest turn alone.
    """

    finalists: list[Candidate]
    grid: list[Candidate]


@dataclass(frozen=True)
class Contest:
    """The rows, the turns and the settings that all candidates share."""

    X: pd.DataFrame
    y: NDArray[np.intp]
    groups: NDArray[np.intp] | None
    turns: Sequence[Turn]
    monotone: dict[str, int]
    cut_off: float | None
    random_state: int
    progress: Progress

    def run(self, specs: Sequence[Spec], search: Search | None = None) -> Standing:
        """Try every specification, search for better settings, and put the best together.

        Everything is tried on the newest turn first. Balanced learners, and settings that are known to suit some banks,
        go on to the other turns where they were better there than the same learner as it is.

        Returns
        -------
        Standing
        """
        tried = [*specs, *(Spec(name, settings=one) for name, one in anchors(_plain(specs)))]
        wake(spec.learner for spec in specs)
        newest = self._newest(tried)
        scored = list(zip(tried, newest, strict=True))
        bar = {one.learner: self._loss(raw) for one, raw in scored if one in specs and one.plain}
        on = [
            (one, raw) for one, raw in scored
            if (one in specs and (one.plain or len(self.turns) == 1)) or self._loss(raw) < bar.get(one.learner, np.inf)
        ]  # fmt: skip
        panel = self._panel(self.held())
        judged = self._judge(panel, on)
        if search is not None and self.y[self.turns[-1][1]].sum() >= FEW_BADS:
            judged += self._search(judged, panel, search)
        if ensemble := self._ensemble(panel, judged):
            judged.append(ensemble)
        if len(self.turns) == 1:
            return Standing(judged, [one for one in judged if one.spec in specs])
        last = self._panel(self.turns[-1][1])
        pairs = zip(specs, newest, strict=False)
        return Standing(judged, at_once([partial(last.judge, spec, raw) for spec, raw in pairs]))

    def held(self) -> Rows:
        """Rows that candidates are judged on, in order."""
        return np.sort(np.concatenate([rows for _, rows in self.turns]))

    def part(self, rows: Rows) -> Slice:
        """Cut a slice out of the rows."""
        return Slice(self.X.take(rows), self.y[rows], None if self.groups is None else self.groups[rows])

    def _panel(self, rows: Rows) -> Panel:
        return Panel.of(self.part(rows), self.cut_off, self.random_state)

    def _fit(self, spec: Spec, turn: Turn) -> Floats:
        """Log-odds of a turn's held-out rows."""
        set_to = ", ".join(f"{name} {value:g}" for name, value in spec.settings.items())
        self.progress(f"Training {spec.name}, balancing {spec.balancing}{': ' * bool(set_to)}{set_to}")
        learn, held = turn
        model = fit_pipeline(
            self.X.take(learn), self.y[learn], spec.learner, spec.balancing,
            monotone=self.monotone, settings=spec.settings, random_state=self.random_state,
        )  # fmt: skip
        return raw_log_odds(model, self.X.take(held))

    def _several(self, jobs: Sequence[tuple[Spec, Turn]]) -> list[Floats]:
        return at_once([partial(self._fit, *job) for job in jobs])

    def _newest(self, specs: Sequence[Spec]) -> list[Floats]:
        return self._several([(spec, self.turns[-1]) for spec in specs])

    def _judge(self, panel: Panel, scored: Sequence[tuple[Spec, Floats]]) -> list[Candidate]:
        """Judge on all held-out rows those whose log-odds on the newest turn are known."""
        older = self.turns[:-1]
        raws = iter(self._several([(spec, turn) for spec, _ in scored for turn in older]))
        measures = []
        for spec, newest in scored:
            raw = np.zeros(len(self.y))
            for turn in older:
                raw[turn[1]] = next(raws)
            raw[self.turns[-1][1]] = newest
            measures.append(partial(panel.judge, spec, raw[self.held()]))
        return at_once(measures)

    def _loss(self, raw: Floats) -> float:
        """Calibrated log loss on the newest turn."""
        held = self.part(self.turns[-1][1])
        p = cross_calibrate(raw, held.y, folds(held.y, held.groups, 2, self.random_state))
        return float(row_log_loss(held.y, p).mean())

    def _search(self, judged: Sequence[Candidate], panel: Panel, search: Search) -> list[Candidate]:
        """Halve draws by the newest turn: the best of each learner's go on to all turns."""
        found: list[Candidate] = []
        rng = np.random.default_rng(self.random_state)
        names = _plain([one.spec for one in judged])
        for _ in range(MOST_ROUNDS):
            for name in names:
                drawn = [Spec(name, settings=known) for known in draw(name, DRAWS, rng)]
                losses = at_once([partial(self._try, one, search) for one in drawn])
                bar = min(self._own(one) for one in [*judged, *found] if one.spec.learner == name)
                scored = sorted((loss, place) for place, loss in enumerate(losses) if loss is not None and loss < bar)
                if scored and search.goes_on():
                    best = [drawn[place] for _, place in scored[:KEPT]]
                    found += self._judge(panel, list(zip(best, self._newest(best), strict=True)))
            if not search.goes_on():
                break
        return found

    def _try(self, spec: Spec, search: Search) -> float | None:
        """Log loss of a draw on the newest turn, known already or found now; None when time is up."""
        if spec.key not in search.known:
            if not search.goes_on():
                return None
            one_seed = {"seeds": 1} if spec.learner == "boosting" else {}
            quick = Spec(spec.learner, settings={**spec.settings, **one_seed})
            search.known[spec.key] = self._loss(self._fit(quick, self.turns[-1]))
            search.tried += 1
        return search.known[spec.key]

    def _own(self, one: Candidate) -> float:
        """Log loss on the newest turn of one that was judged on all."""
        newest = np.isin(self.held(), self.turns[-1][1])
        return self._loss(one.raw[newest])

    def _ensemble(self, panel: Panel, judged: Sequence[Candidate]) -> Candidate | None:
        """Put together the best settings of each learner, balanced ones left out."""
        by_name: dict[str, list[Candidate]] = {}
        for one in sorted(judged, key=lambda one: float(row_log_loss(panel.held.y, one.p).mean())):
            if one.balancing == "none":
                by_name.setdefault(one.learner, []).append(one)
        parts = [one for several in by_name.values() for one in several[:MOST_PARTS]]
        parts.sort(key=lambda one: one.spec.simplicity)
        return panel.together(parts) if len(parts) > 1 else None


def _plain(specs: Sequence[Spec]) -> list[str]:
    """Names of the learners that are tried without balancing, as they come."""
    return list(dict.fromkeys(one.learner for one in specs if one.plain and isinstance(one.learner, str)))


def grid(learners: Sequence[Any], balancings: Sequence[str]) -> list[Spec]:
    """Every learner with every balancing, the simplest first."""
    return sorted((Spec(one, how) for one in learners for how in balancings), key=lambda spec: spec.simplicity)
