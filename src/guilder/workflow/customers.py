"""One customer, all three rooms: PD with reasons, segment, offers with reasons, and what was withheld and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guilder.errors import UsageError
from guilder.features.catalogue import describe
from guilder.workflow.customer_record import about, offered_before

if TYPE_CHECKING:
    import pandas as pd

    from guilder.workflow.score import Scores


@dataclass(frozen=True)
class LoanView:
    """One loan applied for: its PD, what follows from it, and why."""

    loan_id: str
    p_default: float
    band: str
    decision: str
    reasons: tuple[str, ...]
    p_low: float
    p_high: float
    counterfactual: str = ""
    """What would have to change for the loan to pass."""


@dataclass(frozen=True)
class Customer:
    """What the three rooms say of one customer.

    Parameters
    ----------
    customer_id : str
        Who.
    segment : str
        Name of the segment; empty where the run has none.
    loans : tuple of LoanView
        Loans applied for whose outcome is not known yet.
    p_default : dict of str to float
        PD were the usual loan of each credit product granted today, by product name.
    usual : dict of str to str
        The terms of those loans, the same for every customer.
    reasons : tuple of str
        What raises that PD most, in plain words.
    offers : tuple of dict
        ``product``, ``score``, ``reason``; best first.
    withheld : tuple of dict
        ``product`` and ``reason``; ``instead`` where credit is withheld for its risk: the best product that is none.
    silent : bool
        There is no PD, for want of bookings in the last year.
    why_segment : tuple of str
        The nearest and the next segment and the facts that decided, or the rule.
    holds : tuple of str
        Products held.
    about : dict of str to str
        What the table of customers says, by the meaning of the column; name and addresses are left out.
    offered_before : tuple of str
        Campaigns the customer was in and what came of them, the newest first.
    """

    customer_id: str
    segment: str = ""
    loans: tuple[LoanView, ...] = ()
    p_default: dict[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    offers: tuple[dict[str, Any], ...] = ()
    withheld: tuple[dict[str, str], ...] = ()
    usual: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    why_segment: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    about: dict[str, str] = field(default_factory=dict)
    offered_before: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)

    def lines(self) -> list[str]:
        """The same for a person to read."""
        said = [f"Customer {self.customer_id}" if self.customer_id else "A loan of no known customer"]
        said += [f"  {', '.join(f'{what}: {value}' for what, value in self.about.items())}"] if self.about else []
        said += [f"  holds: {', '.join(self.holds)}"] if self.holds else []
        said += [f"  segment: {self.segment}"] if self.segment else []
        said += [f"    {line}" for line in self.why_segment]
        for loan in self.loans:
            between = f"{loan.p_default:.1%} ({loan.p_low:.1%} to {loan.p_high:.1%})"
            said.append(f"  loan {loan.loan_id}: PD {between}, band {loan.band}, {loan.decision}")
            said += [f"    raised by {reason}" for reason in loan.reasons]
            said += [f"    {loan.counterfactual}"] if loan.counterfactual else []
        if self.p_default:
            said.append("  PD were a usual loan granted today:")
            said += [f"    {product} ({self.usual[product]}): {p:.1%}" for product, p in self.p_default.items()]
            said += [f"    raised by {reason}" for reason in self.reasons]
        elif self.silent:
            said.append("  PD: not known, for want of bookings in the last year")
        said.append("  offers:" if self.offers else "  offers: none")
        said += [f"    {offer['product']}: {offer['reason']}" for offer in self.offers]
        if self.withheld:
            said.append("  withheld:")
            said += [
                f"    {item['product']}: {item['reason']}{'; instead: ' + item['instead'] if 'instead' in item else ''}"
                for item in self.withheld
            ]
        said += ["  offered before:", *(f"    {line}" for line in self.offered_before)] if self.offered_before else []
        return said


def explain(
    bank: Any, customer_id: str, *, run: str | Path | None = None, progress: Callable[[str], None] | None = None
) -> Customer:
    """Show one customer as the published run sees them today.

    Parameters
    ----------
    bank : Bank or path
        The bank, its bank.toml, or its folder.
    customer_id : str
        Who.
    run : path, optional
        A run's folder; the bank's published run when not given.

    Raises
    ------
    UsageError
        When the bank has no such customer.
    RunNotFound
        When nothing is published.
    """
    from guilder.workflow.audit import audited
    from guilder.workflow.open import opened, quiet
    from guilder.workflow.score import scored

    tell = progress or quiet
    with opened(bank, tell) as source, audited(source, run, "explain", customer=customer_id) as (found, audit):
        scores = scored(source, found, [customer_id], tell)
        answer = view(scores, customer_id)
        if customer_id in scores.everyone:
            before = offered_before(source, customer_id, scores.product_names)
            answer = replace(answer, about=about(source, customer_id), offered_before=before)
        audit.write(*_events(scores, answer))
        return answer


def _events(scores: Scores, answer: Customer) -> list[dict[str, Any]]:
    """What the audit log says of an answer: that it was given, and each product that was withheld, by its rule."""
    from guilder.offers.eligibility import RULES

    about = {"run": scores.run_id, "customer": answer.customer_id}
    loans = {loan.loan_id: loan.decision for loan in answer.loans}
    events: list[dict[str, Any]] = [{"event": "explain", **about, "loans": loans, "offers": len(answer.offers)}]
    if scores.may is not None and answer.customer_id in scores.may.rule.index:
        rules = scores.may.rule.loc[answer.customer_id].to_dict()
        events += [
            {"event": "suppression", **about, "product": str(product), "rule": RULES[int(code)]}
            for product, code in rules.items() if code >= 0
        ]  # fmt: skip
    return events


def view(scores: Scores, customer_id: str) -> Customer:
    """Pick one customer, or one loan, out of what was scored."""
    if customer_id not in scores.everyone:
        loan = scores.loans[scores.loans["loan_id"] == customer_id]
        if len(loan):
            return Customer(str(loan["customer_id"].iloc[0] or ""), loans=(_loan(loan.iloc[0]),))
        raise UsageError(
            f"this bank has no customer and no loan {customer_id!r} at its date",
            known=f"it has {len(scores.everyone):,} customers{_example(scores)}",
            todo="ids are compared letter by letter, leading zeros included",
        )
    names = scores.product_names
    loans = scores.loans[scores.loans["customer_id"] == customer_id]
    placed = scores.customers[scores.customers["customer_id"] == customer_id]
    offered = scores.offers[scores.offers["customer_id"] == customer_id]
    p_default = scores.p_default.loc[customer_id].to_dict() if scores.p_default is not None else {}
    return Customer(
        customer_id,
        str(placed["segment_name"].iloc[0]) if "segment_name" in placed and len(placed) else "",
        tuple(_loan(row) for _, row in loans.iterrows()),
        {_named(names, product): float(p) for product, p in p_default.items() if p == p},
        _reasons(scores, customer_id),
        tuple(
            {"product": _named(names, row["product_id"]), "score": float(row["score"]), "reason": str(row["reason"])}
            for _, row in offered.iterrows()
        ),
        _withheld(scores, customer_id),
        usual={_named(names, product): _usual(scores, str(product)) for product in p_default},
        silent=bool(p_default) and all(p != p for p in p_default.values()),
        why_segment=_why_segment(scores, customer_id),
        holds=() if scores.may is None else tuple(_named(names, product) for product in scores.may.held(customer_id)),
    )


def _withheld(scores: Scores, customer_id: str) -> tuple[dict[str, str], ...]:
    if scores.may is None:
        return ()
    best = None if scores.alternatives is None else scores.alternatives.get(customer_id)
    risky, names = scores.may.risky().loc[customer_id], scores.product_names
    return tuple(
        {"product": _named(names, product), "reason": why}
        | ({"instead": _named(names, best)} if best is not None and risky[product] else {})
        for product, why in scores.may.withheld(customer_id)
    )


def _reasons(scores: Scores, customer_id: str) -> tuple[str, ...]:
    from guilder.workflow.reasons import plain_reasons

    if scores.asked is None or scores.p_default is None or scores.p_default.loc[customer_id].isna().all():
        return ()
    said = plain_reasons(scores.classifier, scores.asked.loc[[customer_id]], scores.settings)[0].tolist()
    return tuple(one for one in said if one is not None)


def _why_segment(scores: Scores, customer_id: str) -> tuple[str, ...]:
    from guilder.report.words import amount
    from guilder.segments.why import why

    if scores.segmenter is None or scores.facts is None or customer_id not in scores.facts.index:
        return ()
    one = scores.facts.loc[[customer_id]].rename_axis("customer_id").reset_index()
    return tuple(why(scores.segmenter, one)[0].lines(lambda name: describe(name).meaning, amount))


def _example(scores: Scores) -> str:
    first = sorted(scores.everyone)[:3]
    return f"; for example {', '.join(first)}" if first else "; ask for one of its loans"


def _usual(scores: Scores, product: str) -> str:
    """Say what the usual loan of a product is: a PD is of that loan, the same for every customer."""
    from guilder.report.words import amount

    if scores.usual is None or product not in scores.usual.index:
        return "usual terms"
    terms = scores.usual.loc[product]
    said = [
        text.format(amount(terms[name])) for name, text in
        (("amount", "{}"), ("term_months", "over {} months"), ("instalment", "at {} a month")) if name in terms
    ]  # fmt: skip
    return " ".join(said) or "usual terms"


def _named(names: dict[str, str], product: Any) -> str:
    return names.get(str(product), str(product))


def _loan(row: pd.Series[Any]) -> LoanView:
    reasons = tuple(str(row[name]) for name in row.index if name.startswith("reason_") and isinstance(row[name], str))
    return LoanView(
        str(row["loan_id"]), float(row["p_default"]), str(row["band"]), str(row["decision"]), reasons,
        float(row["p_low"]), float(row["p_high"]),
        row["counterfactual"] if isinstance(row["counterfactual"], str) else "",
    )  # fmt: skip
