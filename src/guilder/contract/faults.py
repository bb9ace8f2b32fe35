"""Every stop by its id: what it is about, what is known when it comes, and what to do. Rules of tables are in check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One reason to stop or to warn, as the page of all faults tells it."""

    what: str
    known: str
    todo: str


FAULTS: Mapping[str, Fault] = {
    "G-BANK-001": Fault(
        "Something in bank.toml is wrong.", "The section, the key, and where one is near, the word that was meant.",
        "Correct the line that the message shows.",
    ),
    "G-BANK-002": Fault(
        "There is no bank.toml.", "Where it was looked for.", "Make one: guilder init FOLDER FILES.",
    ),
    "G-BANK-003": Fault("bank.toml is not TOML, or not UTF-8.", "The line and the column.", "Mend that line."),
    "G-BANK-004": Fault("bank.toml names no tables.", "The five that there are.", "Add [tables.NAME] with a path."),
    "G-BANK-005": Fault(
        "A path needs an environment variable that is not set.", "Its name and the path.",
        "Set it: export NAME=/folder.",
    ),
    "G-BANK-006": Fault(
        "bank.toml names a table, or a kind of interaction, that is not in the contract.", "The nearest name.",
        "Correct the name; a raw input for sql is written as [staged.NAME].",
    ),
    "G-BANK-007": Fault(
        "columns, codes, attributes, available or date_format of a table name what is no column of it.",
        "The nearest column.", "Put our name on the left and the bank's on the right.",
    ),
    "G-BANK-008": Fault(
        "A key is not known.", "The nearest key and all that are known there.",
        "Correct the key, or take the line out.",
    ),
    "G-BANK-009": Fault(
        "A value is of the wrong type or out of its range.", "What was written and what it should be.",
        "Write it as in the example that the message ends with.",
    ),
    "G-COLS-001": Fault(
        "A column that is mapped is not in the file.", "The columns of the file and the nearest of them.",
        "Correct columns = { ours = \"theirs\" }.",
    ),
    "G-COLS-002": Fault(
        "A declared attribute is not in the file.", "The columns of the file and the nearest of them.",
        "Correct attributes, or say under columns what it is called.",
    ),
    "G-COLS-003": Fault(
        "Where a table comes from is not said once and wholly.", "Which of path, table, sql, url were given.",
        "Give exactly one of path, sql, or url with table; header = false needs names.",
    ),
    "G-DATA-001": Fault(
        "A table cannot be used.", "Which, and the rows concerned.", "Follow the last line of the message.",
    ),
    "G-ENGINE-001": Fault("The engine cannot take a bank in.", "The engines that can.", 'Write url = "duckdb://".'),
    "G-ENGINE-002": Fault(
        "The engine does not open with these settings.", "Its file or folder.", "Correct [engine] in bank.toml.",
    ),
    "G-ENGINE-003": Fault(
        "The engine has no room left, in memory or where it spills.", "The limits that hold.",
        "Raise memory_limit or temp_limit under [engine], or name a temp_directory with more room.",
    ),
    "G-ENGINE-004": Fault(
        "The engine stopped on something else.", "The kind of error, without values.", "Bring the tables one by one.",
    ),
    "G-FILE-001": Fault(
        "There is no such file.", "Where it was looked for, what lies there, and the nearest name.",
        "Correct the path; it is relative to bank.toml.",
    ),
    "G-FILE-002": Fault(
        "An input is a pipe, a socket, a device or a folder.", "Its name.", "Name a file that stays as it is.",
    ),
    "G-FILE-003": Fault("A path names both Parquet and text files.", "The path.", "Name one kind with a glob."),
    "G-FILE-004": Fault("A file has 0 bytes.", "Its name.", "Export it again, or take the table out."),
    "G-FILE-005": Fault(
        "A file is packed or in a format that is not read (gzip, zip, Excel, JSON), whatever its name ends with.",
        "The format, from its first bytes.", "Unpack it, or export CSV or Parquet. Packed files are never unpacked.",
    ),
    "G-FILE-006": Fault(
        "A file changed while it was read.", "Its name.", "Wait until it is complete, then run again.",
    ),
    "G-FILE-007": Fault(
        "Two files are the same, or one repeats most of another.", "Both names and the share of rows.",
        "Take one away: every row would count twice.",
    ),
    "G-FILE-008": Fault(
        "The files of a folder do not have the same columns.", "The columns that differ.", "Export them alike.",
    ),
    "G-FILE-009": Fault(
        "The delimiter is not the file's: its header would be one column.", "The sign the header holds.",
        "Write delimiter = \";\" as the message says.",
    ),
    "G-FILE-010": Fault(
        "A quote is opened and never closed, or lines would be lost.", "The line.", "Close it, or double it.",
    ),
    "G-FILE-011": Fault("A file cannot be read as text.", "What the reader says.", "Check delimiter and quotes."),
    "G-FILE-012": Fault("An encoding has no such name.", "What was written.", "Write for example cp1250."),
    "G-FILE-013": Fault(
        "A file is not in the encoding declared, or is in two.", "The first lines concerned and what fits better.",
        "Declare the right encoding, or bring a file in one.",
    ),
    "G-FILE-014": Fault(
        "A file or a frame repeats a column, upper and lower case alike, or has one without a name, or rowid.",
        "The names.", "Give every column a name of its own.",
    ),
    "G-FILE-015": Fault(
        "A Parquet file is none, is damaged, is cut short or contradicts itself.", "What is wrong with it.",
        "Export it again.",
    ),
    "G-FILE-016": Fault(
        "A column is nested (a list, a struct or a map).", "Its type.", "Flatten it, or derive the value with sql.",
    ),
    "G-FILE-017": Fault(
        "A DuckDB file does not open, or has no such table.", "The tables it has.", "Correct url and table.",
    ),
    "G-FILE-018": Fault(
        "An input is a link to somewhere else.", "Its name.",
        "Name the file itself, or write follow_links = true under the table.",
    ),
    "G-FILE-019": Fault(
        "An input is larger than is taken in unasked: columns, cells, one value, or what it unpacks to.",
        "Rows, columns, bytes and the limit.", "Raise the limit under [limits] if the file is meant, or bring less.",
    ),
    "G-FRAME-001": Fault(
        "What was passed as a table is none, or has no place in the contract.", "What it is.",
        "Bring pandas, Polars or Arrow under the name of a table.",
    ),
    "G-LEAK-001": Fault(
        "Dated loans are joined to an input without a date.", "The input.",
        "Declare when, or undated_ok with a reason.",
    ),
    "G-LEAK-002": Fault(
        "The sql of dated loans never looks at the date of an input.", "The input and its date.",
        "Cut by it in the sql.",
    ),
    "G-LEAK-003": Fault(
        "Nothing says when an attribute became known, and the loans are dated.", "The attributes.",
        "Declare available, or undated_ok with a reason.",
    ),
    "G-LEAK-004": Fault(
        "An attribute becomes known after the decision.", "The attribute and its date.", "Take it out of attributes.",
    ),
    "G-LEAK-005": Fault("available names what is no date.", "The dates of the table.", "Name one of them."),
    "G-SEG-001": Fault(
        "The bank names what is no segment: neither an id, nor an automatic name, nor a rule (a warning).",
        "The segments that there are.", "Correct the key under [segments] names.",
    ),
    "G-SEG-002": Fault(
        "The facts of customers do not say whose they are.", "How many columns there are.",
        "Keep customer_id beside the facts.",
    ),
    "G-SQL-001": Fault(
        "The sql of a table is not one SELECT.", "What it is.", "Write one SELECT over the [staged] inputs.",
    ),
    "G-SQL-002": Fault(
        "The sql of a table fails.", "What the engine says, without values, and the staged inputs with their columns.",
        "Correct the sql.",
    ),
    "G-MODEL-001": Fault(
        "A model cannot be trained, or must not be used.", "The counts concerned.", "Follow the message's last line.",
    ),
    "G-MODEL-002": Fault(
        "There are too few bads, or goods, to train, choose and test.", "How many are needed, and how many there are.",
        "Bring more outcomes.",
    ),
    "G-MODEL-003": Fault(
        "There are more than two outcomes.", "How many.", "Say under codes which of them is a default.",
    ),
    "G-MODEL-004": Fault(
        "No fact says anything: all are empty, constant or names.", "How many there are.", "Declare attributes.",
    ),
    "G-MODEL-005": Fault(
        "Facts know the outcome.", "Each with its evidence.", "Leave them out, or accept them under [risk.accept].",
    ),
    "G-MODEL-006": Fault(
        "No loan has a known outcome.", "The statuses of all.", "Check the codes of defaulted, or the horizon.",
    ),
    "G-MODEL-007": Fault(
        "It cannot be told when a loan without a default is a good one.", "The columns of loans.",
        "Write horizon_months.",
    ),
    "G-MODEL-008": Fault(
        "A risk model was not promoted: it finds nothing, is worse than the published run or than a scorecard of one "
        "fact, or is too good to be true.", "The figures with their intervals, and the run that stays published.",
        "Look at the run that was kept beside it; promote it by accepting this id under [limits] with a reason.",
    ),
    "G-MODEL-009": Fault("Facts are named twice, or are infinite.", "Their names.", "Mend what made them."),
    "G-MODEL-010": Fault(
        "More segments are asked for than customers differ.", "Both numbers.", "Lower segments.k, or leave it out.",
    ),
    "G-OFFER-001": Fault(
        "The policy on offers names what is no product of the bank.", "The nearest product.",
        "Write the product_id after [offers.products.",
    ),
    "G-OFFER-002": Fault(
        "An expected loss is half said: lgd without ead, or ead without lgd.", "Which is there.",
        "Write the other under the product, or take it out.",
    ),
    "G-OFFER-003": Fault(
        "A product has lgd and ead and no margin.", "That a loss alone says nothing.", "Write margin = 400.",
    ),
    "G-OFFER-004": Fault(
        "A campaign is asked for a product that is not there.", "The nearest product.", "Name it by id or by name.",
    ),
    "G-OFFER-005": Fault(
        "A campaign has a budget and the cost of a contact is not known.", "The product.",
        "Give --cost, or write contact_cost under [offers].",
    ),
    "G-OFFER-006": Fault(
        "The policy on offers needs a column of customers that is not there (a warning).", "What is withheld for it.",
        "Bring the column, or take it out of needs.",
    ),
    "G-OFFER-007": Fault(
        "Contacts are capped and there is no log of them, so nothing is offered (a warning).", "The key.",
        "Bring the campaigns table, or take max_contacts out.",
    ),
    "G-OFFER-008": Fault(
        "Products are sold in some regions and customers have none, so they are withheld (a warning).", "The column.",
        "Bring customers.region, or take regions out.",
    ),
    "G-OFFER-009": Fault(
        "There is no products table, so rules that look at products cannot be applied (a warning).",
        "Whether nothing is offered, or all without those rules.", "Bring the products table.",
    ),
    "G-OFFER-010": Fault(
        "A volume is a campaign's limit, and offers made by scoring do not keep to it (a warning).", "The products.",
        "Make the list of a campaign with guilder offers.",
    ),
    "G-RUN-001": Fault("There is no such run.", "The runs that there are.", "Train first, or name another."),
    "G-RUN-002": Fault(
        "A stored file is not what its manifest says.", "Which file.",
        "Train again, or bring the run back from a copy.",
    ),
    "G-RUN-003": Fault("Another run is at work here.", "Which.", "Wait for it, then run again."),
    "G-SCORE-001": Fault(
        "Categories that training did not have: over 5 % of the rows warn, over 20 % stop.",
        "The fact and how many rows, beyond those that were rare in training.",
        "Say under codes which old category they are, train again, or accept it under limits.",
    ),
    "G-SCORE-002": Fault(
        "A fact is not what it was: a population stability index over .25 warns, over 2 stops (another unit or sign).",
        "The index, what chance stays under, and the means.", "Bring it to its unit, train again, or accept it.",
    ),
    "G-SCORE-003": Fault(
        "The scores are not what they were: an index over .25 warns; over 1, or a mean three times off, stops.",
        "Both means, the index, and what chance stays under.", "Look at the facts named beside it, or train again.",
    ),
    "G-SCORE-004": Fault(
        "A score is not a number, or outside 0 to 1.", "How many.", "Train again; if it stays, report it.",
    ),
    "G-SCORE-005": Fault(
        "The past has changed since training: rows came late, or were taken out.", "The table and how many rows.",
        "Bring loaded_at, so that late rows are known as late, or train again.",
    ),
    "G-SCORE-006": Fault(
        "The run was trained on another currency.", "Both.", "Score with the run of this bank.",
    ),
    "G-SCORE-007": Fault("The run was trained on another bank.", "Both names.", "See that it is meant for this one."),
    "G-SCORE-008": Fault(
        "A fact is missing, or was a number and is text now.", "The facts and how many training had.",
        "Build the facts with the same bank file and version, or train again.",
    ),
    "G-SCORE-009": Fault(
        "Facts came without names, and the model was trained by name.", "The names it knows.", "Pass a DataFrame.",
    ),
    "G-SERVE-001": Fault(
        "A request is no HTTP, or its body no JSON by the letter.", "What of it, without what was sent.",
        "Send JSON in UTF-8: each name once, no NaN, nested 20 levels deep at the most.",
    ),
    "G-SERVE-002": Fault(
        "A request has no token that is valid.", "Nothing: missing, unknown, revoked and ended ones are told alike.",
        "Make one: guilder tokens add NAME BANK.",
    ),
    "G-SERVE-003": Fault("A token has not the right that this takes.", "The right.", "Ask for a token that has it."),
    "G-SERVE-004": Fault(
        "There is no such path, method, customer or model.", "Nothing: a customer of another branch is told alike.",
        "See docs/serve.md for what can be asked.",
    ),
    "G-SERVE-005": Fault("A body is too large.", "How large it may be.", "Send fewer applications at once."),
    "G-SERVE-006": Fault("A body is of another kind.", "The kind it must be.", "Send application/json."),
    "G-SERVE-007": Fault(
        "Applications are not what the model learned from.", "Which of them, and which fact; never its value.",
        "Send every fact by its name; null where it is not known.",
    ),
    "G-SERVE-008": Fault("A request did not come whole in time.", "The seconds it had.", "Send it again."),
    "G-SERVE-009": Fault("There are too many requests at once.", "After how long to come again.", "Come again."),
    "G-SERVE-010": Fault(
        "The service cannot answer now.", "Whether it is the run, the tokens, the log, or the time that scoring took.",
        "See to it: guilder runs show current BANK, guilder audit verify BANK, guilder tokens list BANK.",
    ),
    "G-SERVE-011": Fault(
        "The service met an error that it does not know.", "A number; standard error has its kind and place.",
        "Report it.",
    ),
    "G-SERVE-012": Fault(
        "There are no tokens, or others can read them.", "The file, and its mode.",
        "Make one, guilder tokens add NAME BANK, or take the rights of others away: chmod 600.",
    ),
    "G-SERVE-013": Fault(
        "A token cannot be made or revoked so.", "Names that are taken, or regions that there are.",
        "Follow the last line of the message.",
    ),
    "G-SERVE-014": Fault("A port cannot be listened on.", "Which.", "Name another: --host, --port."),
    "G-SERVE-015": Fault("The service is not installed.", "What is missing.", 'Run pip install "guilder[serve]".'),
    "G-TIME-001": Fault(
        "The as-of date lies ahead of the clock.", "Both, and whether the date was declared or follows from an event.",
        "Mend the date that is wrong, declare as_of, or set the machine's clock.",
    ),
    "G-STOP-001": Fault(
        "Guilder stopped on an error it does not know.", "The kind of error.", "Run again with GUILDER_DEBUG=1.",
    ),
    "G-STOP-002": Fault(
        "Rows in are not accepted plus quarantined.", "The three counts.", "Please report it: this cannot be.",
    ),
    "G-USE-001": Fault(
        "A command or an argument is wrong.", "What there is.", "See guilder COMMAND --help.",
    ),
}
"""What every id outside the rules of tables stands for."""
