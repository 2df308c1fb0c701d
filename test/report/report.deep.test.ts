import { test } from "vitest";
import { checkEscaping } from "./escaping-property.ts";
import { checkCutPages, checkWholePages } from "./page-properties.ts";

const minutes = 60_000;

test("no text is more than text, at length", { timeout: 10 * minutes }, () => {
  checkEscaping(20_000);
});

test("a page with room for everything has everything, at length", { timeout: 10 * minutes }, () => {
  checkWholePages(600);
});

test("a page keeps any budget, at length", { timeout: 10 * minutes }, () => {
  checkCutPages(600);
});
