"""The newsletter's addresses."""

from django.urls import path

from members import feeds
from members.views import links, reading, subscriptions

app_name = "members"

urlpatterns = [
    path("subscribe/", subscriptions.subscribe, name="subscribe"),
    path("subscribe/check-your-email/", subscriptions.check_your_email, name="check-your-email"),
    path("subscribe/confirm/<str:token>/", subscriptions.confirm, name="confirm"),
    path("subscribe/confirmed/", subscriptions.confirmed, name="confirmed"),
    path("unsubscribe/<str:key>/", subscriptions.unsubscribe, name="unsubscribe"),
    path("unsubscribed/", subscriptions.unsubscribed, name="unsubscribed"),
    path("preferences/<str:key>/", subscriptions.preferences, name="preferences"),
    path("newsletter/", reading.archive, name="archive"),
    path("newsletter/feed.xml", feeds.IssueFeed(), name="feed"),
    path("newsletter/<int:number>/", reading.issue, name="issue"),
    path("to/<slug:code>/", links.followed, name="followed"),
    path("news/", reading.news, name="news"),
    path("news/feed.xml", feeds.PostFeed(), name="news-feed"),
    path("news/<slug:slug>/", reading.post, name="post"),
]
