"""Forms of accounts, offices, terminals and grants; lists to pick from are those of the day."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kyufu.notation.check_digits import MUNICIPALITY_CODE
from kyufu.staff.api import (
    ACCOUNT_KIND_NAMES,
    OFFICE_KIND_NAMES,
    SCHEME_NAMES,
    AccountKind,
    OfficeKind,
    Scheme,
)
from kyufu.web.pages.fields import CHOOSE, REQUIRED, DayField, LineField, PickField, ReasonField, offer
from kyufu.web.pages.forms import PageForm

# The lengths of the columns of staff.
STAFF_NO, NAME, OFFICE_CODE, TERMINAL_NAME, NETWORK, FINGERPRINT, PASSWORD = 20, 100, 10, 50, 43, 64, 128
# As typed, in full width too.
WARD_CODE = 6
# A rights table of some thousand accounts is far below.
TABLE_BYTES = 5_000_000
Choices = list[tuple[str, str]]


class GrantForm(PageForm):
    """What is asked for: a role for an account at an office in a scheme, for a time, and why."""

    staff_no = LineField(label="職員番号", max_length=STAFF_NO)
    role = PickField(label="職務", choices=[])
    office = PickField(label="所属（この所属と、その下の所属に及びます）", choices=[])
    scheme = PickField(label="制度", choices=[(str(one), name) for one, name in SCHEME_NAMES.items()])
    first_day = DayField(label="始まりの日")
    last_day = DayField(label="終わりの日（年度末まで）")
    why = ReasonField(label="必要な理由")

    def __init__(self, *args: Any, roles: Choices, offices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, name="role", choices=roles)
        offer(self, name="office", choices=offices)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "終わりの日が始まりの日より前です。")
        return data

    def scheme_asked(self) -> Scheme:
        """The scheme that was picked."""
        return Scheme(self.cleaned_data["scheme"])


class AccountForm(PageForm):
    """A new account of one person."""

    staff_no = LineField(label="職員番号（サインインに使う番号）", max_length=STAFF_NO)
    personnel_no = LineField(
        label="人事上の番号", max_length=STAFF_NO, help_text="委託事業者の従事者は、従事者名簿の番号。"
    )
    name = LineField(label="氏名", max_length=NAME, help_text="個人の氏名。共用のアカウントは作れません。")
    kana = LineField(label="カナ", max_length=NAME)
    kind = PickField(label="種別", choices=[(str(one), name) for one, name in ACCOUNT_KIND_NAMES.items()])
    office = PickField(label="所属", choices=[])
    usable_from = DayField(label="使い始める日")
    expires_on = DayField(label="有効期限（年度末まで）")
    password = forms.CharField(
        label="仮のパスワード", max_length=PASSWORD, error_messages=REQUIRED, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
        help_text="本人が最初のサインインで変更します。",
    )  # fmt: skip
    why = ReasonField(label="申請の番号・理由")

    def __init__(self, *args: Any, offices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, name="office", choices=offices)

    def kind_asked(self) -> AccountKind:
        """The kind that was picked."""
        return AccountKind(self.cleaned_data["kind"])


class RenewForm(PageForm):
    """Until when an account goes on."""

    expires_on = DayField(label="新しい有効期限（年度末まで）")


class OfficeForm(PageForm):
    """A new office, with its place in the tree."""

    code = LineField(label="所属コード", max_length=OFFICE_CODE)
    name = LineField(label="名称", max_length=NAME)
    kind = PickField(label="種別", choices=[(str(one), name) for one, name in OFFICE_KIND_NAMES.items()])
    parent = forms.ChoiceField(label="上の所属", required=False, error_messages=CHOOSE)
    ward_code = LineField(
        label="区の全国地方公共団体コード（区役所だけ）", required=False, max_length=WARD_CODE,
        help_text="検査数字を含む6桁。区のない市町村では、市町村のコード。",
    )  # fmt: skip
    valid_from = DayField(label="始まりの日")

    def __init__(self, *args: Any, offices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, name="parent", choices=offices, first="なし")

    def clean_ward_code(self) -> str:
        """The code in half width, or nothing; raises ValidationError where its check digit is wrong."""
        code = unicodedata.normalize("NFKC", self.cleaned_data["ward_code"]).strip()
        problem = MUNICIPALITY_CODE.problem_with(code) if code else None
        if problem:
            raise ValidationError(problem)
        return code

    def kind_asked(self) -> OfficeKind:
        """The kind that was picked."""
        return OfficeKind(self.cleaned_data["kind"])


class TerminalForm(PageForm):
    """A terminal to register, by its network or by the fingerprint of its certificate."""

    name = LineField(label="端末の名前", max_length=TERMINAL_NAME)
    office = PickField(label="設置する所属", choices=[])
    network = LineField(
        label="ネットワーク", required=False, max_length=NETWORK, help_text="例：192.0.2.0/28"
    )
    fingerprint = LineField(
        label="証明書の指紋（SHA-256）", required=False, max_length=FINGERPRINT,
        help_text="ネットワークか証明書の指紋の、どちらか一方を入力してください。",
    )  # fmt: skip
    valid_from = DayField(label="使い始める日")

    def __init__(self, *args: Any, offices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, name="office", choices=offices)


class EndDayForm(PageForm):
    """From which day on something is no longer used."""

    from_day = DayField(label="使わなくなる日")


class CompareForm(PageForm):
    """A rights table that was exported or kept before, to be compared with what is in force."""

    table = forms.FileField(
        label="比べる権限対応表（CSV）", help_text="この画面から出力した形式の CSV。",
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空です。"},
    )  # fmt: skip

    def clean_table(self) -> str:
        """The text of the file; raises ValidationError where it is too large or no text."""
        file = self.cleaned_data["table"]
        if file.size > TABLE_BYTES:
            raise ValidationError("ファイルが大きすぎます。")
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise ValidationError("文字コードが UTF-8 の CSV ではありません。") from None
