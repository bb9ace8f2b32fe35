"""A recommender does not learn from its own echo: marked rows stay holdings, teach nothing, and are marked in time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from guilder.offers.contact import known_campaigns
from guilder.offers.cosine import CosineRecommender
from guilder.offers.echo import UNLEARNED, flagged
from guilder.offers.ledger import ledger
from guilder.offers.popular import PopularRecommender
from guilder.offers.trial import at_cut

TODAY = pd.Timestamp("2025-06-30")


def met(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id", "kind", "at"])
    return frame.assign(at=pd.to_datetime(frame["at"]))


def offers(*rows: tuple[str, str, str], **columns: list[object]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id", "at"]).assign(taken=False, **columns)
    return known_campaigns(frame.assign(at=pd.to_datetime(frame["at"])), TODAY)


def marked(interactions: pd.DataFrame, log: pd.DataFrame) -> list[str]:
    found = flagged(interactions, log)[UNLEARNED]
    return ["" if pd.isna(moment) else f"{moment:%m-%d}" for moment in found]


def test_what_only_an_offer_brought_about_is_marked_from_the_day_of_the_offer() -> None:
    contacts = met(
        ("a", "card", "view", "2025-03-02"), ("a", "card", "hold", "2025-03-05"),  # after the offer, nothing before
        ("b", "card", "view", "2025-02-01"), ("b", "card", "hold", "2025-03-05"),  # looked before it was offered
        ("c", "card", "hold", "2025-06-15"),                                       # long after
        ("d", "card", "hold", "2025-03-05"),                                       # held out as control
        ("a", "fund", "hold", "2025-03-05"),                                       # another product
        ("e", "card", "hold", None), ("e", "card", "view", "2025-03-05"),          # who knows when
    )  # fmt: skip
    log = offers(*((who, "card", "2025-03-01") for who in "abcde"), treated=[True, True, True, False, True])
    assert marked(contacts, log) == ["03-01", "03-01", "", "", "", "", "", "", ""]


def test_interest_that_ended_in_a_no_is_marked_from_the_day_of_the_no() -> None:
    contacts = met(
        ("a", "card", "view", "2025-01-02"), ("a", "card", "apply", "2025-03-02"), ("a", "card", "view", "2025-04-01"),
        ("b", "card", "hold", "2025-01-05"),
    )
    log = offers(("a", "card", "2025-03-01"), ("b", "card", "2025-03-01"), refused=[True, True],
                 answered_on=["2025-03-10", "2025-03-11"])  # fmt: skip
    assert marked(contacts, log) == ["03-10", "03-10", "", ""]


def test_marked_rows_are_held_and_teach_nothing_once_it_is_known() -> None:
    contacts = met(("a", "card", "hold", "2025-03-05"), ("b", "fund", "hold", "2025-01-01"))
    told = flagged(contacts, offers(("a", "card", "2025-03-01")))
    book = ledger(told, now=TODAY)
    assert book.owned.toarray().tolist() == [[True, False], [False, True]]
    assert book.product.tolist() == [1]
    fitted = PopularRecommender().fit(told, now=TODAY)
    assert fitted.popularity_.tolist() == [0.0, 0.5]
    assert fitted.recommend(["b"])["product_id"].tolist() == [], "nobody took the card of their own accord"
    assert fitted.owned(["a"])["card"].all()


def test_a_fit_before_a_refusal_does_not_know_of_it() -> None:
    contacts = met(("a", "card", "view", "2025-01-02"), ("b", "card", "view", "2025-01-02"))
    told = flagged(contacts, offers(("a", "card", "2025-01-01"), refused=[True], answered_on=["2025-03-10"]))
    assert len(ledger(told, now=pd.Timestamp("2025-03-01")).product) == 1  # the offer alone is known by then
    refused = contacts.assign(at=pd.Timestamp("2024-12-01"))
    told = flagged(refused, offers(("a", "card", "2025-01-01"), refused=[True], answered_on=["2025-03-10"]))
    assert len(ledger(told, now=pd.Timestamp("2025-03-01")).product) == 2
    assert len(ledger(told, now=pd.Timestamp("2025-03-11")).product) == 1


def test_an_echo_is_no_proof_that_a_method_works() -> None:
    contacts = met(("a", "fund", "hold", "2025-01-01"), ("a", "card", "hold", "2025-03-05"),
                   ("b", "fund", "hold", "2025-01-01"), ("b", "card", "hold", "2025-03-06"))  # fmt: skip
    told = flagged(contacts, offers(("a", "card", "2025-03-01")))
    assert at_cut(told, [], pd.Timestamp("2025-03-02"), None).customers.tolist() == ["b"]


def test_an_echo_lifts_no_product() -> None:
    """A thousand customers are pushed a product at random: without the marks it looks liked by all, with them not."""
    rng = np.random.default_rng(1)
    ids = [f"c{number:04d}" for number in range(1000)]
    rows = [(one, f"p{rng.integers(0, 4)}", "hold", "2025-01-01") for one in ids]
    pushed = [one for one in ids if rng.random() < 0.5]
    contacts = met(*rows, *((one, "pushed", "hold", "2025-03-20") for one in pushed))
    told = flagged(contacts, offers(*((one, "pushed", "2025-03-01") for one in pushed)))
    plain, deaf = CosineRecommender().fit(contacts, now=TODAY), CosineRecommender().fit(told, now=TODAY)
    new = sorted(set(ids) - set(pushed))[:50]
    assert set(plain.recommend(new, 1)["product_id"]) == {"pushed"}
    assert "pushed" not in set(deaf.recommend(new, 5)["product_id"])


def test_without_dates_or_campaigns_nothing_is_marked() -> None:
    undated = met(("a", "card", "hold", None)).drop(columns="at")
    assert flagged(undated, offers(("a", "card", "2025-03-01"))) is undated
    assert marked(met(("a", "card", "hold", "2025-03-05")), offers()) == [""]
