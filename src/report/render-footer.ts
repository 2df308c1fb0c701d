import { formatDuration } from "../core/index.ts";
import { escapeMarkdown } from "./escape-markdown.ts";
import type { Report, Run } from "./report.ts";

/** The page's last line: lake, commit, run, duration. `server` is the only host that its links lead to. */
export function renderFooter(reports: readonly Report[], server: string): string {
  const lakes = new Set(reports.flatMap(({ lake }) => (lake === undefined ? [] : [lake])));
  const runs = new Map(
    reports.flatMap(({ run }) => (run ? [[`${run.url} ${run.attempt}`, run] as const] : [])),
  );
  const duration = durationOf(reports);
  return [
    ...[...lakes].slice(0, 3).map((lake) => escapeMarkdown(lake, "paragraph", 60)),
    ...[...runs.values()].slice(0, 3).flatMap((run) => renderRun(run, server)),
    ...(duration === undefined ? [] : [`took ${formatDuration(duration)}`]),
  ].join(" · ");
}

function renderRun({ repository, sha, id, attempt, url }: Run, server: string): string[] {
  const commit = `commit ${escapeMarkdown(sha.slice(0, 7), "paragraph")}`;
  const run = `run ${escapeMarkdown(String(id), "paragraph")}${attempt > 1 ? `, attempt ${attempt}` : ""}`;
  // A report may come from a fork's job: its link is built anew of parts that can lead nowhere else.
  const { origin } = new URL(server);
  const isOurs =
    new URL(url).origin === origin &&
    /^[\w-][\w.-]{0,99}\/[\w-][\w.-]{0,99}$/.test(repository) &&
    /^[0-9a-f]{40,64}$/.test(sha);
  if (!isOurs) return [commit, run];
  const base = `${origin}/${repository}`;
  return [`[${commit}](${base}/commit/${sha})`, `[${run}](${base}/actions/runs/${id}/attempts/${attempt})`];
}

/** From the first report's start to the last one's end, in milliseconds; undefined where a report does not say. */
function durationOf(reports: readonly Report[]): number | undefined {
  const [first] = reports;
  if (reports.length === 1) return first?.milliseconds;
  const spans = reports.flatMap(({ startedAt, milliseconds }) => {
    const start = startedAt === undefined ? Number.NaN : Date.parse(startedAt);
    return milliseconds === undefined || Number.isNaN(start) ? [] : [{ start, end: start + milliseconds }];
  });
  if (spans.length === 0 || spans.length < reports.length) return undefined;
  return Math.max(...spans.map(({ end }) => end)) - Math.min(...spans.map(({ start }) => start));
}
