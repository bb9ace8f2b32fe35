"""What other banks call our columns and tables, for the first guess of a mapping."""

from __future__ import annotations

from collections.abc import Mapping

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "customer_id": ("client_id", "client", "customer", "cust_id", "cust", "custid", "clientid", "kunde", "kundennummer",
                    "party_id", "member_id", "person_id"),
    "transaction_id": ("trans_id", "txn_id", "tx_id", "transaction", "booking_id", "id"),
    "loan_id": ("loan", "credit_id", "contract_id", "application_id", "id"),
    "product_id": ("product", "prod_id", "item_id", "sku"),
    "at": ("date", "booked", "booked_at", "booked_on", "booking_date", "ts", "timestamp", "time", "datetime", "when",
           "transaction_date", "trans_date", "created_at", "event_time"),
    "amount": ("amt", "value", "betrag", "sum", "loan_amount", "credit_amount", "limit_bal", "principal", "loan"),
    "direction": ("sign", "type", "credit_debit", "dc", "side"),
    "category": ("mcc", "purpose", "k_symbol", "merchant_category"),
    "channel": ("operation", "medium"),
    "balance_after": ("balance", "saldo", "running_balance"),
    "defaulted": ("default", "bad", "target", "status", "label", "outcome", "is_default", "default_payment_next_month",
                  "loan_status", "class", "y"),
    "defaulted_on": ("default_date", "default_on"),
    "applied_on": ("application_date", "date", "granted_on", "loan_date", "issue_date", "start_date", "opened_on",
                   "issue_d"),
    "closed_on": ("end_date", "close_date", "closed"),
    "term_months": ("term", "duration", "months", "maturity"),
    "annual_rate": ("rate", "interest", "interest_rate", "int_rate"),
    "instalment": ("payments", "payment", "installment", "monthly_payment", "rate_amount"),
    "purpose": ("reason", "use"),
    "birth_date": ("birthday", "dob", "date_of_birth", "born"),
    "gender": ("sex",),
    "marital_status": ("marriage", "marital", "family_status"),
    "region": ("district", "state", "county", "area", "city"),
    "occupation": ("job", "profession"),
    "annual_income": ("income", "salary", "yearly_income"),
    "joined_on": ("join_date", "since", "member_since", "opened"),
    "consent_marketing": ("consent", "marketing", "optin", "opt_in"),
    "name": ("full_name", "customer_name", "product_name", "title"),
    "phone": ("telephone", "mobile"),
    "kind": ("event", "action", "event_type", "interaction", "type"),
    "weight": ("strength", "rating"),
    "family": ("category", "group", "product_type"),
}
TABLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "customers": ("customer", "client", "person", "people", "kunde", "member"),
    "transactions": ("transaction", "trans", "txn", "booking", "movement", "payment"),
    "loans": ("loan", "credit", "application", "contract", "hmeq"),
    "products": ("product", "catalogue", "catalog", "item"),
    "interactions": ("interaction", "event", "click", "holding", "contact"),
}
