"""What a Django constraint cannot say: steps apply themselves, history stands, an entitlement is only ever closed."""

from django.db import migrations

from kyufu.cases.machines import APPLICATIONS, CERTIFICATES
from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements

APPEND_ONLY = (
    "cases_application_transition",
    "cases_certificate_transition",
    "cases_decision",
    "cases_decision_content",
    "cases_decision_subject",
    "cases_approval",
    "cases_entitlement_change",
    "cases_recipient",
    "cases_identity_check",
)

NUMBERS = """
CREATE SEQUENCE cases_application_number MAXVALUE 9999999;
CREATE SEQUENCE cases_recipient_number MAXVALUE 999999;
CREATE SEQUENCE cases_certificate_number;
"""

# No decision without a completed identity check: the decision's application must have one.
IDENTITY_FIRST = """
ALTER TABLE cases_decision ADD CONSTRAINT cases_decision_identity
  FOREIGN KEY (application_id) REFERENCES cases_identity_check (application_id);
"""

# The approver must differ from the judge: the copy of the judge on the approval cannot be another than the decision's.
SAME_JUDGE = """
ALTER TABLE cases_approval ADD CONSTRAINT cases_approval_judge
  FOREIGN KEY (decision_id, judged_by_id) REFERENCES cases_decision (id, judged_by_id);
"""

CLOSE_ONLY = """
CREATE FUNCTION cases_entitlement_close_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.superseded_at IS NOT NULL OR NEW.superseded_at IS NULL
     OR (NEW.id, NEW.child_id, NEW.valid, NEW.benefit_class, NEW.decision_id, NEW.recorded_at)
        IS DISTINCT FROM (OLD.id, OLD.child_id, OLD.valid, OLD.benefit_class, OLD.decision_id, OLD.recorded_at) THEN
    RAISE EXCEPTION 'cases_entitlement: a row is only ever closed, once' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cases_entitlement_close_only BEFORE UPDATE OR DELETE ON cases_entitlement
  FOR EACH ROW EXECUTE FUNCTION cases_entitlement_close_only();
"""

# What a certificate says is printed on paper: only its state moves.
CARD_STANDS = """
CREATE FUNCTION cases_certificate_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'state' IS DISTINCT FROM to_jsonb(OLD) - 'state' THEN
    RAISE EXCEPTION 'cases_certificate: an issued certificate is never rewritten' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cases_certificate_stands BEFORE UPDATE OR DELETE ON cases_certificate
  FOR EACH ROW EXECUTE FUNCTION cases_certificate_stands();
"""

UNDO = """
DROP FUNCTION IF EXISTS cases_certificate_stands() CASCADE;
DROP FUNCTION IF EXISTS cases_entitlement_close_only() CASCADE;
DROP FUNCTION IF EXISTS cases_append_only() CASCADE;
ALTER TABLE cases_approval DROP CONSTRAINT cases_approval_judge;
ALTER TABLE cases_decision DROP CONSTRAINT cases_decision_identity;
DROP SEQUENCE cases_application_number, cases_recipient_number, cases_certificate_number;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("platform", "0001_initial")]

    operations = [
        migrations.RunSQL(
            NUMBERS
            + SAME_JUDGE
            + IDENTITY_FIRST
            + append_only_statements(APPEND_ONLY, function="cases_append_only")
            + CLOSE_ONLY
            + CARD_STANDS,
            UNDO,
        ),
        migrations.RunSQL(guard_statements(APPLICATIONS), unguard_statements(APPLICATIONS)),
        migrations.RunSQL(guard_statements(CERTIFICATES), unguard_statements(CERTIFICATES)),
    ]
