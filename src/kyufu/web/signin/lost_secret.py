"""The start with a secret other than the one under which second factors were registered: refused, in words."""

from __future__ import annotations

from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt

from kyufu.platform.errors import Refused
from kyufu.platform.web_settings import missing_secret

REMEDY = (
    "バックアップから元の鍵のファイルを戻すか、元の値を KYUFU_SECRET_KEY に指定してください"
    "（鍵を替えたときは、元の値を KYUFU_SECRET_KEY_OLD に）。"
    "戻せないときは、kyufu staff で全員の二つ目の認証を取り消してから起動し、登録し直してもらってください。"
)


def refuse_lost_secret(var_dir: Path) -> None:
    """Raise Refused where second factors are registered and the secret that opens them is not at hand.

    A secret made anew would let the server start, and nobody sign in.
    """
    kept = Authenticator.objects.filter(type=Authenticator.Type.TOTP).order_by("-pk").first()
    if kept is None:
        return
    file = missing_secret(var_dir)
    if file is not None:
        raise Refused(f"システムの鍵のファイルがありません：{file}", remedy=REMEDY)
    try:
        decrypt(kept.data["secret"])
    except Refused:
        raise Refused(
            "システムの鍵が、職員の二つ目の認証を登録したときのものと違います。", remedy=REMEDY
        ) from None
