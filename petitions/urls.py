"""The petitions' addresses."""

from django.urls import path

from petitions.views import private, public, signing, verifying

app_name = "petitions"

urlpatterns = [
    path("petitions/", public.petitions, name="petitions"),
    path("petitions/<slug:slug>/", public.petition, name="petition"),
    path("petitions/<slug:slug>/sign/", signing.sign, name="sign"),
    path("petitions/<slug:slug>/check-your-email/", signing.check_your_email, name="check-your-email"),
    path("petitions/<slug:slug>/signed/", signing.signed, name="signed"),
    path("petitions/<slug:slug>/sheet/", public.sheet, name="sheet"),
    path("petitions/<slug:slug>/count.json", public.count, name="count"),
    path("verify/<str:code>/", verifying.verify, name="verify"),
    path("signature/<str:token>/confirm/", signing.confirm, name="confirm"),
    path("signature/<str:key>/", private.signature, name="signature"),
    path("signature/<str:key>/withdraw/", private.withdraw, name="withdraw"),
    path("signature/<str:key>/export.json", private.export, name="export"),
]
