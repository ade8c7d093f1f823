/** @odoo-module **/

import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { _t } from "@web/core/l10n/translation";

export function connectItem(env) {
    return {
        type: "item",
        id: "mcp_native_connect",
        description: _t("Connect an Assistant"),
        callback: () => env.services.action.doAction("mcp_native.connect_action"),
        sequence: 55,
    };
}

if (session.mcp_native_user) {
    registry.category("user_menuitems").add("mcp_native_connect", connectItem);
}
