"""Printing of certificates: pages a second on two processes, and the cost of a page at ten times the size.

The contents are ready in memory, as a run has them after its look-ups; a page is the whole A4 sheet with the
card, its QR code and the notes, written to disk as PDF/A-2b. The processes' start belongs to the time.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from time import perf_counter

from django.conf import settings

from bench import Figure
from kyufu.documents.content import Addressee, Card, CertificateContent
from kyufu.documents.office import Municipality, municipality
from kyufu.documents.render import CHUNK, Press

SMALL, LARGE = 2_000, 20_000
PAGES_A_SECOND = 300
COST_AT_TEN_TIMES = 1.2
DATED = date(2026, 8, 1)


def run() -> list[Figure]:
    """Print 2,000 and 20,000 certificates of synthetic children."""
    town = municipality("yokohama")
    small, large = _seconds(SMALL, town=town), _seconds(LARGE, town=town)
    cost = (large / LARGE) / (small / SMALL)
    return [
        Figure("医療証の印刷", SMALL / small, "ページ/秒", PAGES_A_SECOND, "min", f"{SMALL:,}件"),
        Figure("10倍の件数での1ページの費用", cost, "倍", COST_AT_TEN_TIMES, "max", f"{LARGE:,}件"),
    ]


def _seconds(count: int, *, town: Municipality) -> float:
    folder = Path(settings.VAR_DIR) / "bench" / "print"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    contents = [_certificate(index, town=town) for index in range(count)]
    blocks = [contents[start : start + CHUNK] for start in range(0, count, CHUNK)]
    started = perf_counter()
    with Press(sheet=town.sheet, dated=DATED, folder=folder, prefix="bench") as press:
        done = press.run(blocks, contents_of=list, marks_of=_marks)
        pages = sum(file.pages for _, file in done)
    taken = perf_counter() - started
    if pages != count:
        raise RuntimeError(f"{pages} pages for {count} certificates")
    shutil.rmtree(folder)
    return taken


def _marks(block: list[CertificateContent]) -> list[str]:
    return [f"通し {one.subject_id:06d}" for one in block]


def _certificate(index: int, *, town: Municipality) -> CertificateContent:
    """Names, addresses and numbers differ from page to page, as they do in a city."""
    number = f"{index:07d}"
    sender = next(iter(town.senders.values()))
    building = f"見本ハイツ{index % 900 + 100}号室" if index % 3 else ""
    address = f"神奈川県横浜市鶴見区見本{index % 9 + 1}丁目{index % 97 + 1}番{index % 31 + 1}号"
    name = f"見本　{_syllables(index)}"
    card = Card(
        title=town.certificate, short_title=town.certificate_short, city=town.name, payer_number="83140012",
        recipient_number=number, child_name=name, child_kana=f"ミホン　{_syllables(index)}",
        child_birth=f"令和{index % 7 + 1}年{index % 12 + 1}月2日",
        child_address=address, child_building=building, guardian_name=f"見本　{_syllables(index // 2)}",
        valid_from="令和8年8月1日", valid_to="令和9年7月31日", copay="自己負担なし",
        issued="令和8年8月1日", issuer=town.mayor, seal=town.seal, office=sender.office,
        certificate_number=number, qr_text=f"83140012{number}",
    )  # fmt: skip
    return CertificateContent(
        subject_id=index, addressee=Addressee("2300051", address, building, name), sender=sender,
        number=f"鶴見保年第{number}号", dated="令和8年8月1日", card=card, notes=town.notes,
        watermark="見本・訓練用",
    )  # fmt: skip


def _syllables(index: int) -> str:
    kana = "アイウエオカキクケコサシスセソタチツテトナニヌネノ"
    return "".join(kana[index // 25**place % 25] for place in range(4))
