"""The choice: settings, weights and champion, each by how methods ranked on rolling windows before the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.base import clone

from guilder.evaluation import ranking
from guilder.offers.blend import BlendRecommender
from guilder.offers.ledger import Ints
from guilder.offers.methods import IMPERSONAL, PERSONAL
from guilder.offers.recommender import Recommender
from guilder.offers.signal import taste
from guilder.offers.trial import Trial, listed
from guilder.offers.weights import weighed

_SURE = 2.0
"""Standard errors of taste, over all windows, below which a personal method cannot be champion."""


@dataclass(frozen=True)
class Choice:
    """Every method with its chosen settings, how each ranked window by window, and who won.

    ``challenger`` is the best method that looks at the customer's own history, whether it won or not.
    """

    methods: dict[str, Recommender]
    champion: str
    challenger: str
    windows: dict[str, list[float]]


def ranked(method: Recommender, trial: Trial) -> Ints:
    """The first products of every customer of a trial, by a method fitted on what the trial may learn from."""
    return listed(fitted(method, trial), trial)


def fitted(method: Recommender, trial: Trial) -> Recommender:
    """A method fitted on what a trial may learn from."""
    made: Recommender = clone(method)
    return made.fit_ledger(trial.book, trial.today, segments=trial.segments, facts=trial.facts)


def own_taste(lists: Ints, trial: Trial) -> float:
    """Taste in what is new to customers with a history: coming back for a product one looked at is not a taste."""
    fresh = trial.fresh[trial.warm]
    return taste(lists[trial.warm], trial.relevant[trial.warm] & fresh, fresh)


def choose(
    variants: Mapping[str, list[Recommender]], trials: Sequence[Trial], *, measure: str = "map_at_7",
    rank: Callable[[Recommender, Trial], Ints] | None = None,
) -> Choice:
    """Take the best variant of each method and the best method, by the mean of a measure over the windows.

    A personal method is champion only if customers' histories say something in these windows: luck is no reason. Not
    so the blend, whose own weights say how much histories count for. It is tried last, with the settings its terms
    were given, so that it differs from decayed popularity only where a customer has a history.

    Parameters
    ----------
    variants : mapping
        As :func:`~guilder.offers.methods.methods` gives them; ``decayed_popular`` is among them.
    trials : sequence of Trial
        Windows that end before the test begins. Without any the first variants are taken and popularity wins.
    measure : str
        One of :data:`~guilder.evaluation.ranking.METRICS`.
    rank : callable, optional
        Instead of :func:`ranked`, to keep what was ranked before.
    """
    rank = rank or ranked
    chosen = {name: options[0] for name, options in variants.items()}
    if not trials:
        return Choice(chosen, "popular", PERSONAL[0], {})
    windows: dict[str, list[float]] = {}
    lists: dict[str, list[Ints]] = {}
    for name in sorted(variants, key=lambda one: one == "blend"):
        options = [
            weighed(_inherited(option, chosen), trials) if isinstance(option, BlendRecommender) else option
            for option in variants[name]
        ]
        tried = [[rank(option, trial) for trial in trials] for option in options]
        found = np.array([
            [ranking.per_customer(one, each.relevant)[measure].mean() for one, each in zip(tries, trials, strict=True)]
            for tries in tried
        ])
        place = int(np.argmax(np.round(found.mean(axis=1), 12)))
        chosen[name], lists[name], windows[name] = options[place], tried[place], np.round(found[place], 12).tolist()
    mean = {name: float(np.round(np.mean(values), 12)) for name, values in windows.items()}
    challenger = max((name for name in PERSONAL if name in variants), key=lambda name: (mean[name], -_simplest(name)))
    for name in sorted((one for one in mean if one != "random"), key=lambda one: (-mean[one], _simplest(one))):
        if name in IMPERSONAL or name == "blend" or _told(lists[name], trials) > _SURE:
            return Choice(chosen, name, challenger, windows)
    return Choice(chosen, "popular", challenger, windows)


def _told(lists: Sequence[Ints], trials: Sequence[Trial]) -> float:
    """Standard errors of taste over all windows."""
    return float(sum(own_taste(one, trial) for one, trial in zip(lists, trials, strict=True)) / np.sqrt(len(trials)))


def _simplest(name: str) -> int:
    """The order in which ties are broken."""
    return [*IMPERSONAL, *PERSONAL].index(name)


def _inherited(blend: BlendRecommender, chosen: Mapping[str, Recommender]) -> BlendRecommender:
    """The blend with the half-life, shrinkage and penalty that its terms were given."""
    taken = {
        setting: getattr(chosen[name], setting)
        for name, setting in (("decayed_popular", "half_life_days"), ("conditional", "shrinkage"), ("ease", "penalty"))
        if name in chosen
    }
    made: BlendRecommender = clone(blend).set_params(**taken)
    return made
