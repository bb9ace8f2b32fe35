"""What a bank may write is documented, key by key and column by column."""

from __future__ import annotations

from pathlib import Path

import pytest

from guilder.contract import bank_file
from guilder.contract.tables import TABLES
from guilder.errors import BankFileError

DOCS = Path(__file__).resolve().parents[2] / "docs"
PARTS = {
    "## [tables.NAME]": bank_file.TableFile,
    "## [staged.NAME]": bank_file.StagedFile,
    "## [engine]": bank_file.EngineFile,
    "## [limits]": bank_file.LimitsFile,
    "## [risk]": bank_file.RiskFile,
    "## [segments]": bank_file.SegmentsFile,
    "## [offers]": bank_file.OffersFile,
    "## [audit]": bank_file.AuditFile,
    "## [privacy]": bank_file.PrivacyFile,
    "## [offers.products.NAME]": bank_file.OfferedProduct,
}


@pytest.mark.parametrize("head", PARTS)
def test_every_key_is_documented_in_its_part(head: str) -> None:
    text = (DOCS / "bank_file.md").read_text().split(f"{head}\n")[1].split("\n## ")[0]
    missing = [key for key in PARTS[head].model_fields if f"`{key}`" not in text]
    assert missing == []


def test_every_column_of_the_contract_is_documented() -> None:
    text = (DOCS / "tables.md").read_text()
    for table in TABLES.values():
        part = text.split(f"## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns.values():
            assert f"| `{column.name}` | {column.kind} |" in part
            assert column.meaning in part


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[offers]\nkind_weights = { hodl = 5.0 }", "Did you mean 'hold'"),
        ("[offers]\nkind_weights = { view = -3.0 }", "zero or more"),
        ("[risk]\ntest_share = 0.9\nvalid_share = 0.9", "less than 0.9"),
        ("[risk]\ncut_off = 0.1\ntarget_approval = 0.7", "2 rules for one cut-off: cut_off and target_approval"),
        ("[risk]\nlgd = 0.6\nmargin = 0.1\ntarget_bad_rate = 0.05", r"target_bad_rate and margin \(with lgd\)"),
        ("[risk]\nlgd = 0.6", "has lgd and no margin"),
        ("[risk]\nbands = [0.1, 0.05]", "rise from above 0 to below 1"),
        ('[risk.accept]\nscore = "  "', "(?s)risk.accept.score is .* of 10 characters or more.*accept = {"),
        ("[risk]\npoints_at_odds = [600]", "(?s)a list of 2 or more.*points_at_odds = "),
        ("[risk]\npoints_at_odds = [600, 0]", "above 0"),
        ("[risk]\npoints_to_double = 0", "above 0"),
        ("[offers.products.card]\nlgd = 0.5\nmargin = 9", r"(?s)offers.products.card\]: It has lgd and no ead.*5000"),
        ("[offers.products.card]\nlgd = 0.5\nead = 10", "a loss alone says nothing"),
        ("[offers.products.card]\nmargn = 9", "(?s)unknown key 'margn'.*Did you mean 'margin'"),
        ('[offers]\nneeds = ["age"]', "(?s)offers.needs.*consent_marketing"),
        ("[offers]\ncontrol = 1", "below 1"),
    ],
)
def test_values_that_make_no_sense_are_refused(text: str, says: str) -> None:
    with pytest.raises(BankFileError, match=says):
        bank_file.parse_bank_file(text)
