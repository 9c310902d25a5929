"""Steps of the worklists apply themselves; events stand as written, versions and merges are only ever closed."""

from django.db import migrations

from kyufu.platform.db import chain_statements
from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements
from kyufu.registry.states import DISCREPANCIES, UNDRAWABLE

APPEND_ONLY = (
    "registry_person_event",
    "registry_protection",
    "registry_discrepancy_transition",
    "registry_undrawable_name_transition",
)

# The trigger's condition keeps it from running where only the end of `recorded` moves from open to closed.
CLOSE_ONLY = """
CREATE FUNCTION registry_person_version_close_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'registry_person_version: a version is only ever closed, once' USING ERRCODE = 'KY403';
END $$;
CREATE TRIGGER registry_person_version_keep BEFORE DELETE ON registry_person_version
  FOR EACH STATEMENT EXECUTE FUNCTION registry_person_version_close_only();
CREATE TRIGGER registry_person_version_close_only BEFORE UPDATE ON registry_person_version FOR EACH ROW
  WHEN (NOT upper_inf(OLD.recorded) OR upper_inf(NEW.recorded) OR isempty(NEW.recorded)
    OR lower(NEW.recorded) <> lower(OLD.recorded)
    OR (NEW.id, NEW.addressee_id, NEW.event_id, NEW.valid)
       IS DISTINCT FROM (OLD.id, OLD.addressee_id, OLD.event_id, OLD.valid))
  EXECUTE FUNCTION registry_person_version_close_only();
"""

# Foreign keys asked once a statement and not once a row. What they point to is never deleted.
KEYS = """
CREATE FUNCTION registry_person_event_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added n WHERE NOT EXISTS (SELECT FROM registry_addressee a WHERE a.id = n.addressee_id)) THEN
    RAISE EXCEPTION 'registry_person_event: no such addressee' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER registry_person_event_key AFTER INSERT ON registry_person_event REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION registry_person_event_key();

CREATE FUNCTION registry_person_version_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added n WHERE NOT EXISTS (
       SELECT FROM registry_person_event e WHERE e.id = n.event_id AND e.addressee_id = n.addressee_id)) THEN
    RAISE EXCEPTION 'registry_person_version: no such event of the addressee' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER registry_person_version_key AFTER INSERT ON registry_person_version REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION registry_person_version_key();

CREATE FUNCTION registry_addressee_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.id <> NEW.id THEN
    RAISE EXCEPTION 'registry_addressee: an addressee stays' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registry_addressee_stays BEFORE DELETE ON registry_addressee
  FOR EACH ROW EXECUTE FUNCTION registry_addressee_keep();
CREATE TRIGGER registry_addressee_keeps_id BEFORE UPDATE OF id ON registry_addressee
  FOR EACH ROW EXECUTE FUNCTION registry_addressee_keep();
"""
# A sequence that hands out one number at a time is a tenth of a bulk insert; gaps in surrogate keys mean nothing.
NUMBERS = "".join(
    f"ALTER TABLE {table} ALTER COLUMN id SET CACHE 1000;"
    for table in ("registry_addressee", "registry_person_event", "registry_person_version")
)
FUNCTIONS = (
    "registry_append_only", "registry_person_version_close_only", "registry_person_event_key",
    "registry_person_version_key", "registry_addressee_keep",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("platform", "0001_initial")]

    operations = [
        migrations.RunSQL(guard_statements(DISCREPANCIES), unguard_statements(DISCREPANCIES)),
        migrations.RunSQL(guard_statements(UNDRAWABLE), unguard_statements(UNDRAWABLE)),
        migrations.RunSQL(
            append_only_statements(APPEND_ONLY, function="registry_append_only")
            + CLOSE_ONLY
            + KEYS
            + NUMBERS
            + chain_statements("registry_person_version", key="addressee_id"),
            "".join(f"DROP FUNCTION IF EXISTS {name}() CASCADE;" for name in FUNCTIONS),
        ),
    ]
