"""`kyufu serve`: the web application by a real server, on the ordinary database account."""

from __future__ import annotations

import argparse
import os
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING

from kyufu.cli.following import follow_parent
from kyufu.cli.main import prepare_django
from kyufu.cli.together import run_together
from kyufu.platform.errors import BadInput, Refused

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers

APPLICATION = "kyufu.web.wsgi:application"
HIGHEST_PORT = 65535
IPV6 = 6
PASSED_ON = ("host", "port", "workers", "threads")
# What a worker may take to finish its answers. One that is told while it is still starting misses the word, and would
# be waited for without end.
SECONDS_TO_STOP = 10


def register(subparsers: Subparsers) -> None:
    """Add `serve`."""
    serve = subparsers.add_parser("serve", help="職員の画面（Web アプリケーション）を提供する")
    serve.add_argument("--host", default="127.0.0.1", metavar="アドレス", help="待ち受けるアドレス")
    serve.add_argument("--port", default=8000, type=int, metavar="番号", help="待ち受けるポート")
    serve.add_argument("--workers", default=1, type=int, metavar="数", help="プロセスの数")
    serve.add_argument("--threads", default=4, type=int, metavar="数", help="1プロセスで同時に処理する数")
    serve.add_argument("--with-worker", action="store_true", help="一括処理の処理係も一緒に起動する")
    serve.add_argument("--with-parent", type=int, metavar="番号", help=argparse.SUPPRESS)
    serve.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted; refused to others than this machine while nobody said under which name."""
    if options.with_worker:
        return run_together([f"--{name}={getattr(options, name)}" for name in PASSED_ON])
    if options.with_parent:
        follow_parent(options.with_parent)
    host = _read_address(options.host)
    if not 1 <= options.port <= HIGHEST_PORT or min(options.workers, options.threads) < 1:
        raise BadInput("ポートか数が範囲の外です。", remedy=f"ポートは1から{HIGHEST_PORT}、数は1以上です。")
    _refuse_taken_port(host, port=options.port)
    # What serves pages never makes or drops tables, so it does not even know how to.
    os.environ.pop("KYUFU_OWNER_DATABASE_URL", None)
    prepare_django()
    _refuse_open_door(host)
    _refuse_without_tables()
    _refuse_without_secret()
    _serve(host, port=options.port, workers=options.workers, threads=options.threads)
    return 0


def _read_address(text: str) -> str:
    try:
        return str(ip_address("127.0.0.1" if text == "localhost" else text))
    except ValueError:
        raise BadInput(
            f"--host がアドレスではありません：{text}", remedy="127.0.0.1 のように書いてください。"
        ) from None


def _refuse_taken_port(host: str, *, port: int) -> None:
    """Say so in words before anything is started, where somebody else listens already."""
    family = socket.AF_INET6 if ip_address(host).version == IPV6 else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Refused(
                f"{host} のポート {port} は使えません。使用中か、この機械のアドレスではありません。",
                remedy="使っているプログラムを終了するか、--port で別の番号を指定してください。",
            ) from None


def _refuse_open_door(host: str) -> None:
    from django.conf import settings

    if not ip_address(host).is_loopback and not settings.HTTPS:
        raise Refused(
            "ほかの機械から届くアドレスでは、ホスト名の指定なしに起動しません。",
            remedy="KYUFU_ALLOWED_HOSTS に利用するホスト名を指定し、前段で https を終端してください。",
        )
    if settings.HTTPS and not settings.KYUFU_TRUSTED_PROXIES:
        raise Refused(
            "https を終端する前段のサーバーが指定されていません。",
            remedy="KYUFU_TRUSTED_PROXIES に前段のサーバーのアドレスを指定してください。",
        )


def _refuse_without_tables() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        if "staff_terminal" not in connection.introspection.table_names(cursor):
            raise Refused(
                "データベースに表がありません。",
                remedy="kyufu database start を実行してから起動してください。",
            )
    connection.close()


def _refuse_without_secret() -> None:
    from django.conf import settings
    from django.db import connection

    from kyufu.web.signin.lost_secret import refuse_lost_secret

    refuse_lost_secret(settings.VAR_DIR)
    connection.close()


def _serve(host: str, *, port: int, workers: int, threads: int) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    from kyufu.platform.web_server import Server

    shown = "localhost" if ip_address(host).is_loopback else host
    print(f"http://{shown}:{port}/ で提供しています。終了するには Ctrl+C を押してください。", flush=True)
    Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        http=HTTPModes.http1,
        websockets=False,
        workers_kill_timeout=SECONDS_TO_STOP,
        log_level=LogLevels.warn,
    ).serve()
