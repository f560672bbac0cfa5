"""The rules that feeds are held to: each finds what it is there to find."""

import pytest

from stories.tests.formats.specifications import atom_faults, json_feed_faults, rss_faults, sitemap_faults

RSS = """<rss version="2.0"><channel><title>T</title>
<link>https://news.example/</link><description>D</description>
<item><title>I</title><guid isPermaLink="false">a</guid>
<pubDate>Tue, 04 Mar 2031 12:00:00 +0000</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-gb"><id>https://news.example/</id><title>T</title>
<updated>2031-03-04T12:00:00+00:00</updated><author><name>A</name></author>
<entry><id>tag:news.example,2031:1</id><title>I</title><updated>2031-03-04T12:00:00Z</updated>
<link href="https://news.example/1/" rel="alternate"/>
<content type="html">&lt;p&gt;</content></entry></feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [
{"id": "1", "content_html": "<p>",
"url": "https://news.example/1/", "date_published": "2031-03-04T12:00:00Z", 
"tags": ["x"], "authors": [{"name": "A"}]}]}"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1/</loc>
<lastmod>2031-03-04</lastmod><n:news><n:publication><n:name>N</n:name><n:language>en</n:language></n:publication>
<n:publication_date>2031-03-04T12:00:00+00:00</n:publication_date><n:title>T</n:title></n:news></url></urlset>"""

RULES = {
    "rss": (RSS, rss_faults),
    "atom": (ATOM, atom_faults),
    "json": (JSON, json_feed_faults),
    "sitemap": (SITEMAP, lambda document: sitemap_faults(document, "https://news.example")),
}


@pytest.mark.parametrize("form", RULES)
def test_what_is_right_has_no_fault(form: str) -> None:
    document, faults = RULES[form]
    assert faults(document.encode()) == []


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("rss", "<title>T</title>", ""),
        ("rss", "<description>D</description>", "<description>D</description><colour/>"),
        ("rss", "https://news.example/", "/"),
        ("rss", "<title>I</title>", ""),
        ("rss", "<title>I</title>", "<title>I</title><title>J</title>"),
        ("rss", "Tue, 04 Mar 2031", "Mon, 04 Mar 2031"),
        ("rss", "Tue, 04 Mar 2031", "2031-03-04"),
        ("rss", ' isPermaLink="false"', ""),
        ("rss", "<title>I</title>", "<title>I</title><author>A</author>"),
        ("rss", 'version="2.0"', 'version="1.0"'),
        ("atom", "<title>I</title>", ""),
        ("atom", "<title>T</title>", "<title>T</title><title>T</title>"),
        ("atom", "tag:news.example,2031:1", "1"),
        ("atom", "2031-03-04T12:00:00Z", "2031-03-04 12:00:00"),
        ("atom", "<author><name>A</name></author>", ""),
        ("atom", "<name>A</name>", "<uri>https://news.example/a/</uri>"),
        ("atom", 'href="https://news.example/1/"', 'href="/1/"'),
        ("atom", "&lt;p&gt;", "<p/>"),
        ("atom", "<title>I</title>", "<title>I</title><category/>"),
        ("atom", "</feed>", "<pubDate/></feed>"),
        ("json", "/1.1", "/1"),
        ("json", '"id": "1"', '"id": 1'),
        ("json", '"content_html"', '"html"'),
        ("json", "12:00:00Z", "12:00:00"),
        ("json", '"title": "T", ', ""),
        ("json", '{"name": "A"}', "{}"),
        ("json", "https://news.example/1/", "/1/"),
        ("sitemap", "https://news.example/1/", "https://else.example/1/"),
        ("sitemap", "<lastmod>2031-03-04", "<lastmod>4 March 2031"),
        ("sitemap", "<n:title>T</n:title>", ""),
        ("sitemap", "<n:language>en</n:language>", "<n:language>English</n:language>"),
        ("sitemap", "<lastmod>", "<loc>https://news.example/2/</loc><lastmod>"),
    ],
)
def test_what_is_wrong_is_found(form: str, right: str, wrong: str) -> None:
    document, faults = RULES[form]
    assert right in document
    assert faults(document.replace(right, wrong, 1).encode())
