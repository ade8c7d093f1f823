# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import os
import re
import time
from html import escape
from pathlib import Path

import hypothesis
from hypothesis import strategies
from lxml import html as lxml_html
from markupsafe import Markup

from odoo.tests import tagged
from odoo.tools import html_sanitize

from ..orm.richtext import as_html, looks_like_html, mentioned, to_html, to_markdown, to_text, without_quotes
from .orm_case import OrmCase

SAMPLES = Path(__file__).parent / "richtext"
"""Bodies of mails as programs write them, and what the editors of three series write; beside each its Markdown."""

WORDS = strategies.text(
    strategies.characters(whitelist_categories=("Lu", "Ll", "Nd", "Po", "Pd", "Ps", "Pe", "Sm", "Sc", "Sk", "Pc")),
    min_size=1,
    max_size=8,
)
MARKDOWN = strategies.text("ab1 *_`~#>-+.)([]!|\\<&:=\n\t;x", max_size=40)
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


def _inline(parts):
    groups = strategies.lists(parts, min_size=2, max_size=3)
    return strategies.one_of(
        parts.map(lambda part: f"<b>{part}</b>"),
        parts.map(lambda part: f"<em>{part}</em>"),
        parts.map(lambda part: f"<s>{part}</s>"),
        parts.map(lambda part: f'<a href="https://x.example/?a=1&amp;b">{part}</a>'),
        parts.map(lambda part: f"<font style='color:red'>{part}</font>"),
        groups.map("".join),
        groups.map(" ".join),
        WORDS.map(lambda word: f"<code>{escape(word)}</code>"),
        strategies.sampled_from(
            ["<br>", '<img src="/web/image/1" alt="z">', '<a data-oe-model="res.partner" data-oe-id="3">@Me</a>']
        ),
    )


def _items(tag):
    return lambda items: f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag.partition(' ')[0]}>"


def _table(cells):
    rows = (cells[:2], (cells + cells)[2:4])
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table class='o_table'>{body}</table>"


def _blocks(parts):
    groups = strategies.lists(parts, min_size=1, max_size=3)
    tags = ("ul", "ol", 'ul class="o_checklist"')
    return strategies.one_of(
        *(groups.map(_items(tag)) for tag in tags),
        parts.map(lambda part: f"<blockquote>{part}</blockquote>"),
        parts.map(lambda part: f"<div>{part}</div>"),
        groups.map("".join),
    )


