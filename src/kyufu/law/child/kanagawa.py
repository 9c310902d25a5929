"""What the cities of 神奈川県 share: the prefecture's standard, its file, and how the judged income is reckoned."""

from __future__ import annotations

from kyufu.law.decision import Citation

KANAGAWA_FILE = "kanagawa_child.toml"
KANAGAWA_STANDARD = Citation("神奈川県小児医療費助成事業の補助基準", "（要綱の本文は未確認）", "secondary")
KANAGAWA_INCOME = Citation("旧児童手当特例給付の所得の基準", "（県補助の判定所得）", "secondary")
