"""The frame and the columns of the feed files, as `docs/reference/feeds.md` describes them."""

from __future__ import annotations

from collections.abc import Mapping

VERSION = "1"

COLUMNS: dict[str, tuple[str, ...]] = {
    "resident": (
        "ido_jiyu", "rirekibango", "rirekieda", "torikeshi", "ido_nengappi", "todokede_nengappi",
        "atenabango",
        "kojinbango", "shimei", "shimei_yomigana", "shimei_gaikokujinarufuabetto", "tsusho", "seibetsu",
        "seinengappi", "seinengappi_fushohyoki", "jumin_shubetsu", "jumin_jotai", "setaibango", "tsuzukigara",
        "jusho_shikuchosonkodo", "jusho_choazakodo", "jusho_todofuken", "jusho_shikugunchosonmei",
        "jusho_choaza",
        "jusho_banchigohyoki", "jusho_katagaki", "jusho_yubinbango", "zenju_shikuchosonkodo",
    ),
    "tax": (
        "shinkoku", "fuka_nendo", "rirekieda", "atenabango", "taisho_kaishi", "taisho_shuryo", "kyuyo",
        "jigyo",
        "fudosan", "rishi", "haito", "nenkin", "zatsu", "ichiji", "sogo_joto", "bunri_joto", "kabushiki",
        "sakimono",
        "sanrin", "taishoku", "zasson", "iryohi", "shokibo", "shogaisha", "tokubetsu_shogaisha", "kafu",
        "hitorioya", "kinro_gakusei", "fuyo_total", "fuyo_rojin", "fuyo_tokutei", "fuyo_16miman",
        "rojin_haigusha", "shotokuwari", "kintowari", "shutoku_nengappi",
    ),
    "insurance": (
        "shikaku_kubun", "rirekibango", "rirekieda", "torikeshi", "atenabango", "hokensha_bango", "kigo",
        "bango",
        "edaban", "shutoku_nengappi", "soshitsu_nengappi",
    ),
    "assistance": (
        "hogo_kubun", "rirekibango", "rirekieda", "torikeshi", "atenabango", "kaishi", "haishi",
    ),
    "schemes": (
        "seido", "rirekibango", "rirekieda", "torikeshi", "atenabango", "kaishi", "haishi",
    ),
    "protection": (
        "sochi_kubun", "rirekibango", "rirekieda", "torikeshi", "atenabango", "kaishi", "haishi",
        "sofusaki_yubinbango", "sofusaki_jusho", "sofusaki_katagaki", "sofusaki_meigi",
    ),
    "application": (
        "shinsei_kubun", "uketsuke_bango", "uketsuke_nengappi", "uketsuke_ku", "uketsuke_keiro",
        "shoni_atenabango", "hogosha_atenabango", "zokugara", "hogosha2_atenabango", "hogosha2_zokugara",
        "shinseisha_kubun", "dairinin_shimei", "bango_kakunin", "mimoto_kakunin", "kakunin_shokuin",
        "kakunin_nengappi", "setsumei",
    ),
}  # fmt: skip

OPEN_END = "9999-12-31"


def header_line(*, layout: str, mode: str, municipality: str, sequence: int, made_at: str) -> str:
    """The H and N lines that open a file; `made_at` is ISO 8601 with +09:00."""
    names = ",".join(COLUMNS[layout])
    return f"H,{layout},{VERSION},{mode},{municipality},{sequence:06d},{made_at}\nN,gyobango,{names}\n"


def trailer_line(counts: Mapping[str, int]) -> str:
    """The T line that closes a file: number of rows, then rows by kind, sorted by kind."""
    by_kind = ";".join(f"{kind}={counts[kind]}" for kind in sorted(counts))
    return f"T,{sum(counts.values())},{by_kind}\n"


def file_name(*, layout: str, mode: str, sequence: int) -> str:
    """The name of a feed file, such as resident_FULL_000001.csv."""
    return f"{layout}_{mode}_{sequence:06d}.csv"
