// The provider plugin `mackerel`: what an organization at Mackerel is told of, as resources.
import { serveProvider } from "../engine/provider.ts";
import { text } from "../engine/values.ts";
import { MackerelClient } from "./client.ts";
import { monitor } from "./monitor.ts";
import { channel, downtime, notificationGroup } from "./notifications.ts";
import { settingsResource } from "./settings-resource.ts";

await serveProvider<MackerelClient>({
  name: "mackerel",
  version: "0.1.0",
  configuration: {
    apiKey: { type: "string", required: true, secret: true },
    apiUrl: { type: "string", default: "https://api.mackerelio.com" },
  },
  configure: ({ apiKey, apiUrl }) => new MackerelClient({ url: text(apiUrl), apiKey: text(apiKey).trim() }),
  resources: {
    "mackerel:index:Monitor": settingsResource(monitor),
    "mackerel:index:Channel": settingsResource(channel),
    "mackerel:index:NotificationGroup": settingsResource(notificationGroup),
    "mackerel:index:Downtime": settingsResource(downtime),
  },
  functions: {},
});
