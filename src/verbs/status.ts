import { countOf, formatBytes, formatCount, settleAll, type Context } from "../core/index.ts";
import { snapshotCatalog, listRunningCrawlers } from "../crawler/index.ts";
import { bindEnvironment, type Bindings, type Environment, type Zone } from "../lake/index.ts";
import { measurePrefix } from "../objects/index.ts";
import { table, type Section } from "../report/index.ts";
import { listActiveSteps } from "../spark/index.ts";
import { outputsOf, readLiveStacks, type LiveStacks } from "../stacks/index.ts";
import { layerInputs, selectLayers } from "./select-layers.ts";
import { defineVerb, startReport } from "./verb.ts";

/** Shows what is there: layers, zones, tables, and what runs now. */
export const status = defineVerb({
  name: "status",
  summary: "show layers, objects and bytes a zone, tables and rows, and what runs now",
  inputs: layerInputs,
  outputs: {},
  changes: false,
  async run({ environment, inputs }, context) {
    const selected = selectLayers(environment, inputs);
    const live = await readLiveStacks(environment, context);
    const layers = selected.map((layer) => describeLayer(environment, live, layer));
    const whole = inputs.layers === undefined && inputs.group === undefined;
    const data = whole
      ? await inspectData(bindEnvironment(environment, outputsOf(live)), context)
      : undefined;
    const missing = layers.filter((layer) => layer.status === "absent").length;
    const headline =
      missing === 0
        ? `${countOf(layers.length, "layer")}, all there`
        : `${missing} of ${countOf(layers.length, "layer")} not deployed`;
    const sections = [layerSection(layers), ...(data ? dataSections(data) : [])];
    return {
      report: startReport("status", environment, { verdict: "passed", headline, sections }),
      data: { layers, ...data },
      outputs: {},
    };
  },
});

interface LayerStatus {
  readonly layer: string;
  readonly stack: string;
  readonly status: string;
  readonly changedAt: string | undefined;
  readonly reason: string | undefined;
}

function describeLayer(environment: Environment, live: LiveStacks, layer: string): LayerStatus {
  const stack = live.get(layer);
  return {
    layer,
    stack: stack?.name ?? environment.layers.get(layer)?.stack ?? "",
    status: stack?.status ?? "absent",
    changedAt: stack && new Date(stack.changedAt).toISOString(),
    reason: stack?.reason,
  };
}

/** What is in the zones, and what works on them. */
interface Data {
  readonly zones: readonly { zone: string; bucket: string; objects: number; bytes: number }[];
  readonly tables: readonly { zone: string; table: string; rows: number | undefined; columns: number }[];
  readonly running: readonly { kind: string; name: string; state: string }[];
}

async function inspectData(bindings: Bindings, context: Context): Promise<Data> {
  const zones = [...bindings.zones.values()];
  const [measured, catalogs, crawlers, steps] = await Promise.all([
    settleAll(zones.map((zone) => measureZone(zone, context))),
    settleAll(zones.map((zone) => listTables(zone, context))),
    listRunningCrawlers(
      zones.flatMap((zone) => zone.crawler ?? []),
      context,
    ),
    bindings.cluster === undefined ? [] : listActiveSteps(bindings.cluster, context),
  ]);
  const running = [
    ...crawlers.map(({ name, state }) => ({ kind: "crawler", name, state })),
    ...steps.map(({ name, state }) => ({ kind: "job", name, state })),
  ];
  return { zones: measured.flat(), tables: catalogs.flat(), running };
}

async function measureZone({ name: zone, bucket }: Zone, context: Context): Promise<Data["zones"]> {
  return bucket === undefined
    ? []
    : [{ zone, bucket, ...(await measurePrefix({ bucket, prefix: "" }, context)) }];
}

async function listTables({ name: zone, database }: Zone, context: Context): Promise<Data["tables"]> {
  if (database === undefined) return [];
  const tables = await snapshotCatalog(database, context);
  return [...tables.values()].map(({ name, rows, columns, partitionKeys }) => ({
    zone,
    table: name,
    rows,
    columns: columns.length + partitionKeys.length,
  }));
}

function layerSection(layers: readonly LayerStatus[]): Section {
  const rows = layers.map((layer) => [
    layer.layer,
    layer.status,
    layer.stack,
    layer.changedAt?.slice(0, 19) ?? "",
    layer.reason ?? "",
  ]);
  return table("Layers", ["layer", "status", "stack", "changed (UTC)", "reason"], rows);
}

function dataSections({ zones, tables, running }: Data): Section[] {
  return [
    table(
      "Zones",
      ["zone", "bucket", ">objects", ">size"],
      zones.map(({ zone, bucket, objects, bytes }) => [
        zone,
        bucket,
        formatCount(objects),
        formatBytes(bytes),
      ]),
    ),
    table(
      "Tables",
      ["zone", "table", ">rows", ">columns"],
      tables.map(({ zone, table: name, rows, columns }) => [
        zone,
        name,
        rows === undefined ? "?" : formatCount(rows),
        String(columns),
      ]),
    ),
    running.length === 0
      ? { kind: "text", title: "Running now", lines: ["nothing"] }
      : table(
          "Running now",
          ["what", "name", "state"],
          running.map(({ kind, name, state }) => [kind, name, state]),
        ),
  ];
}
