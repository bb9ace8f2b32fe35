"""A line that is right, for each key of ``bank.toml``: shown where one is wrong."""

from __future__ import annotations

from collections.abc import Mapping

EXAMPLES: Mapping[str, str] = {
    "name": 'name = "My bank"', "currency": 'currency = "EUR"', "as_of": "as_of = 2025-06-30", "seed": "seed = 0",
    "path": 'path = "loans.csv"', "url": 'url = "duckdb://bank.duckdb"', "table": 'table = "crm.loans"',
    "sql": 'sql = "select * from loan"', "columns": 'columns = { amount = "amt" }',
    "date_format": 'date_format = "%d/%m/%Y"', "delimiter": 'delimiter = ";"', "encoding": 'encoding = "utf-8"',
    "decimal": 'decimal = ","', "thousands": 'thousands = "."', "header": "header = true",
    "names": 'names = ["first", "second"]', "codes": 'codes = { defaulted = { "B" = true, "A" = false } }',
    "attributes": 'attributes = ["employment"]', "available": 'available = { employment = "applied_on" }',
    "undated_ok": 'undated_ok = "why this may be known at the decision"', "when": 'when = "booked_on"',
    "max_quarantine": "max_quarantine = 0.01", "memory_limit": 'memory_limit = "4GB"', "threads": "threads = 2",
    "horizon_months": "horizon_months = 12", "good_before": 'good_before = { annual_income = "decreasing" }',
    "why": 'why = { annual_income = "more income, fewer defaults" }', "learners": 'learners = ["logistic", "boosting"]',
    "facts": 'facts = "classic"',
    "budget_seconds": "budget_seconds = 60", "words": 'words = { burden_inflow = "share of income for the loan" }',
    "no_reason": 'no_reason = ["fraud_score"]', "can_change": 'can_change = { open_cards = "decrease" }',
    "balancing": 'balancing = ["none"]', "use_protected": 'use_protected = ["gender"]',
    "protected": 'protected = ["age_years"]', "jurisdiction": 'jurisdiction = "EU"', "cut_off": "cut_off = 0.15",
    "target_approval": "target_approval = 0.7", "target_bad_rate": "target_bad_rate = 0.05", "lgd": "lgd = 0.6",
    "margin": "margin = 0.08", "ead": "ead = 0.9", "refer_from": "refer_from = 0.8",
    "bands": "bands = [0.01, 0.03, 0.1]", "reject_inference": "reject_inference = true",
    "accept": 'accept = { external_score = "bought on the day of the application" }',
    "points_to_double": "points_to_double = 20", "points_at_odds": "points_at_odds = [600, 50]",
    "test_share": "test_share = 0.25", "valid_share": "valid_share = 0.2", "k": "k = 5", "k_max": "k_max = 8",
    "min_share": "min_share = 0.03", "min_customers": "min_customers = 200", "dormant_days": "dormant_days = 180",
    "new_days": "new_days = 90",
    "min_shown": "min_shown = 10", "max_p_default_for_credit": "max_p_default_for_credit = 0.10", "top": "top = 3",
    "kind_weights": "kind_weights = { hold = 5, view = 1 }", "half_life_days": "half_life_days = 180",
    "shrinkage": "shrinkage = 10.0", "min_support": "min_support = 1", "tables": '[tables.loans]\npath = "loans.csv"',
    "staged": '[staged.loan]\npath = "loan.csv"', "risk": "[risk]\nhorizon_months = 12",
    "segments": "[segments]\nk_max = 8", "offers": "[offers]\ntop = 3", "engine": '[engine]\nurl = "duckdb://"',
}
