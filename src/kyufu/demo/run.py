"""The main job on a synthetic city: feeds, applications, judgement, approval, issue, print, summary.

A run goes on where the last one stopped: each stage does only what is still to do, and the summary says what
was kept. Nothing here is a shortcut: every step is the operation that a clerk or a head office would start.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings

from kyufu.audit.api import acting, chain_records, open_signer
from kyufu.cases import api as cases
from kyufu.demo.city import MUNICIPALITIES, Manifest, check_wish, make_city, read_manifest
from kyufu.demo.city.manifest import FILE_NAME
from kyufu.demo.figures import summarise
from kyufu.demo.plan import DemoPlan, DemoRun
from kyufu.demo.progress import NamedStages
from kyufu.demo.staff import INSTALLER, ensure_staff, link_to_household
from kyufu.demo.summary import Summary, write_summary
from kyufu.documents import api as documents
from kyufu.notation.municipalities import municipality_name
from kyufu.platform import clock
from kyufu.platform.access import Access, Channel
from kyufu.platform.actors import Actor
from kyufu.platform.databases import VAULT
from kyufu.platform.errors import Refused
from kyufu.platform.feeds.intake import FeedResult, receive_feed
from kyufu.platform.schema import (
    drop_schema,
    ensure_tables,
    holds_data,
    is_demonstration,
    mark_as_demonstration,
)
from kyufu.registry import api as registry
from kyufu.renewal import api as renewal
from kyufu.staff import api as staff

CLERK = Actor("demo-clerk", "見本 判定担当", "区役所（見本）")
HEAD_CLERK = "honcho"
APPROVER = Actor("demo-approver", "見本 決裁者", "区役所（見本）")
LAYOUTS_BEFORE_JUDGEMENT = ("resident", "protection", "tax", "insurance", "assistance", "schemes")
APPLICATIONS = "application"


def run_demo(plan: DemoPlan) -> Summary:
    """Run the main job and write its summary; raises Refused when another city already lies in the database.

    Raises BadInput for a city that cannot be made, before `fresh` throws away the one that is there.
    """
    check_wish(residents=plan.residents, municipality=plan.municipality)
    run = DemoRun(plan)
    with run.stages.stage("データベースの準備"):
        _prepare(plan)
    _note_what_is_done(run)
    with run.stages.stage("職員のアカウントと権限"), acting(_access(INSTALLER, purpose="見本の職員の登録")):
        ensure_staff(
            plan.folder, municipality=MUNICIPALITIES[plan.municipality].code, at=clock.current_instant()
        )
    manifest = _make_or_keep_city(run)
    _open_vault(run)
    with acting(_access(CLERK, purpose="連携ファイルの取込と資格の判定")):
        _take_in_feeds(run, manifest=manifest, late=False)
        _take_in_numbers(run)
        _take_in_applications(run, manifest=manifest)
        _judge(run)
        _take_in_feeds(run, manifest=manifest, late=True)
    _link_staff(run)
    _approve(run)
    with acting(_access(CLERK, purpose="医療証の交付と通知の印刷")):
        _issue(run)
        _print(run)
    _renew(run)
    _urge(run)
    _seal_log(run)
    summary = summarise(run)
    write_summary(summary, path=plan.folder / "summary.json")
    return summary


def _access(actor: Actor, *, purpose: str) -> Access:
    """The log of the demonstration names its two members of staff, as it would those of a city."""
    return Access(
        actor=actor,
        terminal=socket.gethostname(),
        channel=Channel.BATCH,
        screen="kyufu demo run",
        purpose=purpose,
        reference=uuid4(),
    )


def _prepare(plan: DemoPlan) -> None:
    if not is_demonstration() and holds_data():
        raise Refused(
            "この領域（KYUFU_SCHEMA）には、見本ではないデータがあります。見本の実行はできません。",
            remedy="別の名前を KYUFU_SCHEMA に設定して、もう一度実行してください。",
        )
    if plan.fresh:
        drop_schema()
        for folder in (plan.folder, plan.documents_folder):
            shutil.rmtree(folder, ignore_errors=True)
    ensure_tables()
    mark_as_demonstration()


def _note_what_is_done(run: DemoRun) -> None:
    for state, count in cases.state_counts().items():
        run.kept.append(f"{cases.japanese(cases.ApplicationState(state))}の申請 {count:,} 件")
    for total in documents.totals():
        run.kept.append(f"印刷済みの{total.kind.label} {total.documents:,} 通")


def _make_or_keep_city(run: DemoRun) -> Manifest:
    plan, feeds_folder = run.plan, run.plan.folder / "feeds"
    if (feeds_folder / FILE_NAME).exists():
        manifest = read_manifest(feeds_folder)
        _refuse_another_city(plan, manifest=manifest)
        run.kept.append(
            f"{MUNICIPALITIES[plan.municipality].name}の見本データ（住民 {manifest.residents:,} 人の連携ファイル）"
        )
        return manifest
    with NamedStages(run.stages) as report:
        return make_city(
            residents=plan.residents,
            out=feeds_folder,
            seed=plan.seed,
            municipality=plan.municipality,
            as_of=plan.as_of,
            report=report,
        )


def _refuse_another_city(plan: DemoPlan, *, manifest: Manifest) -> None:
    city = MUNICIPALITIES[plan.municipality].code
    wanted = (city, plan.residents, plan.seed, plan.as_of.isoformat())
    if wanted != (manifest.municipality, manifest.residents, manifest.seed, manifest.as_of):
        # Another city is named, another size or day of the same one needs no name.
        kept = "" if city == manifest.municipality else f"{municipality_name(manifest.municipality)}、"
        raise Refused(
            f"前回の見本データ（{kept}住民 {manifest.residents:,} 人、基準日 {manifest.as_of}）が残っています。",
            remedy="同じ条件で実行するか、--fresh を付けて作り直してください。",
        )


def _open_vault(run: DemoRun) -> None:
    """Without a server named for the vault the city runs without one, as a city might."""
    if VAULT not in settings.DATABASES:
        return
    with run.stages.stage("個人番号の金庫の開設"), acting(_access(CLERK, purpose="金庫の開設")):
        registry.numbers.open_vault(by=CLERK, confirmed_by=APPROVER, at=clock.current_instant())


def _take_in_numbers(run: DemoRun) -> None:
    if not registry.numbers.vault_is_open():
        return
    with run.stages.stage("個人番号の登録（金庫）"):
        registry.numbers.take_in_numbers(by=CLERK, at=clock.current_instant())


def _seal_log(run: DemoRun) -> None:
    with run.stages.stage("操作記録の封印"):
        chain_records(at=clock.current_instant(), signer=open_signer(settings.AUDIT_KEY_FILE))


def _take_in_feeds(run: DemoRun, *, manifest: Manifest, late: bool) -> None:
    """Take in the feeds in the order their neighbours send them; a second tax file comes late, after judgement."""
    for file in sorted(manifest.files, key=lambda entry: (_place(entry.layout), entry.sequence)):
        if file.layout == APPLICATIONS or _is_late(file.layout, sequence=file.sequence) is not late:
            continue
        feed = run.plan.feeds[file.layout]
        with run.stages.stage(f"取込：{feed.layout.label}") as report:
            result = receive_feed(
                run.plan.folder / "feeds" / file.name,
                feeds=run.plan.feeds,
                municipality=manifest.municipality,
                progress=_without_stage(report),
            )
        _note_feed(run, name=file.name, result=result)


def _place(layout: str) -> int:
    order = (*LAYOUTS_BEFORE_JUDGEMENT, APPLICATIONS)
    return order.index(layout)


def _is_late(layout: str, *, sequence: int) -> bool:
    return layout == "tax" and sequence > 1


def _take_in_applications(run: DemoRun, *, manifest: Manifest) -> None:
    for file in manifest.files:
        if file.layout != APPLICATIONS:
            continue
        with run.stages.stage("申請の受付") as report:
            result = cases.receive_applications(
                run.plan.folder / "feeds" / file.name,
                municipality_code=manifest.municipality,
                by=CLERK,
                at=clock.current_instant(),
                progress=_without_stage(report),
            )
        _note_feed(run, name=file.name, result=result)


def _note_feed(run: DemoRun, *, name: str, result: FeedResult) -> None:
    run.received[name] = result
    if result.already_applied:
        run.kept.append(f"取込済みの連携ファイル {name}")


def _link_staff(run: DemoRun) -> None:
    """The clerk at the counter lives with the first child that was applied for."""
    with acting(_access(INSTALLER, purpose="見本の職員と住民の対応づけ")):
        first = cases.applications(limit=1)
        members = registry.household_ids(first[0].child_id) if first else ()
        known = registry.people(members, valid_on=run.plan.as_of, today=run.plan.as_of)
        numbers = [known[one].addressee_no for one in members if one in known]
        link_to_household(numbers, on=clock.current_date_in_japan())


def _judge(run: DemoRun) -> None:
    with run.stages.stage("判定") as report:
        cases.judge_pending(
            municipality=run.plan.municipality,
            on=run.plan.as_of,
            by=CLERK,
            at=clock.current_instant(),
            report=report,
        )


def _approve(run: DemoRun) -> None:
    """Approve; what has become stale by the late feed is stopped, judged again and approved then."""
    first = _approve_all(run)
    _note_refusals(run, step="決裁", reasons=[refusal.reason for refusal in first.refused])
    with (
        acting(_access(CLERK, purpose="資格の判定")),
        run.stages.stage("再判定（判定後に資料が変わったもの）") as report,
    ):
        cases.judge_stale(
            municipality=run.plan.municipality,
            on=run.plan.as_of,
            by=CLERK,
            at=clock.current_instant(),
            report=report,
        )
    _approve_all(run)


def _approve_all(run: DemoRun) -> cases.BulkResult:
    with acting(_access(APPROVER, purpose="決定の決裁")), run.stages.stage("決裁") as report:
        return cases.approve_decided(by=APPROVER, at=clock.current_instant(), report=report)


def _issue(run: DemoRun) -> None:
    with run.stages.stage("医療証の交付") as report:
        result = cases.issue_approved(
            municipality=run.plan.municipality,
            on=run.plan.as_of,
            by=CLERK,
            at=clock.current_instant(),
            report=report,
        )
    _note_refusals(run, step="交付", reasons=[refusal.reason for refusal in result.refused])


def _renew(run: DemoRun) -> None:
    """A yearly renewal up to where the second person approves it, with all its worklists; once for a city."""
    day, at = cases.commonest_end(after=run.plan.as_of), clock.current_instant()
    if day is None or renewal.latest_renewals(limit=1):
        return
    account = staff.find_account(HEAD_CLERK, on=clock.current_date_in_japan())
    if account is None:
        raise LookupError(f"the account {HEAD_CLERK} was not made")
    rights = staff.rights_of(account.account_id, on=clock.current_date_in_japan())
    by = rights.actor()
    with (
        acting(_access(by, purpose="年次更新の判定")),
        run.stages.stage("年次更新の判定（承認待ち）") as report,
    ):
        plan = renewal.Plan(renewal.RenewalKind.YEARLY, day, day, None, False)
        number = renewal.plan_renewal(plan, municipality=run.plan.municipality, rights=rights, at=at)
        renewal.judge_renewal(number, by=by, at=at, report=report)


def _note_refusals(run: DemoRun, *, step: str, reasons: list[str]) -> None:
    for reason in reasons:
        label = f"{step}：{reason}"
        run.stopped[label] = run.stopped.get(label, 0) + 1


def _print(run: DemoRun) -> None:
    plan = run.plan
    with run.stages.stage(f"印刷：{documents.municipality(plan.municipality).certificate}") as report:
        documents.print_certificates(
            by=CLERK,
            on=plan.as_of,
            at=clock.current_instant(),
            report=report,
            municipality=plan.municipality,
            watermark=documents.WATERMARK,
        )
    for kind in (documents.Kind.REJECTION, documents.Kind.LOSS, documents.Kind.MISSING_FACTS):
        _print_letters(run, kind=kind)


def _urge(run: DemoRun) -> None:
    """Print the letters about what the renewal found that nobody reported, where it found something."""
    with acting(_access(CLERK, purpose="届出のお願いの印刷")):
        if documents.count_due(documents.Kind.URGING):
            _print_letters(run, kind=documents.Kind.URGING)


def _print_letters(run: DemoRun, *, kind: documents.Kind) -> None:
    with run.stages.stage(f"印刷：{kind.label}") as report:
        documents.print_letters(
            kind,
            by=CLERK,
            on=run.plan.as_of,
            at=clock.current_instant(),
            report=report,
            municipality=run.plan.municipality,
            watermark=documents.WATERMARK,
        )


def _without_stage(report: Callable[[int, int], None]) -> Callable[[str, int, int], None]:
    """A feed names its own stages; the demo shows one line for the file."""
    return lambda _stage, done, total: report(done, total)
