import { listWords, type Mistake, type Place } from "../core/index.ts";
import type { LakeFile } from "./schema.ts";

type PlaceOf = (...path: (string | number)[]) => Place;

/** Names in lake.yaml that lead nowhere: layers, zones and needs that do not exist. */
export function findReferenceMistakes(lake: LakeFile, place: PlaceOf): Mistake[] {
  return [
    ...layerMistakes(lake, place),
    ...environmentMistakes(lake, place),
    ...pipelineMistakes(lake, place),
  ];
}

function unknown(what: string, name: string, known: readonly string[]): string {
  return `there is no ${what} "${name}"; there are ${listWords(known)}`;
}

function layerMistakes(lake: LakeFile, place: PlaceOf): Mistake[] {
  const known = Object.keys(lake.layers);
  return Object.entries(lake.layers).flatMap(([layer, { needs }]) =>
    needs
      .map((need, at) => ({ need, at }))
      .filter(({ need }) => !known.includes(need))
      .map(({ need, at }) => ({
        message: `layers.${layer}.needs: ${unknown("layer", need, known)}`,
        place: place("layers", layer, "needs", at),
      })),
  );
}

function environmentMistakes(lake: LakeFile, place: PlaceOf): Mistake[] {
  const known = Object.keys(lake.layers);
  return Object.entries(lake.environments).flatMap(([name, settings]) => {
    const where = `environments.${name}`;
    const subset = (settings.layers ?? []).map((layer, at) => ({ layer, path: ["layers", at] as const }));
    const given = Object.keys(settings.parameters).map((layer) => ({
      layer,
      path: ["parameters", layer] as const,
    }));
    return [...subset, ...given]
      .filter(({ layer }) => !known.includes(layer))
      .map(({ layer, path }) => ({
        message: `${where}.${path[0]}: ${unknown("layer", layer, known)}`,
        place: place("environments", name, ...path),
      }));
  });
}

function pipelineMistakes(lake: LakeFile, place: PlaceOf): Mistake[] {
  const zones = Object.keys(lake.zones);
  return lake.pipeline.flatMap((step, at) => {
    const crawled = (step.crawl ?? []).map((zone) => ({ zone, key: "crawl" }));
    const target = step.to === undefined ? [] : [{ zone: step.to.split("/")[0] ?? "", key: "to" }];
    return [...crawled, ...target]
      .filter(({ zone }) => !zones.includes(zone))
      .map(({ zone, key }) => ({
        message: `pipeline.${at}.${key}: ${unknown("zone", zone, zones)}`,
        place: place("pipeline", at, key),
      }));
  });
}
