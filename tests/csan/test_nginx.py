"""The configuration of nginx: sound, closed where it must be, and keeping nothing that is one person's."""

import re
import subprocess
import urllib.error
import urllib.request

from tests.nginx import CONFIGURATION, NGINX, adapted, nginx
from tests.webserver import Handler, web_server

WORDS = "\n".join(line.partition("#")[0].rstrip() for line in CONFIGURATION.read_text().splitlines())


def block(head):
    """What stands in the braces behind `head`."""
    begins = WORDS.index("{", WORDS.index(head)) + 1
    depth, at = 1, begins
    while depth:
        depth += {"{": 1, "}": -1}.get(WORDS[at], 0)
        at += 1
    return WORDS[begins : at - 1]


def test_every_line_ends_or_opens_or_closes_a_block_and_nginx_takes_it_where_there_is_one(tmp_path):
    lines = [line.strip() for line in WORDS.splitlines()]
    assert [line for line in lines if line and line[-1] not in ";{}"] == []
    assert WORDS.count("{") == WORDS.count("}")
    path = tmp_path / "nginx.conf"
    path.write_text(adapted(tmp_path, port=8099, upstream=8098))
    if NGINX:
        done = subprocess.run([NGINX, "-t", "-q", "-c", path], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_what_visitors_claim_about_their_address_is_replaced():
    assert re.findall(r"X-Forwarded-For (.+);", WORDS) == ["$remote_addr"]
    assert "proxy_add_x_forwarded_for" not in WORDS


def test_only_the_program_says_what_may_be_kept():
    for headers in ("proxy_ignore_headers", "proxy_cache_valid", "proxy_hide_header"):
        assert headers not in WORDS


def test_staff_pages_and_private_links_pass_by_the_cache():
    private = block("location ~ ^/(es/)?(admin")
    assert "proxy_pass http://csan;" in private
    assert "proxy_cache " not in private
    assert "proxy_cache " not in block("location ^~ /admin/members/subscriberimport/add/")
    assert block("location ~ ^/(readyz|metrics)$").split() == ["return", "404;"]


def test_one_request_brings_a_page_while_the_others_get_the_old_one():
    said = dict(re.findall(r"^\s*(proxy_cache_\w+) (.+);$", WORDS, re.MULTILINE))
    assert said["proxy_cache_lock"] == said["proxy_cache_background_update"] == "on"
    assert {"updating", "error", "timeout", "http_503"} <= set(said["proxy_cache_use_stale"].split())


def test_no_address_of_a_visitor_and_no_link_stands_in_a_log():
    logged = re.search(r"log_format counted '(.+)';", WORDS)[1]
    assert set(re.findall(r"\$\w+", logged)) == {
        "$time_iso8601", "$request_method", "$status", "$bytes_sent", "$request_time", "$upstream_cache_status",
    }  # fmt: skip


def answer_kept(self, rest):
    """As the program answers for a public page."""
    self.reply(200, **{"Cache-Control": "public, max-age=5"})


def test_a_public_page_is_made_once_for_many_and_a_private_one_each_time_where_there_is_an_nginx(
    tmp_path, monkeypatch
):
    if not NGINX:
        return
    for name in ("answer_kept", "answer_signature", "answer_metrics"):
        monkeypatch.setattr(Handler, name, answer_kept, raising=False)
    with web_server() as server, nginx(tmp_path, upstream=server.server_address[1]) as port:
        found = [ask(port, path) for path in ["/kept/", "/kept/", "/signature/x/", "/signature/x/", "/metrics"]]
    assert found == [(200, "MISS"), (200, "HIT"), (200, None), (200, None), (404, None)]
    assert [path for _, path, _ in server.asked] == ["/kept/", "/signature/x/", "/signature/x/"]


def ask(port, path):
    """The status, and what the cache says of it."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers["X-Cache"]
    except urllib.error.HTTPError as error:
        return error.code, error.headers["X-Cache"]
