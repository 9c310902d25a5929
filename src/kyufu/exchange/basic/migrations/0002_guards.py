"""What a Django constraint cannot say: a list is never rewritten, its items stand, deliveries stand."""

from django.db import migrations

from kyufu.exchange.basic.states import LISTS
from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements

APPEND_ONLY = ("exchange_basic_list_transition", "exchange_basic_item", "exchange_basic_delivery")

# The flag beside an item is its list's own: no individual number for a system that does not use it.
SAME_FLAG = """
ALTER TABLE exchange_basic_item ADD CONSTRAINT basic_item_flag_of_list
  FOREIGN KEY (item_list_id, uses_individual_number) REFERENCES exchange_basic_list (id, uses_individual_number);
"""

# What was asked stays as asked: a list is confirmed once, its state moves, and its end comes nearer, nothing else.
LIST_STANDS = """
CREATE FUNCTION exchange_basic_list_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NOT NEW.in_force <@ OLD.in_force OR lower(NEW.in_force) <> lower(OLD.in_force)
     OR OLD.confirmed_by IS NOT NULL AND NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by
     OR to_jsonb(NEW) - '{state,in_force,confirmed_by}'::text[]
        IS DISTINCT FROM to_jsonb(OLD) - '{state,in_force,confirmed_by}'::text[] THEN
    RAISE EXCEPTION 'exchange_basic_list: what was asked is never rewritten' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER exchange_basic_list_stands BEFORE UPDATE OR DELETE ON exchange_basic_list
  FOR EACH ROW EXECUTE FUNCTION exchange_basic_list_stands();
"""

# An item is entered with its list, before anybody has confirmed it.
ITEMS_BEFORE_CONFIRMATION = """
CREATE FUNCTION exchange_basic_item_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added a JOIN exchange_basic_list l ON l.id = a.item_list_id
              WHERE l.state <> 'proposed' OR l.confirmed_by IS NOT NULL) THEN
    RAISE EXCEPTION 'exchange_basic_item: the list is closed' USING ERRCODE = 'KY403';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER exchange_basic_item_in_time AFTER INSERT ON exchange_basic_item REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION exchange_basic_item_in_time();
"""

UNDO = """
DROP TRIGGER IF EXISTS exchange_basic_item_in_time ON exchange_basic_item;
DROP FUNCTION IF EXISTS exchange_basic_item_in_time();
DROP TRIGGER IF EXISTS exchange_basic_list_stands ON exchange_basic_list;
DROP FUNCTION IF EXISTS exchange_basic_list_stands();
ALTER TABLE exchange_basic_item DROP CONSTRAINT IF EXISTS basic_item_flag_of_list;
DROP FUNCTION IF EXISTS exchange_basic_stands() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = (("exchange_basic", "0001_initial"),)

    operations = (
        migrations.RunSQL(
            SAME_FLAG
            + LIST_STANDS
            + ITEMS_BEFORE_CONFIRMATION
            + guard_statements(LISTS)
            + append_only_statements(APPEND_ONLY, function="exchange_basic_stands"),
            UNDO + unguard_statements(LISTS),
        ),
    )
