import { LakeError, type Mistake } from "../core/index.ts";
import type { Environment, Layer } from "./environment.ts";
import { evaluateText } from "./evaluate.ts";
import { scopeOf } from "./scope.ts";

/** The tags that mark everything of an environment; nothing in them changes from run to run. */
export function tagsOf(
  environment: Environment,
  layer: Layer,
  repository: string | undefined,
): Record<string, string> {
  return {
    "datalake:lake": environment.lake.name,
    ...(layer.scope === "account" ? {} : { "datalake:environment": environment.name }),
    "datalake:layer": layer.name,
    ...(repository === undefined ? {} : { "datalake:repository": repository }),
  };
}

/**
 * Checks the bucket names that the templates will make, before anything is made.
 *
 * Rules: Amazon S3 user guide, "General purpose bucket naming rules".
 *
 * @throws LakeError `invalid-lake` with every illegal name.
 */
export function checkBucketNames(environment: Environment): void {
  const mistakes = environment.own.flatMap((name): Mistake[] => {
    const layer = environment.layers.get(name);
    if (!layer?.template) return [];
    const { template } = layer;
    return Object.entries(template.body.Resources)
      .filter(([, resource]) => resource.Type === "AWS::S3::Bucket")
      .flatMap(([id, resource]) => {
        const bucket = evaluateText(resource.Properties["BucketName"], scopeOf(environment, layer));
        const fault = bucket === undefined ? undefined : bucketNameFault(bucket);
        if (bucket === undefined || fault === undefined) return [];
        return [
          {
            message: `"${bucket}" is no legal bucket name: ${fault}`,
            place: template.place("Resources", id),
          },
        ];
      });
  });
  const [first] = mistakes;
  if (!first) return;
  throw new LakeError("invalid-lake", first.message, {
    mistakes,
    place: environment.lake.place("name"),
    hint: `The name is made from the lake's name "${environment.lake.name}" and the environment's "${environment.name}"; change one of them.`,
  });
}

function bucketNameFault(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return `it has ${name.length} characters, and 3 to 63 are allowed`;
  if (!/^[a-z0-9.-]+$/.test(name)) return "only lower-case letters, digits, hyphens and dots are allowed";
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name)) return "it must begin and end with a letter or digit";
  if (name.includes("..")) return "two dots may not follow each other";
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return "it looks like an IP address";
  return /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3)$/.test(name)
    ? "AWS keeps its prefix or suffix for itself"
    : undefined;
}
