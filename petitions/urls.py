"""The petitions' addresses."""

from django.urls import path

from petitions.views import afterwards, going, private, public, results, signing, verifying

app_name = "petitions"

urlpatterns = [
    path("petitions/", public.petitions, name="petitions"),
    path("petitions/<slug:slug>/", public.petition, name="petition"),
    path("petitions/<slug:slug>/sign/", signing.sign, name="sign"),
    path("petitions/<slug:slug>/check-your-email/", signing.check_your_email, name="check-your-email"),
    path("petitions/<slug:slug>/signed/", afterwards.signed, name="signed"),
    path("petitions/<slug:slug>/called/", afterwards.called, name="called"),
    path("petitions/<slug:slug>/sheet/", public.sheet, name="sheet"),
    path("petitions/<slug:slug>/count.json", public.count, name="count"),
    path("petitions/<slug:slug>/results/", results.results, name="results"),
    path("petitions/<slug:slug>/results.csv", results.results_csv, name="results-csv"),
    path("petitions/<slug:slug>/embed/", results.embed, name="embed"),
    path("signature/", signing.confirm_code, name="cut-off-link"),
    path("signature/code/", signing.confirm_code, name="confirm-code"),
    path("signature/erased/", private.erased, name="erased"),
    path("verify/<str:code>/", verifying.verify, name="verify"),
    path("signature/<str:token>/confirm/", signing.confirm, name="confirm"),
    path("signature/<str:key>/", private.signature, name="signature"),
    path("signature/<str:key>/withdraw/", private.withdraw, name="withdraw"),
    path("signature/<str:key>/representative/", private.representative, name="representative"),
    path("signature/<str:key>/reaffirm/", private.reaffirm, name="reaffirm"),
    path("signature/<str:key>/erase/", private.erase, name="erase"),
    path("signature/<str:key>/export.json", private.export, name="export"),
    path("go/<str:code>/", going.go, name="go"),
]
