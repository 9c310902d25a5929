"""The review of readings (閲覧の点検): the queue, asking the reader, the answer, the finding, and drawing by lot."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kyufu.audit import api as audit
from kyufu.audit.api import EventKind, ReviewSeen, ReviewState
from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.registry import api as registry
from kyufu.staff.api import Function, Level
from kyufu.web.pages.acts import CONFLICT, INVALID, attempt
from kyufu.web.pages.audit_forms import AnswerForm, AssignForm, CloseForm, PeriodForm, SampleForm
from kyufu.web.pages.forms import PageForm
from kyufu.web.pages.links import go_to, opened
from kyufu.web.pages.log import MENU, screen_names
from kyufu.web.review_facts import RegisterFacts
from kyufu.web.screens import StaffRequest, screen

REVIEW, PLACE = "review", "reviews"
PAGE = 50
PURPOSE = "閲覧の点検"
ANSWERING = "閲覧の点検への回答"


@screen("reviews", title="閲覧の点検", function=Function.AUDIT, level=Level.READ, purpose=PURPOSE, menu=MENU,
        methods=("GET",))  # fmt: skip
def show_queue(request: StaffRequest) -> HttpResponse:
    """List the open reviews, the oddest first, with the reasons."""
    token = request.GET.get("after", "")
    after = None
    if token:
        score, number = opened(request, token=token, kind=PLACE).split("|")
        after = (int(score), int(number))
    found = audit.review_queue(after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    context = {
        "rows": shown,
        "is_first": after is None,
        "next_place": f"{shown[-1].score}|{shown[-1].review_id}" if len(found) > PAGE else None,
    }
    return render(request, "pages/reviews.html", context)


@screen("review", title="閲覧の点検の内容", function=Function.AUDIT, level=Level.READ, purpose=PURPOSE,
        methods=("GET",))  # fmt: skip
def show(request: StaffRequest, *, token: str) -> HttpResponse:
    """Show a review: what was read of whom, why it was chosen, what was said."""
    return _page(request, review=_review(request, token=token))


@screen("review_assign", title="閲覧の点検の照会", function=Function.AUDIT, level=Level.UPDATE, purpose=PURPOSE,
        methods=("POST",))  # fmt: skip
def assign(request: StaffRequest, *, token: str) -> HttpResponse:
    """Ask the reader to explain."""
    form = AssignForm(request.POST)

    def act(review_id: int) -> None:
        question, at = form.cleaned_data["question"], clock.current_instant()
        audit.assign_review(review_id, question=question, by=request.access.actor, at=at)

    return _done(request, token=token, form=form, act=act, said="照会")


@screen("review_close", title="閲覧の点検の完了", function=Function.AUDIT, level=Level.UPDATE, purpose=PURPOSE,
        methods=("POST",))  # fmt: skip
def close(request: StaffRequest, *, token: str) -> HttpResponse:
    """Close a review with a finding, as another person than the reader."""
    form = CloseForm(request.POST)

    def act(review_id: int) -> None:
        why, at = form.cleaned_data["why"], clock.current_instant()
        audit.close_review(review_id, finding=form.finding_made(), why=why, by=request.access.actor, at=at)

    return _done(request, token=token, form=form, act=act, said="完了")


@screen("review_sample", title="閲覧の無作為抽出", function=Function.AUDIT, level=Level.UPDATE, purpose=PURPOSE,
        menu=MENU)  # fmt: skip
def draw(request: StaffRequest) -> HttpResponse:
    """Draw reads of a period by lot for review."""
    form = SampleForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = INVALID if form.is_bound else 200
        return render(request, "pages/review_sample.html", {"form": form}, status=status)
    data = form.cleaned_data

    def act() -> None:
        audit.draw_sample(
            seed=data["seed"],
            size=data["size"],
            since=form.start(),
            until=form.end(),
            by=request.access.actor,
            at=clock.current_instant(),
        )

    detail = {"操作": "無作為抽出", "種": data["seed"], "件数": str(data["size"])}
    refusal = attempt(act, kind=EventKind.REVIEWED, detail=detail)
    if refusal is not None:
        return render(
            request, "pages/review_sample.html", {"form": form, "refusal": refusal}, status=CONFLICT
        )
    messages.success(request, "閲覧を抽出し、点検の一覧に加えました。")
    return redirect(reverse("reviews"))


@screen("review_find", title="点検が要る閲覧の洗い出し", function=Function.AUDIT, level=Level.UPDATE,
        purpose=PURPOSE, menu=MENU)  # fmt: skip
def find_odd(request: StaffRequest) -> HttpResponse:
    """Look through the reads of a period for odd ones, and open their review."""
    form = PeriodForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = INVALID if form.is_bound else 200
        return render(request, "pages/review_find.html", {"form": form}, status=status)
    today = clock.current_date_in_japan()

    def act() -> None:
        audit.open_odd_reads(
            since=form.start(),
            until=form.end(),
            on=today,
            facts=RegisterFacts(on=today, until=form.end()),
            by=request.access.actor,
            at=clock.current_instant(),
        )

    refusal = attempt(act, kind=EventKind.REVIEWED, detail={"操作": "洗い出し"})
    if refusal is not None:
        return render(request, "pages/review_find.html", {"form": form, "refusal": refusal}, status=CONFLICT)
    messages.success(request, "点検が要る閲覧を一覧に加えました。")
    return redirect(reverse("reviews"))


@screen("my_reviews", title="点検への回答", function=None, level=Level.NONE, purpose=ANSWERING, menu="確認",
        contractors=True, methods=("GET",))  # fmt: skip
def show_own(request: StaffRequest) -> HttpResponse:
    """List the readings that this person is asked to explain."""
    return _own_page(request)


@screen("review_answer", title="点検への回答の送信", function=None, level=Level.NONE, purpose=ANSWERING,
        contractors=True, methods=("POST",))  # fmt: skip
def answer(request: StaffRequest, *, token: str) -> HttpResponse:
    """Say why one read; the reader alone may."""
    review = _review(request, token=token)
    if review.reader_no != request.rights.staff_no:
        raise Http404
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _own_page(request, form=form, status=INVALID)

    def act() -> None:
        audit.answer_review(
            review.review_id,
            explanation=form.cleaned_data["answer"],
            by=request.access.actor,
            at=clock.current_instant(),
        )

    refusal = attempt(act, kind=EventKind.REVIEWED, detail={"操作": "回答", "点検": str(review.review_id)})
    if refusal is not None:
        return _own_page(request, refusal=refusal, status=CONFLICT)
    messages.success(request, "回答しました。")
    return redirect(reverse("my_reviews"))


def _done(
    request: StaffRequest, *, token: str, form: PageForm, act: Callable[[int], None], said: str
) -> HttpResponse:
    review = _review(request, token=token)
    if not form.is_valid():
        return _page(request, review=review, form=form, status=INVALID)
    detail = {"操作": said, "点検": str(review.review_id)}
    refusal = attempt(lambda: act(review.review_id), kind=EventKind.REVIEWED, detail=detail)
    if refusal is not None:
        return _page(request, review=review, refusal=refusal, status=CONFLICT)
    messages.success(request, f"点検の{said}をしました。")
    return go_to(request, code="review", kind=REVIEW, key=review.review_id)


def _review(request: StaffRequest, *, token: str) -> ReviewSeen:
    found = audit.find_review(int(opened(request, token=token, kind=REVIEW)))
    if found is None:
        raise Http404
    return found


def _page(
    request: StaffRequest,
    *,
    review: ReviewSeen,
    form: PageForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    read, today = audit.reviewed_read(review.review_id), clock.current_date_in_japan()
    people = registry.people(read.subjects[:PAGE], valid_on=today, today=today) if read else {}
    is_reader = review.reader_no == request.rights.staff_no
    may_change = request.rights.may(Function.AUDIT, level=Level.UPDATE) and not is_reader
    context = {
        "review": review,
        "read": read,
        "screen_name": screen_names().get(read.screen, read.screen) if read else "",
        "people": list(people.values()),
        "more": len(read.subjects) - len(people) if read else 0,
        "steps": audit.review_steps(review.review_id),
        "form": form,
        "assign_form": form if isinstance(form, AssignForm) else AssignForm(),
        "close_form": form if isinstance(form, CloseForm) else CloseForm(),
        "refusal": refusal,
        "may_assign": may_change and review.state in (ReviewState.OPEN, ReviewState.ANSWERED),
        "may_close": may_change and review.state is not ReviewState.CLOSED,
    }
    return render(request, "pages/review.html", context, status=status)


def _own_page(
    request: StaffRequest,
    *,
    form: AnswerForm | None = None,
    refusal: KyufuError | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = [
        {"review": one, "question": audit.review_steps(one.review_id)[-1].why}
        for one in audit.reviews_to_answer(request.rights.staff_no)
    ]
    context = {"rows": rows, "form": form, "refusal": refusal}
    return render(request, "pages/my_reviews.html", context, status=status)
