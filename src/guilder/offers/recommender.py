"""What every recommender shares: it fits on interactions, offers what is not owned, and says why."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from guilder.errors import UsageError
from guilder.offers.explain import Contribution, Explanation, sentences
from guilder.offers.inputs import Ids, catalogue_of, distinct, mask_of, place_of
from guilder.offers.ledger import KIND_WEIGHTS, Flags, Floats, Ints, Ledger, Texts, days, interest, ledger, taken
from guilder.offers.lift import Lift
from guilder.offers.neighbours import dense
from guilder.offers.rank import first
from guilder.offers.rows import blocks, by_segment, find, normalised, placed, rows

_NO_NAMES: Mapping[str, str] = MappingProxyType({})

OFFER_COLUMNS = ["customer_id", "product_id", "rank", "score", "reason"]


class Recommender(BaseEstimator):  # type: ignore[misc]
    """The verbs ``fit``, ``recommend``, ``similar_items`` and ``explain`` over frames that carry the bank's ids.

    A subclass says how products speak for each other (:meth:`_links`); this class knows ownership, the customer's
    profile, popularity as the fallback, and ranking. Fitted attributes are arrays and SciPy matrices only.
    """

    kind_weights: Mapping[str, float] | None = None
    half_life_days: float | None = None
    segment_shrinkage: float = 20.0

    def fit(
        self, interactions: pd.DataFrame, *, products: pd.DataFrame | None = None,
        segments: Mapping[str, str] | pd.Series | None = None, facts: pd.DataFrame | None = None,
        now: object | None = None,
    ) -> Self:
        """Learn from what is known before ``now``.

        Parameters
        ----------
        interactions : DataFrame
            customer_id, product_id, kind, and perhaps ``at`` and ``weight``.
        products : DataFrame, optional
            product_id and perhaps ``name``, used in reasons.
        segments : mapping or Series, optional
            The segment of each customer, for those without a history. It must be known before ``now`` too.
        facts : DataFrame, optional
            What else is known of customers, indexed by customer_id, for the methods that learn from it (propensity).
        now : datetime, optional
            Rows at or after it are dropped, and ages are counted to it; omitted, the last interaction is now.
        """
        listed, names = catalogue_of(products)
        book = ledger(interactions, products=listed, now=now)
        today = book.last_day if now is None else days(now)
        return self.fit_ledger(book, today, names=names, segments=segments, facts=facts)

    def fit_ledger(
        self, book: Ledger, today: float, *, names: Mapping[str, str] = _NO_NAMES,
        segments: Mapping[str, str] | pd.Series | None = None, facts: pd.DataFrame | None = None,
    ) -> Self:
        """Fit on a ledger that was read once for several recommenders; ``today`` counts days since 1970."""
        self.products_ = book.products
        self.names_ = np.array([names.get(product, product) for product in book.products.tolist()], dtype=str)
        self.customers_ = book.customers
        self.owned_ = book.owned
        self.profile_ = self._profile(book, today)
        (
            self.popularity_, self.segment_customers_, self.segment_codes_, self.segment_popularity_,
            self.segments_,
        ) = self._popularity(book, today, segments)
        self.links_ = self._links(book, today)
        return self

    def knowing(
        self, *, segments: Mapping[str, str] | pd.Series | None = None, facts: pd.DataFrame | None = None
    ) -> Self:
        """Return the same model that knows these segments of customers; nothing is refitted, here facts say nothing.

        Who came after the fit is served as who is alike; a segment that there was not is everyone's.
        """
        check_is_fitted(self)
        told = copy(self)
        if segments is not None:
            told.segment_customers_, told.segment_codes_ = placed(segments, self.segments_)
        return told

    def forget(self, customer_ids: Ids) -> Self:
        """Take what is kept of customers out of the fitted model; what was learned from all of them stays learned."""
        check_is_fitted(self)
        gone = np.asarray(list(customer_ids), dtype=str)
        kept, placed = ~np.isin(self.customers_, gone), ~np.isin(self.segment_customers_, gone)
        self.customers_, self.owned_, self.profile_ = self.customers_[kept], self.owned_[kept], self.profile_[kept]
        self.segment_customers_, self.segment_codes_ = self.segment_customers_[placed], self.segment_codes_[placed]
        return self

    def recommend(
        self, customer_ids: Ids, n: int = 3, *, allowed: pd.DataFrame | Flags | None = None,
        interactions: pd.DataFrame | None = None, now: object | None = None, reasons: bool = True,
    ) -> pd.DataFrame:
        """Offer each customer up to ``n`` products they do not own; fewer when fewer are left, never padded.

        Parameters
        ----------
        customer_ids : sequence of str
            Each once. A customer without history is served by popularity within their segment.
        n : int
            Offers a customer at most.
        allowed : DataFrame of bool (index customer_id, columns product_id) or array, optional
            What may be offered; a customer or product it does not name gets nothing. An array has one row per
            customer_id, in order, and one column per ``products_``.
        interactions : DataFrame, optional
            What is known of these customers at a later date, in place of their history in the fit: the similarity is
            not refitted. ``now`` drops later rows and is what ages are counted to.
        reasons : bool
            Whether to write the reason of each offer (else the column is empty).

        Returns
        -------
        DataFrame
            customer_id, product_id, rank (from 1), score, reason; in the order of ``customer_ids``.
        """
        check_is_fitted(self)
        ids = distinct(customer_ids)
        if n < 1:
            raise UsageError(f"n is {n}", todo="ask for one offer or more")
        mask = mask_of(allowed, ids, self.products_)
        owned, profile = self._history(ids, interactions, now)
        frames, lift = [], Lift(self.owned_) if reasons else None
        for block in blocks(len(ids), len(self.products_)):
            chosen, value, reason = self._offer(
                ids[block], owned[block], profile[block], None if mask is None else mask[block], n, lift
            )
            who, place = np.nonzero(chosen >= 0)
            frames.append((
                ids[block][who], self.products_[chosen[who, place]], place + 1, value[who, place], reason[who, place],
            ))  # fmt: skip
        if not frames:
            return pd.DataFrame({name: [] for name in OFFER_COLUMNS}).astype(
                {"customer_id": "str", "product_id": "str", "rank": "int64", "score": "float64", "reason": "str"}
            )
        columns = [np.concatenate(parts) for parts in zip(*frames, strict=True)]
        frame = pd.DataFrame(dict(zip(OFFER_COLUMNS, columns, strict=True)))
        return frame.astype({"customer_id": "str", "product_id": "str", "reason": "str"})

    def rank(self, customer_ids: Ids, n: int, *, allowed: Flags | None = None) -> Ints:
        """The columns of ``products_`` that :meth:`recommend` would offer, as an array; -1 where there are fewer."""
        check_is_fitted(self)
        ids = distinct(customer_ids)
        mask = mask_of(allowed, ids, self.products_)
        owned, profile = self._history(ids, None, None)
        lists = [np.full((0, min(n, len(self.products_))), -1, dtype=np.int64)]
        for block in blocks(len(ids), len(self.products_)):
            part = None if mask is None else mask[block]
            lists.append(self._offer(ids[block], owned[block], profile[block], part, n, None)[0])
        return np.concatenate(lists)

    def affinity(
        self, customer_ids: Ids, *, interactions: pd.DataFrame | None = None, now: object | None = None
    ) -> pd.DataFrame:
        """What customers are ranked by for one product: 1 + score, or half the popularity where there is no score.

        Customers × products; it compares customers within a product, and says nothing of who may have it.
        """
        check_is_fitted(self)
        ids = distinct(customer_ids)
        _, profile = self._history(ids, interactions, now)
        made = np.empty((len(ids), len(self.products_)))
        for block in blocks(len(ids), len(self.products_)):
            score, popular = self._scores(profile[block].toarray(), ids[block]), self._popular(ids[block])
            made[block] = np.where(score > 0, 1.0 + score, popular / 2)
        return pd.DataFrame(
            made, index=pd.Index(ids, name="customer_id", dtype="str"),
            columns=pd.Index(self.products_, name="product_id", dtype="str"),
        )  # fmt: skip

    def similar_items(self, product_id: str, n: int = 10) -> pd.DataFrame:
        """The products this one speaks for most: product_id, score; ties by product_id."""
        check_is_fitted(self)
        place = place_of(product_id, self.products_)
        row = dense(self.links_[[place]])[0].copy()
        row[place] = 0.0
        order = np.argsort(-np.round(row, 12), kind="stable")[:n]
        order = order[row[order] > 0]
        return pd.DataFrame({"product_id": self.products_[order], "score": row[order]}).astype({"product_id": "str"})

    def explain(
        self, customer_id: str, product_id: str, *, interactions: pd.DataFrame | None = None, now: object | None = None
    ) -> Explanation:
        """What each product of this customer adds to the score of ``product_id``; the parts sum to the score."""
        check_is_fitted(self)
        ids, column = distinct([customer_id]), place_of(product_id, self.products_)
        owned, profile = self._history(ids, interactions, now)
        mine = profile.toarray()
        row = self._has(mine)
        parts, others = self._parts(mine, ids, column)
        score = float(self._scores(mine, ids)[0, column])
        popularity = self._popular(ids)
        linked = bool(parts.any()) and score > 0
        words = sentences(
            row, owned.toarray(), self._evidence(), np.array([[column]]), np.array([[linked]]), self.names_,
            self._segment_rows(ids) >= 0, Lift(self.owned_),
        )[0, 0]  # fmt: skip
        if not linked:
            value = score if score > 0 else float(popularity[0, column])
            return Explanation(
                str(ids[0]), product_id, value, "popularity", str(words), (Contribution(None, value, "popularity"),)
            )
        order = [i for i in np.argsort(-parts, kind="stable").tolist() if parts[i] != 0]
        contributions = tuple(Contribution(str(self.products_[i]), float(parts[i])) for i in order)
        contributions = (*contributions, *(part for part in others if abs(part.value) > 1e-12))
        rest = score - sum(part.value for part in contributions)
        if abs(rest) > 1e-9:  # what no product of the customer speaks for: facts, the level
            contributions = (*contributions, Contribution(None, rest, "level and facts"))
        return Explanation(str(ids[0]), product_id, score, "holdings", str(words), contributions)

    def profiles(self, customer_ids: Ids) -> Floats:
        """What scores are made of, one dense row a customer; a row of zeros for a stranger."""
        check_is_fitted(self)
        return np.asarray(rows(self.profile_, self.customers_, distinct(customer_ids)).toarray())

    def chances(self, customer_ids: Ids, allowed: Flags) -> Floats | None:
        """The chance that each allowed product is the next one taken, rows that sum to one; None without such a claim.

        ``allowed`` has one row per customer_id and one column per ``products_``; a product outside it has no chance.
        """
        check_is_fitted(self)
        ids = distinct(customer_ids)
        likely = self._likely(self.profiles(ids), ids)
        if likely is None:
            return None
        open_ = np.where(allowed, likely, 0.0)
        total = open_.sum(axis=1, keepdims=True)
        even = allowed / np.maximum(allowed.sum(axis=1, keepdims=True), 1)
        return np.asarray(np.divide(open_, total, out=even.astype(np.float64), where=total > 0))

    def owned(
        self, customer_ids: Ids, *, interactions: pd.DataFrame | None = None, now: object | None = None
    ) -> pd.DataFrame:
        """What each customer owns, customers × products of bool; by later interactions where they are given."""
        check_is_fitted(self)
        ids = distinct(customer_ids)
        held, _ = self._history(ids, interactions, now)
        return pd.DataFrame(
            held.toarray(), index=pd.Index(ids, name="customer_id", dtype="str"),
            columns=pd.Index(self.products_, name="product_id", dtype="str"),
        )  # fmt: skip

    # What a subclass may say otherwise.

    def _links(self, book: Ledger, today: float) -> Any:
        """How far product i (row) speaks for product j (column), array or csr_matrix; none here."""
        return csr_matrix((len(book.products), len(book.products)))

    def _scores(self, profile: Floats, ids: Texts) -> Floats:
        """The score of every product for a block of customers; zero is no evidence."""
        return np.asarray(profile @ self.links_)

    def _block_scores(self, profile: csr_matrix, ids: Texts) -> Floats:
        """The scores of a block whose profile is sparse still: where they are a product of matrices it may stay so."""
        linear = type(self)._scores is Recommender._scores
        return dense(profile @ self.links_) if linear else self._scores(profile.toarray(), ids)

    def _likely(self, profile: Floats, ids: Texts) -> Floats | None:
        """What is in proportion to the chance of being taken next, for a block of customers; None where nothing is."""
        return None

    def _evidence(self) -> Any:
        """The links that may be named as a reason."""
        return self.links_

    def _interest(self, book: Ledger, today: float) -> csr_matrix:
        return interest(book, self._weights(), self.half_life_days, today)

    def _profile(self, book: Ledger, today: float) -> csr_matrix:
        """What scores are made of, one row a customer."""
        return normalised(self._interest(book, today))

    def _has(self, profile: Floats) -> Floats:
        """How much of each product there is in a profile, for the reasons."""
        return profile

    def _parts(self, profile: Floats, ids: Texts, column: int) -> tuple[Floats, list[Contribution]]:
        """What each product of one customer adds to the score of a product, and what comes from elsewhere."""
        return np.asarray(self._has(profile)[0] * dense(self.links_[:, [column]])[:, 0]), []

    def _weights(self) -> Mapping[str, float]:
        return KIND_WEIGHTS if self.kind_weights is None else self.kind_weights

    # Shared machinery.

    def _offer(
        self, ids: Texts, owned: csr_matrix, profile: csr_matrix, mask: Flags | None, n: int, lift: Lift | None
    ) -> tuple[Ints, Floats, NDArray[np.object_]]:
        held = owned.toarray()
        free = ~held if mask is None else ~held & mask
        chosen, value, scored = first(self._block_scores(profile, ids), self._popular(ids), free, n)
        if lift is None:
            return chosen, value, np.full(chosen.shape, "", dtype=object)
        known = self._segment_rows(ids) >= 0
        has = self._has(profile.toarray())
        return chosen, value, sentences(has, held, self._evidence(), chosen, scored, self.names_, known, lift)

    def _history(
        self, ids: Texts, interactions: pd.DataFrame | None, now: object | None
    ) -> tuple[csr_matrix, csr_matrix]:
        """Ownership and profile of these customers, rows in their order; empty rows for the unknown."""
        if interactions is None:
            return rows(self.owned_, self.customers_, ids), rows(self.profile_, self.customers_, ids)
        wanted = interactions["customer_id"].isin(pd.Index(ids))
        offered = interactions["product_id"].isin(pd.Index(self.products_))
        book = ledger(interactions.loc[wanted & offered], products=self.products_.tolist(), now=now)
        today = book.last_day if now is None else days(now)
        return (
            rows(book.owned, book.customers, ids),
            rows(self._profile(book, today), book.customers, ids),
        )

    def _popularity(
        self, book: Ledger, today: float, segments: Mapping[str, str] | pd.Series | None
    ) -> tuple[Floats, Texts, Ints, Floats, Texts]:
        took = taken(book, self.half_life_days, today)
        everyone = np.asarray(took.sum(axis=0)).ravel() / max(len(book.customers), 1)
        return everyone, *by_segment(book, took, everyone, segments, self.segment_shrinkage)

    def _segment_rows(self, ids: Texts) -> Ints:
        where = find(self.segment_customers_, ids)
        if not len(self.segment_codes_):
            return where
        return np.where(where >= 0, self.segment_codes_[np.maximum(where, 0)], -1)

    def _popular(self, ids: Texts) -> Floats:
        """Popularity of every product for a block of customers: that of their segment, else everyone's."""
        segment = self._segment_rows(ids)
        shares = np.vstack([self.segment_popularity_, self.popularity_[None, :]])
        return np.asarray(shares[segment])  # -1 is the last row: everyone
