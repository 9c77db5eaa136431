"""Addresses of the information manager. None holds a name: what is searched for is sent, never asked for in an address."""

from django.urls import path

from information.views import disposals, overview, requests, retention

urlpatterns = [
    path("information/", overview.Information.as_view(), name="information"),
    path("information/requests/open/", requests.OpenSubjectRequest.as_view(), name="open-subject-request"),
    path("information/requests/<uuid:request_id>/", requests.ShowRequest.as_view(), name="subject-request"),
    path("information/requests/<uuid:request_id>/identity/", requests.ConfirmIdentity.as_view(), name="confirm-identity"),
    path("information/requests/<uuid:request_id>/search/", requests.SearchForSubject.as_view(), name="search-for-subject"),
    path("information/requests/<uuid:request_id>/search/again/", requests.SearchAgain.as_view(), name="search-again"),
    path("information/requests/<uuid:request_id>/records/", requests.ChooseSubject.as_view(), name="choose-subject"),
    path("information/requests/<uuid:request_id>/begin/", requests.BeginReview.as_view(), name="begin-review"),
    path("information/requests/<uuid:request_id>/items/", requests.SubjectItems.as_view(), name="subject-items"),
    path(
        "information/requests/<uuid:request_id>/items/<str:source>/<uuid:row_id>/",
        requests.DecideItem.as_view(),
        name="decide-item",
    ),
    path("information/requests/<uuid:request_id>/bundle/", requests.PrintBundle.as_view(), name="print-bundle"),
    path("information/requests/<uuid:request_id>/bundle/export/", requests.ExportBundle.as_view(), name="export-bundle"),
    path("information/requests/<uuid:request_id>/send/", requests.SendBundle.as_view(), name="send-bundle"),
    path("information/requests/<uuid:request_id>/end/", requests.EndRequest.as_view(), name="end-request"),
    path("information/requests/<uuid:request_id>/extend/", requests.ExtendRequest.as_view(), name="extend-request"),
    path("information/records/<uuid:record_id>/", retention.RetentionReview.as_view(), name="retention-review"),
    path("information/records/<uuid:record_id>/open/", retention.OpenRetentionReview.as_view(), name="open-retention-review"),
    path("information/records/<uuid:record_id>/keep/", retention.KeepRecord.as_view(), name="keep-record"),
    path("information/records/<uuid:record_id>/hold/", retention.HoldRecord.as_view(), name="hold-record"),
    path("information/records/<uuid:record_id>/propose/", disposals.ProposeDisposal.as_view(), name="propose-disposal"),
    path("information/holds/place/", retention.PlaceHold.as_view(), name="place-hold"),
    path("information/holds/<uuid:hold_id>/lift/", retention.LiftHold.as_view(), name="lift-hold"),
    path("information/disposals/", disposals.Disposals.as_view(), name="disposals"),
    path("information/disposals/<uuid:disposal_id>/", disposals.ShowDisposal.as_view(), name="disposal"),
    path("information/disposals/<uuid:disposal_id>/approve/", disposals.ApproveDisposal.as_view(), name="approve-disposal"),
    path("information/disposals/<uuid:disposal_id>/refuse/", disposals.RefuseDisposal.as_view(), name="refuse-disposal"),
    path("information/disposals/<uuid:disposal_id>/withdraw/", disposals.WithdrawDisposal.as_view(), name="withdraw-disposal"),
    path("information/certificates/<uuid:certificate_id>/", disposals.ShowCertificate.as_view(), name="certificate"),
]
