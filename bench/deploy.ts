/**
 * How long a deploy of all layers takes, against the longest path through their graph and against one layer after
 * another: `node bench/deploy.ts`.
 */
import { loadLake, orderLayers, selectEnvironment, wireLayers } from "../src/lake/index.ts";
import { makeBed } from "./bed.ts";

interface Answer {
  readonly timings: readonly { name: string; group: string; start: number; milliseconds: number }[];
}

await using bed = await makeBed();
const groups = "infrastructure,catalog,compute,monitoring";
await bed.datalake("deploy", "--local", "--group", groups);
await bed.datalake("destroy", "--local", "--force", "--deep-clean");
const { stdout } = await bed.datalake("deploy", "--local", "--group", groups, "--json");
const layers = (JSON.parse(stdout) as Answer).timings.filter(({ group }) => group === "deploy");
const took = new Map(
  layers.map(({ name, milliseconds }) => [name.replace("deploy ", ""), milliseconds / 1000]),
);
const end = Math.max(...layers.map(({ start, milliseconds }) => start + milliseconds));
const wall = (end - Math.min(...layers.map(({ start }) => start))) / 1000;

const environment = selectEnvironment(await loadLake(`${bed.folder}/lake.yaml`), "dev");
const { graph } = wireLayers(environment, environment.own, undefined);
const finished = new Map<string, number>();
for (const layer of orderLayers(graph)) {
  const before = Math.max(0, ...[...(graph.get(layer) ?? [])].map((each) => finished.get(each) ?? 0));
  finished.set(layer, before + (took.get(layer) ?? 0));
}
const longest = Math.max(...finished.values());
const sum = [...took.values()].reduce((total, each) => total + each, 0);

await bed.datalake("destroy", "--local", "--force", "--deep-clean");
let serial = 0;
for (const layer of orderLayers(graph)) {
  if (layer === "account") continue;
  const one = JSON.parse(
    (await bed.datalake("layer", layer, "deploy", "--local", "--json")).stdout,
  ) as Answer;
  serial +=
    one.timings
      .filter(({ group }) => group === "deploy")
      .reduce((total, each) => total + each.milliseconds, 0) / 1000;
}
console.table({
  "wall, s": wall.toFixed(2),
  "longest path, s": longest.toFixed(2),
  "wall / longest path": (wall / longest).toFixed(2),
  "sum of layers in the parallel run, s": sum.toFixed(2),
  "one layer after another, s": serial.toFixed(2),
  "wall / one after another": (wall / serial).toFixed(2),
});
