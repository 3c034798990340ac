"""The newsletter's addresses."""

from django.urls import path

from members import feeds, views

app_name = "members"

urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/check-your-email/", views.check_your_email, name="check-your-email"),
    path("subscribe/confirm/<str:token>/", views.confirm, name="confirm"),
    path("subscribe/confirmed/", views.confirmed, name="confirmed"),
    path("unsubscribe/<str:key>/", views.unsubscribe, name="unsubscribe"),
    path("unsubscribed/", views.unsubscribed, name="unsubscribed"),
    path("preferences/<str:key>/", views.preferences, name="preferences"),
    path("newsletter/", views.archive, name="archive"),
    path("newsletter/feed.xml", feeds.IssueFeed(), name="feed"),
    path("newsletter/<int:number>/", views.issue, name="issue"),
    path("news/", views.news, name="news"),
    path("news/feed.xml", feeds.PostFeed(), name="news-feed"),
    path("news/<slug:slug>/", views.post, name="post"),
]
