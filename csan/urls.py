"""Every address of the site. Pages have Spanish twins under /es/; machines' addresses have none."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from csan import mailbox, metrics, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/", admin.site.urls),
]

if hasattr(settings, "ANYMAIL"):  # a mail service is in use, and its webhooks carry a secret
    urlpatterns += [path("anymail/", include("anymail.urls"))]

if settings.LOCAL:
    urlpatterns += [
        path("mail/", mailbox.letters, name="mail"),
        path("mail/<str:name>/", mailbox.letter, name="mail-letter"),
        path("mail/<str:name>/html/", mailbox.letter_html, name="mail-letter-html"),
    ]

urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path("privacy/", views.privacy, name="privacy"),
    path("", include("members.urls")),
    path("", include("campaigns.urls")),
    path("", include("petitions.urls")),
    prefix_default_language=False,
)
