"""Addresses of the auditor's pages. A case or a person is asked for in the form, never in an address of its own."""

from django.urls import path

from audit.views import check, find, registers, signals

urlpatterns = [
    path("audit/", find.AuditPage.as_view(), name="audit"),
    path("audit/export/", find.ExportEntries.as_view(), name="export-entries"),
    path("audit/check/", check.BeginCheck.as_view(), name="begin-check"),
    path("audit/check/<uuid:check_id>/", check.CheckPage.as_view(), name="audit-check"),
    path("audit/seal/", check.ExportSeal.as_view(), name="export-seal"),
    path("audit/signals/<int:signal_id>/", signals.AnswerSignal.as_view(), name="audit-signal"),
    path("audit/entries/<int:entry_id>/words/", signals.ShowSearchedWords.as_view(), name="searched-words"),
    path("audit/registers/", registers.Registers.as_view(), name="audit-registers"),
    path("audit/breaches/add/", registers.EnterBreach.as_view(), name="enter-breach"),
    path("audit/breaches/<uuid:breach_id>/decide/", registers.DecideBreach.as_view(), name="decide-breach"),
    path("audit/breaches/<uuid:breach_id>/close/", registers.CloseBreach.as_view(), name="close-breach"),
    path("audit/of-auditors/", registers.OfAuditors.as_view(), name="of-auditors"),
    path(
        "audit/of-auditors/entries/<int:auditors_entry_id>/words/", signals.ShowWordsOfAuditor.as_view(), name="words-of-auditor"
    ),
    path("audit/of-auditors/<int:auditors_signal_id>/", signals.AnswerSignalOfAuditor.as_view(), name="signal-of-auditor"),
]
