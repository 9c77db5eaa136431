"""Addresses of cases and reviews. Named as the acts are."""

from django.urls import path, register_converter

from cases.views import (
    act,
    actions,
    chronology,
    closing,
    copied,
    dates,
    export,
    investigation,
    limits,
    log,
    officers,
    review_grid,
    reviews,
    rules,
    show,
    unfinished,
    whole,
)
from kit.converters import Reference

register_converter(Reference, "reference")

urlpatterns = [
    path("cases/", show.CaseList.as_view(), name="case-list"),
    path("cases/export/", export.ExportCases.as_view(), name="export-cases"),
    path("cases/log/", log.LogStep.as_view(step="when"), name="log-case"),
    path("cases/log/what/", log.LogStep.as_view(step="what"), name="log-case-what"),
    path("cases/log/safety/", log.LogStep.as_view(step="safety"), name="log-case-safety"),
    path("cases/log/check/", log.LogCheck.as_view(), name="log-case-check"),
    path("cases/log/done/", log.LogDone.as_view(), name="log-case-done"),
    path("cases/log/discard/", log.DiscardLogDraft.as_view(), name="discard-log-draft"),
    path("cases/log/draft/<slug:step>/", log.LogDraft.as_view(), name="log-case-draft"),
    path("cases/log/unfinished/<uuid:draft_id>/", unfinished.UnfinishedReport.as_view(), name="unfinished-report"),
    path("cases/<reference:reference>/", show.CasePage.as_view(), name="case"),
    path("cases/<reference:reference>/names/", show.CaseNames.as_view(), name="case-names"),
    path("cases/<reference:reference>/history/", show.CaseHistory.as_view(), name="case-history"),
    path("cases/<reference:reference>/dates/", dates.CaseDates.as_view(), name="case-dates"),
    # The case looked at whole
    path("cases/<reference:reference>/as-at/", whole.CaseAsAt.as_view(), name="case-as-at"),
    path("cases/<reference:reference>/hand-over/", whole.HandOver.as_view(), name="hand-over"),
    path("cases/<reference:reference>/access/", whole.CaseAccess.as_view(), name="case-access"),
    path("cases/<reference:reference>/copy/", whole.CopyCase.as_view(), name="copy-case"),
    path("cases/<reference:reference>/chronology/", chronology.CaseChronology.as_view(), name="case-chronology"),
    path("cases/<reference:reference>/chronology/add/", chronology.RecordEvent.as_view(), name="record-event"),
    path("cases/<reference:reference>/chronology/<uuid:event_id>/strike/", chronology.StrikeEvent.as_view(), name="strike-event"),
    path("cases/<reference:reference>/limits/<uuid:limit_id>/suspend/", limits.SuspendLimit.as_view(), name="suspend-limit"),
    path("cases/<reference:reference>/limits/<uuid:limit_id>/resume/", limits.ResumeLimit.as_view(), name="resume-limit"),
    path("cases/<reference:reference>/limits/<uuid:limit_id>/stop/", limits.StopLimit.as_view(), name="stop-limit"),
    path("cases/<reference:reference>/limits/<uuid:limit_id>/restart/", limits.RestartLimit.as_view(), name="restart-limit"),
    path("cases/<reference:reference>/suspects/<int:number>/", act.UpdateSuspect.as_view(), name="update-suspect"),
    path("cases/<reference:reference>/allocate/", act.AllocateCase.as_view(), name="allocate-case"),
    path("cases/<reference:reference>/officers/add/", officers.AddOfficer.as_view(), name="add-officer"),
    path("cases/<reference:reference>/officers/take-off/", officers.TakeOfficerOff.as_view(), name="take-officer-off"),
    # What the investigation thinks and follows
    path("cases/<reference:reference>/context/", investigation.CaseContext.as_view(), name="case-context"),
    path("cases/<reference:reference>/context/change/", investigation.RecordContext.as_view(), name="record-context"),
    path("cases/<reference:reference>/victims/<int:number>/wishes/", investigation.RecordWish.as_view(), name="record-wish"),
    path("cases/<reference:reference>/plan/", investigation.CasePlan.as_view(), name="case-plan"),
    path("cases/<reference:reference>/plan/change/", investigation.SetPlan.as_view(), name="set-plan"),
    path("cases/<reference:reference>/enquiries/", investigation.CaseEnquiries.as_view(), name="case-enquiries"),
    path("cases/<reference:reference>/enquiries/add/", investigation.AddLine.as_view(), name="add-line"),
    path("cases/<reference:reference>/enquiries/<int:number>/", investigation.ChangeLine.as_view(), name="change-line"),
    path("rules/", rules.RulePack.as_view(), name="rule-pack"),
    path("rules/days/add/", rules.AddLocalDay.as_view(), name="add-local-day"),
    path("rules/<slug:code>/change/", rules.ChangeRule.as_view(), name="change-rule"),
    path("cases/<reference:reference>/actions/", actions.CaseActions.as_view(), name="case-actions"),
    path("cases/<reference:reference>/actions/export/", export.ExportActions.as_view(), name="export-actions"),
    path("cases/<reference:reference>/actions/give/", actions.GiveAction.as_view(), name="give-action"),
    path("cases/<reference:reference>/actions/<int:number>/", actions.ActionPage.as_view(), name="action"),
    path("cases/<reference:reference>/actions/<int:number>/done/", actions.CompleteAction.as_view(), name="complete-action"),
    path(
        "cases/<reference:reference>/actions/<int:number>/more-time/", actions.AskForMoreTime.as_view(), name="ask-for-more-time"
    ),
    path(
        "cases/<reference:reference>/actions/<int:number>/more-time/answer/",
        actions.AnswerMoreTime.as_view(),
        name="answer-more-time",
    ),
    path("cases/<reference:reference>/actions/<int:number>/verify/", actions.VerifyAction.as_view(), name="verify-action"),
    path("cases/<reference:reference>/reviews/", review_grid.CaseReviews.as_view(), name="case-reviews"),
    # The end of a case
    path("cases/<reference:reference>/close/", closing.CloseCase.as_view(), name="close-case"),
    path("cases/<reference:reference>/reopen/", closing.ReopenCase.as_view(), name="reopen-case"),
    path("reviews/", reviews.ReviewQueue.as_view(), name="review-queue"),
    path("reviews/export/", export.ExportQueue.as_view(), name="export-queue"),
    path("reviews/<uuid:review_id>/", reviews.ReviewPage.as_view(), name="review"),
    path("reviews/<uuid:review_id>/draft/", reviews.ReviewDraft.as_view(), name="review-draft"),
    path("reviews/<uuid:review_id>/copy/", copied.CopyReview.as_view(), name="copy-review"),
]
