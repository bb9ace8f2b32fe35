"""The risk section's validation: a light for each family of tests, and the evidence behind it."""

from __future__ import annotations

from typing import Any

from guilder.report import charts_validation, prose, words
from guilder.report.blocks import Block, Cell, Chart, Charts, Part, Table, Text, text
from guilder.report.prose import Meanings

FACTS = 8


def validation(known: dict[str, Any], meanings: Meanings) -> Part:
    """The whole battery on the test loans, as far as the run has it."""
    found = known.get("validation") or {}
    if not found:
        return Part("Validation", ())
    lights = tuple(
        text(words.capital(row.get("family")), str(row.get("light")), words.sentence(row.get("why")))
        for row in found.get("summary") or []
    )
    blocks: list[Block] = [
        Text("Three families of tests on the test loans, which chose nothing. Loans are taken to default independently "
             "of each other."),
        Table("Verdicts", ("family", "light", "why"), lights, numeric=False),
        Charts(_charts(found)), _tests(found), _level(found), _facts(found, meanings), _changes(found, meanings),
    ]  # fmt: skip
    return Part("Validation", (*(block for block in blocks if not isinstance(block, Table) or block.rows),
                               Text(_weak(found, meanings))))  # fmt: skip


def _charts(found: dict[str, Any]) -> tuple[Chart, ...]:
    made = [
        Chart(f"By {kind}", charts_validation.said_and_seen(f"validation-{kind}", found[key], label),
              "Dots: the share that defaulted, with its 95% interval; diamonds: the mean PD.")
        for key, kind, label in (("bands", "band", "band"), ("deciles", "tenth", "tenth of the PDs, lowest first"))
        if found.get(key)
    ]  # fmt: skip
    spans = found.get("periods") or {}
    if spans.get("rows"):
        length = str(spans.get("length"))
        slope = words.figure(spans.get("gini_slope"))
        made += [
            Chart(f"By {length}", charts_validation.said_and_seen("validation-period", spans["rows"], length),
                  "The same for each period in which the loans were applied for."),
            Chart(f"Gini by {length}", charts_validation.gini("validation-gini", spans["rows"],
                  words.dig(found, "discrimination", "gini"), length), f"Slope {slope} a {length}."),
        ]  # fmt: skip
    return tuple(made)


def _tests(found: dict[str, Any]) -> Table:
    large = words.dig(found, "calibration", "in_the_large") or {}
    hl, spiegel = (words.dig(found, "calibration", key) or {} for key in ("hosmer_lemeshow", "spiegelhalter"))
    against = words.dig(found, "discrimination", "challenger") or {}
    parts = found.get("brier") or {}
    rows = [
        ("AUC, DeLong", words.figure(words.dig(found, "discrimination", "auc")), words.DASH),
        ("AUC over the logistic challenger, DeLong", words.figure(against.get("difference")),
         words.number(against.get("p"))),
        ("defaults over the sum of PDs", words.figure(large.get("observed_over_mean_p")), words.DASH),
        ("PDs not too low, exact binomial", words.DASH, words.number(large.get("binomial_p"))),
        ("PDs not too low, Jeffreys", words.DASH, words.number(large.get("jeffreys_p"))),
        ("PDs not too high, Jeffreys", words.DASH, words.number(large.get("too_high_p"))),
        (f"Hosmer–Lemeshow, {words.count(hl.get('df'))} groups", words.number(hl.get("statistic"), 2),
         words.number(hl.get("p"))),
        ("Spiegelhalter's z", words.number(spiegel.get("z"), 2), words.number(spiegel.get("p"))),
        ("calibration intercept", words.number(words.dig(found, "calibration", "intercept"), 2), words.DASH),
        ("Brier skill: uncertainty taken away", words.percent(parts.get("skill")), words.DASH),
        ("Brier: reliability (lost)", words.number(parts.get("reliability"), 4), words.DASH),
        ("Brier: resolution (won)", words.number(parts.get("resolution"), 4), words.DASH),
        ("PSI of the score, training to test", words.number(words.dig(found, "stability", "score", "psi")), words.DASH),
    ]  # fmt: skip
    return Table("Tests", ("test", "figure", "p"), tuple(text(*row) for row in rows))


def _level(found: dict[str, Any]) -> Table:
    rows = tuple(
        (
            Cell(str(row["name"])), Cell(words.count(row["rows"])), Cell(words.count(row["bads"])),
            Cell(words.percent(row["mean_p"])),
            Cell(words.percent(row["observed"]), words.interval(row["observed"], "percent")),
            *text(words.number(row["binomial_p"]), words.number(row["jeffreys_p"]), str(row["light"])),
        )
        for row in found.get("bands") or []
    )  # fmt: skip
    return Table("Backtest by band", ("band", "loans", "defaults", "mean PD", "observed", "binomial p", "Jeffreys p",
                                      "light"), rows)  # fmt: skip


def _facts(found: dict[str, Any], meanings: Meanings) -> Table:
    rows = tuple(
        text(prose.fact(row["fact"], meanings), words.number(row["psi"]), words.number(row["noise"]),
             "moved" if row["moved"] else "")
        for row in (words.dig(found, "stability", "facts") or [])[:FACTS]
    )  # fmt: skip
    return Table("Facts that moved most, training to test", ("fact", "PSI", "by chance up to", ""), rows)


def _changes(found: dict[str, Any], meanings: Meanings) -> Table:
    rows = tuple(
        text(f"{prose.fact(row['fact'], meanings)} {row['change']}" if row["fact"] else str(row["change"]),
             words.number(row["auc_change"]), words.percent(row["size"]), words.percent(row["flipped"]))
        for row in found.get("robustness") or []
    )  # fmt: skip
    return Table("Robustness", ("change", "AUC", "mean move of a PD", "other side of the cut-off"), rows)


def _weak(found: dict[str, Any], meanings: Meanings) -> str:
    weak = found.get("weak_spots") or {}
    looked = f"Of {words.plural(weak.get('slices'), 'slice')} of the facts and their pairs,"
    named = [
        f"{_slice(row, meanings)} ({words.plural(row['rows'], 'loan')}: {words.percent(row['observed'])} defaulted, "
        f"the PDs say {words.percent(row['mean_p'])})" for row in weak.get("found") or []
    ]  # fmt: skip
    if named:
        return f"Weak spots. {looked} {words.joined(named)} cannot be put down to chance."
    return f"Weak spots. {looked} none is further from its PDs than the worst of so many would be by chance."


def _slice(row: dict[str, Any], meanings: Meanings) -> str:
    pairs = zip(row["facts"], row["values"], strict=True)
    return " with ".join(f"“{prose.fact(fact, meanings)}” {prose.plainly(value)}" for fact, value in pairs)
