"""What can be done with the system (機能), how far (参照・更新), and in which scheme (制度)."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Function(StrEnum):
    """A function of the system that is granted by duty; three levels of each, as the assessments ask."""

    PERSON = "person"
    CASE = "case"
    APPROVAL = "approval"
    CERTIFICATE = "certificate"
    PRINT = "print"
    FEED = "feed"
    NUMBER = "number"
    NUMBER_DISPLAY = "number_display"
    PROTECTED = "protected"
    RIGHTS = "rights"
    AUDIT = "audit"
    DISCLOSURE = "disclosure"
    KEYS = "keys"
    OPERATIONS = "operations"
    PARAMETERS = "parameters"
    DELIVERY = "delivery"


class Level(IntEnum):
    """更新・参照不可, 参照のみ可, 更新・参照可, in this order."""

    NONE = 0
    READ = 1
    UPDATE = 2


class Scheme(StrEnum):
    """A scheme of benefits; COMMON is what belongs to no single one, such as the register of persons."""

    CHILD = "child"
    SELFSUPPORT = "selfsupport"
    KOKUHO = "kokuho"
    COMMON = "common"


class AccountKind(StrEnum):
    """An employee of the municipality, or a worker of a contractor."""

    EMPLOYEE = "employee"
    CONTRACTOR = "contractor"


class OfficeKind(StrEnum):
    """Head office, an office of a ward, or a contractor's place of work."""

    HEAD = "head"
    WARD = "ward"
    CONTRACTOR = "contractor"


FUNCTION_NAMES = {
    Function.PERSON: "宛名・住民の照会",
    Function.CASE: "申請・届出の処理",
    Function.APPROVAL: "決裁",
    Function.CERTIFICATE: "医療証の交付・回収",
    Function.PRINT: "帳票の印刷",
    Function.FEED: "連携ファイルの取込",
    Function.NUMBER: "個人番号の登録・検索",
    Function.NUMBER_DISPLAY: "個人番号の表示",
    Function.PROTECTED: "支援措置対象者の住所の表示",
    Function.RIGHTS: "アカウント・権限の管理",
    Function.AUDIT: "操作記録の閲覧・点検",
    Function.DISCLOSURE: "開示請求の処理",
    Function.KEYS: "暗号鍵の管理",
    Function.OPERATIONS: "システムの運用",
    Function.PARAMETERS: "基準値の管理",
    Function.DELIVERY: "他システムへの提供",
}
LEVEL_NAMES = {Level.NONE: "更新・参照不可", Level.READ: "参照のみ可", Level.UPDATE: "更新・参照可"}
SCHEME_NAMES = {
    Scheme.CHILD: "小児医療費助成",
    Scheme.SELFSUPPORT: "自立支援医療（精神通院）",
    Scheme.KOKUHO: "国民健康保険",
    Scheme.COMMON: "共通",
}
ACCOUNT_KIND_NAMES = {AccountKind.EMPLOYEE: "職員", AccountKind.CONTRACTOR: "委託事業者"}
OFFICE_KIND_NAMES = {
    OfficeKind.HEAD: "本庁",
    OfficeKind.WARD: "区役所",
    OfficeKind.CONTRACTOR: "委託事業者",
}

# What a contractor's worker never holds, whatever is asked for and confirmed; a trigger refuses it.
CLOSED_TO_CONTRACTORS = frozenset(
    {
        Function.APPROVAL,
        Function.NUMBER,
        Function.NUMBER_DISPLAY,
        Function.PROTECTED,
        Function.RIGHTS,
        Function.AUDIT,
        Function.DISCLOSURE,
        Function.KEYS,
        Function.PARAMETERS,
    }
)


class Relation(StrEnum):
    """What an addressee is to a member of staff."""

    SELF = "self"
    FAMILY = "family"


RELATION_NAMES = {Relation.SELF: "本人", Relation.FAMILY: "家族・同じ世帯"}
