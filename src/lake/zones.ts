import { LakeError, listWords } from "../core/index.ts";
import type { Environment } from "./environment.ts";
import type { LiveOutputs } from "./wiring.ts";

/** Raw, clean or analytics: one bucket, one Glue database, one crawler each; a part that is not deployed is absent. */
export interface Zone {
  readonly name: string;
  readonly bucket: string | undefined;
  readonly database: string | undefined;
  readonly crawler: string | undefined;
}

/** Everything of an environment that verbs work with, by what it is for. */
export interface Bindings {
  readonly zones: ReadonlyMap<string, Zone>;
  readonly workgroup: string;
  /** `s3://…/` where Athena puts results; absent where a workgroup of the lake says it. */
  readonly results: string | undefined;
  readonly cluster: string | undefined;
  /** `s3://…/` where EMR puts logs, and where scripts are put. */
  readonly logs: string | undefined;
  readonly scripts: string | undefined;
}

/**
 * Finds buckets, databases, crawlers, workgroup and cluster among the outputs of the deployed layers: by what lake.yaml
 * says (`zones`, `athena`, `spark`), else by the outputs' names.
 *
 * @throws LakeError `output-ambiguous` when two layers have an output of the same name, `layer-not-deployed` when
 *   lake.yaml names an output of a layer that is not there.
 */
export function bindEnvironment(environment: Environment, outputs: LiveOutputs): Bindings {
  const { settings } = environment.lake;
  const find = (given: string | undefined, output: string) =>
    given === undefined ? findOutput(outputs, output) : fillReferences(given, outputs);
  const zones = Object.entries(settings.zones).map(([name, zone]): [string, Zone] => {
    const prefix = name.charAt(0).toUpperCase() + name.slice(1);
    const bucket = find(zone.bucket, `${prefix}BucketName`);
    const database = find(zone.database, `${prefix}DatabaseName`);
    return [name, { name, bucket, database, crawler: find(zone.crawler, `${prefix}CrawlerName`) }];
  });
  const last = zones.map(([, zone]) => zone.bucket).findLast((bucket) => bucket !== undefined);
  const inLastZone = (folder: string) => (last === undefined ? undefined : `s3://${last}/${folder}/`);
  const workgroup = find(settings.athena.workgroup, "AthenaWorkGroupName");
  const givenResults = settings.athena.results && fillReferences(settings.athena.results, outputs);
  return {
    zones: new Map(zones),
    workgroup: workgroup ?? "primary",
    results: givenResults ?? (workgroup === undefined ? inLastZone("athena-results") : undefined),
    cluster: find(settings.spark.cluster, "ClusterId"),
    logs: find(settings.spark.logs, "LogUri") ?? inLastZone("emr/logs"),
    scripts: find(settings.spark.scripts, "ScriptsUri") ?? inLastZone("emr/scripts"),
  };
}

function findOutput(outputs: LiveOutputs, name: string): string | undefined {
  const found = [...outputs].filter(([, values]) => Object.hasOwn(values, name));
  if (found.length > 1) {
    const layers = listWords(found.map(([layer]) => `${layer}.${name}`));
    throw new LakeError("output-ambiguous", `two outputs could serve as ${name}: ${layers}`, {
      hint: "Say which under `zones`, `athena` or `spark` in lake.yaml.",
    });
  }
  return found[0]?.[1][name];
}

/**
 * Puts outputs in the place of `${layer.Output}`.
 *
 * @throws LakeError `layer-not-deployed` where there is no such output.
 */
function fillReferences(text: string, outputs: LiveOutputs): string {
  return text.replace(/\$\{([a-z][a-z0-9-]*)\.([A-Za-z0-9]+)\}/g, (whole, layer: string, output: string) => {
    const value = outputs.get(layer)?.[output];
    if (value !== undefined) return value;
    throw new LakeError(
      "layer-not-deployed",
      `${whole} is not there: layer ${layer} is not deployed, or has no such output`,
      {
        hint: `Deploy it first: \`datalake layer ${layer} deploy\`.`,
      },
    );
  });
}

/**
 * The bucket, database or crawler of a zone.
 *
 * @throws LakeError `invalid-input` for a zone lake.yaml lacks, `layer-not-deployed` where the part is not there.
 */
export function requirePart(
  bindings: Bindings,
  zone: string,
  part: "bucket" | "database" | "crawler",
): string {
  const found = bindings.zones.get(zone);
  if (bindings.zones.size === 0) {
    throw new LakeError("invalid-input", `there is no zone "${zone}", as there is no lake file`, {
      hint: "In a workflow, check the repository out first; name a lake file that has another name by `lake`.",
    });
  }
  if (!found) {
    throw new LakeError(
      "invalid-input",
      `there is no zone "${zone}"; there are ${listWords([...bindings.zones.keys()])}`,
    );
  }
  const value = found[part];
  if (value !== undefined) return value;
  throw new LakeError("layer-not-deployed", `the ${part} of zone ${zone} is not there yet`, {
    hint: "Run `datalake deploy` first, or say where it is under `zones` in lake.yaml.",
  });
}

/** The Glue databases of the zones that have one. */
export function databasesOf({ zones }: Bindings): ReadonlyMap<string, string> {
  return new Map(
    [...zones.values()].flatMap(({ name, database }) =>
      database === undefined ? [] : [[name, database] as const],
    ),
  );
}
