import {
  DeniedCalls,
  missingPermissions,
  type DeniedCall,
  type MissingPermissions,
} from "./missing-permissions.ts";
import type { AuditRecord } from "./record.ts";
import { isDenied } from "./rule.ts";
import type { Settings } from "./settings.ts";

/** How often a service was called, and how it went. */
export interface ServiceCalls {
  readonly service: string;
  readonly reads: number;
  readonly writes: number;
  readonly denied: number;
  /** Failed for another reason. */
  readonly failed: number;
}

/** What a run did, as its records show. */
export interface Activity {
  /** The busiest first. */
  readonly services: readonly ServiceCalls[];
  /** Calls that changed something, `s3:PutBucketPolicy`, with how often. */
  readonly writes: readonly { readonly call: string; readonly count: number }[];
  readonly denied: readonly DeniedCall[];
  readonly missing: readonly MissingPermissions[];
}

/** Records can claim any service and name; what comes after so many is counted together. */
const mostNames = 2000;
const others = "others";

/** Counts what the run did whose sessions the settings name, or everybody. */
export class ActivityCount {
  readonly #services = new Map<string, { reads: number; writes: number; denied: number; failed: number }>();
  readonly #writes = new Map<string, number>();
  readonly #denied = new DeniedCalls();
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Adds a record. */
  add(record: AuditRecord): void {
    const { runSessions } = this.#settings.lists;
    if (runSessions.isKnown && !runSessions.has(record.principal.session ?? "")) return;
    const service = this.#serviceOf(record.source);
    if (isDenied(record)) {
      service.denied += 1;
      this.#denied.add(record);
    } else if (record.errorCode !== undefined) {
      service.failed += 1;
    } else if (record.readOnly === false) {
      service.writes += 1;
      const call = `${record.source}:${record.name}`;
      const name = this.#writes.has(call) || this.#writes.size < mostNames ? call : others;
      this.#writes.set(name, (this.#writes.get(name) ?? 0) + 1);
    } else {
      service.reads += 1;
    }
  }

  /** What has been counted. */
  toActivity(): Activity {
    const denied = this.#denied.toList();
    const services = [...this.#services].map(([service, counts]) => ({ service, ...counts }));
    const sum = ({ reads, writes, denied: refused, failed }: ServiceCalls) =>
      reads + writes + refused + failed;
    return {
      services: services.sort((one, other) => sum(other) - sum(one)),
      writes: [...this.#writes]
        .map(([call, count]) => ({ call, count }))
        .sort((one, other) => other.count - one.count),
      denied,
      missing: missingPermissions(denied),
    };
  }

  #serviceOf(source: string) {
    const name = this.#services.has(source) || this.#services.size < mostNames ? source : others;
    const known = this.#services.get(name) ?? { reads: 0, writes: 0, denied: 0, failed: 0 };
    this.#services.set(name, known);
    return known;
  }
}
