"""The made-up bank keeps its own word: what is planted is there, and nothing gives it away."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from faker.providers import BaseProvider
from sklearn.metrics import roc_auc_score

from guilder.contract.tables import TABLES
from guilder.errors import UsageError
from guilder.source import demo, demo_files
from guilder.source.connect import connect
from guilder.source.demo import demo_bank, generate

CUSTOMERS = 1200


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    return generate(tmp_path_factory.mktemp("bank"), customers=CUSTOMERS, seed=1).parent


@pytest.fixture(scope="module")
def noise(tmp_path_factory):
    return generate(tmp_path_factory.mktemp("noise"), customers=CUSTOMERS, seed=1, signal=0).parent


def ask(folder: Path, query: str):
    """Query the tables of a made-up bank, and its truths as truth_<name>."""
    with duckdb.connect() as con:
        for path in sorted(folder.glob("*.parquet")):
            con.execute(f"CREATE VIEW {path.stem} AS FROM '{path}'")
        for path in sorted((folder / "truth").glob("*.parquet")):
            con.execute(f"CREATE VIEW truth_{path.stem} AS FROM '{path}'")
        return con.execute(query).df()


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }


def outcomes(folder: Path):
    """True odds and outcomes within the horizon of the loans whose horizon has passed."""
    return ask(folder, """
        SELECT p_default AS p, coalesce(defaulted_on < applied_on + INTERVAL 12 MONTH, false)::int AS bad,
               applied_on, loan_id
        FROM loans JOIN truth_odds USING (loan_id) WHERE applied_on < DATE '2024-06-30' ORDER BY loan_id
    """)


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_the_same_seed_gives_the_same_bytes(tmp_path, format):
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        generate(tmp_path / name, customers=150, seed=seed, format=format, dirt=0.01)
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")
    assert hashes(tmp_path / "a")[f"transactions.{format}"] != hashes(tmp_path / "c")[f"transactions.{format}"]


def test_the_tables_keep_the_contract(bank):
    assert {path.stem for path in bank.glob("*.parquet")} == set(TABLES)
    for name, table in TABLES.items():
        schema = pq.read_schema(bank / f"{name}.parquet")
        assert set(schema.names) <= set(table.columns)
        assert {column for column, kind in table.columns.items() if kind.required} <= set(schema.names)
        money = [column for column in schema.names if table.columns[column].kind == "money"]
        assert all(schema.field(column).type == demo_files.MONEY for column in money)


def test_the_bank_file_does_not_know_the_truth(bank):
    text = (bank / "bank.toml").read_text()
    assert "truth" not in text
    assert set(tomllib.loads(text)["tables"]) == set(TABLES)


def test_intake_accepts_every_row(bank):
    with connect(bank) as opened:
        assert {part.name: part.rows_in for part in opened.intake.tables} == {
            part.name: part.accepted for part in opened.intake.tables
        }
        assert all(not part.undeclared for part in opened.intake.tables)


def test_each_balance_follows_from_the_amounts(bank):
    wrong = ask(bank, """
        SELECT count(*) AS n FROM (
            SELECT balance_after - lag(balance_after) OVER w AS step, amount
            FROM transactions WINDOW w AS (PARTITION BY customer_id ORDER BY transaction_id)
        ) WHERE step IS NOT NULL AND step <> amount
    """)
    assert wrong["n"].item() == 0


def test_bookings_are_in_order_within_the_customers_time(bank):
    found = ask(bank, """
        SELECT count(*) FILTER ("at" < before) AS disordered, max("at") < TIMESTAMP '2025-06-30' AS past,
               count(*) FILTER ("at" < joined_on) AS early, count(DISTINCT transaction_id) = count(*) AS "unique"
        FROM (SELECT *, lag("at") OVER (PARTITION BY customer_id ORDER BY transaction_id) AS before FROM transactions)
        JOIN customers USING (customer_id)
    """).iloc[0]
    assert found["disordered"] == 0
    assert found["early"] == 0
    assert found["past"]
    assert found["unique"]


def test_a_customer_has_about_two_hundred_bookings(bank):
    rows = pq.read_metadata(bank / "transactions.parquet").num_rows
    assert 170 < rows / CUSTOMERS < 260


def test_loans_are_applied_for_after_months_of_bookings(bank):
    found = ask(bank, """
        SELECT min(date_diff('day', first, applied_on)) AS least, max(applied_on) AS last, count(*) AS n
        FROM loans JOIN (
            SELECT customer_id, min("at")::date AS first FROM transactions GROUP BY ALL) USING (customer_id)
    """).iloc[0]
    assert found["least"] > 60
    assert str(found["last"])[:10] < "2025-06-30"
    assert found["n"] > 1.75 * CUSTOMERS


def test_an_outcome_is_blank_until_it_is_known(bank):
    found = ask(bank, """
        SELECT count(*) FILTER (defaulted IS NULL AND applied_on + INTERVAL 12 MONTH < DATE '2025-06-30') AS late_blank,
               count(*) FILTER (NOT defaulted AND closed_on IS NULL
                                AND applied_on + INTERVAL 12 MONTH >= DATE '2025-06-30') AS early_no,
               count(*) FILTER (defaulted IS NOT DISTINCT FROM true AND defaulted_on IS NULL) AS undated,
               count(*) FILTER (defaulted_on <= applied_on OR defaulted_on >= DATE '2025-06-30') AS misdated,
               count(*) FILTER (defaulted IS NULL) AS blank
        FROM loans
    """).iloc[0]
    assert found[["late_blank", "early_no", "undated", "misdated"]].tolist() == [0, 0, 0, 0]
    assert found["blank"] > 100


def test_outcomes_keep_to_the_true_odds(bank):
    loans = outcomes(bank)
    assert roc_auc_score(loans["bad"], loans["p"]) > .78
    assert .10 < loans["p"].mean() < .15
    assert abs(loans["bad"].sum() - loans["p"].sum()) < 6
    for _, year in loans.groupby(loans["applied_on"].dt.year):
        assert abs(year["bad"].sum() - year["p"].sum()) < 10


def test_late_fees_come_only_after_the_application_of_a_loan_that_defaults(bank):
    fees = ask(bank, """
        SELECT count(*) AS n, count(*) FILTER (NOT EXISTS (
            FROM loans WHERE loans.customer_id = fee.customer_id AND applied_on < fee."at"
            AND fee."at" < coalesce(defaulted_on, DATE '2025-06-30') + INTERVAL 1 DAY)) AS unfounded
        FROM transactions AS fee WHERE category = 'late fee'
    """).iloc[0]
    assert fees["n"] > 100
    assert fees["unfounded"] == 0


def test_types_differ_with_signal_and_not_without(bank, noise):
    query = """
        SELECT type, median(n) AS n, median(ticket) AS ticket, median(card) AS card FROM (
            SELECT customer_id, count(*) AS n, avg(abs(amount)) AS ticket, avg((channel = 'card')::int) AS card
            FROM transactions GROUP BY ALL) JOIN truth_types USING (customer_id) GROUP BY ALL ORDER BY ALL
    """
    told, even = ask(bank, query), ask(noise, query)
    assert len(told) == 5
    assert told["n"].max() / told["n"].min() > 5
    assert told["ticket"].max() / told["ticket"].min() > 50
    assert even["n"].max() / even["n"].min() < 1.4
    assert even["ticket"].max() / even["ticket"].min() < 1.4
    assert even["card"].max() - even["card"].min() < .03


def test_noise_has_one_probability_for_every_loan_and_product(noise):
    loans = outcomes(noise)
    np.testing.assert_allclose(loans["p"], .12)
    assert abs(loans["bad"].mean() - .12) < .01
    assert roc_auc_score(loans["bad"], np.arange(len(loans))) == pytest.approx(.5, abs=.06)
    shares = ask(noise, "SELECT count(*) / sum(count(*)) OVER () AS share FROM interactions GROUP BY product_id")
    assert shares["share"].between(.8 / 14, 1.2 / 14).all()
    np.testing.assert_allclose(ask(noise, "FROM truth_tastes")["probability"], 1 / 14)
    telling = ask(noise, "SELECT count(*) AS n FROM transactions WHERE category IN ('pension', 'invoices')")
    assert telling["n"].item() == 0


def test_products_of_a_group_go_together(bank):
    shares = ask(bank, """
        SELECT avg((family = 'deposit')::int) AS deposit, taste FROM interactions JOIN truth_types USING (customer_id)
        JOIN products USING (product_id) WHERE family <> 'account' GROUP BY ALL ORDER BY ALL
    """).set_index("taste")["deposit"]
    assert shares["saving"] > 3 * shares.drop("saving").max()


def test_nothing_is_met_after_it_is_held(bank):
    again = ask(bank, """
        SELECT count(*) AS n FROM interactions JOIN (
            SELECT customer_id, product_id, min("at") AS held FROM interactions WHERE kind = 'hold' GROUP BY ALL
        ) USING (customer_id, product_id) WHERE kind IN ('view', 'click', 'apply') AND "at" > held + INTERVAL 8 DAY
    """)
    assert again["n"].item() == 0


def test_campaigns_have_an_uplift_that_is_planted_and_know_nothing_of_later(tmp_path):
    folder = generate(tmp_path / "told", customers=4000, seed=1).parent
    even = generate(tmp_path / "even", customers=4000, seed=1, signal=0).parent
    query = """
        SELECT treated, count(*) AS n, avg(taken::int) AS share, max(answered_on) < DATE '2025-06-30' AS past,
               count(*) FILTER (taken AND NOT EXISTS (
                   FROM interactions AS met WHERE met.customer_id = campaigns.customer_id AND kind IN ('apply', 'hold')
                   AND met.product_id = campaigns.product_id AND met."at"::date = answered_on)) AS unfounded
        FROM campaigns GROUP BY ALL ORDER BY treated
    """
    found, noise = ask(folder, query), ask(even, query)
    assert found["past"].fillna(True).all()
    assert (found["unfounded"] == 0).all()
    assert found["n"].min() > 500
    assert found["share"][1] > found["share"][0] + .01
    assert abs(noise["share"][1] - noise["share"][0]) < .012
    dead = ask(folder, """
        SELECT count(*) FILTER (deceased_on IS NOT NULL) AS dead, max(deceased_on) < DATE '2025-06-30' AS past,
               count(*) FILTER (arrears_since IS NOT NULL) AS behind FROM customers
    """).iloc[0]
    assert dead["dead"] > 20
    assert dead["past"]
    assert dead["behind"] > 50


def test_a_customer_does_not_depend_on_how_many_follow(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "PIECE", 50)
    few, many = (generate(tmp_path / str(count), customers=count, seed=2).parent for count in (100, 150))
    first = "SELECT * FROM {} WHERE customer_id <= 'C00000100' ORDER BY ALL"
    for table in ("customers", "transactions", "loans", "interactions", "campaigns"):
        assert ask(few, first.format(table)).equals(ask(many, first.format(table)))


def test_the_bank_is_written_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "PIECE", 50)
    written, said = [], []
    write = demo_files.TableFile.write
    monkeypatch.setattr(demo_files.TableFile, "write", lambda self, table: (
        written.append(len(table)) if self.path.stem == "transactions" else None, write(self, table))[1])
    folder = generate(tmp_path, customers=175, progress=said.append).parent
    assert len(written) == 4
    assert sum(written) == pq.read_metadata(folder / "transactions.parquet").num_rows
    assert said[-1].startswith("175 of 175 customers")


def test_faker_is_called_for_the_pools_and_never_for_a_row(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "PIECE", 50)
    calls = []
    draw = BaseProvider.random_elements
    monkeypatch.setattr(BaseProvider, "random_elements", lambda self, *a, **k: calls.append(1) or draw(self, *a, **k))
    counts = []
    for customers in (50, 250):
        calls.clear()
        generate(tmp_path / str(customers), customers=customers, seed=5)
        counts.append(len(calls))
    assert counts[0] == counts[1] > 0


def test_personal_values_are_made_up_under_reserved_names(bank):
    found = ask(bank, """
        SELECT bool_and(email LIKE '%@%.example.org') AS email, bool_and(phone LIKE '+44 1632 960%') AS phone
        FROM customers
    """).iloc[0]
    assert found["email"]
    assert found["phone"]


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_the_dirt_listed_is_the_dirt_planted(tmp_path, format):
    clean = generate(tmp_path / "clean", customers=400, seed=6, format=format).parent
    dirty = generate(tmp_path / "dirty", customers=400, seed=6, format=format, dirt=.01).parent
    listed = pq.read_table(dirty / "truth" / "dirt.parquet").to_pandas()

    def rows(folder: Path, name: str) -> int:
        path = folder / f"{name}.{format}"
        if format == "parquet":
            return pq.read_metadata(path).num_rows
        return len(path.read_text().splitlines()) - 1

    for name in ("customers", "transactions", "loans", "interactions"):
        planted = listed[listed["table"] == name]
        assert rows(dirty, name) - rows(clean, name) == len(planted) > 0
        assert planted["row"].is_unique
        assert len(planted) / rows(dirty, name) < .01
    assert rows(dirty, "products") == rows(clean, "products")
    with connect(dirty) as opened:
        quarantined = {part.name: part.quarantined for part in opened.intake.tables if part.quarantined}
    assert quarantined == listed["table"].value_counts().to_dict()


def test_csv_says_the_same_as_parquet(tmp_path, bank):
    folder = generate(tmp_path, customers=CUSTOMERS, seed=1, format="csv").parent
    with duckdb.connect() as con:
        for name in TABLES:
            con.execute(f"CREATE TABLE a AS FROM '{bank}/{name}.parquet'")
            con.execute(f"CREATE TABLE b AS FROM read_csv('{folder}/{name}.csv', all_varchar = true)")
            con.execute("CREATE TABLE c AS FROM a WITH NO DATA; INSERT INTO c FROM b")
            assert con.execute("SELECT count(*) FROM (FROM a EXCEPT FROM c)").fetchone() == (0,)
            con.execute("DROP TABLE a; DROP TABLE b; DROP TABLE c")


def test_demo_bank_is_open(tmp_path, monkeypatch):
    with demo_bank(120, seed=2) as opened:
        assert opened.name == "Demo bank"
        assert set(opened.tables) == set(TABLES)
        root = opened.root
    assert root is not None
    del opened
    assert not root.exists()


@pytest.mark.parametrize("wrong", [{"customers": 0}, {"format": "xls"}, {"signal": 2.0}, {"dirt": -.1}])
def test_arguments_out_of_range_are_refused(tmp_path, wrong):
    with pytest.raises(UsageError):
        generate(tmp_path, **wrong)
