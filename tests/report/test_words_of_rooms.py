"""What the sections say follows the summary: champions, verdicts, dates, reasons."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from guilder.report import page
from guilder.report.charts_segments import axis_title

Summary = dict[str, dict[str, Any]]


def said(summary: Summary, **figures: Any) -> str:
    """The words of the page, without its drawings unless ``figures`` are given."""
    html = page(summary["manifest"], summary["metrics"], figures)
    html = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_champion_stands_against_the_better_popularity(summary: Summary) -> None:
    gap = {"map_at_7": {"value": 0.06, "low": 0.04, "high": 0.08}}
    summary["metrics"]["offers"]["difference"] = {
        "conditional_minus_popular": gap, "cosine_minus_decayed_popular": gap, "cosine_minus_popular": gap,
    }
    words = said(summary)
    assert words.count("osine minus decayed popular") == 2
    assert "onditional minus" not in words
    assert words.index("cosine − popular") < words.index("conditional − popular")


def test_a_champion_that_is_a_baseline_says_so(summary: Summary) -> None:
    summary["metrics"]["offers"] |= {"champion": "popular", "banner": "nothing is dated", "verdict_why": "1.7 errors"}
    words = said(summary)
    assert "popular is itself a baseline" in words
    assert "minus" not in words
    assert words.count("Nothing is dated.") == 2
    assert "1.7 errors." in words


def test_rules_are_named_and_the_idle_ones_left_out(summary: Summary) -> None:
    summary["metrics"]["offers"]["suppressed"] = {"retired": 12, "held": 0, "no_consent": 1}
    words = said(summary)
    assert "no longer sold 12 no consent to be contacted with offers 1" in words
    assert "already held" not in words
    summary["metrics"]["offers"]["suppressed"] = {"held": 0}
    assert "passed every rule" in said(summary)


def test_a_bank_without_dates_is_undated_everywhere(summary: Summary) -> None:
    summary["metrics"]["as_of"] = None
    summary["manifest"]["as_of"] = "1970-01-01"
    words = said(summary)
    assert "1970" not in words
    assert "Undated ·" in words
    assert "From tables that carry no dates, this run says" in words
    assert "as of undated" in words[words.index("This run"):]


def test_what_a_manifest_does_not_know_has_no_row(summary: Summary) -> None:
    del summary["manifest"]["created"]
    words = said(summary)
    assert "created" not in words[words.index("This run"):]


def test_one_room_alone_reads_well(summary: Summary) -> None:
    for room in ("risk", "segments", "customers"):
        del summary["metrics"][room]
    words = said(summary)
    assert "this run says what to offer each customer next." in words
    assert " Offers Demo bank" in words


def test_verdicts_against_use_warn(summary: Summary) -> None:
    summary["metrics"]["segments"]["verdict"] = "unstable: do not use"
    summary["metrics"]["risk"]["verdict"] = "no better than the base rate"
    html = page(summary["manifest"], summary["metrics"], {})
    warned = re.findall(r'class="note warn"[^>]*>([^<]*)', html)
    for start in ("Risk: no better", "Segments: unstable", "Verdict: no better", "Verdict: unstable"):
        assert any(each.startswith(start) for each in warned)


def test_a_challenger_that_is_the_champion_has_no_column(summary: Summary) -> None:
    risk = summary["metrics"]["risk"]
    assert "challenger (logistic)" in said(summary)
    risk["champion"]["learner"] = "logistic"
    risk["challenger"]["difference"]["auc"] = {"value": 0.0, "low": 0.0, "high": 0.0}
    assert "challenger (logistic)" not in said(summary)


def test_the_split_has_dates_for_training_and_refit(summary: Summary) -> None:
    summary["metrics"]["risk"]["split"]["refit"] = 4001
    words = said(summary)
    assert "training 3,310 before 1 February 2024" in words
    assert "learns from before its test 4,001 before 1 July 2024" in words


def test_identical_reasons_are_one_line(summary: Summary) -> None:
    reason = "not offered: no consent is on record"
    card = summary["figures"]["customers"][0] | {
        "withheld": [{"product": f"P{i}", "reason": reason} for i in range(12)]
        + [{"product": "Old", "reason": "not offered: the risk of 40 % is above 10 %"}],
        "reasons": ["balance: 2.311e+04"],
    }
    words = said(summary, customers=[card])
    assert "no consent is on record: 12 products" in words
    assert "Old: the risk of 40% is above 10%" in words
    assert "balance: 23,110" in words


@pytest.mark.parametrize("medians", [True, False])
def test_medians_are_the_given_ones_or_not_spoken_of(summary: Summary, medians: bool) -> None:
    fact = summary["figures"]["data"]["distributions"][0] | {"median_good": 0.0, "median_bad": 12.0}
    if not medians:
        del fact["median_good"]
    words = said(summary, data={"distributions": [fact]})
    assert ("Median 0 where repaid; higher where defaulted, 12." in words) is medians
    assert ("edian" in words) is medians


def test_facts_are_called_by_one_name(summary: Summary) -> None:
    figures = summary["figures"]
    facts = {fact: f"meaning {place}" for place, fact in enumerate(summary["metrics"]["segments"]["facts"])}
    data = {"meanings": facts, "correlations": {"facts": list(facts)[:2], "matrix": [[1, 0.998], [0.998, 1]]}}
    words = said(summary, data=data, segments=figures["segments"])
    assert "“meaning 0” and “meaning 1” (0.99)" in words
    assert "meaning 0: far higher, median" in words
    assert "Clustered on meaning 0, meaning 1" in words
    assert "365 days" not in words[words.index("Clustered on"):]


def test_the_map_lists_only_who_is_drawn(summary: Summary) -> None:
    summary["metrics"]["segments"]["names"] = [*summary["metrics"]["segments"]["names"], "Dormant"]
    words = said(summary, segments={"map": summary["figures"]["segments"]["map"]})
    assert "4 Young and busy." in words
    assert "5 Dormant" not in words


def test_an_axis_names_two_facts_at_most() -> None:
    long = "more bookings, of any size, less days since, more balance (31% of the variance)"
    assert axis_title(long) == "more bookings, of any size, less days since (31%)"
    assert axis_title("activity") == "activity"
