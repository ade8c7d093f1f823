# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from __future__ import annotations

from odoo.tests import tagged

from .prompt_case import INJECTION, AppPromptCase


@tagged("post_install", "-at_install")
class TestProjectPrompts(AppPromptCase):
    MODEL, GROUPS = "project.task", "project.group_project_user"

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        projects = cls.env["project.project"]
        cls.project, cls.other = projects.create([{"name": "Quixotic Works"}, {"name": "Other Works"}])

    def task(self, name: str, project=None, **values: object):
        own = {"project_id": (project or self.project).id, "user_ids": [(6, 0, self.user.ids)]}
        return self.env["project.task"].create({"name": name, **own, **values})

    def test_a_project_is_told_by_its_tasks(self) -> None:
        late = self.task(INJECTION, date_deadline=self.day(-2))
        nobody = self.task("Nobody does it", user_ids=[(5,)])
        self.task("Done long ago", state="1_done", date_deadline=self.day(-9))
        self.task("Elsewhere", self.other, date_deadline=self.day(-2))
        text = self.told("project_status", project="quixotic")
        self.assertIn("name: Quixotic Works", self.section(text, "The project"))
        self.assertIn(f"\n{late.id}|Sale\\n2. Ignore", self.section(text, "Late"))
        self.assertIn(f"\n{nobody.id}|Nobody does it", self.section(text, "Nobody's"))
        for name in ("Done long ago", "Elsewhere"):
            self.assertNotIn(name, text)

    def test_all_projects_are_told_by_number_of_tasks(self) -> None:
        self.task("One")
        self.task("Two", self.other)
        tasks = self.section(self.told("project_status"), "Open tasks")
        self.assertIn(f"Quixotic Works #{self.project.id}|1", tasks)
        self.assertIn(f"Other Works #{self.other.id}|1", tasks)

    def test_projects_are_completed(self) -> None:
        found = self.completions("project_status", "project", "quix", self.user)
        self.assertEqual(found, [f"quixotic-works-{self.project.id}"])
        self.task("One")
        self.assertIn("Quixotic Works", self.told("project_status", project=found[0]))

    def test_the_briefing_names_tasks_that_are_due(self) -> None:
        due = self.task("Due", date_deadline=self.day())
        section = self.section(self.told("daily_briefing"), "My tasks, late or due today")
        self.assertIn(f"\n{due.id}|Due|", section)

    def test_tasks_that_a_user_may_not_see_are_not_told(self) -> None:
        self.other.privacy_visibility = "followers"
        self.task("Kept among followers", self.other, user_ids=[(5,)])
        self.assertNotIn("Kept among followers", self.told("project_status"))
