/** How one case ended when it did not pass; `text` may have many lines. */
export interface JUnitOutcome {
  /** `failure`: what was checked is wrong; `error`: it could not be checked; `skipped`: it was not checked. */
  readonly kind: "failure" | "error" | "skipped";
  readonly message: string;
  readonly text?: string | undefined;
}

/** One case of a suite. */
export interface JUnitCase {
  readonly name: string;
  /** What the case belongs to; viewers group by it. */
  readonly classname: string;
  readonly milliseconds?: number | undefined;
  /** Where the case is written down, relative to the repository; `line` counts from 1. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  /** Without it, the case passed. */
  readonly outcome?: JUnitOutcome | undefined;
}

/** Cases that belong together. */
export interface JUnitSuite {
  readonly name: string;
  readonly cases: readonly JUnitCase[];
}

/**
 * Suites as a JUnit XML file: `<testsuites>` with counts and seconds, as test viewers and Jenkins' junit-10.xsd read
 * it, with `file` and `line` on cases as pytest writes them. Texts are untrusted; characters that XML 1.0 forbids are
 * dropped.
 */
export function renderJUnit(suites: readonly JUnitSuite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes(totalsOf(cases))}>`,
    ...suites.flatMap((suite) => [
      `  <testsuite${attributes({ name: suite.name, ...totalsOf(suite.cases) })}>`,
      ...suite.cases.map(renderCase),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function totalsOf(cases: readonly JUnitCase[]) {
  const count = (kind: JUnitOutcome["kind"]) => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  return {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    time: toSeconds(cases.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0)),
  };
}

function renderCase({ name, classname, milliseconds, file, line, outcome }: JUnitCase): string {
  const time = milliseconds === undefined ? undefined : toSeconds(milliseconds);
  const open = `    <testcase${attributes({ name, classname, time, file, line })}`;
  if (!outcome) return `${open}/>`;
  const { kind, message, text } = outcome;
  const body = text === undefined ? "/>" : `>${escapeText(text)}</${kind}>`;
  return `${open}>\n      <${kind}${attributes({ message })}${body}\n    </testcase>`;
}

const toSeconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${escapeAttribute(String(value))}"`))
    .join("");
}

/** Everything but the characters of XML 1.0, section 2.2; half a surrogate pair is none either. */
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const toReference = (sign: string): string => `&#${sign.charCodeAt(0)};`;

/** A parser makes a carriage return a line feed unless it is written as a number. */
const escapeText = (text: string): string => text.replace(forbidden, "").replace(/[&<>\r]/g, toReference);

/** A parser makes every line break and tab of an attribute a space unless it is written as a number. */
const escapeAttribute = (text: string): string =>
  text.replace(forbidden, "").replace(/[&<>"\t\n\r]/g, toReference);
