"""Every address of the site. Pages have Spanish twins under /es/; machines' addresses have none."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from csan import calendars, mailbox, metrics, sharing, sitemaps, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("uploads/<str:name>", views.upload, name="upload"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("favicon.ico", sitemaps.favicon, name="favicon"),
]

if hasattr(settings, "ANYMAIL"):  # a mail service is in use, and its webhooks carry a secret
    urlpatterns += [path("anymail/", include("csan.webhooks"))]

if settings.LOCAL:
    urlpatterns += [
        path("mail/", mailbox.letters, name="mail"),
        path("mail/<str:name>/", mailbox.letter, name="mail-letter"),
        path("mail/<str:name>/html/", mailbox.letter_html, name="mail-letter-html"),
    ]

urlpatterns += i18n_patterns(
    path("", include("petitions.urls")),  # first: in a surge most requests are its, and addresses are tried in turn
    path("", views.home, name="home"),
    path("privacy/", views.privacy, name="privacy"),
    path("site.webmanifest", sitemaps.manifest, name="manifest"),
    path("calendar.ics", calendars.everything, name="calendar"),
    path("week-of-action/<int:year>/calendar.ics", calendars.week, name="week-calendar"),
    path("news/<slug:slug>/calendar.ics", calendars.action, name="action-calendar"),
    path("share/home.png", sharing.home, name="share-home"),
    path("share/petition/<slug:slug>.png", sharing.petition, name="share-petition"),
    path("share/week/<int:year>.png", sharing.week, name="share-week"),
    path("share/issue/<int:number>.png", sharing.issue, name="share-issue"),
    path("share/post/<slug:slug>.png", sharing.post, name="share-post"),
    path("share/campaign/<slug:slug>.png", sharing.campaign, name="share-campaign"),
    path("", include("members.urls")),
    path("", include("campaigns.urls")),
    prefix_default_language=False,
)

handler400 = "csan.faults.bad_request"
handler500 = "csan.faults.server_error"
