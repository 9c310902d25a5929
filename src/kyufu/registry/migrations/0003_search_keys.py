"""Keys by which a person is found by what the reading sounds like, by the address and by the date of birth."""

from collections.abc import Callable, Iterable

from django.db import migrations, models
from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.models import Q

from kyufu.notation.places import address_key
from kyufu.notation.sounds import sound_key

TABLE = "registry_person_event"
# What is worked out, from which columns; towns and house numbers apart, as the feed does it.
SOURCES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("kana", sound_key),
    ("town", address_key),
    ("house_number", address_key),
)


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    """Work the keys out for the events that are there, once for each distinct text; the events stay as written."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {TABLE})")
        if not cursor.fetchone()[0]:
            return
        for column, key in SOURCES:
            cursor.execute(f"SELECT DISTINCT {column} FROM {TABLE}")
            _keep(cursor, column=column, rows=((text, key(text)) for (text,) in cursor.fetchall()))
        # The guard against changed events knows no migration, and is back before anybody can write.
        cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        cursor.execute(
            f"UPDATE {TABLE} e SET sound_key = k.key, address_key = t.key || h.key "
            "FROM key_of_kana k, key_of_town t, key_of_house_number h "
            "WHERE k.text = e.kana AND t.text = e.town AND h.text = e.house_number"
        )
        cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")


def _keep(cursor: CursorWrapper, *, column: str, rows: Iterable[tuple[str, str]]) -> None:
    cursor.execute(f"CREATE TEMPORARY TABLE key_of_{column} (text text, key text) ON COMMIT DROP")
    with cursor.cursor.copy(f"COPY key_of_{column} (text, key) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"ANALYZE key_of_{column}")


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_guards")]

    operations = [
        migrations.AddField("personevent", "sound_key", models.TextField(default=""), preserve_default=False),
        migrations.AddField("personevent", "address_key", models.TextField(default=""), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "personevent",
            models.Index(
                fields=["sound_key", "kana_key"], opclasses=("text_pattern_ops", "text_pattern_ops"),
                name="person_event_sound_key", condition=~Q(sound_key=""),
            ),
        ),
        migrations.AddIndex(
            "personevent",
            models.Index(
                fields=["address_key"], opclasses=("text_pattern_ops",), name="person_event_address_key",
                condition=Q(status="1") & ~Q(address_key=""),
            ),
        ),
        migrations.AddIndex(
            "personevent",
            models.Index(
                fields=["birth_date", "kana_key"], opclasses=("date_ops", "text_pattern_ops"),
                name="person_event_birth_date",
            ),
        ),
    ]  # fmt: skip
