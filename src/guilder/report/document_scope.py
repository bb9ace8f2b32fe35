"""The model document's scope: what the model is for, on whom, what default means, and which data it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guilder.report import section_data, words
from guilder.report.blocks import Block, Cell, Note, Part, Section, Table, Text, text
from guilder.report.document_tables import missing

SLICES = (("train", "training"), ("valid", "validation"), ("test", "test"))
NO_OUTCOME = (
    ("unknown", "the table leaves its outcome blank, or it was applied for at or after the bank's date"),
    ("immature", "too young: its window is open and nothing has happened yet"),
    ("window_open", "its outcome is known, but those of its age that will be good are not"),
)


def purpose(manifest: Mapping[str, Any], metrics: dict[str, Any]) -> Section:
    """What the model is for, and what it is not for."""
    known = metrics["risk"]
    horizon = words.dig(manifest, "parameters", "risk", "horizon_months")
    within = f"within {words.plural(horizon, 'month')} of the application" if horizon else "as the bank records it"
    champion = known.get("champion") or {}
    blocks: list[Block] = [
        Text(f"The model estimates the probability of default (PD) of a loan applied for at "
             f"{metrics.get('name') or 'the bank'}: the chance that it defaults {within}. It is meant to support the "
             "decision on the application, to set its price and band, and to keep credit from being offered above the "
             "bank's limit. A person may override every decision, with a reason that is kept."),
        Text("It is not meant for loans that have been running, for other products or other populations than those "
             "below, or for decisions that no person can review. Loss given default and exposure are not estimated."),
        Table("The model", ("what", "value"), tuple(text(name, str(value)) for name, value in (
            ("run", manifest.get("run_id") or words.DASH), ("as of", words.as_of(metrics.get("as_of"))),
            ("learner", words.plain(champion.get("learner") or words.DASH)),
            ("verdict on the test loans", words.sentence(known.get("verdict")) or words.DASH),
        )), numeric=False),
    ]
    if not champion:
        blocks.append(missing("which model was chosen"))
    return Section("purpose", "Purpose and use", "What the model is for, and what it is not for.",
                   (Part("", tuple(blocks)),))


def population(metrics: dict[str, Any]) -> Section:
    """Where every loan of the table went, from the row that came in to the slice it was used in."""
    known = metrics["risk"]
    steps = waterfall(metrics)
    blocks: list[Block] = [missing("how many loans the bank brought")] if steps is None else [
        Table("From the rows of the loans table to the slices", ("step", "loans", "why"),
              tuple((Cell(name, strong=not sign), Cell(f"{sign}{words.count(many)}", strong=not sign), Cell(why))
                    for name, sign, many, why in steps), numeric=False)
    ]
    open_ = [step for step in steps or () if step[0] == "not accounted for"]
    if open_:
        blocks.append(Note("The numbers above do not add up; see the row that is not accounted for.", "warn"))
    blocks.append(Text(
        f"The {words.plural(known.get('rows'), 'loan')} with a usable outcome hold "
        f"{words.plural(known.get('bads'), 'default')}. Applications that were declined, and loans that nobody asked "
        "for, are not among them: the PD is that of loans like those granted."
    ))
    return Section("population", "Population and exclusions", "Every row that came in, and where it went.",
                   (Part("", tuple(blocks)),))


def waterfall(metrics: Mapping[str, Any]) -> list[tuple[str, str, int, str]] | None:
    """List the steps from rows in to slices: name, sign (nothing for what stands, − for what leaves), loans, why.

    Returns
    -------
    list of tuple, or None
        None where the summary has no loans table. Each part's steps add up to what it began with; where a summary
        does not, the difference is a step of its own, "not accounted for".
    """
    loans = next((each for each in words.dig(metrics, "data", "tables") or [] if each.get("name") == "loans"), None)
    known = metrics.get("risk") or {}
    split = known.get("split") or {}
    if loans is None or not split:
        return None
    left, steps = int(loans["rows_in"]), [("rows in", "", int(loans["rows_in"]), "the loans table as it was read")]

    def out(name: str, many: int, why: str) -> None:
        nonlocal left
        if many:
            steps.append((name, "−", many, why))
            left -= many

    out("in quarantine", int(loans["quarantined"]), "a cell or a rule of the contract; see the data")
    steps.append(("accepted", "", left, ""))
    for key, why in NO_OUTCOME:
        out(words.plain(key), int(split.get(key) or 0), why)
    out("not accounted for", left - int(known["rows"]), "the summary does not say")
    steps.append(("with a usable outcome", "", int(known["rows"]), f"of them {words.count(known['bads'])} defaulted"))
    for why, many in sorted((split.get("dropped") or {}).items()):
        out("in no slice", int(many), why)
    used = sum(int(split.get(key) or 0) for key, _ in SLICES)
    out("not accounted for", left - used, "the summary does not say")
    steps += [(f"in the {name} slice", "", int(split.get(key) or 0), "") for key, name in SLICES]
    return steps


def default(manifest: Mapping[str, Any]) -> Section:
    """What default means here, and when an outcome counts as known."""
    horizon = words.dig(manifest, "parameters", "risk", "horizon_months")
    codes = words.dig(manifest, "parameters", "tables", "loans", "codes", "defaulted") or {}
    window = (
        f"A loan is bad when the bank dates its default before the day {words.plural(horizon, 'month')} after the "
        "application, and good when that day has passed without one, or when it was closed before it without one."
        if horizon else "The outcome is taken as the bank records it, without a window: horizon_months is not set, so "
        "the time to which the PD refers is not fixed."
    )
    blocks: list[Block] = [
        Text("Default is what the bank's loans table calls defaulted; Guilder defines no default of its own. How it "
             "relates to 90 days past due, unlikeliness to pay, or a regulator's definition is for the bank to write."),
        Text(window),
        Text("An outcome teaches and tests only when its window has ended, good or bad: while a window is open, "
             "defaults are known at once and repayments are not, and to use both as they come would bend the rate."),
    ]
    if codes:
        meant = {"True": "defaulted", "False": "not defaulted", "unknown": "not known"}
        rows = tuple(text(str(code), meant.get(str(meaning), str(meaning)))
                     for code, meaning in sorted(codes.items(), key=str))
        blocks.append(Table("The bank's codes", ("code", "read as"), rows, numeric=False))
    return Section("default", "What default means", "The event, its window, and when it is known.",
                   (Part("", tuple(blocks)),))


def lineage(manifest: Mapping[str, Any], metrics: dict[str, Any]) -> Section:
    """The tables with every row accounted for, the files with their hashes, and what is used against a rule."""
    known = metrics.get("data") or {}
    parts = [section_data.reconciliation(known)] if known.get("tables") else []
    inputs = tuple(
        text(str(each.get("table")), str(each.get("file") or words.DASH), words.count(each.get("rows")),
             str(each.get("sha256") or words.DASH))
        for each in manifest.get("inputs") or []
    )
    blocks: list[Block] = [
        Table("Inputs", ("table", "file", "rows", "SHA-256"), inputs, numeric=False) if inputs
        else missing("the hashes of the inputs"),
        Text("Facts of a loan are made from what had happened strictly before its application, and was loaded by then "
             "where the bank records it. A table without dates explains no dated loan unless the bank takes it in, "
             "in writing."),
    ]
    if not parts:
        blocks.insert(0, missing("rows in and rows accepted"))
    return Section("lineage", "Data and lineage", "Where the data come from, row by row and file by file.",
                   (*parts, Part("Files", tuple(blocks))))
