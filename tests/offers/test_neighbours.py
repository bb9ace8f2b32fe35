"""The strongest links of a wide catalogue are those of the whole square, and every verb works with them alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix, issparse
from sklearn.metrics.pairwise import cosine_similarity

from guilder.errors import UsageError
from guilder.evaluation.ranking import diversity
from guilder.offers import cosine, methods, neighbours, trial
from guilder.offers.cosine import CosineRecommender
from guilder.offers.evaluate import evaluate
from guilder.offers.popular import PopularRecommender
from guilder.store.model_io import dump_model, load_model

EXACT = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture(scope="module")
def thousands() -> pd.DataFrame:
    """Three hundred customers of a catalogue of 3,000, most of which nobody has."""
    rng = np.random.default_rng(0)
    return pd.DataFrame({
        "customer_id": [f"c{one:04d}" for one in rng.integers(0, 300, 9000)],
        "product_id": [f"p{one:05d}" for one in (rng.random(9000) ** 3 * 3000).astype(int)],
    }).assign(kind="hold")  # fmt: skip


CATALOGUE = pd.DataFrame({"product_id": [f"p{one:05d}" for one in range(3000)]})


@pytest.mark.parametrize("idf", [None, "tfidf", "bm25"])
@pytest.mark.parametrize("cells", [1, 40, 10**6])
def test_the_links_kept_are_the_strongest_of_the_square(noise, monkeypatch, idf, cells) -> None:
    monkeypatch.setattr(neighbours, "_CELLS", cells)  # one product a block, some, all
    frame = noise(5, customers=150)
    whole = CosineRecommender(idf=idf).fit(frame).links_
    few = CosineRecommender(idf=idf, neighbours=4).fit(frame).links_
    assert issparse(few)
    for product, row in enumerate(few.toarray()):
        others = np.delete(whole[product], product)
        kept = np.delete(row, product)
        assert row[product] == pytest.approx(whole[product, product], rel=1e-12)
        np.testing.assert_allclose(np.sort(kept[kept > 0]), np.sort(others)[-4:], **EXACT)
    every = CosineRecommender(idf=idf, neighbours=99).fit(frame)
    np.testing.assert_allclose(every.links_.toarray(), whole, **EXACT)


def test_without_doubt_the_links_are_scikit_learns_cosine(noise) -> None:
    frame = noise(7, customers=150)[["customer_id", "product_id"]].drop_duplicates().assign(kind="hold")
    fitted = CosineRecommender(shrinkage=0.0, min_support=0, neighbours=99).fit(frame)
    expected = cosine_similarity(fitted.owned_.toarray().T.astype(float))
    np.testing.assert_allclose(fitted.links_.toarray(), expected, **EXACT)


def test_of_equal_links_the_smaller_product_ids_are_kept() -> None:
    frame = pd.DataFrame([(f"c{i}", f"p{j}", "hold") for i in range(6) for j in range(5)])
    frame.columns = ["customer_id", "product_id", "kind"]
    fitted = CosineRecommender(neighbours=2).fit(frame)
    kept = {one: fitted.similar_items(one)["product_id"].tolist() for one in ("p0", "p1", "p4")}
    assert kept == {"p0": ["p1", "p2"], "p1": ["p0", "p2"], "p4": ["p0", "p1"]}


def test_every_verb_gives_the_same_when_every_link_is_kept(noise) -> None:
    frame = noise(6, customers=200)
    plain, sparse = (CosineRecommender(neighbours=kept).fit(frame) for kept in (None, 99))
    ids = plain.customers_
    pd.testing.assert_frame_equal(plain.recommend(ids, 3), sparse.recommend(ids, 3), **EXACT)
    pd.testing.assert_frame_equal(plain.affinity(ids), sparse.affinity(ids), **EXACT)
    pd.testing.assert_frame_equal(plain.similar_items("p03"), sparse.similar_items("p03"), **EXACT)
    product = str(plain.recommend(ids[:1], 1)["product_id"].iloc[0])
    one, other = (each.explain(ids[0], product) for each in (plain, sparse))
    assert (one.reason, other.score) == (other.reason, pytest.approx(one.score, rel=1e-12))
    assert [part.product_id for part in one.contributions] == [part.product_id for part in other.contributions]
    lists = plain.rank(ids, 5)
    np.testing.assert_allclose(diversity(lists, sparse.links_, 5), diversity(lists, plain.links_, 5), **EXACT)


def test_a_list_of_one_has_no_diversity_by_sparse_links_either() -> None:
    assert np.isnan(diversity(np.array([[0], [1]]), csr_matrix(np.eye(2)), 1)).all()


def test_a_catalogue_of_thousands_is_sparse_by_itself_and_stored_as_it_is(thousands, monkeypatch) -> None:
    assert not issparse(CosineRecommender(min_support=1).fit(thousands, products=CATALOGUE).links_)
    monkeypatch.setattr(cosine, "WIDE", 2_000)
    fitted = CosineRecommender(min_support=1).fit(thousands, products=CATALOGUE)
    assert issparse(fitted.links_)
    off = fitted.links_ - csr_matrix(np.diag(fitted.links_.diagonal()))
    off.eliminate_zeros()
    assert np.diff(off.indptr).max() == neighbours.KEPT
    ids = [*fitted.customers_[:20], "stranger"]
    offers = fitted.recommend(ids, 3)
    assert len(offers) == 63
    first = offers.iloc[0]
    told = fitted.explain(first["customer_id"], first["product_id"])
    assert told.basis == "holdings"
    assert sum(part.value for part in told.contributions) == pytest.approx(first["score"], rel=1e-12)
    back = load_model(dump_model(fitted))
    assert (back.links_ != fitted.links_).nnz == 0
    pd.testing.assert_frame_equal(back.recommend(ids, 3), offers)
    assert back.explain(first["customer_id"], first["product_id"]) == told


def test_popularity_keeps_no_square_of_zeros(thousands) -> None:
    fitted = PopularRecommender().fit(thousands, products=CATALOGUE)
    assert fitted.links_.shape == (3000, 3000)
    assert fitted.links_.nnz == 0
    assert len(fitted.recommend(["stranger"], 3)) == 3


def test_a_wide_catalogue_is_judged_by_what_fits_in_memory(planted, monkeypatch) -> None:
    for module in (cosine, methods):
        monkeypatch.setattr(module, "WIDE", 10)
    monkeypatch.setattr(methods, "WIDEST", 5)
    monkeypatch.setattr(trial, "MOST_CELLS", 12 * 150)
    result = evaluate(planted(3, customers=600))
    assert set(result.metrics["methods"]) == {"random", "popular", "decayed_popular", "cosine"}
    assert result.metrics["customers"] == 150 < result.metrics["customers_before_sampling"]
    assert 0 < result.metrics["methods"]["cosine"]["diversity"]["value"] <= 1
    assert np.asarray(result.figures["similarity"]["matrix"]).shape == (12, 12)


@pytest.mark.parametrize("kept", [0, -3])
def test_fewer_than_one_link_is_no_setting(noise, kept) -> None:
    with pytest.raises(UsageError, match="neighbours"):
        CosineRecommender(neighbours=kept).fit(noise(5, customers=20))
