export { findLocalLake, requireLocalLake, type LocalLake, type LocalLakeState } from "./lake-state.ts";
export { formatExports, localEnvironment, type VariableChanges } from "./local-environment.ts";
export { lakeLogOf, readLocalLakeLog } from "./logs.ts";
export { ensurePythonEnvironment, type PythonEnvironment, type PythonRequest } from "./python-environment.ts";
export type { Variables } from "./run-program.ts";
export { startLocalLake, type StartRequest } from "./start.ts";
export { describeLocalLake, type LocalLakeStatus, type LocalLakeUsage } from "./status.ts";
export { stopLocalLake } from "./stop.ts";
