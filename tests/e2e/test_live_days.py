# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A day of a sales person, of an accountant and of a project lead, each with an assistant.

Every step's answer is compared with what the database holds, and is short (``assistant.LONGEST``).
"""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from assistant import Assistant, assisting
from live import Live

TODAY = datetime.date.today()


@pytest.fixture(scope="module")
def company(server: Live) -> Live:
    """The live database with what a company has: a chart of accounts, a product, a customer."""
    web = server.web("admin")
    own = server.rows("SELECT company_id FROM res_users WHERE id = %s", server.people["admin"].id)[0][0]
    if not server.rows("SELECT chart_template FROM res_company WHERE id = %s", own)[0][0]:
        web.execute("account.chart.template", "try_loading", "generic_coa", own, False)
    web.execute("product.product", "create", {"name": "Day Boat", "list_price": 4000})
    for who in ("seller", "accountant", "lead"):  # 18.0 sends nothing for somebody without an address
        person = server.people[who]
        web.execute("res.users", "write", [person.id], {"email": f"{person.login}@example.com"})
    return server


@pytest.fixture
def assistant(company: Live, clients_python) -> Iterator[Callable[[str], Assistant]]:
    """Gives the assistant of a person."""
    with contextlib.ExitStack() as stack:
        yield lambda who: stack.enter_context(assisting(clients_python, company.mcp_url, company.people[who].key))


def id_in(text: str) -> int:
    """Return the first record that an answer names."""
    found = re.search(r"#(\d+)|^[a-z.]+\|(\d+)\|", text, re.MULTILINE)
    assert found, text
    return int(found[1] or found[2])


def test_a_day_in_sales(company, assistant):
    name = f"Blue Harbour {uuid.uuid4().hex[:6]}"
    sam = assistant("seller")
    seller = company.people["seller"]
    assert seller.login in sam.tool("get_context")
    assert sam.prompt("daily_briefing")

    # A customer writes: contact, opportunity and a call for tomorrow, in one go.
    tomorrow = str(TODAY + datetime.timedelta(days=1))
    lead = {"name": f"{name}: boats", "partner_id": "$1.ids[0]", "expected_revenue": 12500, "user_id": seller.id}
    lead |= {"type": "opportunity"}
    call = {"model": "crm.lead", "ids": "$2.ids", "summary": "Call back", "due": tomorrow}
    made = sam.tool(
        "batch",
        steps=[
            {
                "tool": "create_records",
                "arguments": {"model": "res.partner", "values": [{"name": name, "is_company": True}]},
            },
            {"tool": "create_records", "arguments": {"model": "crm.lead", "values": [lead]}},
            {"tool": "schedule_activity", "arguments": call},
        ],
    )
    partner = company.rows("SELECT id FROM res_partner WHERE name = %s", name)[0][0]
    opportunity, owner = company.rows("SELECT id, user_id FROM crm_lead WHERE partner_id = %s", partner)[0]
    assert owner == seller.id
    assert f"#{opportunity}" in made
    query = "SELECT id, date_deadline::text FROM mail_activity WHERE res_model = 'crm.lead' AND res_id = %s"
    [(activity, due)] = company.rows(query, opportunity)
    assert due == tomorrow

    # How does the pipeline look?
    mine = [["user_id", "=", seller.id], ["type", "=", "opportunity"]]
    pipeline = sam.tool(
        "aggregate_records", model="crm.lead", domain=mine, group_by=["stage_id"], measures=["expected_revenue:sum"]
    )
    [(total,)] = company.rows("SELECT sum(expected_revenue) FROM crm_lead WHERE user_id = %s AND active", seller.id)
    assert f"{total:.2f}" in pipeline.replace(",", "")

    # A note on what was said, and what is written there.
    sam.tool("post_message", model="crm.lead", id=opportunity, body="Wants **three** boats before May.")
    chatter = sam.tool("read_messages", model="crm.lead", id=opportunity)
    assert "Wants **three** boats before May." in chatter

    # The quotation, confirmed and printed.
    boat = id_in(sam.tool("find_records", text="Day Boat", model="product.product"))
    line = {"product_id": boat, "product_uom_qty": 3}
    prepared = sam.tool("prepare_record", model="sale.order", values={"partner_id": partner})
    assert name in prepared
    order_values = {"partner_id": partner, "opportunity_id": opportunity, "order_line": [[0, 0, line]]}
    fields = company.rows("SELECT 1 FROM ir_model_fields WHERE model = 'sale.order' AND name = 'opportunity_id'")
    if not fields:
        del order_values["opportunity_id"]
    order = id_in(sam.tool("create_records", model="sale.order", values=[order_values]))
    read = sam.tool(
        "read_records",
        model="sale.order",
        ids=[order],
        fields=["name", "amount_untaxed", {"order_line": ["product_id", "product_uom_qty", "price_subtotal"]}],
    )
    [(subtotal,)] = company.rows("SELECT price_subtotal FROM sale_order_line WHERE order_id = %s", order)
    assert subtotal == 12000
    assert "12000.00" in read.replace(",", "")
    actions = sam.tool("list_actions", model="sale.order", id=order)
    assert "action_confirm" in actions
    sam.tool("run_action", model="sale.order", ids=[order], action="action_confirm")
    assert company.rows("SELECT state FROM sale_order WHERE id = %s", order) == [("sale",)]
    assert "action_confirm" not in sam.tool("list_actions", model="sale.order", id=order)
    printed = sam.tool("render_report", ids=[order], report="sale.report_saleorder")
    assert "Day Boat" in printed
    assert "12,000.00" in printed

    # The call is done, and the list goes to the manager as a file.
    sam.tool("complete_activity", ids=[activity], feedback="Ordered.")
    assert not company.rows("SELECT 1 FROM mail_activity WHERE id = %s AND active", activity)
    exported = sam.tool(
        "export_records", model="sale.order", domain=[["partner_id", "=", partner]], fields=["name", "amount_total"]
    )
    rows = list(csv.reader(io.StringIO(exported[exported.index("name") :])))
    assert company.rows("SELECT name FROM sale_order WHERE id = %s", order)[0][0] in str(rows)


def test_a_day_in_accounting(company, assistant):
    name = f"Grey Mill {uuid.uuid4().hex[:6]}"
    ada = assistant("accountant")
    assert ada.prompt("month_end_check")

    # Customers come as a list: tried first, a mistake in it found, then done.
    table = f"name,email\n{name},{name.split()[-1]}@example.com\n{name} Two,two@example.com"
    wrong = table.replace("email", "e_mail")
    assert "email" in ada.failure("import_records", model="res.partner", csv=wrong)
    tried = ada.tool("import_records", model="res.partner", csv=table, dry_run=True)
    assert "nothing was changed" in tried.lower()
    assert company.partners(name) == 0
    ada.tool("import_records", model="res.partner", csv=table)
    assert company.partners(name) == company.partners(f"{name} Two") == 1
    partner = company.rows("SELECT id FROM res_partner WHERE name = %s", name)[0][0]

    # An invoice: entered, posted, paid through its dialog.
    due = str(TODAY - datetime.timedelta(days=40))
    values = {"move_type": "out_invoice", "partner_id": partner, "invoice_date": due, "invoice_date_due": due}
    values["invoice_line_ids"] = [[0, 0, {"name": "Grinding", "quantity": 2, "price_unit": 450}]]
    invoice = id_in(ada.tool("create_records", model="account.move", values=[values]))
    ada.tool("run_action", model="account.move", ids=[invoice], action="action_post")
    number, state, total = company.rows("SELECT name, state, amount_total FROM account_move WHERE id = %s", invoice)[0]
    assert state == "posted"
    owed = ada.tool(
        "aggregate_records",
        model="account.move",
        domain=[["move_type", "=", "out_invoice"], ["state", "=", "posted"], ["partner_id", "=", partner]],
        measures=["amount_residual:sum"],
    )
    assert f"{total:.2f}" in owed.replace(",", "")
    assert number in ada.prompt("invoice_chase")

    # The order it belongs to is kept with it.
    paper = "Order 4711: grinding of two tons."
    attached = ada.tool("attach_file", model="account.move", id=invoice, name="order.txt", text=paper)
    assert paper in ada.tool("read_attachment", id=id_in(attached))
    assert "order.txt" in ada.tool("list_attachments", model="account.move", ids=[invoice])

    # It is printed, with whatever Odoo's template writes on the way (a link to pay), and is as it was.
    written = "SELECT write_date, access_token FROM account_move WHERE id = %s"
    before = company.rows(written, invoice)
    printed = ada.tool("render_report", report="account.report_invoice_with_payments", ids=[invoice])
    assert number in printed
    assert "Grinding" in printed
    assert number in ada.resource(f"odoo://report/account.report_invoice_with_payments/{invoice}")
    assert company.rows(written, invoice) == before

    dialog = ada.tool("run_action", model="account.move", ids=[invoice], action="action_register_payment")
    assert "account.payment.register" in dialog
    paid = {"model": "account.payment.register", "action": "action_create_payments"}
    ada.tool("run_action", **paid, wizard=re.search(r'wizard="([^"]+)"', dialog)[1])
    [(state, residual)] = company.rows("SELECT payment_state, amount_residual FROM account_move WHERE id = %s", invoice)
    assert state in ("paid", "in_payment")
    assert residual == 0
    assert number not in ada.prompt("invoice_chase")


def test_a_day_of_a_project_lead(company, assistant):
    name = f"Lighthouse {uuid.uuid4().hex[:6]}"
    pia = assistant("lead")
    late = str(TODAY - datetime.timedelta(days=3))
    steps = [{"tool": "create_records", "arguments": {"model": "project.project", "values": [{"name": name}]}}]
    tasks = [
        {"name": f"{name} lamp", "project_id": "$1.ids[0]", "date_deadline": late},
        {"name": f"{name} stairs", "project_id": "$1.ids[0]"},
    ]
    steps.append({"tool": "create_records", "arguments": {"model": "project.task", "values": tasks}})
    tried = pia.tool("batch", steps=steps, dry_run=True)
    assert f"{name} lamp" in tried
    assert not company.rows("SELECT 1 FROM project_task WHERE name LIKE %s", f"{name}%")
    pia.tool("batch", steps=steps)
    found = dict(company.rows("SELECT name, id FROM project_task WHERE name LIKE %s", f"{name}%"))
    assert set(found) == {f"{name} lamp", f"{name} stairs"}
    lamp = found[f"{name} lamp"]

    # What is late?
    listed = pia.tool(
        "search_records",
        model="project.task",
        domain=[["project_id.name", "=", name], ["date_deadline", "<", str(TODAY)]],
        fields=["name", "date_deadline"],
        format="markdown",
    )
    assert f"{name} lamp" in listed
    assert f"{name} stairs" not in listed
    assert "| --" in listed or "|--" in listed
    assert f"{name} lamp" in pia.prompt("project_status")

    # The same once more, and the old one put away.
    copied = pia.tool("copy_records", model="project.task", ids=[lamp], values={"priority": "1"})
    query = "SELECT id FROM project_task WHERE priority = '1' AND id != %s AND name LIKE %s"
    [(copy,)] = company.rows(query, lamp, f"{name} lamp%")
    assert f"#{copy}" in copied
    pia.tool("archive_records", model="project.task", ids=[lamp])
    assert company.rows("SELECT active FROM project_task WHERE id = %s", lamp) == [(False,)]
    pia.tool("archive_records", model="project.task", ids=[lamp], restore=True)
    assert company.rows("SELECT active FROM project_task WHERE id = %s", lamp) == [(True,)]

    # As a client shows it: completions, a resource, its file.
    template = {"type": "ref/resource", "uri": "odoo://{model}/{id}"}
    assert "project.task" in pia.completions(template, "model", "project.ta")
    assert f"{name} lamp" in pia.resource(f"odoo://project.task/{lamp}")
    assert "date_deadline" in pia.resource("odoo://project.task/fields")
    late_ones = pia.tool("list_activities", scope="overdue")
    assert late_ones
