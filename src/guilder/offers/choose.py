"""The choice: settings, weights and champion, each by how methods ranked on rolling windows before the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.base import clone

from guilder.evaluation import ranking
from guilder.offers.blend import BlendRecommender
from guilder.offers.ledger import Ints
from guilder.offers.methods import IMPERSONAL, PERSONAL
from guilder.offers.recommender import Recommender
from guilder.offers.shrink import CLEAR, drawn_to_popularity, gain, trust
from guilder.offers.signal import taste
from guilder.offers.trial import Trial, listed
from guilder.offers.weights import weighed

_SURE = 2.0
"""Standard errors of taste, over all windows, below which a personal method cannot be champion."""


BASELINE = "decayed_popular"
"""What everything has to beat; plain popularity where interactions have no age."""


@dataclass(frozen=True)
class Choice:
    """Every method with its chosen settings, how each ranked window by window, and who won.

    ``challenger`` is the best method that looks at the customer's own history, whether it won or not; ``gains`` are the
    standard errors by which each method beat decayed popularity in the windows (None: it never differs), and ``kept``
    is how much of the blend's own weights was kept.
    """

    methods: dict[str, Recommender]
    champion: str
    challenger: str
    windows: dict[str, list[float]]
    gains: dict[str, float | None] = field(default_factory=dict)
    kept: float = 1.0


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

    A method is champion only if it clearly beats decayed popularity there, customer by customer, and a personal one
    only if customers' histories say something besides: luck is no reason. Not so the blend, whose own weights say how
    much histories count for: where its gain is not clear it is drawn towards decayed popularity by as much as luck
    explains (:mod:`~guilder.offers.shrink`). It is tried last, with the settings its terms were given, so that it
    differs from decayed popularity only where a customer has a history.

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
    lists: dict[str, list[Ints]] = {}
    for name in sorted(variants, key=lambda one: one == "blend"):
        options = [
            weighed(_inherited(option, chosen), trials) if isinstance(option, BlendRecommender) else option
            for option in variants[name]
        ]
        tried = [[rank(option, trial) for trial in trials] for option in options]
        found = [np.mean(_figures(tries, trials, measure)) for tries in tried]
        place = int(np.argmax(np.round(found, 12)))
        chosen[name], lists[name] = options[place], tried[place]
    base = lists.get(BASELINE, lists["popular"])
    gains = {name: gain(each, base, trials, measure) for name, each in lists.items()}
    kept = trust(gains["blend"]) if "blend" in lists else 1.0
    if 0.0 < kept < 1.0 and isinstance(blend := chosen["blend"], BlendRecommender):
        chosen["blend"] = drawn_to_popularity(blend, kept)
        lists["blend"] = [rank(chosen["blend"], trial) for trial in trials]
    windows = {name: _figures(each, trials, measure) for name, each in lists.items()}
    mean = {name: float(np.round(np.mean(values), 12)) for name, values in windows.items()}
    challenger = max((name for name in PERSONAL if name in variants), key=lambda name: (mean[name], -_simplest(name)))
    for name in sorted((one for one in mean if one != "random"), key=lambda one: (-mean[one], _simplest(one))):
        if _may_win(name, gains[name], lists[name], trials):
            return Choice(chosen, name, challenger, windows, gains, kept)
    return Choice(chosen, "popular", challenger, windows, gains, kept)


def _figures(lists: Sequence[Ints], trials: Sequence[Trial], measure: str) -> list[float]:
    """The mean of a measure over the customers of each window."""
    found = [ranking.per_customer(one, trial.relevant)[measure] for one, trial in zip(lists, trials, strict=True)]
    return [float(np.round(each.mean(), 12)) for each in found]


def _may_win(name: str, standard_errors: float | None, lists: Sequence[Ints], trials: Sequence[Trial]) -> bool:
    """Whether a method may be champion: decayed popularity always, what equals it, and what beats it for a reason."""
    if name == BASELINE or (standard_errors is None and name in IMPERSONAL):
        return True
    if name == "blend":
        return trust(standard_errors) > 0
    clear = standard_errors is not None and standard_errors >= CLEAR
    return clear and (name in IMPERSONAL or _told(lists, trials) > _SURE)


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
