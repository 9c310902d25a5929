"""What attackers type: the classical probes of tools such as sqlmap, markup that would run, and values that break parsers."""

from __future__ import annotations

# Seconds that a time-based probe would sleep; an answer that takes as long has run it.
SLEEP = 4
SQL = (
    "'", '"', "''", "\\", "'--", "')--", "';--", "' OR 1=1--", "' OR 'a'='a", '" OR "a"="a', "1 OR 1=1", "%", "_", "%' OR '1'='1",
    "' UNION SELECT NULL,NULL,NULL--", "' UNION SELECT usename,passwd,NULL FROM pg_shadow--",
    "1; DROP TABLE staff_account", "'; UPDATE staff_account SET state='active'; --",
    f"'; SELECT pg_sleep({SLEEP})--", f"' || (SELECT pg_sleep({SLEEP}))::text || '", f"1 AND 1=(SELECT 1 FROM pg_sleep({SLEEP}))",
    "' AND CAST((SELECT version()) AS int)=1--", "{1,2}", "{\"a\":1}", "[]", "$$x$$", "1::int", "/**/", "%27", "%00", "＇ OR 1=1--",
    "‘ OR ’１’＝’１", "´", "ʼ OR 1=1--", "E'\\x27'", "\\x27", "%(x)s", "%s", "{0}", "${7*7}", "{{7*7}}", "{% debug %}", "-1", "99999999999999999999",
    "1e309", "NaN", "infinity", "0x31", "null", "true",
)  # fmt: skip
# What every run tries; the whole list is tried by the slow ones.
QUICK_SQL = (SQL[0], SQL[3], SQL[7], SQL[13], SQL[16], SQL[17], SQL[18], SQL[20], SQL[26], SQL[28])
# The same length, one true and one false where the value reaches SQL unbound.
PAIRS = (
    ("' OR '1'='1", "' OR '1'='2"),
    ("' AND 1=1--", "' AND 1=2--"),
    ("1 OR 1=1", "1 OR 1=2"),
    ("%' AND 'a'='a", "%' AND 'a'='b"),
    ("') OR ('a'='a", "') OR ('a'='b"),
)
MARKUP = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>", "</title><script>alert(1)</script>",
    "javascript:alert(1)", "<a href=javascript:alert(1)>x</a>", "<style>*{color:red}</style>", "{{constructor.constructor('alert(1)')()}}",
)  # fmt: skip
BREAKING = (
    "\x00", "a\x00b", "\r\nSet-Cookie: a=b", "\n2026-01-01 00:00:00 INFO kyufu forged", "\x1b[31m\x1b[2J", "\u2028forged", "\u2029", "\u202e", "\ufeff",
    "\u0000", "𠮷" * 40, "é" * 200, "A" * 5_000, "9" * 400, "\ufffe", "0000-00-00", "0001-01-01", "9999-12-31", "令和99年1月1日", "2026-02-30",
    "明治1年1月1日", "=1+1", "=HYPERLINK(\"http://x\")", "@SUM(1)", "../../etc/passwd", "..\\..\\x", "file:///etc/passwd", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
)  # fmt: skip
QUICK_BREAKING = (
    "a\x00b",
    "\r\nSet-Cookie: a=b",
    "\x1b[31m",
    "\u2028forged",
    "A" * 5_000,
    "9" * 400,
    "9999-12-31",
    "0001-01-01",
)
# Words that only the database, the framework or the language would say.
BETRAYALS = (
    "psycopg", "syntax error", "ProgrammingError", "DataError", "OperationalError", "Traceback", "LINE 1:", "SQLSTATE", "unterminated",
    "invalid input syntax", "operator does not exist", "Exception", "SELECT ", "relation \"", "site-packages", ".py\"", "DEBUG", "SECRET_KEY",
)  # fmt: skip
