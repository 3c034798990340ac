"""The addresses of campaigns and Weeks of Action."""

from django.urls import path

from campaigns import views

app_name = "campaigns"

urlpatterns = [
    path("campaigns/<slug:slug>/", views.campaign, name="campaign"),
    path("week-of-action/", views.weeks, name="weeks"),
    path("week-of-action/<int:year>/", views.week, name="week"),
    path("week-of-action/<int:year>/register/", views.register, name="register"),
    path("week-of-action/<int:year>/registered/", views.registered, name="registered"),
    path("registration/<str:key>/", views.registration, name="registration"),
    path("registration/<str:key>/change/", views.change, name="registration-change"),
    path("registration/<str:key>/withdraw/", views.withdraw, name="registration-withdraw"),
]
