# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from html import escape

import hypothesis
from hypothesis import strategies
from lxml import html as lxml_html
from markupsafe import Markup

from odoo.tests import tagged

from ..orm.richtext import looks_like_html, to_html, to_markdown, to_text
from .orm_case import OrmCase

WORDS = strategies.text(
    strategies.characters(whitelist_categories=("Lu", "Ll", "Nd", "Po", "Pd", "Ps", "Pe", "Sm", "Sc", "Sk", "Pc")),
    min_size=1,
    max_size=8,
)
LINES = strategies.lists(WORDS, min_size=1, max_size=5).map(" ".join)


def shape(html: str) -> list[tuple[str, str]]:
    """Return tags and words of HTML in order: what a reader sees, without layout."""
    root = lxml_html.fromstring(f"<div>{html}</div>")
    found = []
    for element in root.iter():
        tag = {"strong": "b", "em": "i"}.get(element.tag, element.tag)
        if tag in ("p", "li", "ul", "ol", "b", "a", "i", "h2", "code", "br"):
            found.append((tag, element.get("href") or ""))
        found += [("", word) for word in (element.text or "").split()]
        for child in element:
            found += [("tail", word) for word in (child.tail or "").split()]
    return found


@tagged("post_install", "-at_install")
class TestRichtext(OrmCase):
    def survives(self, html: str) -> None:
        markdown = to_markdown(html)
        self.assertEqual(shape(to_html(markdown)), shape(html), markdown)
        self.assertEqual(to_markdown(to_html(markdown)), markdown)
        self.assertFalse(looks_like_html(markdown), markdown)

    def check(self, build) -> None:
        @hypothesis.given(LINES, LINES, LINES)
        @hypothesis.settings(deadline=None, max_examples=150)
        def run(first, second, third):
            self.survives(build(escape(first), escape(second), escape(third)))

        run()

    def test_paragraphs_survive_being_read_and_written_back(self):
        self.check(lambda a, b, c: f"<p>{a}</p><p>{b}<br>{c}</p>")

    def test_lists_survive(self):
        self.check(lambda a, b, c: f"<p>{a}</p><ul><li>{b}</li><li>{c}</li></ul>")
        self.check(lambda a, b, c: f"<ol><li>{a}</li><li>{b}</li></ol><p>{c}</p>")

    def test_bold_survives(self):
        # CommonMark cannot open or close emphasis between a letter and a punctuation mark: the words stand apart
        self.check(lambda a, b, c: f"<p>{a} <b>x{b}x</b> {c}</p>")

    def test_links_survive(self):
        self.check(lambda a, b, c: f'<p>{a} <a href="https://x.example/a_b(c)?d=e&amp;f=*">{b}</a> {c}</p>')

    def test_what_is_read_looks_as_one_expects(self):
        for html, markdown in (
            ("<h2>Title</h2><p>Hello <b>World</b>, <i>all</i>.</p>", "## Title\n\nHello **World**, *all*."),
            ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
            ("<p>one<br/>two</p>", "one\ntwo"),
            ('<p><a href="https://x.example/">x</a></p>', "[x](https://x.example/)"),
            ("<blockquote><p>said</p></blockquote>", "> said"),
            ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
            ("<p>snake_case [draft] C:\\Users 2 * 3</p>", "snake_case [draft] C:\\Users 2 * 3"),
            ("<p>1. no list</p><p># no title</p><p>a &lt;b&gt;</p>", "1\\. no list\n\n\\# no title\n\na \\<b>"),
            ("<table><tr><th>a|b</th></tr><tr><td>1</td></tr></table>", "| a\\|b |\n| --- |\n| 1 |"),
            ("<p>a</p><p><br></p><p>b</p>", "a\n\nb"),
            ("", ""), (None, ""), (Markup("<p>x</p>"), "x"),
        ):  # fmt: skip
            self.assertEqual(to_markdown(html), markdown)

    def test_scripts_styles_and_embedded_files_are_left_out(self):
        image = '<img src="data:image/png;base64,AAAA">'
        html = f"<style>p{{color:red}}</style><script>alert(1)</script>{image}<!-- c --><p>x</p>"
        self.assertEqual(to_markdown(html), "(embedded image/png)\n\nx")
        self.assertEqual(to_text(html), "x")

    def test_images_and_tables_survive(self):
        self.survives('<p><a href="y"><img src="/web/image/1" alt="z"></a></p>')
        markdown = "| a | b |\n| --- | --- |\n| 1 | x\\|y |"
        self.assertEqual(to_markdown(to_html(markdown)), markdown)

    def test_markdown_is_written_as_sanitized_html(self):
        self.assertEqual(to_html("Hello **World**\nyou"), Markup("<p>Hello <strong>World</strong><br>\nyou</p>"))
        html = to_html("<script>alert(1)</script> [x](javascript:alert(1)) ![y](data:text/html;base64,AAAA)")
        self.assertNotIn("<script", html)
        self.assertFalse(re.search(r"(href|src)=", html))
        self.assertIsInstance(html, Markup)

    def test_html_is_told_from_markdown(self):
        for html in ("<p>x</p>", "a<br>b", '<a href="x">y</a>', "<DIV class='x'>", "x<hr/>"):
            self.assertTrue(looks_like_html(html), html)
        for text in ("a < b > c", "**x**", "<https://x.example>", "a <b", "\\<b>", "1 <p 2", "<me@x.example>", ""):
            self.assertFalse(looks_like_html(text), text)

    def test_the_words_of_a_cell_stand_on_one_line(self):
        self.assertEqual(to_text("<p>a</p><p>b<b>c</b>d</p><ul><li>e</li><li>f<br>g</li></ul>h"), "a bcd e f g h")
        for odd in ("", None, "<", "&nbsp;", "<!-- x -->", "\x00", "<?xml version='1.0' encoding='utf-8'?>"):
            self.assertIn(to_text(odd), ("", "<"))
