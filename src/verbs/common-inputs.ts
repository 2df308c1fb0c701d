import { declare } from "../core/index.ts";

/** The inputs that every verb has, in an action and on the command line. */
export const commonInputs = declare({
  environment: {
    kind: "text",
    description: "The environment of the lake. Default: the variable ENVIRONMENT, else dev.",
  },
  lake: {
    kind: "path",
    default: "lake.yaml",
    description: "The lake's file.",
  },
  region: {
    kind: "text",
    description: "The AWS region, over the lake file's; without a lake file, the variable AWS_REGION.",
  },
  parameters: {
    kind: "map",
    description: "Template parameters over the lake file's: layer.Name=value, a line each.",
  },
});

/**
 * The inputs of one stack that works without a lake file. Its name takes the place of the lake's, and of
 * `ProjectPrefix` where the template has that parameter.
 */
export const stackInputs = declare({
  stack: {
    kind: "text",
    description: "A stack to work on alone, by its name; no lake file is read then.",
  },
  template: { kind: "path", description: "The template of `stack`." },
});
