# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two workers: what one of them did, the other one knows; what both write at once is written once each."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from live import WORKERS

OK = 200
GROUP = "mcp_native", "group_user"


def test_both_workers_serve(server, plain):
    served = server.on_each_worker(lambda: plain.text("test_worker"))
    assert len(served) == WORKERS
    assert all(answered == free for free, answered in served.items()), "a busy worker answered"


class TestRevocation:
    """Every worker has used, and so remembers, what is taken away then."""

    @pytest.fixture
    def statuses(self, server):
        """Returns what each worker answers a client; both have answered."""

        def statuses(wire):
            found = server.on_each_worker(wire.status)
            assert len(found) == WORKERS
            return set(found.values())

        return statuses

    @pytest.fixture
    def leaver(self, server):
        """A user to be taken things from."""
        return server.wire("leaver")

    @pytest.fixture
    def web(self, server):
        return server.web("admin")

    def test_a_deleted_key_is_refused_at_the_next_call_in_every_worker(self, server, leaver, statuses):
        spare = server.wire("leaver", kind="spare_key")
        query = "SELECT id FROM res_users_apikeys WHERE user_id = %s AND name = 'spare'"
        ((key_id,),) = server.rows(query, server.people["leaver"].id)
        assert statuses(spare) == {OK}
        server.web("leaver").revoke(key_id)
        assert statuses(spare) == {401}
        assert statuses(leaver) == {OK}

    def test_an_archived_user_is_refused_at_the_next_call_in_every_worker(self, server, web, leaver, statuses):
        user_id = server.people["leaver"].id
        assert statuses(leaver) == {OK}
        web.execute("res.users", "write", [user_id], {"active": False})
        assert statuses(leaver) == {401}
        web.execute("res.users", "write", [user_id], {"active": True})
        assert statuses(leaver) == {OK}

    def test_a_user_who_left_the_group_is_forbidden_at_the_next_call_in_every_worker(
        self, server, web, leaver, statuses
    ):
        user_id = server.people["leaver"].id
        field = next(iter(web.execute("res.users", "fields_get", ["group_ids", "groups_id"], ["type"])))
        query = "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s"
        group_id = server.rows(query, *GROUP)[0][0]
        assert statuses(leaver) == {OK}
        web.execute("res.users", "write", [user_id], {field: [[3, group_id, 0]]})
        assert statuses(leaver) == {403}
        web.execute("res.users", "write", [user_id], {field: [[4, group_id, 0]]})
        assert statuses(leaver) == {OK}

    def test_global_keys_are_refused_in_every_worker_once_the_setting_is_off(self, server, web, plain, statuses):
        wire = server.wire("plain", kind="global_key")
        assert statuses(wire) == {OK}
        with web.parameter("mcp_native.global_keys", "False"):
            assert statuses(wire) == {401}
            assert statuses(plain) == {OK}
        assert statuses(wire) == {OK}

    def test_nobody_is_served_in_any_worker_once_the_server_is_off(self, server, web, plain):
        pids = set()
        assert plain.status() == OK
        with web.parameter("mcp_native.enabled", "False"):
            # Nothing can hold a worker now: many at once reach both, as the server's log shows.
            start = server.log_end()
            for _ in range(20):
                with ThreadPoolExecutor(8) as pool:
                    assert set(pool.map(lambda _number: plain.status(), range(16))) == {404}
                pids = server.pids_since(start)
                if len(pids) == WORKERS:
                    break
        assert len(pids) == WORKERS
        assert set(server.on_each_worker(plain.status).values()) == {OK}


class TestConcurrentWriters:
    THREADS = 4
    CALLS = 12

    @pytest.fixture
    def partner_id(self, server, plain) -> int:
        name = f"Contended {next(COUNTER)}"
        plain.text("create_records", {"model": "res.partner", "values": [{"name": name}]})
        return server.rows("SELECT id FROM res_partner WHERE name = %s", name)[0][0]

    def together(self, calls):
        """Make calls from several threads, and return their results in order."""
        with ThreadPoolExecutor(self.THREADS) as pool:
            return list(pool.map(lambda call: call(), calls))

    def test_colliding_calls_are_replayed_and_none_is_lost_or_doubled(self, server, plain, partner_id):
        start = server.log_end()
        names = [f"Collision {partner_id}-{number}" for number in range(self.CALLS)]
        arguments = [{"partner_id": partner_id, "name": name} for name in names]
        texts = self.together([lambda one=one: plain.text("test_slow_increment", one) for one in arguments])
        assert sorted(int(text.split()[0]) for text in texts) == list(range(1, self.CALLS + 1))
        assert len({text.split()[-1] for text in texts}) == WORKERS
        assert server.rows("SELECT color FROM res_partner WHERE id = %s", partner_id) == [(self.CALLS,)]
        assert [server.partners(name) for name in names] == [1] * self.CALLS
        assert "SERIALIZATION_FAILURE" in server.log_since(start), "nothing collided: this proves nothing"

    def test_updates_and_creations_beside_a_slow_writer_all_arrive_once(self, server, plain, partner_id):
        start = server.log_end()
        slow = [
            lambda number=number: plain.text(
                "test_slow_increment", {"partner_id": partner_id, "name": f"Slow {partner_id}-{number}", "pause": 0.3}
            )
            for number in range(3)
        ]
        updates = [
            lambda number=number: plain.text(
                "update_records", {"model": "res.partner", "ids": [partner_id], "values": {"ref": f"ref {number}"}}
            )
            for number in range(9)
        ]
        creations = [
            lambda number=number: plain.text(
                "create_records",
                {"model": "res.partner", "values": [{"name": f"Child {number}", "parent_id": partner_id}]},
            )
            for number in range(9)
        ]
        mixed = itertools.zip_longest(slow, updates[:3], creations[:3], updates[3:], creations[3:])
        self.together([call for calls in mixed for call in calls if call])
        color, ref = server.rows("SELECT color, ref FROM res_partner WHERE id = %s", partner_id)[0]
        assert color == len(slow)
        assert ref in {f"ref {number}" for number in range(9)}
        children = server.rows("SELECT name FROM res_partner WHERE parent_id = %s ORDER BY name", partner_id)
        assert [name for (name,) in children] == [f"Child {number}" for number in range(9)]
        assert "SERIALIZATION_FAILURE" in server.log_since(start), "nothing collided: this proves nothing"


COUNTER = itertools.count(1)
