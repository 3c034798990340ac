"""The addresses of campaigns and Weeks of Action."""

from django.urls import path

from campaigns import views

app_name = "campaigns"

urlpatterns = [
    path("campaigns/<slug:slug>/", views.campaign, name="campaign"),
    path("week-of-action/", views.weeks, name="weeks"),
    path("week-of-action/<int:year>/", views.week, name="week"),
    path("week-of-action/<int:year>/wall/", views.wall, name="wall"),
    path("week-of-action/<int:year>/register/", views.register, name="register"),
    path("week-of-action/<int:year>/registered/", views.registered, name="registered"),
    path("registration/<str:key>/", views.registration, name="registration"),
    path("registration/<str:key>/change/", views.change, name="registration-change"),
    path("registration/<str:key>/withdraw/", views.withdraw, name="registration-withdraw"),
    path("registration/<str:key>/ask/", views.ask, name="registration-ask"),
    path("registration/<str:key>/colleagues/", views.colleagues, name="registration-colleagues"),
    path("registration/<str:key>/others/", views.others, name="registration-others"),
    path("registration/<str:key>/report/", views.report, name="registration-report"),
    path("registration/<str:key>/report/photos/", views.report_photos, name="registration-report-photos"),
    path("registration/<str:key>/report/photos/<int:pk>.jpg", views.report_photo, name="registration-report-photo"),
    path("registration/<str:key>/report/<slug:step>/", views.report_step, name="registration-report-step"),
    path("registration/<str:key>/calendar.ics", views.calendar_file, name="registration-calendar"),
    path("registration/<str:key>/link/", views.replace_link, name="registration-link"),
    path("registration/<str:key>/arrived/<str:code>/", views.arrived, name="registration-arrived"),
    path("registration/<str:key>/print/<slug:name>.pdf", views.handout, name="registration-handout"),
    path("week-of-action/locals.json", views.suggestions, name="suggestions"),
    path("week-of-action/handed-over/", views.handed_over, name="handed-over"),
    path("week-of-action/link/", views.lost_link, name="lost-link"),
    path("week-of-action/link/sent/", views.link_sent, name="link-sent"),
]
