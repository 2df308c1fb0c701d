export * from "./empty-bucket.ts";
export * from "./list-objects.ts";
export * from "./s3-url.ts";
export * from "./upload-file.ts";
export * from "./upload-folder.ts";
export { countVersions, type VersionCount } from "./versions.ts";
