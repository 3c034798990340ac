"""The petitions' addresses."""

from django.urls import path

from petitions import views

app_name = "petitions"

urlpatterns = [
    path("petitions/", views.petitions, name="petitions"),
    path("petitions/<slug:slug>/", views.petition, name="petition"),
    path("petitions/<slug:slug>/sign/", views.sign, name="sign"),
    path("petitions/<slug:slug>/check-your-email/", views.check_your_email, name="check-your-email"),
    path("petitions/<slug:slug>/signed/", views.signed, name="signed"),
    path("petitions/<slug:slug>/sheet/", views.sheet, name="sheet"),
    path("petitions/<slug:slug>/count.json", views.count, name="count"),
    path("signature/<str:token>/confirm/", views.confirm, name="confirm"),
    path("signature/<str:key>/", views.signature, name="signature"),
    path("signature/<str:key>/withdraw/", views.withdraw, name="withdraw"),
    path("signature/<str:key>/export.json", views.export, name="export"),
]