TEXTS = strategies.recursive(LINES.map(escape), _inline, max_leaves=5)
DOCUMENTS = strategies.recursive(
    strategies.one_of(
        TEXTS,
        TEXTS.map(lambda text: f"<p>{text}</p>"),
        TEXTS.map(lambda text: f"<h2>{text}</h2>"),
        WORDS.map(lambda word: f"<pre>{escape(word)}\n {escape(word)}</pre>"),
        strategies.just("<hr>"),
        strategies.lists(TEXTS, min_size=2, max_size=4).map(_table),
    ),
    _blocks,
    max_leaves=6,
)


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

    def test_whatever_is_written_stays_the_same_after_it_was_read_once(self):
        @hypothesis.given(MARKDOWN)
        @hypothesis.settings(deadline=None, max_examples=300)
        def run(markdown):
            written = to_html(to_markdown(to_html(markdown)))
            self.assertEqual(to_html(to_markdown(written)), written)

        run()

    def test_whatever_is_read_keeps_its_words_when_it_is_written_back_and_stays_the_same_from_then_on(self):
        @hypothesis.given(DOCUMENTS)
        @hypothesis.settings(deadline=None, max_examples=200, suppress_health_check=list(hypothesis.HealthCheck))
        def run(html):
            written = to_html(to_markdown(html))
            self.assertEqual("".join(to_text(written).split()), "".join(to_text(html).split()))
            self.assertEqual(to_html(to_markdown(written)), written)

        run()

    def test_mails_and_the_output_of_the_editors_are_read_as_kept_and_survive(self):
        """To accept a change on purpose, run this test with MCP_NATIVE_SNAPSHOTS=write and commit the files."""
        for path in sorted(SAMPLES.glob("*.html")):
            html = html_sanitize(path.read_text(encoding="utf-8"))
            text = to_markdown(html)
            body, lost = without_quotes(html) if path.stem.startswith("mail_") else (text, 0)
            kept = f"{text}\n\n===== as a message, {lost} characters left out\n\n{body}\n" if lost else f"{text}\n"
            if os.environ.get("MCP_NATIVE_SNAPSHOTS") == "write":
                path.with_suffix(".md").write_text(kept, encoding="utf-8")
            with self.subTest(path.stem):
                self.assertEqual(path.with_suffix(".md").read_text(encoding="utf-8"), kept)
                self.assertEqual(to_markdown(to_html(text)), text)
                self.assertNotIn("Ignore all previous", to_text(html))
                self.assertNotIn("token", text)

    def test_what_a_reader_does_not_see_is_not_read(self):
        for unseen in (
            '<span style="display:none">x</span>',
            '<div style="color:red; Visibility : hidden">x</div>',
            '<p style="opacity:0">x</p>',
            "<p hidden>x</p>",
            "<!-- x -->",
            "<title>x</title>",
            '<img src="https://track.example/x" width="1" height="1">',
        ):
            self.assertEqual(to_markdown(f"<p>a</p>{unseen}<p>b</p>"), "a\n\nb", unseen)
            self.assertEqual(to_text(f"<p>a</p>{unseen}<p>b</p>"), "a b", unseen)
        self.assertEqual(to_markdown('<p style="opacity:0.5">seen</p>'), "seen")

    def test_a_mention_is_a_link_to_the_record_in_both_directions(self):
        text = "Ask [@Jane \\[Doe\\]](odoo://res.partner/14) about [S00012](odoo://sale.order/12)"
        html = to_html(text)
        self.assertIn('data-oe-model="res.partner"', html)
        self.assertIn('class="o_mail_redirect"', html)
        self.assertEqual(mentioned(html), [14])
        self.assertEqual(to_markdown(html), text)
        self.assertEqual(mentioned('<a href="#" data-oe-model="res.partner" data-oe-id="x">@x</a>'), [])

    def test_checklists_are_those_of_the_editor(self):
        text = "- [x] done\n- [ ] open\n  - [ ] inner"
        html = to_html(text)
        self.assertEqual(html.count('<ul class="o_checklist">'), 2)
        self.assertEqual(html.count("o_checked"), 1)
        self.assertEqual(to_markdown(html), text)
        for literal in ("- [x] one\n- two", "- \\[x] one", "[x] one"):
            self.assertNotIn("o_checklist", to_html(literal))
            self.assertEqual(to_markdown(to_html(to_markdown(to_html(literal)))), to_markdown(to_html(literal)))

    def test_banners_are_those_of_the_editor(self):
        for kind, colour in (("NOTE", "info"), ("TIP", "success"), ("WARNING", "warning"), ("CAUTION", "danger")):
            text = f"> [!{kind}]\n> first\n>\n> second"
            html = to_html(text)
            self.assertIn(f"alert-{colour}", html)
            self.assertNotIn("blockquote", html)
            self.assertEqual(to_markdown(html), text)

    def test_a_table_without_a_head_stays_one(self):
        text = "|  |  |\n| --- | --- |\n| a | b |"
        self.assertNotIn("<th", to_html(text))
        self.assertEqual(to_markdown(to_html(text)), text)

    def test_tables_that_only_place_things_are_paragraphs(self):
        for html in (
            "<table><tr><td><table><tr><td>a</td></tr></table></td><td>b</td></tr></table>",
            '<table role="presentation"><tr><td>a</td><td>b</td></tr></table>',
            "<table><tr><td><h1>a</h1></td><td>b</td></tr></table>",
        ):
            self.assertNotIn("|", to_markdown(html), html)

    def test_emphasis_that_markdown_would_not_read_is_written_so_that_it_does_or_left_out(self):
        for html, markdown in (
            ("<p><b>Note:</b>text</p>", "**Note**:text"),
            ("<p>x<b>a</b><b>b</b>y</p>", "x**ab**y"),
            ("<p>a<b>(</b>b</p>", "a(b"),
            ("<p><b>a<br><br>b</b></p>", "**a**\n\n**b**"),
            ("<b><p>a</p><p>b</p></b>", "a\n\nb"),
        ):
            self.assertEqual(to_markdown(html), markdown)

    def test_a_message_that_is_nothing_but_a_quote_is_left_whole(self):
        html = html_sanitize("<blockquote>all of it</blockquote>")
        self.assertEqual(without_quotes(html), ("> all of it", 0))

    def test_code_with_tags_in_it_is_markdown(self):
        for text in ("use `<b>` here", "```\n<div>x</div>\n```"):
            self.assertFalse(looks_like_html(text), text)
            self.assertEqual(to_markdown(as_html(text)), text)
        self.assertEqual(as_html("<p>x <script>y</script></p>"), Markup("<p>x </p>"))

    def test_the_time_grows_with_the_text_and_no_faster(self):
        html = (
            "<p>a <span>b</span></p>", "<div>", "<b>", "<ul><li>a</li></ul>", "a<br>", "<table><tr><td>",
            "<p><i style='display:none'>x</i></p>", "<blockquote>",
        )  # fmt: skip
        markdown = ("[", "*a ", "`a", "![", "~~a ", "> ", "|a|b|\n")
        for function, samples in ((to_markdown, html), (without_quotes, html), (to_html, markdown)):
            for sample in samples:
                short, long = (self.seconds(function, sample * count) for count in (500, 4000))
                self.assertLess(long, 0.3 + 30 * short, (function.__name__, sample))

    def seconds(self, function, text):
        start = time.process_time()
        function(text)
        return time.process_time() - start
