"""What a Django constraint cannot say: steps apply themselves, terms end with the fiscal year, grants only shrink."""

from django.db import migrations

from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements
from kyufu.staff.functions import CLOSED_TO_CONTRACTORS
from kyufu.staff.states import ACCOUNTS, GRANTS, PROPOSALS

APPEND_ONLY = (
    "staff_account_transition",
    "staff_grant_transition",
    "staff_proposal_transition",
    "staff_password_history",
)
CLOSED = ", ".join(f"'{function}'" for function in sorted(map(str, CLOSED_TO_CONTRACTORS)))

# 東京都 L1914, L2070: an ID and a right hold for less than a year and end with the fiscal year.
FISCAL_YEAR = """
CREATE FUNCTION staff_fiscal_year_end(day date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT make_date(extract(year FROM day - interval '3 months')::int + 1, 3, 31)
$$;
ALTER TABLE staff_account ADD CONSTRAINT staff_account_fiscal_year
  CHECK (expires_on <= staff_fiscal_year_end(renewed_on));
ALTER TABLE staff_grant ADD CONSTRAINT staff_grant_fiscal_year
  CHECK (upper(valid) - 1 <= staff_fiscal_year_end(lower(valid)));
"""

# A person stays the person they are; an ended account stays ended by its machine.
ACCOUNT_KEEPS = """
CREATE FUNCTION staff_account_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.id, NEW.staff_no, NEW.personnel_no, NEW.kind, NEW.usable_from)
     IS DISTINCT FROM (OLD.id, OLD.staff_no, OLD.personnel_no, OLD.kind, OLD.usable_from) THEN
    RAISE EXCEPTION 'staff_account: an account stays the account of its person' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_account_keep BEFORE UPDATE OR DELETE ON staff_account
  FOR EACH ROW EXECUTE FUNCTION staff_account_keep();
"""

OFFICE_KEEPS = """
CREATE FUNCTION staff_office_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.id, NEW.code, NEW.kind, NEW.parent_id, NEW.ward_code)
     IS DISTINCT FROM (OLD.id, OLD.code, OLD.kind, OLD.parent_id, OLD.ward_code) OR NOT NEW.valid <@ OLD.valid THEN
    RAISE EXCEPTION 'staff_office: an office keeps its place and is only ever closed' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_office_keep BEFORE UPDATE OR DELETE ON staff_office
  FOR EACH ROW EXECUTE FUNCTION staff_office_keep();
"""

# What was asked for is what was confirmed: nothing of a grant changes but its end, its state and its second person.
GRANT_KEEPS = """
CREATE FUNCTION staff_grant_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.id, NEW.account_id, NEW.role_id, NEW.office_id, NEW.scheme, NEW.why, NEW.asked_by_id,
        NEW.asked_by_name, NEW.asked_by_office, NEW.asked_at)
     IS DISTINCT FROM (OLD.id, OLD.account_id, OLD.role_id, OLD.office_id, OLD.scheme, OLD.why, OLD.asked_by_id,
        OLD.asked_by_name, OLD.asked_by_office, OLD.asked_at)
     OR NOT NEW.valid <@ OLD.valid
     OR OLD.confirmed_by_id IS NOT NULL AND (NEW.confirmed_by_id, NEW.confirmed_at)
        IS DISTINCT FROM (OLD.confirmed_by_id, OLD.confirmed_at) THEN
    RAISE EXCEPTION 'staff_grant: a grant is only ever cut short' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_grant_keep BEFORE UPDATE OR DELETE ON staff_grant
  FOR EACH ROW EXECUTE FUNCTION staff_grant_keep();
"""

# A contractor's worker never holds a closed function: neither by a grant nor by a role that is widened later.
# Nobody is the second person for their own grant.
WHO_MAY_HOLD = f"""
CREATE FUNCTION staff_grant_holder() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE holder record;
BEGIN
  SELECT kind, staff_no INTO holder FROM staff_account WHERE id = NEW.account_id FOR SHARE;
  IF holder.kind = 'contractor' AND EXISTS (
       SELECT FROM staff_role_right WHERE role_id = NEW.role_id AND function IN ({CLOSED})) THEN
    RAISE EXCEPTION 'staff_grant: closed to contractors' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.confirmed_by_id = holder.staff_no THEN
    RAISE EXCEPTION 'staff_grant: confirmed by the one who gets it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_grant_holder BEFORE INSERT OR UPDATE ON staff_grant
  FOR EACH ROW EXECUTE FUNCTION staff_grant_holder();

CREATE FUNCTION staff_role_right_holder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.function IN ({CLOSED}) AND EXISTS (
       SELECT FROM staff_grant g JOIN staff_account a ON a.id = g.account_id
        WHERE g.role_id = NEW.role_id AND a.kind = 'contractor' AND g.state IN ('asked', 'confirmed')) THEN
    RAISE EXCEPTION 'staff_role_right: closed to contractors' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_role_right_holder BEFORE INSERT OR UPDATE ON staff_role_right
  FOR EACH ROW EXECUTE FUNCTION staff_role_right_holder();
"""

PROPOSAL_KEEPS = """
CREATE FUNCTION staff_proposal_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.id, NEW.kind, NEW.subject, NEW.content, NEW.digest, NEW.proposed_by_id,
        NEW.proposed_by_name, NEW.proposed_by_office, NEW.proposed_at, NEW.expires_at)
     IS DISTINCT FROM (OLD.id, OLD.kind, OLD.subject, OLD.content, OLD.digest, OLD.proposed_by_id,
        OLD.proposed_by_name, OLD.proposed_by_office, OLD.proposed_at, OLD.expires_at)
     OR OLD.confirmed_by_id IS NOT NULL AND (NEW.confirmed_by_id, NEW.confirmed_at)
        IS DISTINCT FROM (OLD.confirmed_by_id, OLD.confirmed_at) THEN
    RAISE EXCEPTION 'staff_proposal: a proposal stands as proposed' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_proposal_keep BEFORE UPDATE OR DELETE ON staff_proposal
  FOR EACH ROW EXECUTE FUNCTION staff_proposal_keep();
ALTER TABLE staff_proposal ADD CONSTRAINT staff_proposal_digest
  CHECK (digest = encode(sha256(convert_to(content, 'UTF8')), 'hex'));
"""

FUNCTIONS = (
    "staff_append_only", "staff_account_keep", "staff_office_keep", "staff_grant_keep", "staff_grant_holder",
    "staff_role_right_holder", "staff_proposal_keep",
)  # fmt: skip
UNDO = (
    "ALTER TABLE staff_proposal DROP CONSTRAINT staff_proposal_digest;"
    "ALTER TABLE staff_grant DROP CONSTRAINT staff_grant_fiscal_year;"
    "ALTER TABLE staff_account DROP CONSTRAINT staff_account_fiscal_year;"
    "DROP FUNCTION IF EXISTS staff_fiscal_year_end(date);"
    + "".join(f"DROP FUNCTION IF EXISTS {name}() CASCADE;" for name in FUNCTIONS)
)


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial"), ("platform", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FISCAL_YEAR
            + ACCOUNT_KEEPS
            + OFFICE_KEEPS
            + GRANT_KEEPS
            + WHO_MAY_HOLD
            + PROPOSAL_KEEPS
            + append_only_statements(APPEND_ONLY, function="staff_append_only"),
            UNDO,
        ),
        *(
            migrations.RunSQL(guard_statements(machine), unguard_statements(machine))
            for machine in (ACCOUNTS, GRANTS, PROPOSALS)
        ),
    ]
