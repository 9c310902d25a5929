"""The clerks' words for codes that other modules keep: status, sex, relation, sources of evidence."""

from __future__ import annotations

from types import MappingProxyType

WORDS = MappingProxyType(
    {
        "resident": "住民", "moved_out": "転出", "dead": "死亡", "outside": "住登外",
        "father": "父", "mother": "母", "other": "その他", "guardian": "保護者", "agent": "代理人",
        "tax_ledger": "市の課税台帳", "network": "情報提供ネットワーク", "certificate": "提出された証明書",
        "insurer": "保険者", "insured": "本人", "family": "家族",
        "yes": "申告あり", "no": "未申告", "unknown": "不明",
        "disability": "重度障害者医療費助成", "single_parent": "ひとり親家庭等医療費助成", "institution": "施設入所",
        "screen": "画面", "api": "他システム", "batch": "一括処理", "command": "コマンド",
    }
)  # fmt: skip

# Codes of the resident register's layout (docs/reference/feeds.md); what is not listed is shown as it came.
SEXES = MappingProxyType({"0": "不明", "1": "男", "2": "女"})
RELATIONS = MappingProxyType(
    {
        "": "—", "01": "世帯主", "02": "配偶者", "10": "子", "20": "父母", "30": "孫", "40": "兄弟姉妹",
        "90": "その他の親族", "99": "同居人",
    }
)  # fmt: skip

IDENTITIES = MappingProxyType(
    {
        "my_number_card": "個人番号カード", "photo_document": "写真付きの身分証明書",
        "insurance_and_another": "資格確認書などともう1点",
    }
)  # fmt: skip
NUMBER_DOCUMENTS = MappingProxyType(
    {
        "my_number_card": "個人番号カード", "notification_card": "通知カード", "resident_record": "住民票",
        "matched_in_system": "システムで照合",
    }
)  # fmt: skip
SEEN_AS = MappingProxyType({"original": "原本", "copy": "写し", "electronic": "電子署名"})
