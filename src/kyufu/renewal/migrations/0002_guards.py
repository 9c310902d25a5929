"""What a Django constraint cannot say: steps apply themselves, what was frozen stands, and the counts are counted."""

from django.db import migrations

from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements
from kyufu.renewal.states import RENEWALS

FUNCTION = "renewal_append_only"
APPEND_ONLY = (
    "renewal_renewal_transition",
    "renewal_member",
    "renewal_result",
    "renewal_outcome",
    "renewal_tie",
)

# The numbers of a renewal are those of its rows: nobody can be lost between the base and the account.
COUNTED = """
CREATE FUNCTION renewal_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE inside bigint; outside bigint; effected bigint; refused bigint;
BEGIN
  IF NEW.base_count IS DISTINCT FROM OLD.base_count OR NEW.in_count IS DISTINCT FROM OLD.in_count
     OR NEW.left_out_count IS DISTINCT FROM OLD.left_out_count THEN
    SELECT count(*) FILTER (WHERE left_out IS NULL), count(left_out) INTO inside, outside
      FROM renewal_member WHERE renewal_id = NEW.id;
    IF (NEW.in_count, NEW.left_out_count) IS DISTINCT FROM (inside::int, outside::int) THEN
      RAISE EXCEPTION 'renewal_renewal: the base does not tie to its members' USING ERRCODE = 'KY403';
    END IF;
  END IF;
  IF NEW.effected_count IS DISTINCT FROM OLD.effected_count
     OR NEW.refused_count IS DISTINCT FROM OLD.refused_count THEN
    SELECT count(decision_id), count(*) FILTER (WHERE decision_id IS NULL) INTO effected, refused
      FROM renewal_outcome WHERE renewal_id = NEW.id;
    IF (NEW.effected_count, NEW.refused_count) IS DISTINCT FROM (effected::int, refused::int) THEN
      RAISE EXCEPTION 'renewal_renewal: the account does not tie to its outcomes' USING ERRCODE = 'KY403';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER renewal_counted BEFORE UPDATE ON renewal_renewal FOR EACH ROW EXECUTE FUNCTION renewal_counted();
"""
# Once frozen a base takes nobody more.
FROZEN = """
CREATE FUNCTION renewal_member_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM renewal_renewal r
              WHERE r.id IN (SELECT DISTINCT renewal_id FROM added) AND r.state <> 'planned') THEN
    RAISE EXCEPTION 'renewal_member: the base is frozen' USING ERRCODE = 'KY403';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER renewal_member_frozen AFTER INSERT ON renewal_member REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION renewal_member_frozen();
"""
UNDO = """
DROP FUNCTION IF EXISTS renewal_member_frozen() CASCADE;
DROP FUNCTION IF EXISTS renewal_counted() CASCADE;
DROP FUNCTION IF EXISTS renewal_append_only() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("renewal", "0001_initial"), ("platform", "0001_initial")]

    operations = [
        migrations.RunSQL(append_only_statements(APPEND_ONLY, function=FUNCTION) + COUNTED + FROZEN, UNDO),
        migrations.RunSQL(guard_statements(RENEWALS), unguard_statements(RENEWALS)),
    ]
