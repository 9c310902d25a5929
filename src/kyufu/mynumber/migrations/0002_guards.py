"""Steps apply themselves; unified numbers stay for ever; the ordinary account may ask for the public key, no more."""

from django.db import migrations

from kyufu.mynumber.states import CODES, CONFLICTS, KEYS
from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements

MACHINES = (KEYS, CODES, CONFLICTS)
APPEND_ONLY = (*(machine.history_table for machine in MACHINES), "mynumber_opened")
CLOSED_ONLY = ("mynumber_number", "mynumber_link", "mynumber_basics", "mynumber_no_automatic_reply", "mynumber_merge")

# A person is never deleted, so that the unique constraint also keeps a number from being given a second time.
STAYS = """
CREATE FUNCTION mynumber_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: what was given or recorded stays', TG_TABLE_NAME USING ERRCODE = 'KY403';
END $$;
CREATE TRIGGER mynumber_person_stays BEFORE DELETE ON mynumber_person
  FOR EACH STATEMENT EXECUTE FUNCTION mynumber_stays();
CREATE TRIGGER mynumber_person_keeps_number BEFORE UPDATE OF id, unified_no, given_at ON mynumber_person
  FOR EACH STATEMENT EXECUTE FUNCTION mynumber_stays();
CREATE TRIGGER mynumber_key_stays BEFORE DELETE ON mynumber_key
  FOR EACH STATEMENT EXECUTE FUNCTION mynumber_stays();
"""
# Of a row that is closed nothing changes but the key it is encrypted under.
CLOSED = "".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION mynumber_stays();
CREATE TRIGGER {table}_closed BEFORE UPDATE OF recorded, person_id ON {table} FOR EACH ROW
  WHEN (NOT upper_inf(OLD.recorded) OR upper_inf(NEW.recorded) OR OLD.person_id <> NEW.person_id
    OR lower(OLD.recorded) <> lower(NEW.recorded)) EXECUTE FUNCTION mynumber_stays();
"""
    for table in CLOSED_ONLY
)
# Its body is bound to the table when it is made, so that no search path of the caller's can turn it elsewhere.
SLOT = """
CREATE FUNCTION mynumber_slot() RETURNS TABLE (number bigint, public bytea)
  LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT k.id, k.public FROM mynumber_key AS k WHERE k.purpose = 'inbox' AND k.state = 'active';
END;
"""


class Migration(migrations.Migration):
    dependencies = [("mynumber", "0001_initial")]

    operations = [
        *(migrations.RunSQL(guard_statements(machine), unguard_statements(machine)) for machine in MACHINES),
        migrations.RunSQL(
            append_only_statements(APPEND_ONLY, function="mynumber_append_only") + STAYS + CLOSED + SLOT,
            "DROP FUNCTION IF EXISTS mynumber_append_only() CASCADE; DROP FUNCTION IF EXISTS mynumber_stays() CASCADE; "
            "DROP FUNCTION IF EXISTS mynumber_slot();",
        ),
    ]
