"""What other banks call our columns and tables, for the first guess of a mapping."""

from __future__ import annotations

from collections.abc import Mapping

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "customer_id": ("client_id", "client", "customer", "cust_id", "cust", "custid", "clientid", "kunde",
                    "kundennummer", "kundennr", "kunden_id",
                    "clientnum", "client_no", "client_number", "custno", "cust_no", "cust_num", "customer_no",
                    "customer_number", "party_id", "member_id", "person_id"),
    "transaction_id": ("trans_id", "txn_id", "tx_id", "transaction", "booking_id", "id"),
    "loan_id": ("loan", "credit_id", "kreditnr", "kreditnummer", "kredit_id", "vertragsnummer",
                "contract_id", "application_id", "id"),
    "product_id": ("product", "prod_id", "item_id", "sku"),
    "at": ("date", "datum", "buchungsdatum", "buchungstag",
           "booked", "booked_at", "booked_on", "booking_date", "ts", "timestamp", "time", "datetime", "when",
           "transaction_date", "trans_date", "created_at", "event_time", "invoicedate", "invoice_date",
           "order_date", "purchase_date"),
    "amount": ("amt", "loan_amount", "loan_amnt", "credit_amount", "kreditbetrag", "loan", "betrag", "limit_bal",
               "principal", "sum", "value", "dollar_value", "transaction_amount", "total", "total_amount",
               "total_price", "revenue", "sales", "spend"),
    "direction": ("sign", "type", "credit_debit", "dc", "side"),
    "category": ("mcc", "purpose", "k_symbol", "merchant_category"),
    "channel": ("operation", "medium"),
    "balance_after": ("balance", "saldo", "running_balance"),
    "defaulted": ("default", "ausfall", "ausgefallen",
                  "bad", "target", "status", "label", "outcome", "is_default", "default_payment_next_month",
                  "loan_status", "class", "y"),
    "defaulted_on": ("default_date", "default_on"),
    "applied_on": ("application_date", "antragsdatum",
                   "date", "granted_on", "loan_date", "issue_date", "start_date", "opened_on",
                   "issue_d"),
    "closed_on": ("end_date", "close_date", "closed"),
    "term_months": ("term", "laufzeit", "duration", "months", "maturity"),
    "annual_rate": ("rate", "interest", "interest_rate", "int_rate"),
    "instalment": ("payments", "payment", "installment", "monthly_payment", "rate_amount"),
    "purpose": ("reason", "use"),
    "birth_date": ("birthday", "geburtsdatum", "dob", "date_of_birth", "born"),
    "gender": ("sex",),
    "marital_status": ("marriage", "marital", "family_status"),
    "region": ("district", "state", "county", "area", "city"),
    "occupation": ("job", "profession"),
    "annual_income": ("income", "salary", "yearly_income"),
    "joined_on": ("join_date", "since", "member_since", "opened"),
    "consent_marketing": ("consent", "marketing", "optin", "opt_in"),
    "deceased_on": ("date_of_death", "death_date", "died_on"),
    "in_arrears": ("arrears", "past_due", "delinquent"),
    "taken": ("accepted", "converted"),
    "refused": ("declined", "rejected"),
    "campaign": ("campaign_id", "campaign_name"),
    "name": ("full_name", "customer_name", "product_name", "title"),
    "phone": ("telephone", "mobile"),
    "kind": ("event", "action", "event_type", "interaction", "type"),
    "weight": ("strength", "rating"),
    "family": ("category", "group", "product_type"),
}
TABLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "customers": ("customer", "client", "person", "people", "kunde", "member"),
    "transactions": ("transaction", "trans", "txn", "booking", "movement", "payment", "buchung",
                     "umsatz", "umsaetze"),
    "loans": ("loan", "credit", "kredit", "application", "contract", "hmeq"),
    "products": ("product", "produkt", "catalogue", "catalog", "item"),
    "interactions": ("interaction", "event", "click", "holding", "contact"),
    "campaigns": ("campaign", "offer", "kampagne"),
}
QUANTITY = ("quantity", "qty", "units", "pieces")
UNIT_PRICE = ("unitprice", "unit_price", "price", "price_per_unit")
"""An invoice holds the amount as a product of two columns."""
