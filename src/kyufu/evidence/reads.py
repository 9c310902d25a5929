"""The public reads of evidence: each notes whose data it gave and which (DESIGN, promise 8)."""

from __future__ import annotations

from kyufu.audit.api import notes_asked, notes_found, the_same
from kyufu.evidence import compared, entries, queries

INCOME = "所得・控除・扶養・税額"
INSURANCE = "医療保険の資格"
INSURANCE_DETAILS = "医療保険の資格（記号・番号を含む）"
ASSISTANCE = "生活保護・支援給付"
SCHEMES = "他制度の資格"
HELD = "所得・医療保険・生活保護・他制度"
COMPARED = "医療保険の資格の変更の有無"
IN_LEDGER = "課税台帳の有無"
INQUIRY = "所得照会の要否"
DOUBTFUL = "保険者番号の確認が必要な資格"

income_of = notes_asked(queries.income_of, what=INCOME, whose=the_same)
income_entries = notes_asked(entries.income_entries, what=INCOME, whose=the_same)
insurance_entries = notes_asked(entries.insurance_entries, what=INSURANCE_DETAILS, whose=the_same)
insurance_compared = notes_asked(
    compared.insurance_compared, what=COMPARED, whose=lambda moments: [one.addressee_id for one in moments]
)
insurance_of = notes_asked(queries.insurance_of, what=INSURANCE, whose=the_same)
insurance_details_of = notes_asked(queries.insurance_details_of, what=INSURANCE_DETAILS, whose=the_same)
public_assistance_of = notes_asked(queries.public_assistance_of, what=ASSISTANCE, whose=the_same)
other_schemes_of = notes_asked(queries.other_schemes_of, what=SCHEMES, whose=the_same)
evidence_held = notes_asked(queries.evidence_held, what=HELD, whose=the_same)
addressees_without_income = notes_asked(queries.addressees_without_income, what=IN_LEDGER, whose=the_same)
inquiries_needed = notes_asked(queries.inquiries_needed, what=INQUIRY, whose=the_same)
doubtful_insurers = notes_found(
    queries.doubtful_insurers, what=DOUBTFUL, whose=lambda rows: [row.addressee_id for row in rows]
)
