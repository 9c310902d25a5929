"""Where personal numbers and protected addresses must not be after the whole main job ran, and are not."""

from __future__ import annotations

import json
import stat

import pytest
from django.conf import settings

from kyufu.platform import embedded
from tests.journeys.city_run import CityRun, long_numbers
from tests.journeys.log_and_vault import vault_of
from tests.platform.files_with import files_with

pytestmark = pytest.mark.slow


def individual_numbers(run: CityRun) -> set[str]:
    found = {row["kojinbango"] for row in run.fed("resident")} - {""}
    assert len(found) > 1_000
    return found


def test_no_table_holds_an_individual_number(finished: CityRun) -> None:
    secret = individual_numbers(finished)
    seen = 0
    for table in finished.tables():
        for (text,) in finished.rows(f'SELECT t::text FROM "{table}" t'):
            seen += 1
            assert not secret & long_numbers(text), table
    assert seen > 10_000


def test_no_log_summary_or_paper_holds_an_individual_number(finished: CityRun) -> None:
    secret = individual_numbers(finished)
    for name in ("stdout.log", "stderr.log", "demo/summary.json"):
        assert not secret & long_numbers((finished.var / name).read_text(encoding="utf-8")), name
    for path, pages in finished.pages.items():
        assert not secret & long_numbers("\n".join(pages)), path.name


def test_no_file_outside_the_feeds_holds_an_individual_number(finished: CityRun) -> None:
    """Table files, write-ahead log and server log of the server of this run are among those files."""
    secret = individual_numbers(finished)
    with finished.connect() as connection:
        connection.autocommit = True
        connection.execute("CHECKPOINT")
    if not settings.DATABASE_URL:
        assert (embedded.data_folder(finished.var) / "base").is_dir()
    assert files_with(secret, folder=finished.var, besides="feeds") == []
    assert len(files_with(secret, folder=finished.feeds)) == 2


def test_the_vault_holds_every_number_and_shows_none(finished: CityRun) -> None:
    """Also not as bytes, which the database writes in hexadecimal digits."""
    secret = individual_numbers(finished)
    shown = secret | {number.encode().hex() for number in secret}
    vault = vault_of(finished)
    registered = {row[0] for row in finished.rows("SELECT addressee_no FROM registry_addressee")}
    fed = {row["atenabango"] for row in finished.fed("resident") if row["kojinbango"]}
    assert {number for _, number, _, _ in vault.of_each} == fed & registered
    assert vault.distinct == vault.persons == len(vault.of_each) > 1_000
    seen = 0
    for (text,) in finished.vault_rows(
        "SELECT t::text FROM mynumber_number t UNION ALL SELECT t::text FROM mynumber_opened t "
        "UNION ALL SELECT t::text FROM mynumber_conflict t UNION ALL SELECT t::text FROM mynumber_basics t"
    ):
        seen += 1
        assert not shown & (long_numbers(text) | long_numbers(text, digits=24)), "mynumber"
    assert seen > vault.persons


def test_passwords_and_second_factors_are_in_the_file_of_the_user_alone(finished: CityRun) -> None:
    """Nor in the tables, the write-ahead log, the server's lines or the summary; stdout says the passwords once."""
    accounts = finished.var / "demo" / "accounts.json"
    kept = json.loads(accounts.read_text(encoding="utf-8"))
    assert len(kept) > 10
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    passwords, second_factors = ({both[place] for both in kept.values()} for place in (0, 1))
    said = (finished.var / "stdout.log").read_text(encoding="utf-8")
    assert all(said.count(password) == 1 for password in passwords)
    with finished.connect() as connection:
        connection.autocommit = True
        connection.execute("CHECKPOINT")
    found = files_with(passwords | second_factors, folder=finished.var)
    assert sorted(found) == [str(accounts), str(finished.var / "stdout.log")]
    assert files_with(second_factors, folder=finished.var) == [str(accounts)]


def test_the_keys_of_the_city_are_for_its_user_alone(finished: CityRun) -> None:
    for name in ("secret-key", "vault/kek", "audit/signing-key"):
        key = finished.var / name
        assert stat.S_IMODE(key.stat().st_mode) == 0o600, name
        secret = key.read_text(encoding="ascii").splitlines()[-2:][0]
        elsewhere = files_with({secret}, folder=finished.var)
        assert elsewhere == [str(key)], name


def protected_homes(run: CityRun) -> set[str]:
    """Where the protected persons are registered: town and lot, as the feed gives them."""
    protected = {row["atenabango"] for row in run.fed("protection")}
    homes = {
        "".join(f"{row['jusho_choaza']}{row['jusho_banchigohyoki']}{row['jusho_katagaki']}".split())
        for row in run.fed("resident")
        if row["atenabango"] in protected
    }
    assert homes
    return homes


def test_no_paper_shows_where_a_protected_person_lives(finished: CityRun) -> None:
    for home in protected_homes(finished):
        for path, pages in finished.pages.items():
            assert not any(home in page for page in pages), path.name


def test_the_letter_to_a_protected_family_goes_to_the_safe_address(finished: CityRun) -> None:
    protected = {row["atenabango"]: row for row in finished.fed("protection")}
    letters = [*finished.page_of(kind="certificate"), *finished.page_of(kind="rejection")]
    sent = [(number, text) for number, text in letters if number in protected]
    held_back = finished.rows(
        """SELECT a.addressee_no FROM documents_print_exception e JOIN registry_addressee a
               ON a.id = e.addressee_id WHERE a.addressee_no = ANY(%s)""",
        sorted(protected),
    )
    assert len(sent) + len(held_back) > 0
    for number, text in sent:
        assert protected[number]["sofusaki_jusho"] in text
    for (number,) in held_back:
        assert protected[number]["sofusaki_jusho"] == ""


def test_a_paper_shows_where_others_live(finished: CityRun) -> None:
    """The search for addresses above finds what is there."""
    where = {
        number: f"{town}{lot}{building}"
        for number, town, lot, building in finished.rows(
            """SELECT a.addressee_no, e.town, e.house_number, e.building FROM registry_addressee a
                 JOIN registry_person_version v ON v.addressee_id = a.id AND upper_inf(v.recorded)
                      AND v.valid @> DATE '2026-08-01'
                 JOIN registry_person_event e ON e.id = v.event_id"""
        )
    }
    letters = finished.page_of(kind="certificate")
    at_home = [number for number, text in letters if "".join(where.get(number, "-").split()) in text]
    assert len(at_home) > len(letters) * 9 // 10
