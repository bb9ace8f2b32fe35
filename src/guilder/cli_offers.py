"""The command that lists the next best offers of a campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from guilder import terminal

app = typer.Typer()

SHOWN = 10
"""Rows of the list that are shown; a file holds all."""


@app.command(
    short_help="list who to contact about a product",
    epilog="Example: guilder offers mybank --product gold-card --top 5000 --budget 20000 --out campaign.csv",
)
def offers(
    bank: Annotated[Path, typer.Argument(metavar="BANK", help="A bank.toml, or the folder that holds one.")] = Path(),
    product: Annotated[
        str | None, typer.Option(help="Id or name of the product; without it each customer's best of all.")
    ] = None,
    top: Annotated[int | None, typer.Option(min=1, help="Contact so many customers at most.")] = None,
    budget: Annotated[
        float | None, typer.Option(min=0, help="What all contacts may cost, in the bank's currency.")
    ] = None,
    cost: Annotated[
        float | None, typer.Option(min=0, help="What one contact costs; the bank file's contact_cost when not given.")
    ] = None,
    control: Annotated[
        float, typer.Option(min=0, max=0.99, help="Share of customers to hold out, drawn by a keyed hash.")
    ] = 0.0,
    campaign: Annotated[str, typer.Option(help="Name of the campaign: another one holds out others.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="The file: .csv, .xlsx or .parquet; its cells never become formulas.")
    ] = None,
    run: Annotated[
        Path | None, typer.Option("--run", help="A run's folder; the published run of the bank when not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for a machine to read.")] = False,
) -> None:
    """List who to contact about a product, the highest expected value first, within policy, volume and budget."""
    from guilder.workflow.campaign import Wish, offers_list

    with terminal.progress() as progress:
        made = offers_list(
            bank, Wish(product, top, budget, cost, control, campaign), out=out, run=run, progress=progress
        )
    if as_json:
        terminal.say_json(made.to_dict())
        return
    _show(made)


def _show(made: Any) -> None:
    shown = [
        [str(row.rank), row.customer_id, row.product, row.group, _percent(row.chance), _money(row.value)]
        for row in made.rows.head(SHOWN).itertuples()
    ]
    terminal.say_table(
        f"Offers of run {made.run}, by {made.ranked_by}",
        ["rank", "customer", "product", "group", "chance", "value"], shown,
    )
    brings = "" if made.expected_taken is None else f"; {made.expected_taken:,.1f} are expected to take it"
    brings += f" within {made.days} days" if made.days is not None else ""
    brings += "" if made.expected_value is None else f", worth {made.expected_value:,.0f} after losses and contacts"
    terminal.say(
        f"{made.contacts:,} contacts for {made.cost:,.2f}, {made.control:,} held out as control{brings}"
    )
    if made.withheld:
        said = ", ".join(f"{rule} {pairs:,}" for rule, pairs in made.withheld.items())
        terminal.say(f"left out by the policy (customers × products): {said}")
    if made.not_worth_it:
        terminal.say(f"left out because they are not expected to pay for the contact: {made.not_worth_it:,}")
    if made.path:
        terminal.say(f"wrote {made.path}")


def _percent(share: float) -> str:
    return "–" if share != share else f"{share:.2%}"


def _money(amount: float) -> str:
    return "–" if amount != amount else f"{amount:,.2f}"
