const bytesOfMegabyte = 2 ** 20;
const bytesOfTerabyte = 2 ** 40;

/** US dollars a terabyte scanned, on demand, by region. */
const dollarsOfTerabyte: Readonly<Record<string, number>> = {
  "us-east-1": 5,
  "ap-northeast-1": 5,
};

/**
 * What a query costs on demand, in US dollars: the bytes it scanned, rounded up to a megabyte, at least 10 MB.
 * Statements of DDL are free. Source: https://aws.amazon.com/athena/pricing/; a megabyte is taken as 2^20 bytes.
 *
 * @returns undefined for a region whose price is not known here.
 */
export function priceQuery(bytesScanned: number, region: string, statement = "DML"): number | undefined {
  const dollars = dollarsOfTerabyte[region];
  if (dollars === undefined) return undefined;
  if (statement === "DDL") return 0;
  const megabytes = Math.max(Math.ceil(bytesScanned / bytesOfMegabyte), 10);
  return (megabytes * bytesOfMegabyte * dollars) / bytesOfTerabyte;
}
